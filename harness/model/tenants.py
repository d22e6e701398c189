"""Tenants and what they know."""

from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Fact:
    """One sentence that a tenant stores; its canary tells whose it is.

    `owner` is the tenant's index, `number` counts from 0 within the tenant.
    `about` is the fact's subject in other words, for a search by meaning: it holds no canary. It may be so far from the
    sentence that a search drops its own owner's record.
    """

    owner: int
    number: int
    text: str
    about: str
    canary: str

    @property
    def bare(self) -> str:
        """The sentence without its code: near it in meaning however few words it has, and no canary in it."""
        return self.text.partition(";")[0]


@dataclass(frozen=True, slots=True)
class Tenant:
    """The unit that isolation protects; `id` is the `user_id` at mem0's door.

    `hostile` says that the id is an attack, which a target does well to refuse; such an id may be no str. `within`
    holds further ids, such as an agent's. `erased`: it has had its records erased and may see none of them.
    `asynchronous`: it is served by the target's asynchronous client.
    """

    index: int
    id: Any
    name: str
    facts: tuple[Fact, ...]
    hostile: bool = False
    within: tuple[tuple[str, str], ...] = ()
    erased: bool = False
    asynchronous: bool = False

    def posing_as(self, hostile_id: object) -> "Tenant":
        """Return this tenant under an id that is an attack."""
        return replace(self, id=hostile_id, hostile=True)

    def in_scope(self, **ids: str) -> "Tenant":
        """Return this tenant with further ids on each call: `agent_id`, `run_id`, `app_id`."""
        return replace(self, within=tuple(ids.items()))

    def after_erasure(self) -> "Tenant":
        """Return this tenant as one whose own earlier facts are as foreign to it as anybody's."""
        return replace(self, erased=True)

    def through_async(self) -> "Tenant":
        """Return this tenant as the asynchronous client's."""
        return replace(self, asynchronous=True)

    @property
    def handle(self) -> str:
        """A name for stories and code: `alice_3`."""
        return f"{self.name.lower()}_{self.index}"
