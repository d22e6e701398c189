"""A client that isolates perfectly, in memory: mem0's call signatures over a dict per user."""

import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from .reference_filters import conditions

_IDS = ("user_id", "agent_id", "run_id")
# What mem0 keeps of a conversation for the next extraction prompt.
_LAST_MESSAGES = 10
# As mem0 has it.
PAGE = 20
_words = re.compile(r"\w+").findall
# How many ids are remembered, which each world gives anew. No text is: nothing stays of what was deleted.
_REMEMBERED = 4096

_Stored = dict[str, Any]
# A text, or mem0's message with role and content, or a list of such.
_Messages = str | Mapping[str, str] | list[Mapping[str, str]]


class ReferenceClient:
    """Nothing is ever shared between two users, and nothing stays of what was deleted.

    As in mem0, calls by record id take no scope, and ids stand in `filters`. Ids count up, so that a campaign repeats
    exactly. `prompts` is what its extraction, which keeps each text as it is, was given so far.
    """

    def __init__(self, *, page: int = PAGE) -> None:
        """Start empty; `page` is how many records a search or a listing gives unless told otherwise."""
        self.page = page
        self.prompts: list[str] = []
        # A reset gives no id a second time.
        self._count = 0
        self.reset()

    def reset(self) -> None:
        """Forget everybody's records, and what is kept beside them."""
        self._records: dict[str, _Stored] = {}
        self._by_user: dict[str, dict[str, _Stored]] = {}
        self._history: dict[str, list[_Stored]] = {}
        self._messages: dict[tuple[tuple[str, str], ...], list[str]] = {}

    def add(
        self,
        messages: _Messages,
        *,
        user_id: str | None = None,
        agent_id: str | None = None,
        run_id: str | None = None,
        metadata: Mapping[str, object] | None = None,
        infer: bool = True,
    ) -> _Stored:
        """Store what the user says as one text; with `infer` a prompt holds all of it and the scope's last messages."""
        scope = _scope({"user_id": user_id, "agent_id": agent_id, "run_id": run_id})
        said, text = _said(messages)
        if infer:
            before = self._messages.setdefault(tuple(scope.items()), [])
            self.prompts.append("\n".join(["Last messages:", *before, "New message:", *said]))
            before[:] = [*before, *said][-_LAST_MESSAGES:]
        self._count += 1
        record_id = _id(self._count)
        record = {"id": record_id, "memory": text, "metadata": dict(metadata or {}) or None, **scope}
        self._records[record_id] = record
        self._by_user.setdefault(scope.get("user_id", ""), {})[record_id] = record
        self._history[record_id] = [{"memory_id": record_id, "old_memory": None, "new_memory": text}]
        return {"results": [{"id": record_id, "memory": text, "event": "ADD"}]}

    def search(
        self, query: str, *, filters: Mapping[str, object], top_k: int | None = None, threshold: float = 0.1
    ) -> _Stored:
        """Return the records in scope that share the most words with the query; a score is that share, 0 to 1."""
        asked = set(_words(query.lower()))
        scored = [(_likeness(asked, record["memory"]), record) for record in self._matching(filters)]
        best = sorted((pair for pair in scored if pair[0] >= threshold), key=lambda pair: -pair[0])
        return {"results": [{**record, "score": score} for score, record in best[: top_k or self.page]]}

    def get_all(self, *, filters: Mapping[str, object], top_k: int | None = None) -> _Stored:
        """Return the records in scope, cut at `top_k` without saying so, as mem0 does."""
        return {"results": [dict(record) for record in self._matching(filters)][: top_k or self.page]}

    def get(self, memory_id: str) -> _Stored | None:
        """Return a record, None where there is none."""
        record = self._records.get(memory_id)
        return None if record is None else dict(record)

    def update(self, memory_id: str, text: str, *, metadata: Mapping[str, object] | None = None) -> dict[str, str]:
        """Replace a record's text, and its metadata where given."""
        record = self._known(memory_id)
        self._history[memory_id].append({"memory_id": memory_id, "old_memory": record["memory"], "new_memory": text})
        record["memory"] = text
        if metadata is not None:
            record["metadata"] = dict(metadata)
        return {"message": "Memory updated successfully!"}

    def delete(self, memory_id: str) -> dict[str, str]:
        """Remove a record and its history."""
        record = self._known(memory_id)
        del self._records[memory_id], self._history[memory_id]
        del self._by_user[record.get("user_id", "")][memory_id]
        return {"message": "Memory deleted successfully!"}

    def delete_all(
        self, user_id: str | None = None, agent_id: str | None = None, run_id: str | None = None
    ) -> dict[str, str]:
        """Remove the records in scope and its last messages."""
        scope = _scope({"user_id": user_id, "agent_id": agent_id, "run_id": run_id})
        for record in list(self._matching(scope)):
            self.delete(record["id"])
        for key in self._keys_of(scope):
            del self._messages[key]
        return {"message": "Memories deleted successfully!"}

    def history(self, memory_id: str) -> list[_Stored]:
        """Return a record's texts, oldest first."""
        return [dict(change) for change in self._history.get(memory_id, [])]

    def leftovers(self, record_ids: Iterable[str], scope: Mapping[str, str]) -> list[str]:
        """Say what is still there of deleted records and an erased scope, so that erasure can be verified."""
        counts = {
            "histories": sum(record_id in self._history for record_id in record_ids),
            "records": sum(1 for _ in self._matching(scope)),
            "scopes of messages": len(self._keys_of(scope)),
        }
        return [f"{count} {what}" for what, count in counts.items() if count]

    def tables(self) -> dict[str, list[str]]:
        """Return every text that is kept, by the table that keeps it."""
        return {
            "records": [record["memory"] for record in self._records.values()],
            "history": [str(change) for changes in self._history.values() for change in changes],
            "messages": [text for texts in self._messages.values() for text in texts],
        }

    def _known(self, memory_id: str) -> _Stored:
        if memory_id not in self._records:
            msg = f"Memory with id {memory_id} not found"
            raise ValueError(msg)
        return self._records[memory_id]

    def _keys_of(self, scope: Mapping[str, str]) -> list[tuple[tuple[str, str], ...]]:
        return [key for key in self._messages if scope.items() <= dict(key).items()]

    def _matching(self, filters: Mapping[str, object]) -> Iterator[_Stored]:
        scope = _scope({key: value for key, value in filters.items() if key in _IDS})
        wanted = conditions({key: value for key, value in filters.items() if key not in _IDS})
        user = scope.get("user_id")
        pool = self._records if user is None else self._by_user.get(user, {})
        ids = scope.items()
        return (record for record in pool.values() if ids <= record.items() and wanted(record["metadata"] or {}))


