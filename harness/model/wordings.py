"""Bare texts that name nobody: what a target says beside facts, such as headings, or where it finds nothing."""

import re
from dataclasses import dataclass, field

from .canaries import written_codes
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
class Copies:
    """Unattributed records of one text without a label: which ids each reader was shown, and how many in all.

    An application may give each new user a first record, such as a welcome.
    """

    by_reader: dict[str, set[str]] = field(default_factory=dict)
    count: int = 0

    @property
    def are_own(self) -> bool:
        """Whether each of several readers was shown its own copy, and nobody another's."""
        shown = list(self.by_reader.values())
        return len(shown) > 1 and sum(map(len, shown)) == len(set().union(*shown))


@dataclass(slots=True)
class Wordings:
    """Unattributed bare texts by their wording: how many, and the first of each.

    `whole` are those that were all of an answer; `taken` those that are known to be the target's own.
    """

    counts: dict[str, int] = field(default_factory=dict)
    firsts: dict[str, str] = field(default_factory=dict)
    whole: set[str] = field(default_factory=set)
    taken: list[str] = field(default_factory=list)
    copies: dict[str, Copies] = field(default_factory=dict)

    def note_copy(self, text: str, reader: Tenant, ident: str) -> None:
        """Count a record that a reader was shown under this id."""
        if not written_codes(text) and (text in self.copies or len(self.copies) < _MOST):
            self.copies.setdefault(text, Copies()).count += 1
            self.meet_copy(text, reader, ident)

    def meet_copy(self, text: str, reader: Tenant, ident: str) -> None:
        """Take it that a reader was shown a text that is noted under this id."""
        if text in self.copies:
            # Two who come under one id have one account.
            self.copies[text].by_reader.setdefault(repr(reader.id), set()).add(ident)

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

    def take_copies(self) -> int:
        """Take for its readers' own what each of them has a copy of; return how many records that were."""
        taken = sum(one.count for one in self.copies.values() if one.are_own)
        self.copies.clear()
        return taken

    @property
    def answers(self) -> dict[str, str]:
        """What was all of an answer and is the target's own, by wording: it has found nothing."""
        return {said: self.firsts[said] for said in self.taken if said in self.whole}

    @property
    def lines(self) -> dict[str, str]:
        """What stood beside others and is the target's own, by wording."""
        return {said: self.firsts[said] for said in self.taken if said not in self.whole}
