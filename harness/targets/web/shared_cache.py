"""A shared cache between users and the application: it keeps and gives what RFC 9111 allows, as a CDN does."""

import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from hishel import (
    AnyState,
    CacheMiss,
    CacheOptions,
    CouldNotBeStored,
    Entry,
    FromCache,
    Headers,
    IdleClient,
    InvalidateEntries,
    NeedRevalidation,
    NeedToBeUpdated,
    Request,
    Response,
    StoreAndUse,
)

from .wire import Answer, Asked, Inbox, Wire

# A cache forgets what nobody has asked for lately.
_MOST = 10_000
_OPTIONS = CacheOptions(shared=True, supported_methods=["GET", "HEAD"], allow_stale=False)


class SharedCache:
    """Carries requests over another wire, but for what it has kept: the rules are hishel's, as a shared cache."""

    def __init__(self, wire: Wire) -> None:
        """Stand before this wire, with nothing kept."""
        self.base = wire.base
        self._wire = wire
        self._keeping = threading.Lock()
        # By address; the bodies of entries lie beside them.
        self._entries: OrderedDict[str, list[Entry]] = OrderedDict()
        self._bodies: dict[UUID, bytes] = {}

    def ask(self, asked: Asked) -> Answer:
        """Return what is kept, where it may be given, else the application's answer; raises WireError as the wire."""
        request = Request(asked.method, asked.target, _headers(asked.headers))
        with self._keeping:
            state: AnyState = IdleClient(options=_OPTIONS).next(request, list(self._entries.get(asked.target, ())))
        answer: Answer | None = None
        while True:
            if isinstance(state, CacheMiss | NeedRevalidation):
                # The lock is not held meanwhile: requests of several users meet in the application.
                answer = self._wire.ask(replace(asked, headers=_pairs(state.request.headers)))
                with self._keeping:
                    state = state.next(Response(answer.status, _headers(answer.headers)))
                continue
            with self._keeping:
                if isinstance(state, InvalidateEntries):
                    self._drop(asked.target, frozenset(state.entry_ids))
                    state = state.next()
                elif isinstance(state, NeedToBeUpdated):
                    self._update(asked.target, {entry.id: entry for entry in state.updating_entries})
                    state = state.next()
                elif isinstance(state, FromCache):
                    entry = state.entry
                    fields = _pairs(entry.response.headers)
                    return Answer(entry.response.status_code, fields, self._bodies.get(entry.id, b""), kept=True)
                elif isinstance(state, StoreAndUse | CouldNotBeStored):
                    assert answer is not None  # noqa: S101 - these come after an answer alone
                    if isinstance(state, StoreAndUse):
                        self._store(asked.target, request, state.response, answer.body)
                    return answer

    def listen(self, asked: Asked, inbox: Inbox) -> None:
        """Subscribe at the application itself: a feed has no end, and is not kept."""
        self._wire.listen(asked, inbox)

    def close(self) -> None:
        """Let go of the connections."""
        self._wire.close()

    def call_named(self, name: str) -> None:
        """Call what has this name in the application, which lies behind."""
        called: Any = self._wire
        called.call_named(name)

    def forget(self) -> None:
        """Keep nothing any more, as a new world has nothing."""
        with self._keeping:
            self._entries.clear()
            self._bodies.clear()

    def kept(self) -> Mapping[str, list[str]]:
        """Return the bodies that are kept, by address."""
        with self._keeping:
            return {
                target: [self._bodies.get(entry.id, b"").decode(errors="replace") for entry in entries]
                for target, entries in self._entries.items()
            }

    def _store(self, target: str, request: Request, response: Response, body: bytes) -> None:
        entry = Entry(uuid4(), request, response)
        self._entries.setdefault(target, []).append(entry)
        self._entries.move_to_end(target)
        self._bodies[entry.id] = body
        if len(self._entries) > _MOST:
            oldest = next(iter(self._entries))
            self._drop(oldest, frozenset(entry.id for entry in self._entries[oldest]))

    def _update(self, target: str, new: Mapping[UUID, Entry]) -> None:
        self._entries[target] = [new.get(entry.id, entry) for entry in self._entries.get(target, ())]

    def _drop(self, target: str, ids: frozenset[UUID]) -> None:
        kept = [entry for entry in self._entries.get(target, ()) if entry.id not in ids]
        for one in ids:
            self._bodies.pop(one, None)
        if kept:
            self._entries[target] = kept
        else:
            self._entries.pop(target, None)


def _headers(pairs: tuple[tuple[str, str], ...]) -> Headers:
    grouped: dict[str, list[str]] = {}
    for name, value in pairs:
        grouped.setdefault(name.lower(), []).append(value)
    return Headers(grouped)


def _pairs(headers: Headers) -> tuple[tuple[str, str], ...]:
    return tuple(_each(headers))


def _each(headers: Headers) -> Iterator[tuple[str, str]]:
    for name in headers:
        yield from ((name, value) for value in headers.get_list(name) or ())
