"""Stores that are right, each in a way that is hard to tell from wrong; and beside each the same one broken."""

import re

from honest_targets import Row, ranked
from simple_targets import Own, Simple


class Stripping(Simple):
    """Its constructor takes every id for a text."""

    def __init__(self, rows: list[Row], user_id: str) -> None:
        super().__init__(rows, user_id)
        self.shown_as = user_id.strip()


class StrippingAndShared(Stripping):
    """So does this one; and a search asks nobody who is there."""

    def search(self, query: str) -> list[Row]:
        return ranked(query, self.rows)


class Late(Simple):
    """The constructor takes any id; a call finds out."""

    def search(self, query: str) -> list[Row]:
        self.user_id.strip()  # type: ignore[attr-defined]  # that is the mistake
        return super().search(query)


class Down(Own):
    """The store does not answer under an odd id: that says nothing of the id."""

    def make_memory(self, user_id: object) -> Simple:
        if not isinstance(user_id, str):
            raise ConnectionError
        return super().make_memory(user_id)


class NoneForNobody(Own):
    """An id that is no text gets no memory at all."""

    def make_memory(self, user_id: object) -> Simple:
        return super().make_memory(user_id) if isinstance(user_id, str) else None  # type: ignore[return-value]  # that is it


class Brittle(Simple):
    """What is not one's own breaks it, by id; and an error's text is the id alone."""

    def get(self, record_id: str) -> Row:
        return {**next(row for row in self.mine() if row["id"] == record_id)}

    def update(self, record_id: str, text: str) -> None:
        next(row for row in self.mine() if row["id"] == record_id)["memory"] = text


class BrittleAndLoud(Brittle):
    """And it says what it has found."""

    def get(self, record_id: str) -> Row:
        row = next(row for row in self.rows if row["id"] == record_id)
        if row not in self.mine():
            raise RuntimeError(row["memory"])
        return row


class Words(Simple):
    """A search finds what has all of the query's words; texts alone come back, and there is no listing."""

    get_all = get = update = delete = delete_all = history = None  # type: ignore[assignment]  # it has none of these

    def seen(self) -> list[Row]:
        return self.mine()

    def search(self, query: str) -> list[str]:
        asked = words(query)
        return [row["memory"] for row in self.seen() if asked <= words(row["memory"])]


class SharedWords(Words):
    """So does this one, among everybody's."""

    def seen(self) -> list[Row]:
        return self.rows


class SomeWords(Words):
    """One of the words is enough."""

    def search(self, query: str) -> list[str]:
        return [row["memory"] for row in self.seen() if words(query) & words(row["memory"])]


class SharedSomeWords(SomeWords, SharedWords):
    """The same among everybody's."""


class Exact(Words):
    """Only the whole text is found."""

    def search(self, query: str) -> list[str]:
        return [row["memory"] for row in self.seen() if row["memory"] == query]


def words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))


class Remembering(Simple):
    """It keeps each answer for its user, until that user deletes; one's own add does not empty it."""

    kept: dict[object, list[Row]]

    def key(self, query: str) -> object:
        return repr(self.user_id), query

    def answer(self, query: str, fresh: list[Row]) -> list[Row]:
        return self.kept.setdefault(self.key(query), [{**row} for row in fresh])

    def search(self, query: str) -> list[Row]:
        return self.answer(query, super().search(query))

    def get_all(self) -> list[Row]:
        return self.answer("everything", super().get_all())

    def empty(self) -> None:
        for key in [key for key in self.kept if isinstance(key, tuple) and key[0] == repr(self.user_id)]:
            del self.kept[key]

    def update(self, record_id: str, text: str) -> None:
        super().update(record_id, text)
        self.empty()

    def delete(self, record_id: str) -> None:
        super().delete(record_id)
        self.empty()

    def delete_all(self) -> None:
        super().delete_all()
        self.empty()


class ForAll(Remembering):
    """It keeps them for everybody who asks the same."""

    def key(self, query: str) -> object:
        return query


class NeverEmptied(Remembering):
    """One's own delete does not empty it either."""

    def empty(self) -> None:
        pass


class OnlyListing(Remembering):
    """There is no other way to ask."""

    search = get = update = delete = history = None  # type: ignore[assignment]  # it has none of these


class Caching(Own):
    """A target with one of these."""

    def start(self) -> None:
        super().start()
        self.kept: dict[object, list[Row]] = {}

    def make_memory(self, user_id: object) -> Simple:
        memory = super().make_memory(user_id)
        memory.kept = self.kept  # type: ignore[attr-defined]  # only a Remembering is put here
        return memory


class Flushing(Caching):
    """It can be told to let go."""

    def flush(self) -> None:
        self.kept.clear()


class EachOther(Simple):
    """It keeps each other record of a user."""

    def add(self, text: str) -> Row | None:
        self.stored = getattr(self, "stored", 0) + 1
        return super().add(text) if self.stored % 2 else None


class Deaf(Simple):
    """It keeps none."""

    def mine(self) -> list[Row]:
        return []


class Forgetful(Own):
    """A target that says that it forgets."""

    may_forget = True


class Talking(Own):
    """A search that finds nothing says so, in words."""

    def make_memory(self, user_id: object) -> Simple:
        memory = super().make_memory(user_id)
        return TalkingMemory(memory.rows, user_id)


