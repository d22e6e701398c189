"""What a user's vectors lie in: one file for each kind of collection, each with a class that is a `Points`."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol, TypeAlias

from ...base.refusals import IsolationError
from .. import given

# The fields that say whose a point is, under which key and of which text; a caller's own may not be called so.
USER, KEY, TEXT = "scope_user", "scope_key", "scope_text"
RESERVED = frozenset({USER, KEY, TEXT, "scope_id"})
_DEPTH = 20

# The fields of a point, the three of ours among them, and how near it is: more is nearer.
Point: TypeAlias = tuple[dict[str, Any], float | None]


class Points(Protocol):
    """A collection, each call of which is about one user's points alone."""

    def put(self, point_id: str, vector: list[float], fields: dict[str, Any]) -> None:
        """Make or replace the point."""

    def get(self, point_id: str) -> Point | None:
        """Return the point, None where there is none."""

    def query(self, user_id: str, vector: list[float], top_k: int, where: Any) -> list[Point]:  # noqa: ANN401 - each has its own form
        """Return the user's nearest points, of those that `where` leaves; raises TypeError for what is no filter."""

    def all(self, user_id: str) -> list[Point]:
        """Return the user's points."""

    def some(self, user_id: str, top_k: int) -> list[Point]:
        """Return so many of the user's points, as they come."""

    def count(self, user_id: str) -> int:
        """Count the user's points."""

    def delete(self, user_id: str, point_id: str) -> None:
        """Remove the point where it is the user's."""

    def clear(self, user_id: str) -> None:
        """Remove the user's points."""


def own(points: Iterable[Point], user_id: str, operation: str) -> list[Point]:
    """Return the points, each of which must carry the user's id, else raise IsolationError: it fails closed."""
    found = list(points)
    if any(fields.get(USER) != user_id for fields, _ in found):
        raise IsolationError(operation)
    return found


def plain(value: Any, depth: int = 0) -> Any:  # noqa: ANN401 - of any type
    """Return a filter as plain dicts and lists: what is sent is then what was looked at."""
    if depth > _DEPTH:
        msg = f"where is nested deeper than {_DEPTH} levels, or holds itself"
        raise ValueError(msg)
    if isinstance(value, Mapping):
        return {given.text(key, "each field in where"): plain(one, depth + 1) for key, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(one, depth + 1) for one in value]
    return str.__str__(value) if isinstance(value, str) else value
