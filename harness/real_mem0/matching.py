"""Which payloads a filter of Qdrant's lets through, where it only asks for texts under keys: as mem0's scopes do."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

Payload: TypeAlias = Mapping[str, Any]
# Of a filter, and of a condition: what else may be said in it.
_CLAUSES = ("must_not", "should", "min_should")
_ASKED_FIRST = ("values_count", "is_empty", "is_null")


def matcher(payload_filter: Any) -> Callable[[Sequence[Payload]], Sequence[int]] | None:  # noqa: ANN401 - qdrant_client's own
    """Return what tells which payloads are let through, by position; None where the filter asks for anything else."""
    said = payload_filter.must
    if said is None or any(getattr(payload_filter, clause, None) is not None for clause in _CLAUSES):
        return None
    wanted = [_wanted(condition) for condition in (said if isinstance(said, list) else [said])]
    known = [pair for pair in wanted if pair is not None]
    return None if len(known) < len(wanted) else _matching(known)


def _wanted(condition: Any) -> tuple[str, str] | None:  # noqa: ANN401 - as above
    """Return the key and the text that a condition asks for; None where it asks for more, or takes a longer way."""
    value = getattr(getattr(condition, "match", None), "value", None)
    # A text alone is told from all that is none; and a key with dots or brackets is a path.
    if type(value) is not str or not all(sign.isalnum() or sign in "_-" for sign in condition.key):
        return None
    otherwise = not condition.key or any(getattr(condition, field, None) is not None for field in _ASKED_FIRST)
    return None if otherwise else (condition.key, value)


def _matching(wanted: Sequence[tuple[str, str]]) -> Callable[[Sequence[Payload]], Sequence[int]]:
    def let_through(payloads: Sequence[Payload]) -> Sequence[int]:
        left: Sequence[int] = range(len(payloads))
        for key, text in wanted:
            # Of a list, any of what stands in it. No function of its own: there are thousands for each question.
            left = [
                at
                for at in left
                if (found := payloads[at].get(key)) == text or (isinstance(found, list) and text in found)
            ]
        return left

    return let_through