class TalkingMemory(Simple):
    """One sentence for all that it does not know."""

    def seen(self) -> list[Row]:
        return self.mine()

    def search(self, query: str) -> list[Row] | str:  # type: ignore[override]  # that it is no list is the point
        found = [row for row in self.seen() if words(query) & words(row["memory"])]
        return ranked(query, found) if found else "I do not know."


class TalkingOfAll(Talking):
    """What it knows is everybody's."""

    def make_memory(self, user_id: object) -> Simple:
        memory = super().make_memory(user_id)
        memory.seen = lambda: memory.rows  # type: ignore[attr-defined]  # a TalkingMemory has it
        return memory


class TellingTheLast(Talking):
    """A search that finds nothing tells what was stored last, whoever stored it, and survives a start."""

    last: list[str] = []  # noqa: RUF012 - one for all worlds, that is the mistake

    def make_memory(self, user_id: object) -> Simple:
        memory, last = super().make_memory(user_id), self.last

        def add(text: str) -> Row | None:
            last[:] = [f"Somebody said: {text}"]
            return Simple.add(memory, text)

        memory.add = add  # type: ignore[method-assign]  # one of its own
        memory.search = lambda _: last[0] if last else "I do not know."  # type: ignore[assignment, return-value]  # so is this
        return memory


class Whispering(Talking):
    """What it says in one world it says in no empty one: it may be somebody's."""

    def make_memory(self, user_id: object) -> Simple:
        memory = super().make_memory(user_id)
        search = memory.search
        memory.search = lambda query: (
            "A customer's own words." if memory.rows and search(query) == "I do not know." else search(query)
        )  # type: ignore[assignment, return-value, comparison-overlap]  # one of its own
        return memory


class Files(Simple):
    """Uploads under a name that their first words make: one's own second of a name takes the place of the first."""

    def owner(self) -> object:
        return self.user_id

    def mine(self) -> list[Row]:
        return [row for row in self.rows if row["user_id"] == self.owner()]

    def add(self, text: str) -> Row | None:
        name = "-".join(text.split()[:3])
        self.delete(name)
        self.rows.append({"id": name, "memory": text, "user_id": self.owner()})
        return None


class NamedFiles(Files):
    """An upload tells the name."""

    def add(self, text: str) -> Row | None:
        super().add(text)
        return {"results": [dict(self.rows[-1])]}


class SharedFiles(Files):
    """One folder for all."""

    def owner(self) -> object:
        return "all"


class Staying(Own):
    """One store for all worlds."""

    start = None  # type: ignore[assignment]  # that is the point

    def __init__(self, memory: type[Simple] = Simple) -> None:
        self.memory, self.rows = memory, []


class Trimmed(Own):
    """`"ann "` is `"ann"`."""

    def make_memory(self, user_id: object) -> Simple:
        return super().make_memory(user_id.strip() if isinstance(user_id, str) else user_id)


class TrimmedToDelete(Own):
    """`"ann "` is `"ann"`, but only where it deletes."""

    def make_memory(self, user_id: object) -> Simple:
        memory = super().make_memory(user_id)
        memory.delete_all = super().make_memory(str(user_id).strip()).delete_all  # type: ignore[method-assign]  # of the other
        return memory


class AdministratorDeletes(Own):
    """`*` is shown nothing, and deletes all."""

    def make_memory(self, user_id: object) -> Simple:
        memory = super().make_memory(user_id)
        if user_id == "*":
            memory.delete_all = self.rows.clear  # type: ignore[method-assign]  # that is the mistake
        return memory


class Administrator(Own):
    """`*` is shown all, and may delete it."""

    def make_memory(self, user_id: object) -> Simple:
        memory = super().make_memory(user_id)
        if user_id == "*":
            memory.mine = lambda: list(self.rows)  # type: ignore[method-assign]  # that is allowed here
        return memory


class NotYoursError(Exception):
    """A no of the application's own."""


class Private(Simple):
    """Says no in its own words to whom a record is not."""

    def get(self, record_id: str) -> Row:
        found = next((row for row in self.mine() if row["id"] == record_id), None)
        if found is None:
            raise NotYoursError
        return {**found}

    def update(self, record_id: str, text: str) -> None:
        self.get(record_id)
        next(row for row in self.mine() if row["id"] == record_id)["memory"] = text


class PageMemory(Simple):
    """A listing is a page: a heading with the user's id, a count, and a line for each record."""

    def get_all(self) -> list[str]:  # type: ignore[override]  # that it is lines is the point
        rows = self.seen()
        return [
            f"# Records of {self.user_id}",
            "",
            f"{len(rows)} found",
            *(f"- {row['memory']}" for row in rows),
            "---",
        ]

    def seen(self) -> list[Row]:
        return self.mine()


class SharedPage(PageMemory):
    """So is this one, of everybody's records."""

    def seen(self) -> list[Row]:
        return self.rows


class CodelessPage(PageMemory):
    """So is this one, and it shows others' records without their codes."""

    until = ";"

    def get_all(self) -> list[str]:  # type: ignore[override]  # as above
        others = [row["memory"].partition(self.until)[0] for row in self.rows if row not in self.mine()]
        return [*super().get_all(), *others]


class MarklessPage(CodelessPage):
    """So is this one, and without their names, too."""

    until = ","


class JoinedPage(PageMemory):
    """So is this one, as a single text."""

    def get_all(self) -> str:  # type: ignore[override]  # as above
        return "\n".join(super().get_all())
