"""Tenants and what they know."""

import re
from dataclasses import dataclass, field, replace
from typing import Any

from .credentials import Credential

# A longer id is told by its beginning and its length.
_LONGEST = 60


# A campaign's own ids in the forms that they are written in; what an application makes of a number ends in it.
_OWN_IDS = (
    r"\w+-{name}-{index}",
    r"\w+\+{name}\.{index}@example\.com",
    r"[0-9a-f]{{8}}-{first}-4{last}-[0-9a-f-]{{17}}",
    r"[a-z:_-]*\d{{7}}{index:09d}(?:@[\w.-]+)?",
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One sentence that a tenant stores; its canary tells whose it is, and so does the made-up name in it.

    `owner` is the tenant's index, `number` counts from 0 within the tenant.
    `about` is the fact's subject in other words, for a search by meaning: it holds no mark. It may be so far from the
    sentence that a search drops its own owner's record.
    """

    owner: int
    number: int
    text: str
    about: str
    canary: str
    name: str = ""

    @property
    def bare(self) -> str:
        """The sentence without its marks: near it in meaning however few words it has, and nobody's."""
        said = self.text.partition(";")[0]
        return said.partition(",")[0] if self.name else said

    @property
    def marks(self) -> tuple[str, ...]:
        """Its code, and its name where it has one."""
        return (self.canary, self.name) if self.name else (self.canary,)

    def stands_in(self, text: str) -> bool:
        """Tell whether the text holds one of its marks, in capitals or not."""
        folded = text.casefold()
        return any(mark.casefold() in folded for mark in self.marks)


@dataclass(frozen=True, slots=True)
class Tenant:
    """The unit that isolation protects; `id` is the `user_id` at mem0's door.

    `hostile` says that the id is an attack, which a target does well to refuse; such an id may be no str. `within`
    holds further ids, such as an agent's. `erased`: it has had its records erased and may see none of them.
    `asynchronous`: it is served by the target's asynchronous client. `kind` is the class of attack that it tries, as
    reports list them (`id: case`); empty where what it does is in no class: it is the same tenant, whatever it tries.
    `guest`: it has no user id, and is known by other ids alone. `keys`: how it spells the keys that it puts things
    under, as in `model/keys.py`; empty where the store gives ids. `credential`: what it comes through, where that is
    said.
    """

    index: int
    id: Any
    name: str
    facts: tuple[Fact, ...]
    hostile: bool = False
    within: tuple[tuple[str, str], ...] = ()
    erased: bool = False
    asynchronous: bool = False
    kind: str = field(default="", compare=False)
    guest: bool = False
    keys: str = ""
    credential: Credential | None = None

    def posing_as(self, hostile_id: object, kind: str = "") -> "Tenant":
        """Return this tenant under an id that is an attack, of this class."""
        return replace(self, id=hostile_id, hostile=True, kind=kind or self.kind)

    def trying(self, kind: str) -> "Tenant":
        """Return this tenant as one that tries this class of attack."""
        return replace(self, kind=kind)

    def in_scope(self, **ids: str) -> "Tenant":
        """Return this tenant with further ids on each call: `agent_id`, `run_id`, `app_id`."""
        return replace(self, within=tuple(ids.items()))

    def known_by(self, **ids: str) -> "Tenant":
        """Return this tenant as one without a user id, known by these alone; a target may well refuse such."""
        return replace(self, id=None, within=tuple(ids.items()), hostile=True, guest=True)

    def after_erasure(self) -> "Tenant":
        """Return this tenant as one whose own earlier facts are as foreign to it as anybody's."""
        return replace(self, erased=True)

    def through_async(self) -> "Tenant":
        """Return this tenant as the asynchronous client's."""
        return replace(self, asynchronous=True)

    def bearing(self, form: str = "", of: "Tenant | None" = None, **said: Any) -> "Tenant":  # noqa: ANN401 - a field each
        """Return this tenant as one that comes through this credential, made of another's where `of` is given."""
        whose = {} if of is None else {"of": of.index, "of_id": of.id}
        credential = Credential(form, **whose, **said)
        return replace(self, credential=credential, kind=credential.kind or self.kind)

    @property
    def opens_nothing(self) -> bool:
        """Whether it comes through a credential that must open nothing."""
        return self.credential is not None and not self.credential.opens

    @property
    def may_be_refused(self) -> bool:
        """Whether a no, or a crash, over its own records is no harm: its id, key or question is an attack."""
        attacks = self.credential is not None and bool(self.credential.kind)
        return self.hostile or self.asks_oddly or attacks or self.kind.startswith("key: ")

    @property
    def asks_oddly(self) -> bool:
        """Whether its question is none: what breaks over that is told by its class, and leaves no other open."""
        return self.kind.startswith("question: ")

    @property
    def handle(self) -> str:
        """A name for stories and code: `alice_3`."""
        return f"{self.name.lower()}_{self.index}"

    @property
    def written(self) -> str:
        """The id as Python, an ordinary one in double quotes, as most people write it."""
        identity = repr(self.id)
        ordinary = identity == f"'{self.id}'" and '"' not in identity
        return f'"{self.id}"' if ordinary else identity

    @property
    def alias(self) -> str:
        """The id under which it comes, as Python, where that is not its own; empty where it is."""
        if not self.hostile or self._is_own:
            return ""
        # In ASCII, for a letter of another script looks like ours.
        written = self.written if self.written.isascii() else ascii(self.id)
        return written if len(written) <= _LONGEST else f"{written[:_LONGEST]}... ({len(str(self.id))} characters)"

    @property
    def _is_own(self) -> bool:
        digits, name = f"{self.index:07x}", re.escape(self.name.lower())
        forms = (one.format(name=name, index=self.index, first=digits[:4], last=digits[4:]) for one in _OWN_IDS)
        return any(re.fullmatch(form, str(self.id)) for form in forms)

    @property
    def told(self) -> str:
        """The handle, with the id under which it comes where that is not its own: `gene_4 (id "*")`."""
        return f"{self.handle} (id {self.alias})" if self.alias else self.handle
