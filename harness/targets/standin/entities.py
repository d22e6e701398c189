"""Entities: the users, agents and runs for which records exist."""

from collections.abc import Iterable
from typing import Any

from ...real_mem0.client import Stored

# By the contract's types; there are no apps here.
NAMES = {"user": "user_id", "agent": "agent_id", "run": "run_id"}
TYPES = ("user", "agent", "app", "run")


def entities(stored: Iterable[Stored]) -> list[dict[str, Any]]:
    """Return each entity of these records once, oldest first."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for record in sorted(stored, key=lambda one: str(one.get("created_at"))):
        created = record.get("created_at")
        updated = record.get("updated_at") or created
        for kind, name in NAMES.items():
            value = record.get(name)
            if value is None:
                continue
            entity = found.setdefault(
                (kind, value),
                {
                    "id": f"{kind}:{value}",
                    "name": value,
                    "type": kind,
                    "owner": "memfence",
                    "metadata": None,
                    "created_at": created,
                    "updated_at": updated,
                },
            )
            entity["updated_at"] = max(entity["updated_at"], updated)
    return list(found.values())


def listing(found: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the entities as the contract lists them, all on one page."""
    totals = {f"total_{kind}s": sum(entity["type"] == kind for entity in found) for kind in TYPES}
    return {"count": len(found), "next": None, "previous": None, "results": found, **totals}
