"""Errors of the target's own classes: whether they mean no, only its owner can say."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from .observations import Crashed


@dataclass(slots=True)
class OwnErrors:
    """Errors by the class that the target itself defines and raises: `failed` counts those that leave a question open.

    `ordinary`: who asked for what is its own got it, too, so it means no "no". `firsts` are the first of each class,
    under "" those of all others. `known` are the classes that are refusals already. `whole` and `factory`: the classes
    of the whole audit, and what its target is called.
    """

    known: tuple[str, ...] = ()
    failed: dict[str, int] = field(default_factory=dict)
    ordinary: set[str] = field(default_factory=set)
    firsts: dict[str, Crashed] = field(default_factory=dict)
    whole: tuple[str, ...] = ()
    factory: str = "make_memory"

    def note(self, seen: Crashed, *, ordinary: bool) -> None:
        """Take a crash that leaves the question open."""
        self.firsts.setdefault(seen.own, seen)
        if seen.own:
            self.failed[seen.own] = self.failed.get(seen.own, 0) + 1
            self.ordinary |= {seen.own} if ordinary else set()

    @property
    def kinds(self) -> list[str]:
        """The classes that may mean no: only those got them who asked for what is not theirs."""
        return [kind for kind in self.failed if kind not in self.ordinary]

    @property
    def count(self) -> int:
        """How many calls got one of these."""
        return sum(self.failed[kind] for kind in self.kinds)

    @property
    def first_other(self) -> Crashed | None:
        """The first crash of another class."""
        return next((seen for kind, seen in self.firsts.items() if kind not in self.kinds), None)

    @property
    def named(self) -> tuple[str, ...]:
        """The classes to tell of: those of the whole audit, where it is known."""
        return self.whole or tuple(self.kinds)

    @property
    def line(self) -> str:
        """The line to paste that makes them refusals."""
        return f"{self.factory}.refusals = {refusals((*self.known, *self.named))}"


def agree(every: Iterable[OwnErrors], factory: str) -> None:
    """Let all scenarios of an audit tell of the same classes, so that they are told once."""
    listed = list(every)
    ordinary = {kind for one in listed for kind in one.ordinary}
    for one in listed:
        one.ordinary = ordinary
    whole = tuple(dict.fromkeys(kind for one in listed for kind in one.kinds))
    for one in listed:
        one.whole, one.factory = whole, factory


def refusals(kinds: Iterable[str]) -> str:
    """Return the value that makes them refusals: `(NotYours,)`."""
    listed = list(kinds)
    return f"({listed[0]},)" if len(listed) == 1 else f"({', '.join(listed)})"
