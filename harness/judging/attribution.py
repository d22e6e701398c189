"""Text or label to owner, with the evidence; what cannot be told is not guessed."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Protocol

from ..base.plain_objects import plain
from ..model.findings import Attribution
from ..model.observations import Record
from ..model.tenants import Fact, Tenant
from ..plans.population import Population

_REMEMBERED = 4096


class Attributor(Protocol):
    """Says whose a text or a label is, and knows the tenants that it names."""

    @property
    def content(self) -> Callable[[str], tuple[Attribution, ...]]:
        """A function that returns whose facts a text holds, one entry per sighting; none means unattributed."""
        ...

    @property
    def label(self) -> Callable[[str], int | None]:
        """A function that returns the index of the tenant whose id a label is."""
        ...

    @property
    def ids(self) -> Callable[[str], tuple[int, ...]]:
        """A function that returns the indices of the tenants whose ids stand in a text, each once."""
        ...

    @property
    def tenant(self) -> Callable[[int], Tenant]:
        """A function that returns the tenant with an index."""
        ...

    @property
    def fact(self) -> Callable[[int, int], Fact | None]:
        """A function from a tenant's index and a number to that fact, None where there is none."""
        ...


class CanaryAttributor:
    """Attributes by decoding codes and names: nothing is kept per tenant, however many there are."""

    __slots__ = ("_decode", "_find_ids", "_population", "_tenants", "content", "fact", "ids", "label", "tenant")

    def __init__(self, population: Population) -> None:
        """Take the whole campaign's population: a mark of a tenant outside it is not attributed."""
        self._population = population
        self._decode = population.marks.decode
        self._find_ids = population.ids_in
        self._tenants = range(population.first, population.first + population.size)
        # The same few records come back again and again; the cache's size does not depend on the tenants'.
        self.content = lru_cache(maxsize=_REMEMBERED)(self._content)
        self.ids = lru_cache(maxsize=_REMEMBERED)(self._ids)
        self.label = lru_cache(maxsize=_REMEMBERED)(self._label)
        self.tenant = lru_cache(maxsize=_REMEMBERED)(population.tenant)
        self.fact = lru_cache(maxsize=_REMEMBERED)(self._fact)

    def _content(self, text: str) -> tuple[Attribution, ...]:
        """Decode each code in the text, and each name whose code is not there."""
        return tuple(
            [
                Attribution(owner, fact, words, marks)
                for owner, fact, words, marks in self._decode(text)
                if owner in self._tenants
            ]
        )

    def _fact(self, owner: int, number: int) -> Fact | None:
        """Make the fact again."""
        return self._population.fact(owner, number) if owner in self._tenants else None

    def _ids(self, text: str) -> tuple[int, ...]:
        """Find the campaign's own ids."""
        return tuple(dict.fromkeys(owner for owner in self._find_ids(text) if owner in self._tenants))

    def _label(self, label: str) -> int | None:
        """Recognise the campaign's own ids."""
        owner = self._population.owner_of_label(label)
        # To look for None in a range means to walk through it.
        return owner if owner is not None and owner in self._tenants else None


class ExactAttributor:
    """Attributes by exact sentences, for a demonstration that must store sentences without a code."""

    def __init__(self, tenants: Mapping[int, Tenant]) -> None:
        """Take the tenants by index; their facts' texts must differ."""
        self._tenants = tenants

    def content(self, text: str) -> tuple[Attribution, ...]:
        """Look for each tenant's sentences in the text."""
        return tuple(
            Attribution(fact.owner, fact.number, f"the exact sentence {fact.text!r}")
            for tenant in self._tenants.values()
            for fact in tenant.facts
            if fact.text in text
        )

    def ids(self, text: str) -> tuple[int, ...]:
        """Look for each tenant's id in the text."""
        return tuple(index for index, tenant in self._tenants.items() if tenant.id in text)

    def label(self, label: str) -> int | None:
        """Recognise the tenants' ids."""
        return next((tenant.index for tenant in self._tenants.values() if tenant.id == label), None)

    def tenant(self, index: int) -> Tenant:
        """Return the tenant with this index."""
        return self._tenants[index]

    def fact(self, owner: int, number: int) -> Fact | None:
        """Look among the tenant's facts."""
        return next((fact for fact in self._tenants[owner].facts if fact.number == number), None)


class Labels:
    """Labels seen on tenants' own records: real wrappers map ids, so a label may be no id of the campaign."""

    def __init__(self, attributor: Attributor) -> None:
        """Start with the attributor's own labels alone."""
        self._attributor = attributor
        self._learned: dict[str, int | None] = {}

    def learn(self, principal: int, record: Record) -> None:
        """Note the label of a record that the principal sees and whose content is its own."""
        if record.label is None or self._attributor.label(record.label) is not None:
            return
        owners = {sighting.owner for sighting in self._attributor.content(record.text)}
        if owners == {principal}:
            # A label on two tenants' records (a shared agent, an organisation) tells nothing of either.
            known = self._learned.setdefault(record.label, principal)
            self._learned[record.label] = principal if known == principal else None

    def owner(self, label: str) -> int | None:
        """Return the index of the tenant that the label belongs to, None where that is not known."""
        owner = self._attributor.label(label)
        if owner is not None:
            return owner
        # One owner alone proves nothing: the next tenant's own records may carry the same label.
        owners = {known for known in self._learned.values() if known is not None}
        return self._learned.get(label) if len(owners) > 1 else None


def is_own_alias(label: str | None, tenant: Tenant) -> bool:
    """Tell whether a label is the very id under which a tenant comes, where that is an attack: maybe another's."""
    return tenant.hostile and label == str(plain(tenant.id))


def fact_of(attributor: Attributor, sighting: Attribution) -> Fact | None:
    """Return the fact that was sighted."""
    return None if sighting.fact is None else attributor.fact(sighting.owner, sighting.fact)
