"""Bare texts that name nobody: what a target says beside facts, such as headings, or where it finds nothing."""

import re
from dataclasses import dataclass, field

from .tenants import Tenant

_NUMBER = re.compile(r"\d+")
# What stands for both: an id that is an attack may be a number.
_NOTHING = "0"
# A shorter id may stand in any text, unless it is a number.
_SHORTEST_ID = 4
# A target with more of them says something else each time.
_MOST = 100


def wording(text: str, reader: Tenant) -> str:
    """Return a text without what differs from reader to reader: its own id, and numbers."""
    own = str(reader.id)
    is_told_apart = len(own) >= _SHORTEST_ID or own.strip().isdecimal()
    return _NUMBER.sub(_NOTHING, text.replace(own, _NOTHING) if is_told_apart else text)


@dataclass(slots=True)
class Wordings:
    """Unattributed bare texts by their wording: how many, and the first of each.

    `whole` are those that were all of an answer; `taken` those that are known to be the target's own.
    """

    counts: dict[str, int] = field(default_factory=dict)
    firsts: dict[str, str] = field(default_factory=dict)
    whole: set[str] = field(default_factory=set)
    taken: list[str] = field(default_factory=list)

    def note(self, text: str, reader: Tenant, *, alone: bool) -> None:
        """Take a text that a reader was shown; `alone`: it was all of the answer."""
        said = wording(text, reader)
        if said in self.counts or len(self.counts) < _MOST:
            self.counts[said] = self.counts.get(said, 0) + 1
            self.firsts.setdefault(said, text)
            self.whole |= {said} if alone else set()

    def take(self, said: str) -> int:
        """Take a wording for the target's own; return how many texts that were."""
        if said not in self.counts:
            return 0
        self.taken.append(said)
        return self.counts.pop(said)

    @property
    def answers(self) -> dict[str, str]:
        """What was all of an answer and is the target's own, by wording: it has found nothing."""
        return {said: self.firsts[said] for said in self.taken if said in self.whole}

    @property
    def lines(self) -> dict[str, str]:
        """What stood beside others and is the target's own, by wording."""
        return {said: self.firsts[said] for said in self.taken if said not in self.whole}
