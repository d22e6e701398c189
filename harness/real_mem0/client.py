"""mem0's signatures and pages across its versions; mem0 itself is imported inside functions only.

Since 2.0 `search` and `get_all` take the scope in `filters`, before at the top level; the page is `top_k`, before
`limit`; the platform's client pages by number. `get`, `update`, `delete` and `history` take no scope at all.
"""

import asyncio
import inspect
import os
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

from ..base.refusals import Truncated, UnexpectedReplyError
from ..performing.scripts import Call, Script

# mem0's own object, of any version; its replies are plain dicts.
Client: TypeAlias = Any
Stored: TypeAlias = dict[str, Any]

FIRST_PAGE = 100
_GROWTH = 4
_PLATFORM_PAGE = 100
# What stores are known to take for the same in two ids. RediSearch TAG fields are case-insensitive unless declared
# CASESENSITIVE, and mem0 does not declare it; Weaviate cuts a TEXT property without a declared tokenization into
# lower-case words. Source: their documentation, and mem0's declarations.
CASE, PUNCTUATION = "case", "punctuation"
_CONFUSED = {
    "mem0.vector_stores.redis": frozenset({CASE}),
    "mem0.vector_stores.valkey": frozenset({CASE}),
    "mem0.vector_stores.weaviate": frozenset({CASE, PUNCTUATION}),
}
_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one class of client wants to be called. `page` is None where it pages by number; `awaits`: it is async.

    `updates_metadata` is False before mem0 1.0.8, whose `update` takes a text alone.
    """

    scope_in_filters: bool
    page: str | None
    text: str
    updates_metadata: bool
    shows_expired: bool
    awaits: bool


def dialect(client: Client) -> Dialect:
    """Return how this client wants to be called, read from its signatures."""
    search, get_all, update = client.search, client.get_all, client.update
    return _dialect(
        getattr(search, "__func__", search), getattr(get_all, "__func__", get_all), getattr(update, "__func__", update)
    )


@lru_cache(maxsize=64)
def _dialect(search: Callable[..., object], get_all: Callable[..., object], update: Callable[..., object]) -> Dialect:
    listing = inspect.signature(get_all).parameters
    change = inspect.signature(update).parameters
    return Dialect(
        scope_in_filters="user_id" not in inspect.signature(search).parameters,
        page=next((name for name in ("top_k", "limit") if name in listing), None),
        text="data" if "data" in change and "text" not in change else "text",
        updates_metadata="metadata" in change or _takes_any(change.values()),
        # The platform's client passes on what its options hold, this among them.
        shows_expired=not {"show_expired", "options"}.isdisjoint(listing),
        awaits=inspect.iscoroutinefunction(search),
    )


def _takes_any(parameters: Iterable[inspect.Parameter]) -> bool:
    return any(parameter.kind is inspect.Parameter.VAR_KEYWORD for parameter in parameters)


def search(
    client: Client,
    how: Dialect,
    query: str,
    scope: Mapping[str, object],
    *,
    filters: Mapping[str, object] | None = None,
    top_k: int | None = None,
    threshold: float | None = None,
) -> Script[list[Stored]]:
    """Search in a scope. `threshold` None leaves the client's own (0.1 since mem0 2.0), `top_k` None likewise."""
    options: dict[str, object] = {}
    if top_k is not None:
        options["limit" if how.page == "limit" else "top_k"] = top_k
    if threshold is not None:
        options["threshold"] = threshold
    _place_scope(how, options, scope, filters)
    return records((yield Call(client.search, (query,), options)))


def list_all(
    client: Client, how: Dialect, scope: Mapping[str, object], *, filters: Mapping[str, object] | None = None
) -> Script[list[Stored]]:
    """Return all live records of a scope, however many; mem0 itself cuts at 20 (1.x: 100) without saying so.

    Raises Truncated where the store does not answer a bigger page. A store that cuts in silence at a number other
    than the page asked for cannot be told from one that is exhausted.
    """
    everything = yield from list_everything(client, how, scope, filters=filters)
    return [record for record in everything if not is_expired(record)]


def list_everything(
    client: Client, how: Dialect, scope: Mapping[str, object], *, filters: Mapping[str, object] | None = None
) -> Script[list[Stored]]:
    """Return all records of a scope, also those past their expiration date where the client can show them."""
    options: dict[str, object] = {}
    _place_scope(how, options, scope, filters)
    if how.shows_expired:
        # mem0 cuts before it drops the expired ones, so a page of hidden records would look like the last.
        options["show_expired"] = True
    if how.page is None:
        return (yield from _by_number(client, options))
    return (yield from _by_size(client, how.page, options))


