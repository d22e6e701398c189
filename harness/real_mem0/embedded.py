"""Embedded Qdrant with the same answers in less time: a search by keywords costs it as much as one by meaning.

It looks through all payloads for each filter, three times in one search of mem0's, reads the filter anew for each
payload, compares a question with what its filter leaves out, sorts all ids for a page of them, copies a vector number
by number, and adds up all words in Python.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from functools import cache, wraps
from importlib import import_module
from threading import local
from typing import Any, TypeAlias

from .copying import copied
from .matching import matcher

# numpy's arrays, qdrant_client's own objects.
Array: TypeAlias = Any
Connection: TypeAlias = Any

# What changes nothing: what a filter lets through is the same until something else is called.
_READS = frozenset(
    {"count", "get_collection", "get_collections", "query_batch_points", "query_points", "retrieve", "scroll"}
)
_MOST = 100
_LOOKS, _ADDS, _COMPARES = "calculate_payload_mask", "calculate_distance_sparse", "calculate_distance"
_SEARCHES, _LISTS, _MASKS = "search", "_scroll_by_id", "_payload_and_non_deleted_mask"
# The modules that copy payloads, questions, and for each new client the schemas of all models.
_COPYING = ("local.local_collection", "local.qdrant_local", "qdrant_fastembed", "embed.schema_parser")
# How a filter reads, and what it let through of which payloads.
_Known: TypeAlias = dict[str, tuple[Sequence[Mapping[str, object]], Array]]


class _UnderWay(local):
    """What is known while a call goes on: of filters, and where the vectors stand that the search may show.

    No ContextVar: a client that is collected while one is set closes itself, and so sets it, too. Before Python 3.12
    that ends the process (python/cpython#148891).
    """

    known: _Known | None = None
    among: Array | None = None


_under_way = _UnderWay()


def make_quicker(connection: Connection) -> None:
    """Let a connection that nobody else writes through remember what a filter lets through, until the next write."""
    _patch_once()
    known: _Known = {}
    for name, _ in inspect.getmembers(type(connection), inspect.isfunction):
        if not name.startswith("_"):
            setattr(connection, name, _noting(getattr(connection, name), known, reads=name in _READS))


def _noting(method: Callable[..., object], known: _Known, *, reads: bool) -> Callable[..., object]:
    @wraps(method)
    def call(*arguments: object, **options: object) -> object:
        if not reads or len(known) > _MOST:
            known.clear()
        before, _under_way.known = _under_way.known, known if reads else None
        try:
            return method(*arguments, **options)
        finally:
            _under_way.known = before
            if not reads:
                known.clear()

    return call


@cache
def _patch_once() -> None:
    """Put ours in the places of some functions of qdrant_client's; other connections get what they got before.

    A version that has no such functions is as quick as it is.
    """
    from qdrant_client.local import local_collection  # noqa: PLC0415 - 0.5 s that other targets do not need

    for name in _COPYING:
        module = vars(import_module(f"qdrant_client.{name}"))
        if "deepcopy" in module:
            module["deepcopy"] = copied
    module = vars(local_collection)
    if _LOOKS in module and _ADDS in module:
        module[_LOOKS], module[_ADDS] = _looking_once(module[_LOOKS]), added_up
    collection = local_collection.LocalCollection
    if _MASKS not in vars(collection):
        return
    if _LISTS in vars(collection):
        setattr(collection, _LISTS, _sorting_less(vars(collection)[_LISTS]))
    if _SEARCHES in vars(collection) and _COMPARES in module:
        module[_COMPARES] = _comparing_less(module[_COMPARES])
        setattr(collection, _SEARCHES, _saying_among_which(vars(collection)[_SEARCHES]))


def _looking_once(look: Callable[..., Array]) -> Callable[..., Array]:
    @wraps(look)
    def look_once(payloads: Sequence[Mapping[str, object]], payload_filter: Any, *rest: Any, **options: Any) -> Array:  # noqa: ANN401 - qdrant_client's own
        known = _under_way.known
        if known is None or payload_filter is None:
            return look(payloads, payload_filter, *rest, **options)
        said = payload_filter.model_dump_json()
        seen, mask = known.get(said, (None, None))
        if seen is not payloads:
            lets_through = matcher(payload_filter)
            if lets_through is None:
                mask = look(payloads, payload_filter, *rest, **options)
            else:
                mask = _mask(lets_through(payloads), len(payloads))
            known[said] = payloads, mask
        return mask

    return look_once


def _mask(passed: Sequence[int], count: int) -> Array:
    import numpy as np  # noqa: PLC0415 - comes with qdrant_client

    mask = np.zeros(count, dtype=bool)
    mask[list(passed)] = True
    return mask


def _sorting_less(scroll: Callable[..., object]) -> Callable[..., object]:
    """Show a page of ids only those that its filter lets through: it sorts whatever it is shown."""

    @wraps(scroll)
    def scroll_fewer(self: Any, scroll_filter: Any = None, *rest: Any, **options: Any) -> object:  # noqa: ANN401 - qdrant_client's own
        if _under_way.known is None or scroll_filter is None:
            return scroll(self, scroll_filter, *rest, **options)
        mask = self._payload_and_non_deleted_mask(scroll_filter)
        every = self.ids
        self.ids = {self.ids_inv[at]: at for at in mask.nonzero()[0].tolist()}
        try:
            return scroll(self, scroll_filter, *rest, **options)
        finally:
            self.ids = every

    return scroll_fewer


def _saying_among_which(search: Callable[..., object]) -> Callable[..., object]:
    """Say for the time of a search what its filter lets through: the rest it compares, and then leaves out."""

    @wraps(search)
    def search_among(self: Any, query_vector: Any, query_filter: Any = None, *rest: Any, **options: Any) -> object:  # noqa: ANN401 - qdrant_client's own
        if _under_way.known is None or query_filter is None:
            return search(self, query_vector, query_filter, *rest, **options)
        among = self._payload_and_non_deleted_mask(query_filter).nonzero()[0]
        if "limit" in options:
            # Asked for more than there are, it looks at each of the others, too.
            options["limit"] = min(options["limit"], len(among))
        before, _under_way.among = _under_way.among, among
        try:
            return search(self, query_vector, query_filter, *rest, **options)
        finally:
            _under_way.among = before

    return search_among


def _comparing_less(compare: Callable[..., Array]) -> Callable[..., Array]:
    @wraps(compare)
    def compare_some(query: Any, vectors: Any, *rest: Any, **options: Any) -> Array:  # noqa: ANN401 - as above
        among = _under_way.among
        if among is None:
            return compare(query, vectors, *rest, **options)
        compared = compare(query, vectors[among], *rest, **options)
        scores = _nothing(len(vectors), float("-inf")).astype(compared.dtype)
        scores[among] = compared
        return scores

    return compare_some


def _nothing(count: int, score: float) -> Array:
    import numpy as np  # noqa: PLC0415 - comes with qdrant_client

    return np.full(count, score, dtype=np.float32)


def added_up(query: Any, vectors: Sequence[Any], empty_is_zero: bool = False) -> Array:  # noqa: ANN401, FBT001, FBT002 - as qdrant_client has it
    """Return each vector's sum over the words that it shares with the query: as `calculate_distance_sparse` has it.

    In a search: that of each vector which the search may show.
    """
    weights = dict(zip(query.indices, query.values, strict=True))
    shares_none = weights.keys().isdisjoint
    sums = _nothing(len(vectors), 0.0 if empty_is_zero else float("-inf"))
    among = _under_way.among
    for at in range(len(vectors)) if among is None else among.tolist():
        vector = vectors[at]
        if not shares_none(vector.indices):
            pairs = zip(vector.indices, vector.values, strict=True)
            sums[at] = sum(weights[index] * value for index, value in pairs if index in weights)
    return sums
