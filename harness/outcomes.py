"""An exception becomes a refusal or a crash: a crash that happens to prevent a leak is not isolation."""

import json
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from .contract import Target
from .observations import Crashed, Refused
from .operations import Channel
from .refusals import IsolationError, RecordNotFoundError, ScopeError

_BY_ID = frozenset({Channel.GET, Channel.UPDATE, Channel.DELETE, Channel.HISTORY})
# Too many requests and time-outs say nothing about whose the record is.
_NO_ANSWER = frozenset({408, 425, 429})
_OWN = ("memfence.wrappers", "memfence.targets", "memfence.user_ids")


def outcome(
    error: Exception | SystemExit, channel: Channel, target: Target, keep: Callable[[str], str]
) -> Refused | Crashed:
    """Tell whether the error is a no or a failure; its text goes through `keep`."""
    kind = type(error).__name__
    message = keep(str(error))
    if isinstance(error, IsolationError):
        return Refused(kind, message, place(error), contained=True)
    if _is_refusal(error, channel, target):
        return Refused(kind, message, place(error))
    return Crashed(kind, message, place(error))


def place(error: BaseException) -> str:
    """Return where the error was raised, as `file.py:12 in function`."""
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return "unknown place"
    last = frames[-1]
    return f"{Path(last.filename).name}:{last.lineno} in {last.name}"


def _is_refusal(error: BaseException, channel: Channel, target: Target) -> bool:
    if isinstance(error, (ScopeError, RecordNotFoundError, PermissionError, *target.refusals)):
        return True
    if isinstance(error, LookupError):
        return not isinstance(error, (IndexError, UnicodeError)) and (
            not isinstance(error, KeyError) or channel in _BY_ID
        )
    module = type(error).__module__.partition(".")[0]
    if module == "mem0" and type(error).__name__ in ("ValidationError", "MemoryNotFoundError"):
        return True
    status = _status(error)
    if status is not None:
        return 400 <= status < 500 and status not in _NO_ANSWER  # noqa: PLR2004 - HTTP's own ranges
    # Subclasses of ValueError such as UnicodeEncodeError and JSONDecodeError are accidents, so the type is exact.
    return type(error) in (ValueError, TypeError) and _raised_in(error.__traceback__, target.packages)


def _status(error: BaseException) -> int | None:
    response = getattr(error, "response", None)
    status = getattr(response, "status_code", getattr(error, "status_code", None))
    return status if isinstance(status, int) and not isinstance(error, json.JSONDecodeError) else None


def _raised_in(trace: TracebackType | None, packages: frozenset[str]) -> bool:
    """Tell whether the innermost frame belongs to the target, to mem0 or to our wrappers."""
    if trace is None:
        return False
    while trace.tb_next is not None:
        trace = trace.tb_next
    name = str(trace.tb_frame.f_globals.get("__name__", ""))
    return name.startswith(_OWN) or name.partition(".")[0] in packages - {"memfence", ""}
