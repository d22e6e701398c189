"""A query made with an f-string."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from typing import Any
from urllib.parse import unquote

from ...real_mem0.client import Client, Stored, label
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import UncheckedMemory, bind


class _Memory(UncheckedMemory):
    def listed(self, filters: Mapping[str, Any] | None) -> list[Stored]:
        found = self.everybodys().listed(filters)
        query = f"SELECT record FROM owners WHERE user = '{unquote(self.user_id)}'"  # noqa: S608 - this is the bug
        with closing(sqlite3.connect(":memory:")) as table:
            table.execute("CREATE TABLE owners (record TEXT, user TEXT)")
            owners = [(record["id"], unquote(str(label(record, "user_id")))) for record in found]
            table.executemany("INSERT INTO owners VALUES (?, ?)", owners)
            owned = {record for (record,) in table.execute(query)}
        return [record for record in found if record["id"] in owned]


@breakage(Layer.WRAPPER, caught_by="canary_leak")
def id_pasted_into_sql(client: Client) -> MakeMemory:
    """The application's table of owners is asked with the id pasted into the query: "'OR'1'='1" owns everything."""
    return bind(client, _Memory, checked=False)
