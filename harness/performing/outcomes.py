"""An exception becomes a refusal or a crash: a crash that happens to prevent a leak is not isolation."""

import asyncio
import dis
import errno
import json
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import PurePath
from posixpath import normpath
from types import TracebackType

from ..base.refusals import IsolationError, RecordNotFoundError, ScopeError
from ..judging.answers import without_ids
from ..model.channels import Channel
from ..model.observations import Crashed, Observation, Refused, Returned
from ..model.operations import is_spelt
from .contract import FAILURES, Target

__all__ = ["FAILURES", "NOT_TRIED", "is_spelt", "outcome", "place", "unsaid"]

_BY_ID = frozenset({Channel.GET, Channel.UPDATE, Channel.DELETE, Channel.HISTORY, Channel.COPY})
# Too many requests and time-outs say nothing about whose the record is.
_NO_ANSWER = frozenset({408, 425, 429})
_ERROR_STATUS = range(400, 600)
_SERVERS_FAULT = 500
_OWN = ("memfence.scoped", "memfence.targets.built_in", "memfence.targets.reference_client")
# Whose classes are known here, or are nobody's own.
_NOT_OWN = frozenset({"mem0", "memfence", "builtins"})
_RAISE = dis.opmap["RAISE_VARARGS"]
# What an id of another kind than the code expects makes of it: in Python, and in a database driver (PEP 249).
_OF_AN_ID = (TypeError, AttributeError, ValueError, LookupError, AssertionError, ArithmeticError)
# What a record's id makes of a file's name.
_OF_A_PATH = (FileNotFoundError, NotADirectoryError, IsADirectoryError)
_NO_SUCH_PATH = frozenset({errno.ENAMETOOLONG, errno.EINVAL, errno.ELOOP, errno.ENOTEMPTY, errno.EEXIST})
_OF_A_DRIVER = frozenset({"DataError", "IntegrityError", "NotSupportedError", "ProgrammingError"})
# Each part of a longer chain is some error's text that many others wrap; a loop of causes ends here too.
_LONGEST_CHAIN = 32
# A shorter last part of a key, such as `*`, may stand in any text.
_SHORT = 3
# A key's words, and what may stand between them where it is quoted.
_WORD, _BETWEEN = "[A-Za-z0-9]+", "(?:%[0-9A-Fa-f]{2}|[^A-Za-z0-9])*"

# A target that joins paths unchecked would write wherever such a key leads: that is for reading alone.
NOT_TRIED = Refused(
    "NotTried", "memfence writes nothing under a key that may lead out of the target's own folders", untried=True
)


def outcome(
    error: BaseException,
    channel: Channel,
    target: Target,
    keep: Callable[[str], str],
    *,
    unmade: bool = False,
    malformed: bool = False,
    at_the_door: bool = False,
) -> Refused | Crashed:
    """Tell whether the error is a no or a failure; each text of it goes through `keep`.

    Its message holds the notes, causes and contexts too: who sees the error sees these. `unmade`: a constructor
    raised it over an id that is an attack, or a call over filters of a kind that it may not take. Where such a value
    explains the error, it is a refusal by accident: there is no memory to leak from, and no such filters are taken.
    `malformed`: a record's id was spelt otherwise than the store does; where that explains the error, there is no
    such record. A store that is down explains nothing. `at_the_door`: it came before there was a memory.
    """
    kind = type(error).__name__
    message = " <- ".join(_texts(error, str if target.shows_errors else keep))
    # An exit or a cancellation is no answer, whatever the target lists.
    if not isinstance(error, (SystemExit, asyncio.CancelledError)):
        if isinstance(error, IsolationError):
            return Refused(kind, message, place(error), contained=True)
        if _is_refusal(error, channel, target):
            return Refused(kind, message, place(error), at_the_door=at_the_door and target.sessions)
        if unmade and (_is_of_the_id(error) or (target.keys and _is_of_the_path(error))):
            return Refused(kind, message, place(error), by_accident=True)
        if malformed and (_is_of_the_id(error) or _is_of_the_path(error)):
            return Refused(kind, message, place(error))
    status = _status(error)
    # It says more than most texts, and is nobody's secret where the text has to be masked.
    told = message if status is None or str(status) in message else f"HTTP {status}: {message}"
    return Crashed(kind, told, place(error), own=kind if status is None and _is_own(error, target.packages) else "")


def unsaid(seen: Observation, key: str, instead: str) -> Observation:
    """Return a refusal or a crash with `<key>`, or `<id>`, where its text quotes the key or the id that was sent.

    It may stand there in capitals or without, and with other characters between its words: a name of a file has a
    slash in percent, or as an underline.
    """
    if isinstance(seen, Returned) or without_ids(key) == instead:
        # What has the shape of a store's ids is left out of what is compared in any case.
        return seen
    message = seen.message
    # An error may quote it as the file system has it, or its last part alone.
    normal = normpath(key) if key else ""
    last = normal.rpartition("/")[2]
    for said in filter(None, (repr(key)[1:-1], key, normal.lstrip("./"), last if len(last) > _SHORT else "")):
        message = re.sub(re.escape(said), instead, message, flags=re.IGNORECASE)
    words = re.findall(_WORD, key)
    if sum(map(len, words)) > _SHORT:
        message = re.sub(_BETWEEN.join(words), instead, message, flags=re.IGNORECASE)
    return replace(seen, message=message)


def place(error: BaseException) -> str:
    """Return where the error was raised, as `file.py:12 in function`."""
    last = _innermost(error)
    if last is None:
        return "unknown place"
    code = last.tb_frame.f_code
    return f"{_name(code.co_filename)}:{last.tb_lineno} in {code.co_name}"


