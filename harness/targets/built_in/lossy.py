"""A client that isolates perfectly, and is slow, sometimes empty, shuffled and unsteady: it must raise no alarm."""

import random
from functools import partial

from ...scoped.wrappers import Wrap
from ..in_memory import InMemoryTarget
from ..lossy_client import LossyClient
from ..reference_client import PAGE


def open_target(wrap: Wrap, wrap_async: Wrap | None = None, *, page: int = PAGE, chance: int = 0) -> InMemoryTarget:
    """Return the target; `page` is how many records its client gives unless told otherwise, `chance` seeds its luck."""
    luck = random.Random(chance)  # noqa: S311 - no secret: the same misfortunes each time
    made = InMemoryTarget(wrap, wrap_async, partial(LossyClient, luck, page=page))
    # Its misfortunes are drawn one after the other, through all scenarios.
    made.separate = False
    return made
