"""What every operation is: something that a principal asks, on a channel, of a target that must offer what it needs."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from .channels import Ability, Channel, spelt
from .credentials import MISTAKEN, PURPOSE
from .tenants import Tenant

Extra: TypeAlias = Mapping[str, object]
# Most memories take a dict; some a list of conditions, or a text.
Filters: TypeAlias = Mapping[str, object] | list[object] | str


# What stands in a spelling for the record's id and its owner's.
_WORDS = re.compile(r"\{(id|ID|digits|begin|own|owner|climb|file)\}")
# So much of an id is its beginning, as people copy it.
_BEGINNING = 8
# Those that say whose it is.
_TELLING = ("{owner}", "{climb}", "{file}")


@dataclass(frozen=True, slots=True)
class RecordRef:
    """Points at the record that the Add at trace index `step` stored for the tenant with index `owner`.

    Step 0 is no Add's: such a reference stands for a well-formed id that no record has. `spelt` says how the id is
    written where that is not as it is: `../{owner}/{id}`, in which `{owner}` is the user id that the record was stored
    under, `{ID}` the record's id in upper case, `{digits}` without its dashes and `{begin}` its first eight
    characters; `{own}` is the id of the record that the caller itself has stored last; `{climb}` is the path from the
    caller's own folder to the file in which the record lies, `{file}` that file's absolute path. `key` is what the
    caller has put it under, where callers choose: it names the record in any world, whether or not anything lies there.
    """

    step: int
    owner: int
    spelt: str = ""
    key: str = ""

    @property
    def is_unknown(self) -> bool:
        """Whether no record has this id."""
        return self.step == 0 and not self.key

    @property
    def names_owner(self) -> bool:
        """Whether who sends it as it is spelt says whose it is."""
        return any(word in self.spelt for word in _TELLING)

    @property
    def is_measured(self) -> bool:
        """Whether it is spelt as a path that is known from the storage alone."""
        return any(word in self.spelt for word in _TELLING[1:])

    @property
    def names_own(self) -> bool:
        """Whether a record of the caller's own stands in it, too."""
        return "{own}" in self.spelt

    def written(self, record_id: str, owner_id: str, way: tuple[str, str] | None = None, own: str = "") -> str:
        """Return the id as it is sent, for the record's own id and the user id that the record was stored under.

        `way` is what stands for `{climb}` and `{file}`; None where the record lies in no file that is known. `own` is
        what stands for `{own}`.
        """
        if not self.spelt:
            return record_id
        words = {"id": record_id, "ID": record_id.upper(), "digits": record_id.replace("-", ""), "owner": owner_id}
        words["begin"], words["own"] = record_id[:_BEGINNING], own
        words["climb"], words["file"] = way or (f"../{owner_id}/{record_id}", f"/{owner_id}/{record_id}")
        return _WORDS.sub(lambda found: words[found[1]], self.spelt)


def expect(value: object, kind: type, role: str) -> None:
    """Catch an author's mistake where it is made, not as a crash of the target."""
    if not isinstance(value, kind):
        hint = "; `step = yield Add(...)`, then `step.record`" if kind is RecordRef else ""
        msg = f"{role} must be a {kind.__name__}, got {type(value).__name__}{hint}"
        raise TypeError(msg)


@dataclass(frozen=True, slots=True)
class Asked:
    """Something that a principal asks, on one channel."""

    principal: Tenant

    channel: ClassVar[Channel]

    @property
    def way(self) -> Channel:
        """The channel as reports name it: `list` for `get_all` where callers choose keys."""
        return spelt(self.channel, self.principal.keys)

    @property
    def method(self) -> str:
        """The method that is called, as a memory has it."""
        return getattr(self, "how", "") or self.channel

    @property
    def requires(self) -> frozenset[str]:
        """What the target must offer: the method, and what the principal and the arguments need."""
        return needed(self.channel, self.principal)


def needed(method: str, principal: Tenant, **named: object) -> frozenset[str]:
    """Return what a call of this method needs: by this principal, with those of the named arguments that are given.

    Filters that are a list or a text need a method that takes these: `search.filters.list`.
    """
    asynchronous = (Ability.ASYNC, f"{Ability.ASYNC}.{method}") if principal.asynchronous else ()
    within = (name for name, _ in principal.within)
    arguments = (f"{method}.{name}{_form(value)}" for name, value in named.items() if value is not None)
    guest = (Ability.GUESTS,) if principal.guest else ()
    return frozenset({method, *asynchronous, *within, *guest, *arguments, *_of_credential(principal)})


def _of_credential(principal: Tenant) -> Iterator[str]:
    """Yield what the target must offer so that the principal may come through its credential."""
    credential = principal.credential
    if credential is None:
        return
    yield Ability.SIGN_IN
    yield from (Ability.CLAIM,) if credential.claim is not None else ()
    yield from (Ability.SPELLING,) if credential.spelling else ()
    yield from (Ability.MISTAKE,) if credential.form == MISTAKEN else ()
    yield from (Ability.OTHERS,) if credential.form == PURPOSE else ()


def _form(value: object) -> str:
    return ".text" if isinstance(value, str) else ".list" if isinstance(value, list) else ""
