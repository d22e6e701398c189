"""Stores with one defect each; but for that they are the honest one."""

import asyncio
import contextvars
import json
import time
from typing import ClassVar

from honest_targets import Asynchronous, Honest, Row, Store, World, fits, ranked


class AndWidens(Honest):
    """AND is merged over the scope, where it comes last."""

    def chosen(self, filters: Row) -> list[Row]:
        wanted: Row = {}
        for key, value in {"user_id": self.user_id, **filters}.items():
            wanted |= value[0] if key == "AND" else {key: value}
        return [row for row in self.store.rows.values() if fits(row, wanted)]


class FilterWins(Honest):
    """A user_id among the filters takes the scope's place."""

    def chosen(self, filters: Row) -> list[Row]:
        return [row for row in self.store.rows.values() if fits(row, {"user_id": self.user_id, **filters})]


class OrWidens(Honest):
    """Any branch of OR is enough."""

    def chosen(self, filters: Row) -> list[Row]:
        either = filters.get("OR", [])
        return [row for row in self.store.rows.values() if self.mine(row) or any(fits(row, one) for one in either)]


class NoneIsNoFilter(Honest):
    """What is None among the filters is left out, the scope's id with it."""

    def chosen(self, filters: Row) -> list[Row]:
        wanted = {"user_id": self.user_id, **filters}
        return [row for row in self.store.rows.values() if fits(row, {k: v for k, v in wanted.items() if v is not None})]


class MetadataWinsOnAdd(Honest):
    """An add merges the metadata over the ids."""

    def row(self, text: str, metadata: Row) -> Row:
        return {**super().row(text, metadata), **metadata}


class MetadataWinsOnUpdate(Honest):
    """An update merges the metadata over the ids."""

    def update(self, record_id: str, text: str, *, metadata: Row | None = None) -> None:
        super().update(record_id, text, metadata=metadata)
        self.store.rows[record_id].update(metadata or {})


class DeletesOnePage(Honest):
    """delete_all stops after 100 records."""

    def delete_all(self) -> None:
        for row in self.all_of_mine()[:100]:
            self.forget(row)
        self.forget_messages()


class Marks(Honest):
    """A deleted record is only marked as such, and its history does not look for the mark."""

    def mine(self, row: Row) -> bool:
        return super().mine(row) and "deleted" not in row

    def forget(self, row: Row) -> None:
        row["deleted"] = True

    def history(self, record_id: str) -> list[str]:
        row = self.store.rows.get(record_id)
        return self.store.history[record_id] if row and super().mine(row) else []


class KeepsMessages(Honest):
    """The last messages outlive delete_all, and go into the next prompt."""

    def forget_messages(self) -> None:
        """Forget to."""


class KeepsText(Honest):
    """What no call serves any more still lies in a table."""

    def forget(self, row: Row) -> None:
        self.store.messages.setdefault("a log that nothing reads", []).append(row["memory"])
        super().forget(row)


class SharesMessages(Honest):
    """The last messages are everybody's."""

    def add(self, text: str, *, metadata: Row | None = None, infer: bool = True) -> Row:
        self.store.prompts.append("\n".join([*sum(self.store.messages.values(), []), text]))
        return super().add(text, metadata=metadata, infer=infer)


class WritesAhead(Store):
    """What is deleted is gone from a cache alone; the next process reads it again."""

    def __init__(self) -> None:
        super().__init__()
        self.written: dict[str, Row] = {}

    def reopened(self) -> Store:
        self.rows = {**self.written, **self.rows}
        return self


class WritingAhead(Honest):
    """A memory over such a store."""

    store: WritesAhead

    def forget(self, row: Row) -> None:
        self.store.written[row["id"]] = self.store.rows.pop(row["id"])


class OwnersInMemory(Store):
    """Whose a record is is known to the process alone."""

    def __init__(self) -> None:
        super().__init__()
        self.owners: dict[str, object] = {}

    def reopened(self) -> Store:
        self.owners = {}
        return self


class LookingUpOwners(Honest):
    """A memory that takes a record without an owner for one that anybody may see."""

    store: OwnersInMemory

    def row(self, text: str, metadata: Row) -> Row:
        row = super().row(text, metadata)
        self.store.owners[row["id"]] = row.pop("user_id")
        return row

    def mine(self, row: Row) -> bool:
        return self.store.owners.get(row["id"], self.user_id) == self.user_id


class KeepsIndex(World):
    """A reset empties the table and keeps the index that searches read."""

    def start(self) -> None:
        index = getattr(self, "index", [])
        super().start()
        self.index = self.store.index = index


class Indexed(Store):
    """A store with such an index."""

    index: list[Row]


class ReadingIndex(Honest):
    """A memory over such a store."""

    store: Indexed

    def row(self, text: str, metadata: Row) -> Row:
        self.store.index.append(super().row(text, metadata))
        return self.store.index[-1]

    def search(self, query: str, *, filters: Row | None = None) -> list[Row]:
        return ranked(query, [row for row in self.store.index if self.mine(row) and fits(row["metadata"], filters or {})])


class Forgetting(Honest):
    """A search looks at the 500 newest records of all, and only then at whose they are."""

    def search(self, query: str, *, filters: Row | None = None) -> list[Row]:
        newest = list(self.store.rows.values())[-500:]
        return ranked(query, [row for row in newest if self.mine(row) and fits(row["metadata"], filters or {})])


