"""What is stored about one user: put there, read, exported and erased."""

from collections.abc import Mapping, Sequence
from typing import Any

from ...real_mem0.client import Client, Stored
from ...scoped.wrappers.scoped import ScopedMemory
from .accounts import Account, Accounts
from .bodies import Said


class Records:
    """One user's records as the application shows them. A breakage replaces one of its methods."""

    def __init__(self, client: Client, accounts: Accounts) -> None:
        """Take the accounts, of which one is closed with its records; a sound one has no use for mem0's client."""
        self.client = client
        self.accounts = accounts

    def remember(self, memory: ScopedMemory, fields: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Store what is said; a field that is not asked for is refused, such as an owner.

        Raises pydantic's ValidationError.
        """
        said = Said.model_validate(fields)
        added = memory.add(said.text, infer=said.infer)
        return [{"id": str(one["id"]), "text": str(one["memory"])} for one in added["results"]]

    def all_of(self, memory: ScopedMemory) -> list[dict[str, Any]]:
        """Return everything, oldest first."""
        found = memory.get_all()
        return [self.shown(one) for one in sorted(found, key=lambda one: str(one.get("created_at") or ""))]

    def shown(self, record: Stored) -> dict[str, Any]:
        """Return what is shown of a record: the fields that mean something to its user."""
        times = {name: record[name] for name in ("created_at", "updated_at") if record.get(name)}
        return {"id": str(record["id"]), "text": str(record["memory"]), **times}

    def export(self, account: Account, memory: ScopedMemory) -> dict[str, Any]:
        """Return everything that is stored about a user, with the earlier texts of what was changed."""
        return {"user": account.name, "memories": [self._with_earlier(memory, one) for one in self.all_of(memory)]}

    def earlier(self, memory: ScopedMemory, record_id: str) -> list[str]:
        """Return the texts that a record had before, oldest first."""
        changes: Sequence[Stored] = memory.history(record_id)
        return [str(change["old_memory"]) for change in changes if change.get("old_memory")]

    def erase(self, memory: ScopedMemory) -> None:
        """Remove everything, with its history, and look that nothing is left."""
        memory.delete_all()

    def close(self, account: Account, memory: ScopedMemory) -> None:
        """Close the account and erase what is stored: first the door, so that nothing comes in behind.

        Where erasing fails, the account is open as before: its user sees what is left, and can try again.
        """
        with self.accounts.closing(account):
            self.erase(memory)

    def _with_earlier(self, memory: ScopedMemory, record: dict[str, Any]) -> dict[str, Any]:
        earlier = self.earlier(memory, record["id"])
        return {**record, "earlier": earlier} if earlier else record
