"""A client that isolates perfectly, in memory, through ScopedMemory: the control of the harness itself."""

import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..contract import Memory
from . import MakeMemory, Wrap

_IDS = ("user_id", "agent_id", "run_id")
_words = re.compile(r"\w+").findall


class ReferenceClient:
    """Mem0's call signatures over a dict per user; nothing is ever shared between two users.

    As in mem0, calls by record id take no scope. Ids count up, so that a campaign repeats exactly.
    """

    def __init__(self) -> None:
        """Start empty."""
        self._records: dict[str, dict[str, Any]] = {}
        self._by_user: dict[str, dict[str, dict[str, Any]]] = {}
        self._history: dict[str, list[dict[str, Any]]] = {}
        self._count = 0

    def add(
        self,
        messages: str,
        *,
        user_id: str | None = None,
        agent_id: str | None = None,
        run_id: str | None = None,
        metadata: Mapping[str, object] | None = None,
        infer: bool = True,
    ) -> dict[str, Any]:
        """Store one text as it is."""
        del infer
        scope = _scope({"user_id": user_id, "agent_id": agent_id, "run_id": run_id})
        self._count += 1
        record_id = str(uuid.uuid5(uuid.NAMESPACE_OID, str(self._count)))
        record = {"id": record_id, "memory": messages, "metadata": dict(metadata or {}) or None, **scope}
        self._records[record_id] = record
        self._by_user.setdefault(scope.get("user_id", ""), {})[record_id] = record
        self._history[record_id] = [{"memory_id": record_id, "old_memory": None, "new_memory": messages}]
        return {"results": [{"id": record_id, "memory": messages, "event": "ADD"}]}

    def search(
        self, query: str, *, filters: Mapping[str, str], top_k: int = 20, threshold: float = 0.1
    ) -> dict[str, Any]:
        """Return the records in scope that share the most words with the query; a score is that share, 0 to 1."""
        asked = set(_words(query.lower()))
        scored = [(_likeness(asked, record["memory"]), record) for record in self._matching(filters)]
        best = sorted((pair for pair in scored if pair[0] >= threshold), key=lambda pair: -pair[0])
        return {"results": [{**record, "score": score} for score, record in best[:top_k]]}

    def get_all(self, *, filters: Mapping[str, str], top_k: int = 20) -> dict[str, Any]:
        """Return the records in scope, cut at `top_k` without saying so, as mem0 does."""
        return {"results": [dict(record) for record in self._matching(filters)][:top_k]}

    def get(self, memory_id: str) -> dict[str, Any] | None:
        """Return a record, None where there is none."""
        record = self._records.get(memory_id)
        return None if record is None else dict(record)

    def update(self, memory_id: str, text: str) -> dict[str, str]:
        """Replace a record's text."""
        record = self._known(memory_id)
        self._history[memory_id].append({"memory_id": memory_id, "old_memory": record["memory"], "new_memory": text})
        record["memory"] = text
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
        """Remove the records in scope."""
        scope = _scope({"user_id": user_id, "agent_id": agent_id, "run_id": run_id})
        for record in list(self._matching(scope)):
            self.delete(record["id"])
        return {"message": "Memories deleted successfully!"}

    def history(self, memory_id: str) -> list[dict[str, Any]]:
        """Return a record's texts, oldest first."""
        return [dict(change) for change in self._history.get(memory_id, [])]

    def leftovers(self, record_ids: Iterable[str], scope: Mapping[str, str]) -> list[str]:
        """Say what is still there of deleted records and an erased scope, so that erasure can be verified."""
        kept = [record_id for record_id in record_ids if record_id in self._history]
        return [f"{len(kept)} histories"] if kept or any(True for _ in self._matching(scope)) else []

    def _known(self, memory_id: str) -> dict[str, Any]:
        if memory_id not in self._records:
            msg = f"Memory with id {memory_id} not found"
            raise ValueError(msg)
        return self._records[memory_id]

    def _matching(self, filters: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        scope = _scope(filters)
        user = scope.get("user_id")
        pool = self._records if user is None else self._by_user.get(user, {})
        return (record for record in pool.values() if all(record.get(key) == value for key, value in scope.items()))


class ReferenceTarget:
    """A fresh ReferenceClient per world."""

    disposable = True

    def __init__(self, wrap: Wrap) -> None:
        """Take what stands between a principal and the client."""
        self._wrap = wrap
        self._make: MakeMemory = wrap(ReferenceClient())

    def start(self) -> None:
        """Begin an empty world."""
        self._make = self._wrap(ReferenceClient())

    def make_memory(self, user_id: str) -> Memory:
        """Return this user's memory of the current world."""
        return self._make(user_id)


def open_target(wrap: Wrap) -> ReferenceTarget:
    """Return the target."""
    return ReferenceTarget(wrap)


def _scope(filters: Mapping[str, str | None]) -> dict[str, str]:
    scope = {key: value for key, value in filters.items() if value is not None}
    if not scope or not set(scope) <= set(_IDS) or not all(scope.values()):
        msg = f"give at least one of {', '.join(_IDS)}, none of them empty, and nothing else; got {sorted(filters)}"
        raise ValueError(msg)
    return scope


def _likeness(asked: set[str], text: str) -> float:
    words = set(_words(text.lower()))
    return len(asked & words) / max(1, len(asked | words))
