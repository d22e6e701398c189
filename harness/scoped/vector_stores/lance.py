"""Vectors in a table of LanceDB."""

import math
import re
from collections.abc import Mapping
from typing import Any

from ...base.refusals import ScopeError
from . import KEY, TEXT, USER, Point, plain

_ID, _VECTOR = "scope_id", "vector"
# A search without a limit stops after ten rows in some releases.
_MOST = 2**31 - 1
_is_column = re.compile(r"[a-z_][a-z0-9_]{0,62}").fullmatch
_is_unsafe = re.compile(r"[\\\x00-\x1f]").search


class LanceTable:
    """A synchronous table of LanceDB, with the columns `vector` and, of strings, `scope_id`, `scope_user`, `scope_key`
    and `scope_text`; each field of metadata is a column, too.
    """  # noqa: D205 - the columns belong into the sentence

    __slots__ = ("_columns", "_table", "_told")

    def __init__(self, table: Any) -> None:  # noqa: ANN401 - LanceDB has no types here
        """Take the table; raises ValueError where it lacks a column."""
        self._table = table
        self._columns = frozenset(table.schema.names)
        # The vectors themselves are not asked for.
        self._told = sorted(self._columns - {_ID, _VECTOR})
        missing = {_ID, _VECTOR, USER, KEY, TEXT} - self._columns
        if missing:
            msg = f"the table has no column {', '.join(sorted(missing))}: make it with a vector and strings for these"
            raise ValueError(msg)

    def put(self, point_id: str, vector: list[float], fields: dict[str, Any]) -> None:
        """See `Points.put`; raises ValueError for a field that is no column."""
        unknown = fields.keys() - self._columns
        if unknown:
            msg = f"the table has no column {', '.join(sorted(unknown))}: add it, or leave the field out"
            raise ValueError(msg)
        row = dict.fromkeys(self._columns) | fields | {_ID: point_id, _VECTOR: vector}
        if self._table.count_rows(_under(point_id)):
            self._table.merge_insert(_ID).when_matched_update_all().when_not_matched_insert_all().execute([row])
        else:
            # A merge joins with the whole table, to find in the end that there is nothing to replace.
            self._table.add([row])

    def get(self, point_id: str) -> Point | None:
        """See `Points.get`."""
        found = self._rows(_under(point_id), 1)
        return (self._fields(found[0]), None) if found else None

    def query(self, user_id: str, vector: list[float], top_k: int, where: Any) -> list[Point]:  # noqa: ANN401 - it is looked at
        """See `Points.query`; `where` is a mapping of columns to a value or a list of values."""
        conditions = [_of(user_id), *self._conditions(where)]
        # Filtered before the nearest are taken: those of others do not crowd a user's own out.
        asked = self._table.search(vector, vector_column_name=_VECTOR).where(" AND ".join(conditions), prefilter=True)
        rows = asked.select([*self._told, "_distance"]).limit(top_k).to_list()
        return [(self._fields(row), -float(row["_distance"])) for row in rows]

    def all(self, user_id: str) -> list[Point]:
        """See `Points.all`."""
        return [(self._fields(row), None) for row in self._rows(_of(user_id), _MOST)]

    def some(self, user_id: str, top_k: int) -> list[Point]:
        """See `Points.some`."""
        return [(self._fields(row), None) for row in self._rows(_of(user_id), top_k)]

    def count(self, user_id: str) -> int:
        """See `Points.count`."""
        return int(self._table.count_rows(_of(user_id)))

    def delete(self, user_id: str, point_id: str) -> None:
        """See `Points.delete`."""
        self._table.delete(f"{_of(user_id)} AND {_under(point_id)}")

    def clear(self, user_id: str) -> None:
        """See `Points.clear`."""
        self._table.delete(_of(user_id))

    def _rows(self, which: str, most: int) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._table.search().where(which).select(self._told).limit(most).to_list()
        return found

    def _fields(self, row: Mapping[str, Any]) -> dict[str, Any]:
        return {name: row[name] for name in self._told if row.get(name) is not None}

    def _conditions(self, where: Any) -> list[str]:  # noqa: ANN401 - as above
        if where is None:
            return []
        if not isinstance(where, Mapping):
            msg = f"where must be a mapping such as {{'topic': 'food'}}, got {type(where).__name__}"
            raise TypeError(msg)
        return [_condition(field, value) for field, value in plain(where).items()]


def _under(point_id: str) -> str:
    # An id is a UUID of our own.
    return f"{_ID} = '{point_id}'"


def _of(user_id: str) -> str:
    # A user's id has no sign that means something between quotes.
    return f"{USER} = '{user_id}'"


def _condition(field: str, value: Any) -> str:  # noqa: ANN401 - as above
    if not _is_column(field):
        msg = f"{field!a} in where is no name of a column: give lower-case letters, digits and _"
        raise ScopeError(msg)
    values = value if isinstance(value, list) else [value]
    if not values:
        msg = f"{field!a} in where has an empty list; leave the field out"
        raise ValueError(msg)
    return f"{field} IN ({', '.join(_literal(field, one) for one in values)})"


def _literal(field: str, value: object) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    # A subclass may write itself as an expression, and `inf` is read as the name of a column.
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float) and math.isfinite(value):
        return float.__repr__(value)
    if not isinstance(value, str):
        msg = f"{field!a} in where has {type(value).__name__} {value!a}: give a str, number, bool or a list of these"
        raise TypeError(msg)
    if _is_unsafe(value):
        msg = f"{field!a} in where has a backslash or a control character, to which SQL may give a meaning"
        raise ScopeError(msg)
    return "'" + value.replace("'", "''") + "'"
