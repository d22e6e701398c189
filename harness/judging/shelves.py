"""What each tenant has stored with which metadata, and which of it a look without a filter has shown."""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from ..model.observations import Returned, Step
from ..model.operations import Add, Crowd, Delete, DeleteAll, GetAll, Reset, Search, Update
from ..model.tenants import Tenant
from ..plans.scope_keys import COMMON, IDENTITIES
from .attribution import Attributor
from .filters_said import fields_of

# By the index of its principal: an id that is an attack, and what else it is known by.
_Scope: TypeAlias = tuple[int, Hashable]
_WHOSE = frozenset({*IDENTITIES, *COMMON})
_Own: TypeAlias = dict[int, "Kept"]


@dataclass(frozen=True, slots=True)
class Kept:
    """One record as its owner has stored it, and at which step."""

    add: Add
    step: int

    @property
    def metadata(self) -> Mapping[str, object]:
        """What stands beside it."""
        return self.add.metadata or {}


@dataclass(frozen=True, slots=True)
class Plain:
    """A look without a filter: which facts it showed, by their numbers, and among how many records."""

    look: Search | GetAll
    shown: frozenset[int]
    records: int


@dataclass(slots=True)
class Shelves:
    """Follows a trace; what cannot be known for sure is not kept."""

    _attributor: Attributor
    _own: dict[int, dict[Hashable, _Own]] = field(default_factory=dict)
    # Where the record of each Add stands, by its step.
    _places: dict[int, tuple[_Scope, int]] = field(default_factory=dict)
    _twice: set[tuple[_Scope, int]] = field(default_factory=set)
    _plain: dict[Hashable, Plain] = field(default_factory=dict)

    def note(self, step: Step) -> None:
        """Take the next step."""
        operation = step.operation
        match operation:
            case Add():
                self._keep(step, operation)
            case Update(record=record) | Delete(record=record):
                self._let_go(record.step)
            case DeleteAll():
                for own in self._own.get(operation.principal.index, {}).values():
                    own.clear()
            case Reset():
                self._own.clear()
            case Search(filters=None) | GetAll(filters=None) if isinstance(step.observation, Returned):
                shown = frozenset(
                    number for one in step.observation.records for number in self.numbers(operation.principal, one.text)
                )
                self._plain[_words(operation)] = Plain(operation, shown, len(step.observation.records))
        if isinstance(operation, Add | Update | Delete | DeleteAll | Reset | Crowd):
            # Whoever writes may change what a look shows: a record that is gone is no filter's fault.
            self._plain.clear()

    def own(self, look: Search | GetAll) -> _Own:
        """Return the records of the principal by the numbers of their facts.

        Nothing where the filter asks about a field that it has not stored, or by which a record tells whose it is.
        """
        if not isinstance(look.filters, Mapping) or look.principal.hostile or look.principal.erased:
            return {}
        index, among = _scope(look.principal)
        own = self._own.get(index, {}).get(among, {})
        stored = {name for kept in own.values() for name in kept.metadata}
        asked = set(fields_of(look.filters))
        return own if asked and asked <= stored - _WHOSE else {}

    def plain(self, look: Search | GetAll) -> Plain | None:
        """Return the same look without a filter, where there was one since the last write."""
        return self._plain.get(_words(look))

    def numbers(self, principal: Tenant, text: str) -> Iterator[int]:
        """Yield the number of the one fact of the principal's own that a text holds; nothing where it holds more."""
        said = {(one.owner, one.fact) for one in self._attributor.content(text)}
        match [*said]:
            case [(owner, int(number))] if owner == principal.index:
                yield number

    def _keep(self, step: Step, add: Add) -> None:
        scope, number = _scope(add.principal), add.fact.number
        own = self._own.setdefault(scope[0], {}).setdefault(scope[1], {})
        plain = isinstance(step.observation, Returned) and add.into is None and not add.principal.hostile
        if plain and add.fact.canary in add.sent and (scope, number) not in self._twice:
            own[number] = Kept(add, step.index)
            self._places[step.index] = scope, number
        else:
            own.pop(number, None)
        # A second record with the same fact would not be told from the first.
        self._twice.add((scope, number))

    def _let_go(self, step: int) -> None:
        """Keep nothing more of what was stored at this step."""
        if step in self._places:
            (index, among), number = self._places.pop(step)
            own = self._own.get(index, {}).get(among, {})
            if number in own and own[number].step == step:
                del own[number]


def _scope(principal: Tenant) -> _Scope:
    return principal.index, (repr(principal.id), principal.within)


def _words(look: Search | GetAll) -> Hashable:
    query = look.query if isinstance(look, Search) else None
    return _scope(look.principal), look.principal.asynchronous, query
