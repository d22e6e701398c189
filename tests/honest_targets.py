"""A plain store that keeps its users apart, as a whole target; broken_targets.py breaks it."""

import itertools
from collections.abc import Callable
from typing import Any

Row = dict[str, Any]


class Store:
    """What is kept: records, their earlier texts, the last messages of each scope; and what prompts were sent."""

    def __init__(self) -> None:
        self.rows: dict[str, Row] = {}
        self.history: dict[str, list[str]] = {}
        self.messages: dict[str, list[str]] = {}
        self.prompts: list[str] = []
        self.serial = itertools.count(1)

    def reopened(self) -> "Store":
        return self

    def reset(self) -> None:
        self.rows.clear()
        self.history.clear()
        self.messages.clear()

    def tables(self) -> dict[str, list[str]]:
        return {
            "records": [row["memory"] for row in self.rows.values()],
            "history": list(itertools.chain(*self.history.values())),
            "messages": list(itertools.chain(*self.messages.values())),
        }


class Honest:
    """One user's part of a store; every method that the contract knows, and each of them right."""

    def __init__(self, store: Store, user_id: object, within: dict[str, str]) -> None:
        self.store = store
        self.user_id = user_id
        self.within = within

    def same(self, theirs: object) -> bool:
        return type(theirs) is type(self.user_id) and theirs == self.user_id

    def mine(self, row: Row) -> bool:
        return self.same(row["user_id"]) and self.within.items() <= row["within"].items()

    def all_of_mine(self) -> list[Row]:
        return [row for row in list(self.store.rows.values()) if self.mine(row)]

    def known(self, record_id: str) -> Row:
        row = self.store.rows.get(record_id)
        if row is None or not self.mine(row):
            msg = "no such record"
            raise LookupError(msg)
        return row

    def add(self, text: str, *, metadata: Row | None = None, infer: bool = True) -> Row:
        if infer:
            before = self.store.messages.setdefault(self.conversation(), [])
            self.store.prompts.append("\n".join([*before, text]))
            before.append(text)
        row = self.row(text, metadata or {})
        self.store.rows[row["id"]] = row
        self.store.history[row["id"]] = [text]
        return {"results": [dict(row)]}

    def conversation(self) -> str:
        return repr((self.user_id, self.within))

    def row(self, text: str, metadata: Row) -> Row:
        known = f"{next(self.store.serial):08x}-0000-4000-8000-000000000000"
        return {"id": known, "memory": text, "user_id": self.user_id, "within": self.within, "metadata": metadata}

    def search(self, query: str, *, filters: Row | None = None) -> list[Row]:
        return ranked(query, self.chosen(filters or {}))

    def get_all(self, *, filters: Row | None = None) -> list[Row]:
        return self.chosen(filters or {})

    def chosen(self, filters: Row) -> list[Row]:
        return [row for row in self.all_of_mine() if fits(row["metadata"], filters)]

    def get(self, record_id: str) -> Row | None:
        row = self.store.rows.get(record_id)
        return row if row is not None and self.mine(row) else None

    def update(self, record_id: str, text: str, *, metadata: Row | None = None) -> None:
        row = self.known(record_id)
        self.store.history[record_id].append(text)
        row["memory"] = text
        row["metadata"] = row["metadata"] if metadata is None else metadata

    def delete(self, record_id: str) -> None:
        self.forget(self.known(record_id))

    def delete_all(self) -> None:
        for row in self.all_of_mine():
            self.forget(row)
        self.forget_messages()

    def forget(self, row: Row) -> None:
        del self.store.rows[row["id"]], self.store.history[row["id"]]

    def forget_messages(self) -> None:
        for scope in [scope for scope in self.store.messages if scope.startswith(f"({self.user_id!r}, ")]:
            del self.store.messages[scope]

    def history(self, record_id: str) -> list[str]:
        return self.store.history[record_id] if self.get(record_id) else []


def ranked(query: str, rows: list[Row]) -> list[Row]:
    words = set(query.lower().split())
    return sorted(rows, key=lambda row: -len(words & set(row["memory"].lower().split())))


def fits(fields: Row, filters: Row) -> bool:
    return all(fields.get(key) == value for key, value in filters.items())


class Unlabelled(Honest):
    """Its replies do not say whose a record is; metadata come back as they were given."""

    def add(self, text: str, *, metadata: Row | None = None, infer: bool = True) -> Row:
        return {"results": unlabelled(super().add(text, metadata=metadata, infer=infer)["results"])}

    def search(self, query: str, *, filters: Row | None = None) -> list[Row]:
        return unlabelled(super().search(query, filters=filters))

    def get_all(self, *, filters: Row | None = None) -> list[Row]:
        return unlabelled(super().get_all(filters=filters))


def unlabelled(rows: list[Row]) -> list[Row]:
    return [{key: row[key] for key in ("id", "memory", "metadata")} for row in rows]


class Fragile(Honest):
    """It writes a query down before it looks at it, and has no word for what cannot be written."""

    def search(self, query: str, *, filters: Row | None = None) -> list[Row]:
        query.encode()
        return super().search(query, filters=filters)


class Asynchronous:
    """The same memory through coroutines."""

    def __init__(self, memory: Honest) -> None:
        self.memory = memory

    async def add(self, text: str, *, metadata: Row | None = None, infer: bool = True) -> Row:
        return self.memory.add(text, metadata=metadata, infer=infer)

    async def search(self, query: str, *, filters: Row | None = None) -> list[Row]:
        return self.memory.search(query, filters=filters)

    async def get_all(self, *, filters: Row | None = None) -> list[Row]:
        return self.memory.get_all(filters=filters)

    async def get(self, record_id: str) -> Row | None:
        return self.memory.get(record_id)

    async def update(self, record_id: str, text: str, *, metadata: Row | None = None) -> None:
        self.memory.update(record_id, text, metadata=metadata)

    async def delete(self, record_id: str) -> None:
        self.memory.delete(record_id)

    async def delete_all(self) -> None:
        self.memory.delete_all()

    async def history(self, record_id: str) -> list[str]:
        return self.memory.history(record_id)


class World:
    """A disposable target with one of the memories in one of the stores."""

    disposable = True
    packages = ("honest_targets", "broken_targets")

    def __init__(
        self,
        memory: Callable[..., Honest] = Honest,
        store: type[Store] = Store,
        asynchronous: Callable[[Honest], object] = Asynchronous,
    ) -> None:
        self.memory = memory
        self.kind = store
        self.asynchronous = asynchronous
        self.start()

    def start(self) -> None:
        self.store = self.kind()

    def reopen(self) -> None:
        self.store = self.store.reopened()

    def reset(self) -> None:
        self.store.reset()

    async def async_reset(self) -> None:
        self.store.reset()

    def make_memory(
        self, user_id: object, *, agent_id: str | None = None, run_id: str | None = None, app_id: str | None = None
    ) -> Honest:
        ids = {"agent_id": agent_id, "run_id": run_id, "app_id": app_id}
        return self.memory(self.store, user_id, {name: value for name, value in ids.items() if value is not None})

    def make_async_memory(
        self, user_id: object, *, agent_id: str | None = None, run_id: str | None = None, app_id: str | None = None
    ) -> object:
        return self.asynchronous(self.make_memory(user_id, agent_id=agent_id, run_id=run_id, app_id=app_id))

    def load(self, records: list[tuple[str, str]]) -> None:
        for user_id, text in records:
            self.make_memory(user_id).add(text, infer=False)

    def storage(self) -> dict[str, list[str]]:
        return self.store.tables()

    def prompts(self) -> list[str]:
        return self.store.prompts
