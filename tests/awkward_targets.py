"""Stores that are right, each in a way that is hard to tell from wrong; and beside each the same one broken."""

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