@lru_cache(maxsize=256)
def _name(path: str) -> str:
    return PurePath(path).name


def _is_of_the_id(error: BaseException) -> bool:
    """Tell whether the error is one that an odd id makes: not a server's answer, and not a connection's."""
    if isinstance(error, json.JSONDecodeError) or _status(error) is not None:
        return False
    of_a_driver = any(
        kind.__name__ in _OF_A_DRIVER or (kind.__module__, kind.__name__) == ("sqlite3", "InterfaceError")
        for kind in type(error).__mro__
    )
    return isinstance(error, _OF_AN_ID) or of_a_driver


def _is_of_a_link(error: BaseException) -> bool:
    return isinstance(error, OSError) and error.errno == errno.ELOOP


def _is_of_the_path(error: BaseException) -> bool:
    return isinstance(error, _OF_A_PATH) or (isinstance(error, OSError) and error.errno in _NO_SUCH_PATH)


def _texts(error: BaseException, keep: Callable[[str], str]) -> Iterator[str]:
    """Yield the error's own text, then what Python would show with it."""
    for position, link in enumerate(_chain(error)):
        text = keep(_said(link))
        # The kind of the first one is an observation's own field.
        yield text if position == 0 else f"{type(link).__name__}: {text}"
        notes = _attribute(link, "__notes__")
        for note in notes if isinstance(notes, (list, tuple)) else ():
            yield keep(_said(note))


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and those behind it, each once: grouped ones, causes, and contexts unless suppressed."""
    waiting, seen = [error], {id(error)}
    while waiting and len(seen) <= _LONGEST_CHAIN:
        error = waiting.pop(0)
        yield error
        behind = [*error.exceptions] if isinstance(error, BaseExceptionGroup) else []
        context = None if error.__suppress_context__ else error.__context__
        for link in (*behind, error.__cause__, context):
            if link is not None and id(link) not in seen:
                seen.add(id(link))
                waiting.append(link)


def _said(value: object) -> str:
    try:
        return str(value)
    except FAILURES:
        return "(its text cannot be read)"


def _attribute(thing: object, name: str) -> object:
    try:
        return getattr(thing, name, None)
    except FAILURES:
        return None


def _is_refusal(error: BaseException, channel: Channel, target: Target) -> bool:
    if isinstance(error, (ScopeError, RecordNotFoundError, PermissionError, *target.refusals)):
        return True
    if target.keys and channel in _BY_ID and (isinstance(error, _OF_A_PATH) or _is_of_a_link(error)):
        # Where a key is a file, this is how it says that nothing lies there, or a link that it does not follow.
        return True
    if isinstance(error, LookupError):
        return not isinstance(error, (IndexError, UnicodeError)) and (
            not isinstance(error, KeyError) or channel in _BY_ID
        )
    module = str(type(error).__module__).partition(".")[0]
    if module == "mem0" and type(error).__name__ in ("ValidationError", "MemoryNotFoundError"):
        return True
    status = _status(error)
    if status is not None:
        return status < _SERVERS_FAULT and status not in _NO_ANSWER
    # Subclasses of ValueError such as UnicodeEncodeError and JSONDecodeError are accidents, so the type is exact.
    return type(error) in (ValueError, TypeError) and _is_said_by(error, target.packages)


def _status(error: BaseException) -> int | None:
    """Return the HTTP status that the error carries: httpx and requests, then aiohttp, then urllib."""
    if isinstance(error, json.JSONDecodeError):
        return None
    answers = (
        _attribute(_attribute(error, "response"), "status_code"),
        *(_attribute(error, name) for name in ("status_code", "status", "code")),
    )
    return next((answer for answer in answers if isinstance(answer, int) and answer in _ERROR_STATUS), None)


def _is_said_by(error: BaseException, packages: frozenset[str]) -> bool:
    """Tell whether a `raise` of the target's, mem0's or our wrappers' own made the error, or one of the same project.

    Where another instruction did, as in `None["results"]`, it is an accident.
    """
    last = _innermost(error)
    if last is None:
        return False
    name = str(last.tb_frame.f_globals.get("__name__", ""))
    package = name.partition(".")[0]
    ours = (
        name.startswith(_OWN)
        or package in packages - {"memfence", ""}
        or _is_of_a_project(package, last.tb_frame.f_code.co_filename)
    )
    # A slice: the code of a compiled extension's frame may be empty.
    return ours and last.tb_frame.f_code.co_code[last.tb_lasti : last.tb_lasti + 1] == bytes((_RAISE,))


def _is_own(error: BaseException, packages: frozenset[str]) -> bool:
    """Tell whether the target's own code defines and raises it, and not over a connection, a file or a time-out."""
    package = str(type(error).__module__).partition(".")[0]
    file = str(getattr(sys.modules.get(package), "__file__", None) or "")
    # What a target wraps may be written in another package of the same project.
    defined = isinstance(error, Exception) and (package in packages - _NOT_OWN or _is_of_a_project(package, file))
    if not defined or any(isinstance(one, OSError) for one in _chain(error)):
        return False
    return _is_said_by(error, packages | {package})


@lru_cache(maxsize=256)
def _is_of_a_project(package: str, file: str) -> bool:
    """Tell whether the code of this package in this file is somebody's own: not installed, and not Python's.

    A target is often one file beside the package that it wraps, so its own package is not the whole of it. What has no
    file, as code that a library makes, is nobody's.
    """
    if not file or file.startswith("<") or package in _NOT_OWN or package in sys.stdlib_module_names:
        return False
    return not {"site-packages", "dist-packages"} & {*PurePath(file).parts}


def _innermost(error: BaseException) -> TracebackType | None:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace
