"""When each tenant last saw its own facts, and which of them it could not find."""

from dataclasses import dataclass
from typing import TypeAlias

from ..model.keys import OTHER_WAYS
from ..model.observations import Refused, Returned, Step
from ..model.operations import (
    Add,
    Copy,
    Delete,
    DeleteAll,
    Get,
    GetAll,
    Operation,
    Reset,
    Search,
    Update,
    is_of_a_feed,
    is_probe,
    sent_text,
)
from ..model.tenants import Fact
from .answers import names_unmistakably
from .asked_before import Asked, in_other_words
from .attribution import Attributor

# What shows a tenant its own facts; a Get does where it names the fact that lies under the key.
Look: TypeAlias = Search | GetAll | Get


@dataclass(frozen=True, slots=True)
class Miss:
    """A tenant looked for its own stored fact and did not see it.

    `planted` is the Add, `stored` whether its reply named a record; `seen` tells whether it had been found before;
    `culprit` is another tenant's write that came after the last sighting, the likeliest cause, where the owner itself
    has stored nothing since: that may have taken the place. `otherwise` are looks in
    other words, where the answer is the very one that it got before it stored the fact: an old one, as a cache keeps.
    """

    fact: Fact
    step: Step
    look: Look
    planted: Operation
    stored: bool
    seen: bool
    culprit: Step | None
    otherwise: tuple[Look, ...] = ()


@dataclass(slots=True)
class _Planted:
    operation: Add
    step: int
    stored: bool
    # In whose namespace it lies, under which key.
    at: tuple[str, tuple[tuple[str, str], ...], str]
    seen_at: int | None = None
    told: bool = False
    # Its owner may have removed it without knowing, since it was last seen.
    unsure: bool = False


