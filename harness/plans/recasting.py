"""The same moves by other tenants: who they are, what they know and what they say of each other is exchanged."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from typing import Any

from ..model.counterexamples import changed
from ..model.credentials import Credential
from ..model.operations import Operation, RecordRef, Together
from ..model.tenants import Fact, Tenant
from .population import Population


class Recast:
    """Gives the parts of some tenants to others.

    `parts` are new indices by old ones, `shift` how far the numbers of each old tenant's facts move. Ids that are an
    attack stay as they are.
    """

    def __init__(
        self, old: Population, new: Population, parts: Mapping[int, int], shift: Mapping[int, int] | None = None
    ) -> None:
        """Take both populations, which may be one."""
        self._old, self._new = old, new
        self._parts = parts
        self._shift = shift or {}

    def __call__(self, moves: tuple[Operation | Together, ...]) -> tuple[Operation | Together, ...]:
        """Return the moves with the parts given to others."""
        return tuple(changed(moves, self._operation))

    def _operation(self, operation: Operation) -> Operation:
        values = {field.name: getattr(operation, field.name) for field in fields(operation)}
        spoken = dict(self._spoken(values))
        return replace(operation, **{name: self._value(name, value, spoken) for name, value in values.items()})

    def _spoken(self, values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """Yield the words that may stand in a text, each with what takes its place."""
        known = [value for value in values.values() if isinstance(value, Fact)]
        texts = (value.key if isinstance(value, RecordRef) else value for value in values.values())
        for text in (text for text in texts if isinstance(text, str)):
            known += [self._old.fact(owner, number) for owner, number, _, _ in self._old.marks.decode(text)]
        for fact in known:
            other = self._fact(fact)
            yield from ((fact.text, other.text), (fact.bare, other.bare), (fact.about, other.about))
            yield from zip(fact.marks, other.marks, strict=False)
        for old, new in self._parts.items():
            yield self._old.tenant(old).id, self._new.tenant(new).id

    def _value(self, name: str, value: Any, spoken: Mapping[str, str]) -> Any:  # noqa: ANN401 - any field of an operation
        match value:
            case Tenant():
                return self._tenant(value)
            case Fact():
                return self._fact(value)
            case RecordRef(owner=owner):
                key = self._value("", value.key, spoken)
                return replace(value, owner=self._parts.get(owner, owner), key=key)
            case int() if name in ("owner", "into"):
                return self._parts.get(value, value)
            case str():
                # All in one go: what takes a word's place is itself not looked at.
                said = "|".join(map(re.escape, sorted(spoken, key=len, reverse=True)))
                return re.sub(said, lambda found: spoken[found[0]], value) if said else value
            case Mapping():
                return {self._value("", key, spoken): self._value("", one, spoken) for key, one in value.items()}
            case list():
                return [self._value("", one, spoken) for one in value]
            case _:
                return value

    def _tenant(self, tenant: Tenant) -> Tenant:
        now = self._new.tenant(self._parts.get(tenant.index, tenant.index))
        return replace(
            tenant,
            index=now.index,
            name=now.name,
            facts=now.facts,
            id=self._id(tenant.index, tenant.id),
            credential=self._credential(tenant.credential),
        )

    def _credential(self, credential: Credential | None) -> Credential | None:
        """Return what is made of another's, or says another's id beside it, as made of who has that part now."""
        if credential is None or credential.of is None:
            return credential
        now = self._parts.get(credential.of, credential.of)
        return replace(credential, of=now, of_id=self._id(credential.of, credential.of_id))

    def _id(self, index: int, said: Any) -> Any:  # noqa: ANN401 - an id may be an attack, and stays as it is then
        now = self._new.tenant(self._parts.get(index, index))
        return now.id if said == self._old.tenant(index).id else said

    def _fact(self, fact: Fact) -> Fact:
        return self._new.fact(self._parts.get(fact.owner, fact.owner), fact.number + self._shift.get(fact.owner, 0))