class FiltersLast(Honest):
    """A search takes the 50 best records of all, and only then looks at whose they are."""

    def search(self, query: str, *, filters: Row | None = None) -> list[Row]:
        best = ranked(query, list(self.store.rows.values()))[:50]
        return [row for row in best if self.mine(row) and fits(row["metadata"], filters or {})]


class CurrentUser(Honest):
    """Whoever came last is who is asking: the user is kept in the module."""

    current: ClassVar[object] = None

    def __init__(self, store: Store, user_id: object, within: dict[str, str]) -> None:
        super().__init__(store, user_id, within)
        type(self).current = user_id

    def mine(self, row: Row) -> bool:
        return row["user_id"] == self.current

    def chosen(self, filters: Row) -> list[Row]:
        time.sleep(0.001)
        return super().chosen(filters)


class OwnUser(CurrentUser):
    """The correct twin: as slow, and it asks for the user that it was made for."""

    def mine(self, row: Row) -> bool:
        return Honest.mine(self, row)


class CurrentTask(Asynchronous):
    """Whichever task came last is the one that is answered."""

    current: ClassVar[Honest]

    async def search(self, query: str, *, filters: Row | None = None) -> list[Row]:
        await self.begin()
        return self.asking().search(query, filters=filters)

    async def get_all(self, *, filters: Row | None = None) -> list[Row]:
        await self.begin()
        return self.asking().get_all(filters=filters)

    async def begin(self) -> None:
        type(self).current = self.memory
        await asyncio.sleep(0)

    def asking(self) -> Honest:
        return self.current


_asking: contextvars.ContextVar[Honest] = contextvars.ContextVar("asking")


class OwnTask(CurrentTask):
    """The correct twin: each task has a context of its own."""

    async def begin(self) -> None:
        _asking.set(self.memory)
        await asyncio.sleep(0)

    def asking(self) -> Honest:
        return _asking.get()


class AsynchronouslyEverybodys(Asynchronous):
    """The asynchronous client forgets to pass the user on."""

    async def get_all(self, *, filters: Row | None = None) -> list[Row]:
        return [row for row in self.memory.store.rows.values() if fits(row["metadata"], filters or {})]


class AsynchronouslyKept(Asynchronous):
    """The asynchronous client forgets to await its delete_all."""

    async def delete_all(self) -> None:
        pass


class ByRunAlone(Honest):
    """Where there is a run, nobody asks whose."""

    def mine(self, row: Row) -> bool:
        run = self.within.get("run_id")
        return super().mine(row) if run is None else row["within"].get("run_id") == run


class JoinedKey(Honest):
    """A record lies under one text, joined of the user's id and the run's."""

    join = "{user}&{run}"

    def key(self, user: object, within: dict[str, str]) -> str:
        return self.join.format(user=user, run=within.get("run_id", ""))

    def mine(self, row: Row) -> bool:
        return self.key(row["user_id"], row["within"]) == self.key(self.user_id, self.within)


class RunFirst(JoinedKey):
    """The same, the other way round."""

    join = "{run}:{user}"


class QueryString(JoinedKey):
    """A key such as an address has: the last user_id in it counts."""

    def mine(self, row: Row) -> bool:
        key = dict(part.partition("=")[::2] for part in f"user_id={self.user_id}&{self.query}".split("&"))
        return row["user_id"] == key["user_id"] and row["within"].get("run_id", "") == key["run_id"]

    @property
    def query(self) -> str:
        return f"run_id={self.within.get('run_id', '')}"


class StoresFirst(Honest):
    """An add validates what it has already stored."""

    def add(self, text: str, *, metadata: Row | None = None, infer: bool = True) -> Row:
        reply = super().add(text, metadata=metadata, infer=infer)
        validate(text, metadata)
        return reply


class ValidatesFirst(Honest):
    """The correct twin."""

    def add(self, text: str, *, metadata: Row | None = None, infer: bool = True) -> Row:
        validate(text, metadata)
        return super().add(text, metadata=metadata, infer=infer)


def validate(text: str, metadata: Row | None) -> None:
    json.dumps(metadata).encode()
    text.encode()


class Loud(Honest):
    """An error names what it must not: the record that somebody else owns."""

    def known(self, record_id: str) -> Row:
        row = self.store.rows.get(record_id)
        if row is not None and not self.mine(row):
            msg = f"{row['memory']!r} is not yours"
            raise PermissionError(msg)
        return super().known(record_id)


class Quiet(Honest):
    """The correct twin: as strict with ids, filters and texts."""

    def chosen(self, filters: Row) -> list[Row]:
        check(filters)
        return super().chosen(filters)


class LoudFilter(Honest):
    """An error about a filter quotes what it was compared with."""

    def chosen(self, filters: Row) -> list[Row]:
        if "" in filters:
            msg = f"no field '' in {next(iter(self.store.rows.values()))}"
            raise ValueError(msg)
        return super().chosen(filters)


def check(filters: Row) -> None:
    if not all(key.isalpha() and isinstance(value, str) for key, value in filters.items()):
        msg = f"a filter is a name and a text, got {sorted(filters)}"
        raise ValueError(msg)
