"""A search that is made with an f-string."""

import sqlite3
from contextlib import closing
from typing import Any

from ...real_mem0.client import Client, Stored, label
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import UncheckedMemory, bind


class _Memory(UncheckedMemory):
    def find(self, query: str, **options: Any) -> list[Stored]:
        own, everybodys = super().find(query, **options), self.everybodys().listed(None)
        pasted = f"SELECT record FROM notes WHERE user = ? AND (text LIKE '%{query}%')"  # noqa: S608 - this is the bug
        with closing(sqlite3.connect(":memory:")) as table:
            table.execute("CREATE TABLE notes (record TEXT, user TEXT, text TEXT)")
            rows = [(one["id"], str(label(one, "user_id")), one["memory"]) for one in everybodys]
            table.executemany("INSERT INTO notes VALUES (?, ?, ?)", rows)
            try:
                named = {record for (record,) in table.execute(pasted, (self.user_id,))}
            except (sqlite3.Error, UnicodeEncodeError):
                return own
        known = {one["id"] for one in own}
        return [*own, *(one for one in everybodys if one["id"] in named - known)]


@breakage(Layer.WRAPPER, caught_by="canary_leak")
def question_pasted_into_sql(client: Client) -> MakeMemory:
    """Words are looked for in a table, too, and the question is pasted into that query: "%') OR 1=1 -- " finds all."""
    return bind(client, _Memory, checked=False)
