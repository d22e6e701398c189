"""mem0's signatures and pages across its versions; mem0 itself is imported inside functions only.

Since 2.0 `search` and `get_all` take the scope in `filters`, before at the top level; the page is `top_k`, before
`limit`; the platform's client pages by number. `get`, `update`, `delete` and `history` take no scope at all.
"""

import inspect
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, TypeAlias

from .refusals import Truncated

# mem0's own object, of any version; its replies are plain dicts.
Client: TypeAlias = Any
Stored: TypeAlias = dict[str, Any]

FIRST_PAGE = 100
_GROWTH = 4
_PLATFORM_PAGE = 100
_FOLDS_CASE = frozenset({"mem0.vector_stores.redis", "mem0.vector_stores.valkey"})


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one class of client wants to be called. `page` is None where it pages by number."""

    scope_in_filters: bool
    page: str | None
    text: str
    shows_expired: bool


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
        shows_expired="show_expired" in listing,
    )


def search(
    client: Client,
    how: Dialect,
    query: str,
    scope: Mapping[str, str],
    *,
    filters: Mapping[str, object] | None = None,
    top_k: int | None = None,
    threshold: float | None = None,
) -> list[Stored]:
    """Search in a scope. `threshold` None leaves the client's own (0.1 since mem0 2.0), `top_k` None likewise."""
    options: dict[str, object] = {}
    if top_k is not None:
        options["limit" if how.page == "limit" else "top_k"] = top_k
    if threshold is not None:
        options["threshold"] = threshold
    if how.scope_in_filters:
        return records(client.search(query, filters={**filters, **scope} if filters else {**scope}, **options))
    if filters:
        options["filters"] = {**filters}
    return records(client.search(query, **scope, **options))


def list_all(
    client: Client, how: Dialect, scope: Mapping[str, str], *, filters: Mapping[str, object] | None = None
) -> list[Stored]:
    """Return all live records of a scope, however many; mem0 itself cuts at 20 (1.x: 100) without saying so.

    Raises Truncated where the store refuses a bigger page. A store that cuts in silence at a number other
    than the page asked for cannot be told from one that is exhausted.
    """
    return [record for record in list_everything(client, how, scope, filters=filters) if not is_expired(record)]


def list_everything(
    client: Client, how: Dialect, scope: Mapping[str, str], *, filters: Mapping[str, object] | None = None
) -> list[Stored]:
    """Return all records of a scope, also those past their expiration date where the client can show them."""
    options: dict[str, object] = {}
    if how.scope_in_filters:
        options["filters"] = {**filters, **scope} if filters else {**scope}
    else:
        options.update(scope)
        if filters:
            options["filters"] = {**filters}
    if how.shows_expired:
        # mem0 cuts before it drops the expired ones, so a page of hidden records would look like the last.
        options["show_expired"] = True
    if how.page is None:
        return _by_number(client, options)
    return _by_size(client, how.page, options)


def _by_size(client: Client, page: str, options: dict[str, object]) -> list[Stored]:
    size = FIRST_PAGE
    found = records(client.get_all(**options, **{page: size}))
    while len(found) >= size:
        known, size = len(found), size * _GROWTH
        try:
            found = records(client.get_all(**options, **{page: size}))
        except Exception as error:
            raise Truncated(known=known, asked=size) from error
        if len(found) < known:
            raise Truncated(known=known, asked=size)
    return found


def _by_number(client: Client, options: dict[str, object]) -> list[Stored]:
    found: list[Stored] = []
    number = 1
    while True:
        reply = client.get_all(**options, page=number, page_size=_PLATFORM_PAGE)
        found.extend(records(reply))
        if not (isinstance(reply, Mapping) and reply.get("next")):
            break
        number += 1
    count = reply.get("count") if isinstance(reply, Mapping) else None
    if isinstance(count, int) and count > len(found):
        raise Truncated(known=len(found), asked=count)
    return found


def fetch(client: Client, record_id: str) -> Stored | None:
    """Return the record with this id, whoever owns it; None where there is none."""
    try:
        record = client.get(record_id)
    except Exception as error:
        if type(error).__name__ == "MemoryNotFoundError":
            return None
        raise
    return record if isinstance(record, dict) else None


def records(reply: object) -> list[Stored]:
    """Return the records of a reply: mem0 answers `{"results": [...]}`, older ones a bare list."""
    if isinstance(reply, dict):
        reply = reply.get("results", [])
    return reply if isinstance(reply, list) else []


def is_expired(record: Stored) -> bool:
    """Tell whether the record's expiration date has passed, by mem0's own rule: before today in UTC."""
    expires = record.get("expiration_date")
    try:
        return bool(expires) and date.fromisoformat(str(expires)) < datetime.now(UTC).date()
    except ValueError:
        return False


def folds_case(client: Client) -> bool:
    """Tell whether the store under the client is known to take upper and lower case for the same."""
    return type(getattr(client, "vector_store", None)).__module__ in _FOLDS_CASE


_platform_clients: dict[str, Client] = {}
_platform_lock = threading.Lock()


def platform_client() -> Client:
    """Return the platform's client for `MEM0_API_KEY`, made once per process and key: making one is a round trip.

    Raises ValueError where the key is missing.
    """
    key = os.environ.get("MEM0_API_KEY", "")
    if not key:
        msg = "ScopedMemory without client= talks to the mem0 platform: set MEM0_API_KEY, or pass client=Memory(...)"
        raise ValueError(msg)
    with _platform_lock:
        if key not in _platform_clients:
            from mem0 import MemoryClient  # noqa: PLC0415 - importing memfence must not import mem0

            _platform_clients[key] = MemoryClient(api_key=key)
        return _platform_clients[key]
