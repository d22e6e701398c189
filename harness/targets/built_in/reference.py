"""A client that isolates perfectly, in memory, through ScopedMemory: the control of the harness itself."""

from functools import partial

from ...scoped.wrappers import Wrap
from ..in_memory import InMemoryTarget
from ..reference_client import PAGE, ReferenceClient


def open_target(wrap: Wrap, wrap_async: Wrap | None = None, *, page: int = PAGE) -> InMemoryTarget:
    """Return the target; `page` is how many records its client gives unless told otherwise."""
    return InMemoryTarget(wrap, wrap_async, partial(ReferenceClient, page=page))
