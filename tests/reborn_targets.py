"""Stores that are not the same after a restart, or not new after a reset."""

from honest_targets import Honest, Row, Store, World, fits, ranked


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


class KeepsConversations(Store):
    """A reset empties the tables and keeps the last messages."""

    def reset(self) -> None:
        self.rows.clear()
        self.history.clear()


class Indexed(Store):
    """A reset empties the tables and keeps the index that searches read."""

    def __init__(self) -> None:
        super().__init__()
        self.index: list[Row] = []


class RemembersWhenAsynchronous(World):
    """A reset by the asynchronous client empties nothing."""

    async def async_reset(self) -> None:
        pass


class ReadingIndex(Honest):
    """A memory over such a store."""

    store: Indexed

    def row(self, text: str, metadata: Row) -> Row:
        self.store.index.append(super().row(text, metadata))
        return self.store.index[-1]

    def search(self, query: str, *, filters: Row | None = None) -> list[Row]:
        return ranked(
            query, [row for row in self.store.index if self.mine(row) and fits(row["metadata"], filters or {})]
        )
