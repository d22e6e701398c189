"""Filters that a store is known not to follow: refused, for in silence they would narrow to something else."""

from collections.abc import Iterable, Mapping
from typing import NoReturn

_RANGES = frozenset({"gt", "gte", "lt", "lte", "$gt", "$gte", "$lt", "$lte"})
_EQUALITY = frozenset({"eq", "ne", "in", "nin"})
_TEXT = frozenset({"contains", "icontains"})
_QDRANT, _CHROMA, _FAISS, _PGVECTOR = (
    f"mem0.vector_stores.{name}" for name in ("qdrant", "chroma", "faiss", "pgvector")
)


def check(filters: Mapping[str, object], store: str) -> None:
    """Raise ValueError for a condition that the store, named by its module, does not follow; seen in mem0 2.2.1."""
    for field, said in filters.items():
        if isinstance(said, Mapping):
            _check_operators(field, said, store)
        elif store == _QDRANT and _holds(float, _values(said)):
            _refuse(field, "compares a number with a fraction", "give a range: {'gte': 1.5, 'lte': 1.5}")


def _check_operators(field: str, said: Mapping[str, object], store: str) -> None:
    if not said:
        _refuse(field, "has no operator", "give a value, or leave the field out")
    if len(said) > 1 and not said.keys() <= _RANGES:
        # Of these, mem0's Qdrant follows one alone.
        _refuse(field, f"has several operators, {', '.join(said)}", "give one, or a range")
    if store == _FAISS:
        _refuse(field, f"has the operator {', '.join(said)}, and FAISS knows none", "give a value")
    for operator, operand in said.items():
        if store == _CHROMA and operator in _TEXT:
            _refuse(field, f"has {operator}, which Chroma takes for equality", "give a value, or search for the word")
        values = _values(operand)
        if store in (_QDRANT, _PGVECTOR) and operator in _EQUALITY and _holds(bool, values):
            _refuse(field, f"has a truth value under {operator}", f"write {{{field!r}: True}}")
        if store == _QDRANT and operator in _EQUALITY and _holds(float, values):
            _refuse(field, f"compares a number with a fraction by {operator}", "give a range: {'gte': 1.5, 'lte': 1.5}")


def _values(operand: object) -> list[object]:
    return operand if isinstance(operand, list) else [operand]


def _holds(kind: type, values: Iterable[object]) -> bool:
    return any(isinstance(value, kind) for value in values)


def _refuse(field: str, what: str, instead: str) -> NoReturn:
    msg = f"{field!r} in filters {what}: the store would not follow it; {instead}"
    raise ValueError(msg)