def _place_scope(
    how: Dialect, options: dict[str, object], scope: Mapping[str, object], filters: Mapping[str, object] | None
) -> None:
    """Put the scope where the client wants it; it comes last, so that no filter stands in its place."""
    if how.scope_in_filters:
        options["filters"] = {**filters, **scope} if filters else {**scope}
        return
    options.update(scope)
    if filters:
        options["filters"] = {**filters}


def _by_size(client: Client, page: str, options: dict[str, object]) -> Script[list[Stored]]:
    size = FIRST_PAGE
    found = records((yield Call(client.get_all, (), {**options, page: size})))
    while len(found) >= size:
        known, size = len(found), size * _GROWTH
        try:
            found = records((yield Call(client.get_all, (), {**options, page: size})))
        except Exception as error:
            raise Truncated(known=known, asked=size, answer=type(error).__name__) from error
        if len(found) < known:
            raise Truncated(known=known, asked=size, answer=f"{len(found)} records")
    return found


def _by_number(client: Client, options: dict[str, object]) -> Script[list[Stored]]:
    found: list[Stored] = []
    number, count, more = 1, 0, True
    while more:
        reply = yield Call(client.get_all, (), {**options, "page": number, "page_size": _PLATFORM_PAGE})
        page = records(reply)
        found.extend(page)
        number += 1
        count = reply.get("count") or 0 if isinstance(reply, dict) else 0
        # A full page may be the last or not, whatever stands in `next`; an empty one is the end, likewise.
        more = bool(page) and (len(page) >= _PLATFORM_PAGE or bool(isinstance(reply, dict) and reply.get("next")))
    if isinstance(count, int) and count > len(found):
        raise Truncated(known=len(found), asked=count, answer="no further page")
    return found


def fetch(client: Client, record_id: str) -> Script[Stored | None]:
    """Return the record with this id, whoever owns it; None where there is none."""
    try:
        record = yield Call(client.get, (record_id,))
    except Exception as error:
        # mem0's Redis store looks into the row that is not there.
        if isinstance(error, LookupError) or type(error).__name__ == "MemoryNotFoundError":
            return None
        raise
    if record is not None and not isinstance(record, dict):
        raise UnexpectedReplyError(type(record).__name__)
    return record


def records(reply: object) -> list[Stored]:
    """Return the records of a reply: mem0 answers `{"results": [...]}`, older ones a bare list.

    Raises UnexpectedReplyError for anything else: to read it as empty would be a lie.
    """
    found = reply.get("results") if isinstance(reply, dict) else reply
    if not isinstance(found, list) or not all(isinstance(record, dict) for record in found):
        raise UnexpectedReplyError(type(reply).__name__)
    return found


def label(record: Stored, name: str) -> object:
    """Return the id under this name that the record is labelled with; the platform lists run ids as `session_id`."""
    found = record.get(name)
    return record.get("session_id") if found is None and name == "run_id" else found


def is_expired(record: Stored) -> bool:
    """Tell whether the record's expiration date has passed, by mem0's own rule: before today in UTC."""
    expires = record.get("expiration_date")
    try:
        return bool(expires) and date.fromisoformat(str(expires)) < datetime.now(UTC).date()
    except ValueError:
        return False


def confused_by(client: Client) -> frozenset[str]:
    """Return what the store under the client is known to overlook in ids: CASE, PUNCTUATION."""
    return _CONFUSED.get(store_of(client), _NOTHING)


def store_of(client: Client) -> str:
    """Return the module of the store under the client: `mem0.vector_stores.qdrant`."""
    return type(getattr(client, "vector_store", None)).__module__


_platform_clients: dict[str, Client] = {}
_async_platform_clients: "WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, Client]]" = WeakKeyDictionary()
_platform_lock = threading.Lock()


def platform_client() -> Client:
    """Return the platform's client for `MEM0_API_KEY`, made once per process and key: making one is a round trip.

    Raises ValueError where the key is missing.
    """
    key = _api_key()
    with _platform_lock:
        if key not in _platform_clients:
            from mem0 import MemoryClient  # noqa: PLC0415 - importing memfence must not import mem0

            _platform_clients[key] = MemoryClient(api_key=key)
        return _platform_clients[key]


async def async_platform_client() -> Client:
    """Return the platform's asynchronous client, made once per event loop and key: its connections live in a loop."""
    key = _api_key()
    clients = _async_platform_clients.setdefault(asyncio.get_running_loop(), {})
    if key not in clients:
        from mem0 import AsyncMemoryClient  # noqa: PLC0415 - as above

        made = await asyncio.to_thread(AsyncMemoryClient, api_key=key)
        clients.setdefault(key, made)
    return clients[key]


def _api_key() -> str:
    key = os.environ.get("MEM0_API_KEY", "")
    if not key:
        msg = "ScopedMemory without client= talks to the mem0 platform: set MEM0_API_KEY, or pass client=Memory(...)"
        raise ValueError(msg)
    return key
