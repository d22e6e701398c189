"""A filter that is a piece of a query."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from typing import Any

from ...real_mem0.client import Client, Stored, label
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import UncheckedMemory, bind


class _Memory(UncheckedMemory):
    def get_all(self, *, filters: str | Mapping[str, Any] | None = None) -> list[Stored]:
        if not isinstance(filters, str):
            return self.listed(filters)
        found = self.everybodys().listed(None)
        query = f"SELECT record FROM memories WHERE user_id = ? AND {filters}"  # noqa: S608 - this is the bug
        with closing(sqlite3.connect(":memory:")) as table:
            table.execute("CREATE TABLE memories (record TEXT, user_id TEXT)")
            owners = [(record["id"], str(label(record, "user_id"))) for record in found]
            table.executemany("INSERT INTO memories VALUES (?, ?)", owners)
            try:
                chosen = {record for (record,) in table.execute(query, (self.user_id,))}
            except sqlite3.Error as error:
                msg = f"this is no filter: {error}"
                raise ValueError(msg) from error
        return [record for record in found if record["id"] in chosen]


@breakage(Layer.WRAPPER, caught_by="canary_leak")
def filter_text_concatenated(client: Client) -> MakeMemory:
    """A filter that is a text is put behind `user_id = ? AND` without brackets: behind an OR it is outside."""
    return bind(client, _Memory)
