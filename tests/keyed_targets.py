"""Memories whose scope has a name of its own; each has a cured form, which is the same one without its defect."""

import itertools
from typing import Any

from leaky_targets import checked

Row = dict[str, Any]


class Keyed:
    """A world of rows that say whose they are under `key`, in whatever words `label` makes of the user's id."""

    disposable = True
    cured = False
    key = "scope"

    def start(self) -> None:
        self.rows: dict[str, Row] = {}
        self.serial = itertools.count(1)

    def label(self, user: str) -> Any:
        return user

    def make_memory(self, user_id: object) -> Any:
        return self.memory(self, checked(user_id))

    class memory:  # noqa: N801 - it is read as a method
        def __init__(self, world: "Keyed", user: str) -> None:
            self.world, self.mine = world, {world.key: world.label(user)}

        def add(self, text: str, metadata: Row | None = None) -> Row:
            given = metadata or {}
            row = {**given, **self.mine} if self.world.cured else {**self.mine, **given}
            row |= {"id": f"record-{next(self.world.serial)}", "memory": text}
            self.world.rows[row["id"]] = row
            return {**row}

        def all_of_mine(self) -> list[Row]:
            return [row for row in self.world.rows.values() if self.mine.items() <= row.items()]

        def get_all(self) -> list[Row]:
            return [{**row} for row in self.all_of_mine()]

        def search(self, query: str) -> list[Row]:
            words = set(query.lower().split())
            return sorted(self.get_all(), key=lambda row: -len(words & set(row["memory"].lower().split())))


class Prefixed(Keyed):
    """The user's id is a part of the label alone."""

    key = "belongs_to"

    def label(self, user: str) -> str:
        return f"site-1:{user}:user"


class Listed(Keyed):
    """The label is a list."""

    key = "readers"

    def label(self, user: str) -> list[str]:
        return [user]


class Filtered(Keyed):
    """Filters, of whatever kind, take the place of the scope's own."""

    key = "belongs_to"

    class memory(Keyed.memory):  # noqa: N801 - as above
        def get_all(self, filters: Row | None = None) -> list[Row]:  # type: ignore[override]  # it takes filters
            given = filters or {}
            asked = {**given, **self.mine} if self.world.cured else {**self.mine, **given}
            return [{**row} for row in self.world.rows.values() if asked.items() <= row.items()]

        def add(self, text: str) -> Row:  # type: ignore[override]  # it takes no metadata
            return super().add(text)


ALL = (Keyed, Prefixed, Listed, Filtered)


def cured(kind: type[Keyed]) -> type[Keyed]:
    return type(f"Cured{kind.__name__}", (kind,), {"cured": True})
