"""What `mem0.Memory` answers, in the shapes of the platform's contract."""

from collections.abc import Iterable, Mapping
from typing import Any

from ...real_mem0.client import Stored

# A listing calls a record's run by another name than a search does.
SESSION, RUN = "session_id", "run_id"


def record(stored: Stored, *, run: str) -> dict[str, Any]:
    """Return a record as `run` names its run: SESSION in listings and by id, RUN in a search."""
    created = stored.get("created_at")
    found = {
        "id": str(stored["id"]),
        "memory": stored["memory"],
        "user_id": stored.get("user_id"),
        "agent_id": stored.get("agent_id"),
        "app_id": None,
        run: stored.get("run_id"),
        "metadata": stored.get("metadata"),
        "categories": [],
        "expiration_date": stored.get("expiration_date"),
        "created_at": created,
        "updated_at": stored.get("updated_at") or created,
    }
    if stored.get("score") is not None:
        # The contract has it between 0 and 1.
        found["score"] = min(max(float(stored["score"]), 0.0), 1.0)
    return found


def added(reply: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what an add without extraction stored."""
    return [
        {"id": str(one["id"]), "data": {"memory": one["memory"]}, "event": one.get("event", "ADD")}
        for one in reply["results"]
    ]


def history(entries: Iterable[Mapping[str, Any]], owner: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return a record's changes; `owner` holds the ids that the record was added under."""
    return [
        {
            "id": entry["id"],
            "memory_id": entry["memory_id"],
            "input": [],
            "old_memory": entry.get("old_memory"),
            "new_memory": entry.get("new_memory") or "",
            "user_id": owner.get("user_id", ""),
            "agent_id": owner.get("agent_id"),
            "app_id": None,
            SESSION: owner.get("run_id"),
            "event": entry["event"],
            "created_at": entry.get("created_at") or entry.get("updated_at"),
            "updated_at": entry.get("updated_at") or entry.get("created_at"),
        }
        for entry in entries
    ]


def page(found: list[dict[str, Any]], number: int, size: int, address: str) -> dict[str, Any]:
    """Return one page of an answer, counted from 1; `address` is the URL without its query."""
    last = number * size >= len(found)
    return {
        "count": len(found),
        "next": None if last else f"{address}?page={number + 1}&page_size={size}",
        "previous": None if number == 1 else f"{address}?page={number - 1}&page_size={size}",
        "results": found[(number - 1) * size : number * size],
    }
