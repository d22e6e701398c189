"""Somebody's own stores: honest, small, and each in its own shape."""

from honest_targets import Row, ranked


class Simple:
    """One user's part of somebody's own store: no filters, no metadata, no further ids; it refuses nothing."""

    def __init__(self, rows: list[Row], user_id: object) -> None:
        self.rows = rows
        self.user_id = user_id

    def mine(self) -> list[Row]:
        return [
            row for row in self.rows if type(row["user_id"]) is type(self.user_id) and row["user_id"] == self.user_id
        ]

    def add(self, text: str) -> Row | None:
        self.rows.append({"id": self.next_id(), "memory": text, "user_id": self.user_id})
        return {"results": [dict(self.rows[-1])]}

    def next_id(self) -> str | int:
        return str(1 + max((int(row["id"]) for row in self.rows), default=0))

    def search(self, query: str) -> list[Row] | list[str]:
        return ranked(query, self.mine())

    def get_all(self) -> list[Row]:
        return self.mine()

    def get(self, record_id: str) -> Row | None:
        return next((row for row in self.mine() if str(row["id"]) == record_id), None)

    def update(self, record_id: str, text: str) -> None:
        row = self.get(record_id)
        if row is not None:
            row["memory"] = text

    def delete(self, record_id: str) -> None:
        row = self.get(record_id)
        if row is not None:
            self.rows.remove(row)

    def delete_all(self) -> None:
        for row in self.mine():
            self.rows.remove(row)

    def history(self, record_id: str) -> list[str]:
        row = self.get(record_id)
        return [row["memory"]] if row is not None else []


class AddAndSearch(Simple):
    """Two methods, and no more."""

    get_all = get = update = delete = delete_all = history = None  # type: ignore[assignment]  # it has none of these


class WithoutDelete(Simple):
    """Nothing is ever deleted."""

    delete = delete_all = None  # type: ignore[assignment]  # it has none of these


class BareStrings(Simple):
    """A search returns texts."""

    def search(self, query: str) -> list[str]:
        return [row["memory"] for row in ranked(query, self.mine())]


class Numbered(Simple):
    """Record ids are integers."""

    def next_id(self) -> int:
        return int(super().next_id())


class Silent(Simple):
    """An add returns nothing."""

    def add(self, text: str) -> None:
        super().add(text)


class Raising(Simple):
    """What is not one's own is a KeyError."""

    def get(self, record_id: str) -> Row:
        row = super().get(record_id)
        if row is None:
            raise KeyError(record_id)
        return row


class Paged(Simple):
    """A listing shows 20 records, a search 5."""

    def search(self, query: str) -> list[Row]:
        return ranked(query, self.mine())[:5]

    def get_all(self) -> list[Row]:
        return self.mine()[:20]


class Own:
    """A disposable target with one of those memories."""

    disposable = True

    def __init__(self, memory: type[Simple] = Simple) -> None:
        self.memory = memory
        self.start()

    def start(self) -> None:
        self.rows: list[Row] = []

    def make_memory(self, user_id: object) -> Simple:
        return self.memory(self.rows, user_id)


class Apart(Own):
    """Each user has a list of its own, and in it numbers of its own."""

    def start(self) -> None:
        self.lists: dict[str, list[Row]] = {}

    def make_memory(self, user_id: object) -> Simple:
        return self.memory(self.lists.setdefault(repr(user_id), []), user_id)


class Production:
    """A target that is not disposable, with somebody's record in it."""

    disposable = False

    def __init__(self, memory: type[Simple] = Simple) -> None:
        self.memory = memory
        self.rows: list[Row] = [{"id": "1", "memory": "A customer's own words.", "user_id": "customer"}]

    def make_memory(self, user_id: object) -> Simple:
        return self.memory(self.rows, user_id)
