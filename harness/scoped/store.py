"""ScopedStore: one user's items in a LangGraph store that many users share.

Raised: TypeError and ScopeError for a namespace that is none, beside what LangGraph's own methods raise for it
(InvalidNamespaceError, a ValueError); IsolationError where the store answers with what belongs to another namespace;
ErasureIncomplete where `clear` leaves items; ModuleNotFoundError without LangGraph's stores. As in every LangGraph
store, `get` returns None for a key under which nothing is stored, and `delete` says nothing of it.
"""

from collections.abc import Generator, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Self, TypeAlias, cast

from ..base.refusals import ErasureIncomplete
from .extras import library
from .namespaces import Namespaces

if TYPE_CHECKING:
    from langgraph.store.base import BaseStore, Op, Result
else:
    # LangGraph is an extra: its class is added when the first store is made.
    BaseStore = object

_PAGE = 100
_Clearing: TypeAlias = Generator[list[Any], list[Any], None]


class ScopedStore(BaseStore):
    """The items of one user, and no way to any other's: a `BaseStore` that goes wherever LangGraph takes one.

    All that `BaseStore` has is there, asynchronous forms included: `get`, `put`, `search`, `delete`,
    `list_namespaces`, `batch`. In `store` each namespace begins with one more label, the user's; results come without.
    """

    __slots__ = ("_namespaces", "_store", "_user_id")

    def __new__(cls, user_id: str, *, store: Any) -> Self:  # noqa: ANN401 - it is looked at in __init__
        """Make one that LangGraph takes for a store of its own."""
        del user_id, store
        return cast("Self", object.__new__(_langgraphs(cls)))

    def __init__(self, user_id: str, *, store: Any) -> None:  # noqa: ANN401 - LangGraph is an extra
        """Bind the user; raises ScopeError or TypeError for an id that ScopedMemory refuses, too."""
        self._namespaces = Namespaces(user_id)
        self._user_id = user_id
        if not isinstance(store, library("langgraph.store.base", extra="kv").BaseStore):
            msg = f"store must be a store of LangGraph such as InMemoryStore, got {type(store).__name__}"
            raise TypeError(msg)
        self._store = store

    @property
    def user_id(self) -> str:
        """The bound user."""
        return self._user_id

    @property
    def supports_ttl(self) -> bool:  # type: ignore[override]  # the class of the store that is gone round says it
        """Whether the store lets items go when their time is over."""
        return bool(self._store.supports_ttl)

    @property
    def ttl_config(self) -> Any:  # type: ignore[override]  # noqa: ANN401 - as supports_ttl
        """What the store does about time by itself."""
        return self._store.ttl_config

    def __repr__(self) -> str:
        """Show the scope."""
        return f"ScopedStore({self._user_id!r})"

    def batch(self, ops: "Iterable[Op]") -> "list[Result]":
        """Perform operations on this user's namespaces, in their order."""
        asked = list(ops)
        return self._own(asked, self._store.batch([self._namespaces.scoped(one) for one in asked]))

    async def abatch(self, ops: "Iterable[Op]") -> "list[Result]":
        """Perform operations on this user's namespaces, in their order."""
        asked = list(ops)
        return self._own(asked, await self._store.abatch([self._namespaces.scoped(one) for one in asked]))

    def clear(self) -> None:
        """Remove all items of this user, and of nobody else."""
        clearing = _clearing()
        operations = next(clearing)
        while operations:
            operations = clearing.send(self.batch(operations))

    async def aclear(self) -> None:
        """Remove all items of this user, and of nobody else."""
        clearing = _clearing()
        operations = next(clearing)
        while operations:
            operations = clearing.send(await self.abatch(operations))

    def _own(self, asked: "list[Op]", results: "list[Result]") -> "list[Result]":
        return [self._namespaces.own(one, result) for one, result in zip(asked, results, strict=True)]


def _clearing() -> _Clearing:
    """Yield operations until a search finds nothing, then an empty list."""
    base = library("langgraph.store.base", extra="kv")
    gone: set[tuple[Any, ...]] = set()
    while True:
        (found,) = yield [base.SearchOp((), limit=_PAGE, refresh_ttl=False)]
        places = {(item.namespace, item.key) for item in found}
        if places & gone:
            raise ErasureIncomplete([f"{len(places)} items"])
        if not places:
            yield []
        gone |= places
        yield [base.PutOp(namespace, key, None) for namespace, key in places]


@lru_cache
def _langgraphs(cls: type[ScopedStore]) -> type[ScopedStore]:
    base = library("langgraph.store.base", extra="kv").BaseStore
    if issubclass(cls, base):
        return cls
    made: type[ScopedStore] = type(cls.__name__, (cls, base), {"__slots__": (), "__module__": cls.__module__})
    return made
