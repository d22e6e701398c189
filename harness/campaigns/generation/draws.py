"""Draws that follow from the seed alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from hypothesis.internal.cache import LRUCache
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants

_ITS_OWN = "hypothesis"
_REMEMBERED = 1024


class SeedAlone(providers.HypothesisProvider):
    """Hypothesis' own draws, without the numbers that it collects from the modules of a project.

    With them the same seed would make other histories after each change of that project, and in an editable
    installation of memfence others than in a normal one.
    """

    def _maybe_draw_constant(self, *_: Any, **__: Any) -> None:  # noqa: ANN401 - as Hypothesis calls it
        return None


@contextmanager
def from_the_seed_alone() -> Iterator[None]:
    """Let Hypothesis draw so; under its own name, for with another one it varies nothing that it has drawn before.

    Where it leaves what it has drawn before for something new, it asks its own provider all the same: that finds no
    project then.
    """
    before = providers.AVAILABLE_PROVIDERS[_ITS_OWN]
    collected, remembered = providers._get_local_constants, providers.CONSTANTS_CACHE  # noqa: SLF001 - there is no other way
    nothing = Constants()
    providers.AVAILABLE_PROVIDERS[_ITS_OWN] = f"{SeedAlone.__module__}.{SeedAlone.__qualname__}"
    providers._get_local_constants = lambda: nothing  # noqa: SLF001 - as above
    providers.CONSTANTS_CACHE = LRUCache(_REMEMBERED)
    try:
        yield
    finally:
        providers.AVAILABLE_PROVIDERS[_ITS_OWN] = before
        providers._get_local_constants = collected  # noqa: SLF001 - as above
        providers.CONSTANTS_CACHE = remembered