class Sightings:
    """Follows a trace and reports each fact at most once as missing."""

    def __init__(self, attributor: Attributor) -> None:
        """Start before the first step."""
        self._attributor = attributor
        self._planted: dict[int, dict[int, _Planted]] = {}
        # The latest destructive step of each of the last two principals: enough to find one that is not the owner.
        self._writes: list[Step] = []
        # By tenant, when it last stored something; adds whose records' ids are nobody else's, as UUIDs are.
        self._added: dict[int, int] = {}
        self._unmistakable: set[int] = set()
        self._asked = Asked()
        self._ids: dict[tuple[int, str, str | None], int] = {}

    def see(self, step: Step) -> Miss | None:
        """Take the next step; return what its principal ought to have seen and did not."""
        operation = step.operation
        match operation:
            case Add() if isinstance(step.observation, Returned):
                self._note_added(step, operation, step.observation)
            case Search() | GetAll() if operation.how in OTHER_WAYS or is_of_a_feed(operation):
                # What a further way of asking leaves out may be found by the others.
                return None
            case Search() | GetAll() if isinstance(step.observation, Returned):
                since = self._asked.since(step, operation, step.observation)
                return None if is_probe(operation) else self._look(step, operation, step.observation, since)
            case Get(seeks=Fact()) if not is_probe(operation):
                read = _read(step)
                if read is not None:
                    return self._look(step, operation, read, self._asked.since(step, operation, read))
            case DeleteAll() | Delete() | Update():
                # A write that failed half-way may have destroyed something too, so its outcome does not matter.
                self._forget(operation)
                if not isinstance(operation, DeleteAll) and not isinstance(step.observation, Refused):
                    self._doubt(operation)
                self._note_write(step)
            case Copy():
                self._note_write(step)
            case Reset():
                self._planted.clear()
        return None

    def _note_added(self, step: Step, add: Add, returned: Returned) -> None:
        self._replace(add, returned)
        self._put_over(add)
        entry = _Planted(add, step.index, stored=bool(returned.records), at=_at(add))
        self._planted.setdefault(add.principal.index, {})[add.fact.number] = entry
        self._added[add.principal.index] = step.index
        if names_unmistakably(returned):
            self._unmistakable.add(step.index)
        if add.under is not None:
            self._note_write(step)

    def is_stored(self, fact: Fact) -> bool:
        """Tell whether its owner has stored the fact, and neither erased nor missed it since."""
        return fact.number in self._planted.get(fact.owner, {})

    def _replace(self, add: Add, returned: Returned) -> None:
        """Let go of an own fact under whose id a new one is stored, unless somebody else has written since it was seen.

        An id that is free again, because another has deleted the record, is no replacement.
        """
        own = self._planted.get(add.principal.index, {})
        for record in returned.records:
            key = (add.principal.index, repr(add.principal.id), record.id)
            number = self._ids.get(key) if record.id else None
            entry = None if number is None or number == add.fact.number else own.get(number)
            if number is not None and entry is not None and not self._written_by_others(add.principal.index, entry):
                del own[number]
            self._ids[key] = add.fact.number

    def _note_write(self, step: Step) -> None:
        writer = step.operation.principal.index
        others = [write for write in self._writes if write.operation.principal.index != writer]
        self._writes = [*others[-1:], step]

    def _put_over(self, add: Add) -> None:
        """Let go of an own fact over which, under the same key, another is put."""
        if not add.key:
            return
        own, at = self._planted.get(add.principal.index, {}), _at(add)
        for number in [number for number, entry in own.items() if entry.at == at]:
            del own[number]

    def _written_by_others(self, owner: int, entry: _Planted) -> list[Step]:
        since = entry.step if entry.seen_at is None else entry.seen_at
        later = (write for write in self._writes if write.index > since)
        return [one for one in later if one.operation.principal.index != owner or one.operation.principal.opens_nothing]

    def _forget(self, operation: DeleteAll | Delete | Update) -> None:
        if operation.principal.opens_nothing:
            # Whoever comes through a credential of its owner's that must open nothing is not the owner.
            return
        own = self._planted.get(operation.principal.index, {})
        if isinstance(operation, DeleteAll):
            own.clear()
            return
        if not is_probe(operation):
            for number, entry in list(own.items()):
                key = entry.operation.key
                if entry.step == operation.record.step or (key and key == operation.record.key):
                    del own[number]

    def _doubt(self, operation: Delete | Update) -> None:
        """Doubt what a by-id write may have meant: where ids are names that users choose, two records have one.

        Another's id may be that of a record of its own, and the id of an older one of its own that of a later one.
        """
        if operation.record.step in self._unmistakable or operation.record.key:
            return
        for entry in self._planted.get(operation.principal.index, {}).values():
            entry.unsure |= is_probe(operation) or entry.step > operation.record.step

    def _look(self, step: Step, look: Look, returned: Returned, answered_since: int) -> Miss | None:
        fact = look.seeks
        entry = None if fact is None else self._planted.get(fact.owner, {}).get(fact.number)
        if fact is None or entry is None or not _may_show(look, entry.operation):
            return None
        if shows(self._attributor, look, returned, fact):
            entry.seen_at, entry.unsure = step.index, False
            return None
        if entry.unsure:
            return None
        is_old = answered_since < entry.step
        if is_old and entry.told:
            return None
        if is_old:
            # Where looking in other words shows it, it is still to be missed.
            entry.told = True
        else:
            del self._planted[fact.owner][fact.number]
        culprits = self._written_by_others(fact.owner, entry)
        seen = entry.seen_at is not None
        unchanged = seen and self._added.get(fact.owner, 0) < (entry.seen_at or 0)
        culprit = culprits[-1] if culprits and unchanged else None
        otherwise = in_other_words(look) if is_old else ()
        return Miss(fact, step, look, entry.operation, entry.stored, seen, culprit, otherwise)


def _at(add: Add) -> tuple[str, tuple[tuple[str, str], ...], str]:
    """Return where an Add puts its fact: in whose namespace, under which key."""
    return repr(add.principal.id), add.principal.within, add.key


def _may_show(look: Look, add: Add) -> bool:
    """Tell whether the look is where the fact lies: a listing may be one of keys, and not all tell whose they are.

    Who stored it under one id and comes under another, as an attack, has nothing there.
    """
    if repr(look.principal.id) != repr(add.principal.id):
        return False
    if isinstance(look, Get):
        return (look.principal.within, look.record.key) == _at(add)[1:]
    return add.under is None


def _read(step: Step) -> Returned | None:
    """Return what lay under a key: nothing, where the resource says no to somebody whose id is no attack."""
    if isinstance(step.observation, Returned):
        return step.observation
    absent = isinstance(step.observation, Refused) and not step.operation.principal.may_be_refused
    return Returned() if absent else None


def shows(attributor: Attributor, look: Look, returned: Returned, fact: Fact | None) -> bool:
    """Tell whether the reply to a look holds the fact: in a record, or beside one where it is no quoted request.

    Under a key, what counts is what lies there: the key itself may tell of the fact, too.
    """
    if fact is None:
        return False
    if isinstance(look, Get):
        found = (one for record in returned.records for one in attributor.content(record.text))
        return any((one.owner, one.fact) == (fact.owner, fact.number) for one in found)
    texts = [text for record in returned.records for text in (record.text, *record.aside)]
    if not fact.stands_in(sent_text(look)):
        texts += returned.aside
    return any(
        sighting.owner == fact.owner and sighting.fact == fact.number
        for text in texts
        for sighting in attributor.content(text)
    )
