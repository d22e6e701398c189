"""An answer with HTTP 200 that says no: many applications put a status of their own around whatever they return."""

from collections.abc import Mapping
from typing import Any

_DONE = ("ok", "success")
_STATUSES = ("status", "code", "statusCode", "status_code")
# As JSend has it, and as most others say it.
_FAILED = frozenset({"error", "fail", "failed"})
_ERRORS = ("error", "errors")
_CLIENTS_FAULT = range(400, 500)
# Whatever has one of these is a record, which may have a status, too.
_OF_A_RECORD = frozenset({"id", "_id", "uuid", "memory_id"})


def says_no(found: Any) -> bool:  # noqa: ANN401 - JSON
    """Tell whether the JSON of an answer is a no: `{"ok": false}`, `{"status": "error"}`, `{"error": "not yours"}`."""
    if not isinstance(found, Mapping) or not _OF_A_RECORD.isdisjoint(found):
        return False
    if any(found.get(name) is False for name in _DONE) or any(map(_is_failure, map(found.get, _STATUSES))):
        return True
    if not any(found.get(name) for name in _ERRORS):
        return False
    return not any(_holds(value) for name, value in found.items() if name not in _ERRORS)


def _is_failure(status: Any) -> bool:  # noqa: ANN401 - as above
    if isinstance(status, str):
        return status.lower() in _FAILED
    return isinstance(status, int) and status in _CLIENTS_FAULT


def _holds(value: Any) -> bool:  # noqa: ANN401 - as above
    """Tell whether anything but nothing lies in a list or an object: GraphQL puts a `data` beside its errors."""
    if isinstance(value, Mapping):
        return any(one is not None and (not isinstance(one, (list, Mapping)) or _holds(one)) for one in value.values())
    return isinstance(value, list) and bool(value)
