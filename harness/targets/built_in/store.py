"""Items of many users in one LangGraph store: in memory, SQLite or PostgreSQL."""

from ..back_ends import BackEnd
from ..back_ends.langgraph_memory import MemoryStores
from ..keyed.store import plain_store, scoped_store
from ..keyed_target import KeyedTarget, Wrap

WRAPPERS = {"scoped": scoped_store, "plain": plain_store}


def open_target(wrap: Wrap, wrap_async: Wrap | None = None, *, back_end: BackEnd | None = None) -> KeyedTarget:
    """Return the target; an InMemoryStore where no back end is given."""
    del wrap_async
    return KeyedTarget(wrap, back_end or MemoryStores())
