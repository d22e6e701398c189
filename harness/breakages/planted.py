"""Breakages: planted defects, one file each, that the harness must catch.

A breakage is a bug report that runs. The function gets mem0's client and returns the make_memory that a developer
with this bug would have written; its docstring's first line is the bug. What it remembers it keeps in the function,
for each world that is opened calls it anew.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from ..scoped.wrappers import Wrap

APPLIES_TO = ("mem0", "reference")
# Seen to be caught over the platform's own client, too.
ALSO_PLATFORM = ("mem0", "platform", "reference")


class Layer(StrEnum):
    """Where a defect sits: above mem0, in a cache, in the store, around them, in a keyed resource or a web server."""

    WRAPPER = "wrapper"
    CACHE = "cache"
    STORE = "store"
    APPLICATION = "application"
    EXTRACTION = "extraction"
    RESOURCE = "resource"
    SERVER = "server"


@dataclass(frozen=True, slots=True)
class Breakage:
    """One defect: `caught_by` names the oracle that must see it, `applies_to` the targets it can be planted in.

    `doubted`: a tenant alone suffers from it just as much, so that an audit of it is inconclusive and not violated.
    `wrap_async` is the same code over the asynchronous client, None where there is none.
    """

    name: str
    summary: str
    layer: Layer
    caught_by: str
    applies_to: tuple[str, ...]
    doubted: bool
    wrap: Wrap
    wrap_async: Wrap | None = None


def breakage(
    layer: Layer,
    *,
    caught_by: str,
    applies_to: tuple[str, ...] = APPLIES_TO,
    doubted: bool = False,
    wrap_async: Wrap | None = None,
) -> Callable[[Wrap], Breakage]:
    """Make a function from client to make_memory a breakage of the same name."""

    def decorate(wrap: Wrap) -> Breakage:
        summary = (inspect.getdoc(wrap) or "").partition("\n")[0]
        if not summary:
            msg = f"breakage {wrap.__name__} must say in its docstring what is wrong"
            raise ValueError(msg)
        return Breakage(wrap.__name__, summary, layer, caught_by, applies_to, doubted, wrap, wrap_async)

    return decorate
