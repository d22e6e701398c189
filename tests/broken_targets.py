"""Stores with one defect each; but for that they are the honest one."""

import json
from collections.abc import Callable

from honest_targets import Asynchronous, Honest, Row, fits, ranked


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


class LosesFilters(Honest):
    """The filters get lost, whatever they are."""

    def chosen(self, filters: Row) -> list[Row]:
        del filters
        return self.all_of_mine()


class OrWidens(Honest):
    """Any branch of OR is enough."""

    def chosen(self, filters: Row) -> list[Row]:
        either = filters.get("OR", [])
        return [row for row in self.store.rows.values() if self.mine(row) or any(fits(row, one) for one in either)]


class NoneIsNoFilter(Honest):
    """What is None among the filters is left out, the scope's id with it."""

    def chosen(self, filters: Row) -> list[Row]:
        wanted = {"user_id": self.user_id, **filters}
        return [
            row for row in self.store.rows.values() if fits(row, {k: v for k, v in wanted.items() if v is not None})
        ]


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
        self.store.prompts.append("\n".join([*self.store.tables()["messages"], text]))
        return super().add(text, metadata=metadata, infer=infer)


class Forgetting(Honest):
    """A search looks at the 500 newest records of all, and only then at whose they are."""

    def search(self, query: str, *, filters: Row | None = None) -> list[Row]:
        newest = list(self.store.rows.values())[-500:]
        return ranked(query, [row for row in newest if self.mine(row) and fits(row["metadata"], filters or {})])


class FiltersLast(Honest):
    """A search takes the 50 records of all whose words are most like the query's first, and only then looks whose."""

    def search(self, query: str, *, filters: Row | None = None) -> list[Row]:
        subject = " ".join(query.split()[:3])
        nearest = ranked(subject, list(self.store.rows.values()))[:50]
        return ranked(query, [row for row in nearest if self.mine(row) and fits(row["metadata"], filters or {})])


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


class JoinedMessages(Honest):
    """The last messages lie under a key that is joined as an address's query, and nothing in it is escaped."""

    def conversation(self) -> str:
        return f"run_id={self.within.get('run_id', '')}&user_id={self.user_id}"


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


def folding(fold: Callable[[object], object]) -> type[Honest]:
    """Return a store to which two ids are one where `fold` makes the same of them."""

    class Folding(Honest):
        def same(self, theirs: object) -> bool:
            mine, other = fold(self.user_id), fold(theirs)
            return type(mine) is type(other) and mine == other

    return Folding


def meaning(means: Callable[[object, object], bool]) -> type[Honest]:
    """Return a store in which an id may mean others too: `means(id, another's)`."""

    class Meaning(Honest):
        def same(self, theirs: object) -> bool:
            return super().same(theirs) or means(self.user_id, theirs)

    return Meaning


class UnderscoredKey(JoinedKey):
    """The same with the commonest of joints."""

    join = "{user}_{run}"


class DeletesInLowerCase(Honest):
    """delete_all, and it alone, compares ids without case."""

    def delete_all(self) -> None:
        for row in list(self.store.rows.values()):
            if str(row["user_id"]).lower() == str(self.user_id).lower():
                self.forget(row)


class DeletesByPrefix(Honest):
    """delete_all, and it alone, takes whoever's id begins like this one."""

    def delete_all(self) -> None:
        for row in list(self.store.rows.values()):
            if str(row["user_id"]).startswith(str(self.user_id)):
                self.forget(row)


class DeletesForNobody(Honest):
    """delete_all without an id is everybody's."""

    def delete_all(self) -> None:
        for row in list(self.store.rows.values()):
            if not self.user_id or self.mine(row):
                self.forget(row)


class KnownByWords(Honest):
    """A record's id is made of its text: who says the same takes it over."""

    def row(self, text: str, metadata: Row) -> Row:
        known = f"{abs(hash(text)) % 16**8:08x}-0000-4000-8000-000000000000"
        return {**super().row(text, metadata), "id": known}


class ListsNewest(Honest):
    """A listing looks at the 250 newest records of all, and only then at whose they are."""

    def get_all(self, *, filters: Row | None = None) -> list[Row]:
        newest = list(self.store.rows.values())[-250:]
        return [row for row in newest if self.mine(row) and fits(row["metadata"], filters or {})]


class NextPageIsEverybodys(Honest):
    """The filter goes with the first page alone."""

    def get_all(self, *, filters: Row | None = None) -> list[Row]:
        first = self.chosen(filters or {})[:100]
        return first if len(first) < 100 else [*first, *list(self.store.rows.values())[100:]]


class SearchesAsWhoIsNamed(Honest):
    """A search is made for whoever is named in the query."""

    def search(self, query: str, *, filters: Row | None = None) -> list[Row]:
        named = [row for row in self.store.rows.values() if str(row["user_id"]) in query]
        return ranked(query, named) or super().search(query, filters=filters)


class StoresForWhoIsNamed(Honest):
    """An add is for the user whom the text begins with."""

    def row(self, text: str, metadata: Row) -> Row:
        head, _, _ = text.partition(". ")
        key, _, named = head.partition(": ")
        row = super().row(text, metadata)
        return {**row, "user_id": named} if key == "user_id" else row


class ReusesIds(Honest):
    """A new record takes the place of one that was deleted, and its id."""

    def row(self, text: str, metadata: Row) -> Row:
        free = [known for known in self.store.history if known not in self.store.rows]
        return {**super().row(text, metadata), **({"id": free[0]} if free else {})}

    def forget(self, row: Row) -> None:
        del self.store.rows[row["id"]]


class KeepsThePast(ReusesIds):
    """What was in that place before stays in its history."""

    def add(self, text: str, *, metadata: Row | None = None, infer: bool = True) -> Row:
        before = dict(self.store.history)
        reply = super().add(text, metadata=metadata, infer=infer)
        known = reply["results"][0]["id"]
        self.store.history[known] = [*before.get(known, []), text]
        return reply


class KeepsRights(ReusesIds):
    """Who might read what was in that place before may read what is there now; messages of the store hold who."""

    def add(self, text: str, *, metadata: Row | None = None, infer: bool = True) -> Row:
        reply = super().add(text, metadata=metadata, infer=infer)
        self.readers(reply["results"][0]["id"]).append(str(self.user_id))
        return reply

    def readers(self, record_id: str) -> list[str]:
        return self.store.messages.setdefault(f"readers of {record_id}", [])

    def get(self, record_id: str) -> Row | None:
        row = self.store.rows.get(record_id)
        return row if row is not None and str(self.user_id) in self.readers(record_id) else None


class RanksByTraffic(Honest):
    """What anybody asks for rises in everybody's list; messages of the store hold what was asked."""

    def search(self, query: str, *, filters: Row | None = None) -> list[Row]:
        asked = self.store.messages.setdefault("asked", [])
        asked.append(query)
        found = super().search(query, filters=filters)
        return sorted(found, key=lambda row: -sum(row["memory"].startswith(one) for one in asked))


class SharesQuota(Honest):
    """After four searches, whoever made them, nothing more is found."""

    def search(self, query: str, *, filters: Row | None = None) -> list[Row]:
        asked = self.store.messages.setdefault("asked", [])
        asked.append(query)
        return super().search(query, filters=filters) if len(asked) <= 4 else []
