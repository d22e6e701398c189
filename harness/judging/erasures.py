"""What ought to be gone: facts that were erased, and facts whose add failed."""

from collections.abc import Callable
from dataclasses import dataclass

from ..model.findings import Attribution
from ..model.observations import Returned, Step
from ..model.operations import Add, Chat, Crowd, Delete, DeleteAll, Expire, Operation, Reset, Update
from ..model.tenants import Tenant
from .attribution import Attributor
from .carried import carried

_Key = tuple[int, int | None]


@dataclass(frozen=True, slots=True)
class Erasure:
    """How a fact came to be gone: the operation that stored it, and the step that erased it, or failed to store it."""

    planted: Operation
    by: Step

    @property
    def story(self) -> str:
        """How, in a sentence."""
        if isinstance(self.by.operation, Add):
            return f"its add at operation {self.by.index} failed ({type(self.by.observation).__name__.lower()})"
        if isinstance(self.by.operation, Expire):
            return f"its time had run out by operation {self.by.index}"
        how = "reset" if isinstance(self.by.operation, Reset) else self.by.operation.way
        return f"it was erased at operation {self.by.index} by {how}"


@dataclass(frozen=True, slots=True)
class _Live:
    """One stored copy of a fact: under which id and further ids it lies, and which Add a reference to it names."""

    operation: Operation
    step: int

    def lies_in(self, principal: Tenant) -> bool:
        """Tell whether it is among what `delete_all` of this principal erases."""
        own = self.operation.principal
        return repr(own.id) == repr(principal.id) and set(principal.within) <= set(own.within)

    def ends_by(self, operation: Operation) -> bool:
        """Tell whether it is gone after a reset, or after what was stored for a time has run out."""
        whole = isinstance(operation, Reset) or (isinstance(operation, Expire) and operation.everything)
        return whole or (isinstance(self.operation, Add) and self.operation.ttl is not None)


class Erasures:
    """Follows a trace and knows which facts have been erased, until they are stored again."""

    def __init__(self, attributor: Attributor) -> None:
        """Start before the first step."""
        self._attributor = attributor
        # By owner, then by the number of the fact.
        self._live: dict[int, dict[int | None, list[_Live]]] = {}
        self._gone: dict[_Key, Erasure] = {}

    def note(self, step: Step) -> None:
        """Take the next step."""
        done = isinstance(step.observation, Returned)
        match step.operation:
            case Delete() | DeleteAll() | Reset() | Expire() if done:
                self._note_erased(step, step.operation)
            case Crowd(adds=adds) if done:
                for add in adds:
                    self._store((add.principal.index, add.fact.number), _Live(add, step.index))
            case _:
                self._note_said(step, done=done)

    def _note_said(self, step: Step, *, done: bool) -> None:
        """Take what a principal says of its own facts, whichever operation carries it."""
        operation = step.operation
        principal = operation.principal.index
        said = [one for text in carried(operation) for one in self._attributor.content(text) if one.owner == principal]
        for sighting in said:
            key: _Key = (principal, sighting.fact)
            match operation:
                case Add() | Chat() if done:
                    self._store(key, _Live(operation, step.index))
                case Update() if done and operation.record.owner == principal:
                    self._store(key, _Live(operation, operation.record.step))
                case Add():
                    # What was stored before may be seen with good reason.
                    if not self._live.get(principal, {}).get(sighting.fact):
                        self._gone[key] = Erasure(operation, step)
                case _:
                    # Who says it again may be shown it again, by a memory that keeps what it is asked.
                    self._gone.pop(key, None)

    def _note_erased(self, step: Step, operation: Delete | DeleteAll | Reset | Expire) -> None:
        credential = operation.principal.credential
        if credential is not None and (not credential.opens or credential.of not in (None, operation.principal.index)):
            # Whose it has erased nobody knows: as another, or as nobody, one leaves one's own.
            return
        match operation:
            case Delete() if operation.record.owner == operation.principal.index:
                self._drop(operation.principal.index, step, lambda live: live.step == operation.record.step)
            case DeleteAll():
                self._drop(operation.principal.index, step, lambda live: live.lies_in(operation.principal))
            case Reset() | Expire():
                for owner in self._live:
                    self._drop(owner, step, lambda live: live.ends_by(operation))

    def of(self, sighting: Attribution) -> Erasure | None:
        """Return how the fact that was sighted came to be gone, None where it was not erased."""
        return self._gone.get((sighting.owner, sighting.fact))

    def _store(self, key: _Key, live: _Live) -> None:
        owner, number = key
        self._live.setdefault(owner, {}).setdefault(number, []).append(live)
        self._gone.pop(key, None)

    def _drop(self, owner: int, step: Step, is_meant: Callable[[_Live], bool]) -> None:
        """Take the stored copies of one tenant's facts that are meant for erased."""
        facts = self._live.get(owner, {})
        for number, stored in list(facts.items()):
            dropped = [live for live in stored if is_meant(live)]
            left = [live for live in stored if live not in dropped]
            if dropped and not left:
                self._gone[owner, number] = Erasure(dropped[-1].operation, step)
                del facts[number]
            else:
                facts[number] = left
