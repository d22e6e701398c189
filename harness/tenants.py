"""Tenants and what they know."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Fact:
    """One sentence that a tenant stores; its canary tells whose it is.

    `owner` is the tenant's index, `number` counts from 0 within the tenant.
    `about` is the fact's subject in other words, for a search by meaning: it holds no canary.
    """

    owner: int
    number: int
    text: str
    about: str
    canary: str


@dataclass(frozen=True, slots=True)
class Tenant:
    """The unit that isolation protects; `id` is the `user_id` at mem0's door.

    `hostile` says that the id is an attack, which a target does well to refuse.
    """

    index: int
    id: str
    name: str
    facts: tuple[Fact, ...]
    hostile: bool = False

    def posing_as(self, hostile_id: str) -> "Tenant":
        """Return this tenant under an id that is an attack."""
        return replace(self, id=hostile_id, hostile=True)

    @property
    def handle(self) -> str:
        """A name for stories and code: `alice_3`."""
        return f"{self.name.lower()}_{self.index}"
