"""A query made with an f-string."""

import sqlite3
from collections.abc import Mapping
from typing import Any

from ..mem0_client import Client, Stored, records
from ..unchecked import UncheckedMemory, bind
from ..wrappers import MakeMemory
from . import Layer, breakage


@breakage(Layer.WRAPPER, caught_by="canary_leak")
def id_pasted_into_sql(client: Client) -> MakeMemory:
    """The application's table of owners is asked with the id pasted into the query: "'OR'1'='1" owns everything."""
    table = sqlite3.connect(":memory:", check_same_thread=False)
    table.execute("CREATE TABLE owners (record TEXT, user TEXT)")

    class _Memory(UncheckedMemory):
        def add(self, text: str, *, infer: bool = True, metadata: Mapping[str, Any] | None = None) -> Any:
            reply = super().add(text, infer=infer, metadata=metadata)
            table.executemany("INSERT INTO owners VALUES (?, ?)", [(one["id"], self.user_id) for one in records(reply)])
            return reply

        def listed(self, filters: Mapping[str, Any] | None) -> list[Stored]:
            query = f"SELECT record FROM owners WHERE user = '{self.user_id}'"  # noqa: S608 - this is the bug
            owned = {record for (record,) in table.execute(query)}
            return [record for record in self.everybodys().listed(filters) if record["id"] in owned]

    return bind(client, _Memory, checked=False)