class AsyncReferenceClient:
    """The same records through coroutines, as mem0's AsyncMemory."""

    def __init__(self, client: ReferenceClient) -> None:
        """Take the client whose records they are."""
        self._client = client

    async def add(
        self,
        messages: _Messages,
        *,
        user_id: str | None = None,
        agent_id: str | None = None,
        run_id: str | None = None,
        metadata: Mapping[str, object] | None = None,
        infer: bool = True,
    ) -> _Stored:
        """See `ReferenceClient.add`."""
        return self._client.add(
            messages, user_id=user_id, agent_id=agent_id, run_id=run_id, metadata=metadata, infer=infer
        )

    async def search(
        self, query: str, *, filters: Mapping[str, object], top_k: int | None = None, threshold: float = 0.1
    ) -> _Stored:
        """See `ReferenceClient.search`."""
        return self._client.search(query, filters=filters, top_k=top_k, threshold=threshold)

    async def get_all(self, *, filters: Mapping[str, object], top_k: int | None = None) -> _Stored:
        """See `ReferenceClient.get_all`."""
        return self._client.get_all(filters=filters, top_k=top_k)

    async def get(self, memory_id: str) -> _Stored | None:
        """See `ReferenceClient.get`."""
        return self._client.get(memory_id)

    async def update(
        self, memory_id: str, text: str, *, metadata: Mapping[str, object] | None = None
    ) -> dict[str, str]:
        """See `ReferenceClient.update`."""
        return self._client.update(memory_id, text, metadata=metadata)

    async def delete(self, memory_id: str) -> dict[str, str]:
        """See `ReferenceClient.delete`."""
        return self._client.delete(memory_id)

    async def delete_all(
        self, user_id: str | None = None, agent_id: str | None = None, run_id: str | None = None
    ) -> dict[str, str]:
        """See `ReferenceClient.delete_all`."""
        return self._client.delete_all(user_id, agent_id, run_id)

    async def history(self, memory_id: str) -> list[_Stored]:
        """See `ReferenceClient.history`."""
        return self._client.history(memory_id)

    async def reset(self) -> None:
        """See `ReferenceClient.reset`."""
        self._client.reset()

    def leftovers(self, record_ids: Iterable[str], scope: Mapping[str, str]) -> list[str]:
        """See `ReferenceClient.leftovers`."""
        return self._client.leftovers(record_ids, scope)


def _said(messages: _Messages) -> tuple[list[str], str]:
    """Return what each message says, and what the user said: that is what is kept."""
    if isinstance(messages, str):
        return [messages], messages
    if isinstance(messages, Mapping):
        messages = [messages]
    return [one["content"] for one in messages], "\n".join(one["content"] for one in messages if one["role"] == "user")


def _scope(filters: Mapping[str, object]) -> dict[str, str]:
    scope = {key: value for key, value in filters.items() if isinstance(value, str) and value}
    if not scope or any(value is not None for key, value in filters.items() if key not in scope):
        msg = f"give at least one of {', '.join(_IDS)}, each of them a text that is not empty; got {sorted(filters)}"
        raise ValueError(msg)
    return scope


@lru_cache(maxsize=_REMEMBERED)
def _id(count: int) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_OID, str(count)))


def _likeness(asked: set[str], text: str) -> float:
    words = set(_words(text.lower()))
    return len(asked & words) / max(1, len(asked | words))
