"""What a caller gives beside the ids: checked and copied at once, so that what was checked is what is sent."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NoReturn

from ..base.refusals import ScopeError

_IDENTITY = frozenset({"user_id", "agent_id", "app_id", "run_id", "actor_id", "org_id", "project_id", "session_id"})
# By any of these names a client takes a whole scope, or typed options that may hold one.
_SCOPES = ("filters", "options")
_LOGIC = frozenset({"and", "or", "not", "nor"})
_COMPARISONS = frozenset({"$eq", "$ne", "$gt", "$gte", "$lt", "$lte", "$in", "$nin", "$contains", "$icontains"})
# Some stores paste the name of a field into an expression: it may hold nothing that has a meaning there.
_is_field = re.compile(r"\w(?:[\w .:/-]*\w)?").fullmatch
# mem0 stores the record first, then binds these to a row of its history: a dict there raises too late, and a number
# leaves a record that no listing can show.
_IN_HISTORY = ("created_at", "updated_at", "role")
_DEPTH = 20


def text(value: object, where: str) -> str:
    """Return the text as a plain str; raises TypeError for anything else, ValueError where UTF-8 cannot hold it."""
    if not isinstance(value, str):
        msg = f"{where} must be a str, got {type(value).__name__}"
        raise TypeError(msg)
    # A subclass may answer differently the next time.
    plain = str.__str__(value)
    try:
        plain.encode()
    except UnicodeEncodeError as error:
        msg = (
            f"{where} holds {plain[error.start]!a} at position {error.start}, a lone surrogate: no store can keep it "
            "whole; remove it with text.encode(errors='ignore').decode()"
        )
        raise ValueError(msg) from None
    return plain


def messages(value: object, *, as_is: bool) -> str | dict[str, Any] | list[dict[str, Any]]:
    """Return the messages as mem0 wants them; `as_is` says that each becomes a record (`infer=False`).

    mem0 stores one message after the other, so one that it cannot store would leave those before it behind.
    Raises TypeError or ValueError.
    """
    if isinstance(value, str):
        plain = text(value, "messages")
        _check_content(plain, "messages", as_is=as_is)
        return plain
    if isinstance(value, Mapping):
        return _message(value, "the message", as_is=as_is)
    if isinstance(value, list):
        return [_message(one, f"message {number}", as_is=as_is) for number, one in enumerate(value, start=1)]
    msg = f"messages must be a str, a mapping with role and content or a list of such, got {type(value).__name__}"
    raise TypeError(msg)


def metadata(value: object) -> dict[str, Any]:
    """Return the metadata as a plain dict; raises TypeError or ValueError, ScopeError for keys of identity."""
    plain = _mapping(value, "metadata", _metadata_key, _refuse_no_json)
    for name in _IN_HISTORY:
        if name in plain:
            text(plain[name], f"{name!r} in metadata")
    return plain


def filters(value: object) -> dict[str, Any]:
    """Return the filters as a plain dict that narrows by metadata alone.

    mem0 merges identity keys and logic over the pinned id. Raises ScopeError for those and for keys that are no name
    of a field, TypeError or ValueError for what is no filter.
    """
    return _mapping(value, "filters", _filter_key, _refuse_no_filter)


def options(value: Mapping[str, object]) -> dict[str, Any]:
    """Return the named arguments of an add as they may be sent; raises as `metadata` does."""
    sent: dict[str, Any] = {}
    for name, option in value.items():
        if _names_identity(name) or name in _SCOPES:
            _refuse(name, "add")
        if name != "metadata":
            sent[name] = _copied(option, name, _any_key, None)
        elif option is not None:
            sent[name] = metadata(option)
    return sent


_Key = Callable[[str, str], None]
_Other = Callable[[object, str], None]


def _mapping(value: object, where: str, check_key: _Key, check_other: _Other | None) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        msg = f"{where} must be a mapping such as {{'topic': 'food'}}, got {type(value).__name__}"
        raise TypeError(msg)
    copied: dict[str, Any] = _copied(value, where, check_key, check_other)
    return copied


def _copied(value: object, where: str, check_key: _Key, check_other: _Other | None, depth: int = 0) -> Any:  # noqa: ANN401 - of any type
    """Copy texts and what holds them; all else goes through `check_other`, and on as it is."""
    if depth > _DEPTH:
        msg = f"{where} is nested deeper than {_DEPTH} levels, or holds itself"
        raise ValueError(msg)
    if isinstance(value, str):
        return text(value, where)
    if isinstance(value, Mapping):
        found: dict[str, Any] = {}
        for key, inner in value.items():
            name = text(key, f"each key of {where}")
            check_key(name, where)
            found[name] = _copied(inner, where, check_key, check_other, depth + 1)
        return found
    if isinstance(value, (list, tuple)):
        return [_copied(inner, where, check_key, check_other, depth + 1) for inner in value]
    if check_other is not None:
        check_other(value, where)
    return value


def _any_key(_: str, __: str) -> None:
    """Let it pass."""


def _metadata_key(key: str, where: str) -> None:
    if _names_identity(key):
        _refuse(key, where)


def _filter_key(key: str, where: str) -> None:
    if _names_identity(key) or unicodedata.normalize("NFKC", key).casefold().strip(" \t\r\n$") in _LOGIC:
        _refuse(key, where)
    if not _is_field(key) and key not in _COMPARISONS:
        msg = f"{key!a} in {where} is no name of a field: give letters, digits and _, and inside also blanks and .:/-"
        raise ScopeError(msg)


def _refuse_no_filter(value: object, where: str) -> None:
    if value is None:
        msg = f"{where} holds None, which some stores take for no filter at all; leave the key out"
        raise ValueError(msg)
    _refuse_no_json(value, where)


def _refuse_no_json(value: object, where: str) -> None:
    # Stores keep JSON; mem0's Qdrant makes texts of dates.
    if value is not None and not isinstance(value, (int, float, date)):
        msg = f"{where} holds a {type(value).__name__}; give texts, numbers, dates, lists and mappings of these"
        raise TypeError(msg)


def _message(value: object, where: str, *, as_is: bool) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        msg = f"{where} must be a mapping with role and content, got {type(value).__name__}"
        raise TypeError(msg)
    plain: dict[str, Any] = _copied(value, where, _any_key, None)
    for name in ("role", "name"):
        if plain.get(name) is not None:
            text(plain[name], f"{name!r} in {where}")
    _check_content(plain.get("content"), where, as_is=as_is)
    return plain


def _check_content(content: object, where: str, *, as_is: bool) -> None:
    """Let texts pass, nothing (mem0 leaves such a message out), lists of parts, and an image."""
    if isinstance(content, str):
        if as_is and not content.strip():
            msg = f"{where} has no text to be stored; with infer=False each message becomes a record"
            raise ValueError(msg)
    elif not (
        content is None
        or isinstance(content, list)
        or (isinstance(content, dict) and content.get("type") == "image_url")
    ):
        msg = f"'content' in {where} must be a str or a list of parts, got {type(content).__name__}"
        raise TypeError(msg)


def _names_identity(key: str) -> bool:
    """Tell whether one of the words in a key is an identity: `USER_ID`, `metadata.user_id`, `payload->>'user_id'`."""
    return not _IDENTITY.isdisjoint(re.split(r"\W+", unicodedata.normalize("NFKC", key).casefold()))


def _refuse(key: str, where: str) -> NoReturn:
    msg = f"{key!a} in {where} would change whose records are meant; the scope was bound when ScopedMemory was made"
    raise ScopeError(msg)
