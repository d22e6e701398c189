"""What has become of a history so far: who is known as whom, what each has stored, and what is gone."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ...model.operations import RecordRef
from ...model.tenants import Fact, Tenant
from ...plans.population import Population
from ...plans.record_ids import SPELT

# Most records are asked for by their id as it is.
WAYS = 3 * len(SPELT)


@dataclass(frozen=True, slots=True)
class Planted:
    """A record that a tenant stored, with its fact."""

    record: RecordRef
    fact: Fact
    by: Tenant


class Ledger:
    """Keeps note of one history; `gone` are records that their owners have removed."""

    def __init__(self, cast: Population) -> None:
        """Take the tenants that play."""
        self.cast = cast
        self.gone: set[RecordRef] = set()
        self._stored: list[Planted] = []
        self._facts: dict[int, int] = {}
        self._known: dict[object, int] = {}

    def tenant(self, role: int) -> Tenant:
        """Return who plays a role, under its own id."""
        return self.cast.tenant(self.cast.first + role)

    def has_stored(self, role: int) -> bool:
        """Tell whether who plays a role has stored something."""
        return self.cast.first + role in self._facts

    def next_fact(self, by: Tenant) -> Fact:
        """Return a fact that this tenant has not said yet."""
        number = self._facts.get(by.index, 0)
        self._facts[by.index] = number + 1
        return self.cast.fact(by.index, number)

    def stored(self, record: RecordRef, fact: Fact, by: Tenant) -> Planted:
        """Note a record."""
        planted = Planted(record, fact, by)
        self._stored.append(planted)
        return planted

    def removed_all(self, by: Tenant) -> None:
        """Note that a tenant has removed what it stored under this id, in its scope and those within that."""
        mine = (one for one in self._stored if repr(one.by.id) == repr(by.id) and {*by.within} <= {*one.by.within})
        self.gone |= {one.record for one in mine}

    def removed_everything(self) -> None:
        """Note that the store was reset."""
        self.gone |= {one.record for one in self._stored}

    def are_new(self, couple: Iterable[Tenant]) -> bool:
        """Tell whether nobody else is known as one of these: under one id two would rightly share a memory."""
        return all(self._known.setdefault(_known_as(one), one.index) == one.index for one in couple)

    def asking(self, by: Tenant, of: Planted) -> Tenant:
        """Return the one who asks; its own it asks for as who has stored it.

        What it has erased itself is as foreign to it as anybody's.
        """
        if by.index != of.by.index:
            return by
        return of.by.after_erasure() if of.record in self.gone else of.by

    def reached(self, by: Tenant, of: Planted, way: int, *, hostile: bool) -> tuple[Tenant, RecordRef]:
        """Return who asks and for which record; another's, where `hostile`, by one of several spellings of its id.

        With a small number it is the id as it is.
        """
        position = way - (WAYS - len(SPELT))
        if position < 0 or not hostile or by.index == of.by.index:
            return self.asking(by, of), of.record
        kind, spelt = SPELT[position]
        return by.trying(kind), replace(of.record, spelt=spelt)


def _known_as(tenant: Tenant) -> tuple[str, tuple[tuple[str, str], ...]]:
    # An id that is an attack may be a list.
    return repr(tenant.id), tenant.within
