"""Values of many users in one cache: a mapping in memory, a TLRUCache, diskcache or Redis."""

from ..back_ends import BackEnd
from ..back_ends.mapping import InMemory
from ..keyed.cache import plain_cache, scoped_cache
from ..keyed_target import KeyedTarget, Wrap

WRAPPERS = {"scoped": scoped_cache, "plain": plain_cache}


def open_target(wrap: Wrap, wrap_async: Wrap | None = None, *, back_end: BackEnd | None = None) -> KeyedTarget:
    """Return the target; a mapping in memory where no back end is given."""
    del wrap_async
    return KeyedTarget(wrap, back_end or InMemory())
