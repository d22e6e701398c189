"""What is done to the store as a whole, by somebody who stands beside the memories."""

from dataclasses import dataclass
from typing import ClassVar

from .asked import Asked, RecordRef, expect
from .channels import Ability, Channel
from .credentials import KEPT
from .memory_calls import Add
from .tenants import Fact, Tenant


@dataclass(frozen=True, slots=True)
class ReadStorage(Asked):
    """Somebody with the store's files and tables in hand looks for an erased fact, byte by byte."""

    seeks: Fact

    channel: ClassVar[Channel] = Channel.STORAGE

    def __post_init__(self) -> None:
        """Check the operands; raises TypeError."""
        expect(self.principal, Tenant, "the principal")
        expect(self.seeks, Fact, "what it seeks")

    @property
    def owner(self) -> int:
        """Whose fact it seeks."""
        return self.seeks.owner


@dataclass(frozen=True, slots=True)
class _OfTheWorld(Asked):
    """Done to the whole world; the principal is whoever comes next."""

    channel: ClassVar[Channel] = Channel.STORAGE

    def __post_init__(self) -> None:
        """Check the operands; raises TypeError."""
        expect(self.principal, Tenant, "the principal")

    @property
    def owner(self) -> int:
        """The principal: it reaches for nobody's records."""
        return self.principal.index


@dataclass(frozen=True, slots=True)
class Reopen(_OfTheWorld):
    """The store is closed and opened again."""

    @property
    def requires(self) -> frozenset[str]:
        """A target that can."""
        return frozenset({Ability.REOPEN})


@dataclass(frozen=True, slots=True)
class Expire(_OfTheWorld):
    """What was put for a time runs out: nobody waits for it.

    `everything`: all that was put before has been seen to run out, for the store gives each value the same time.
    """

    everything: bool = False

    @property
    def requires(self) -> frozenset[str]:
        """A target that can let it run out."""
        return frozenset({Ability.EXPIRE})


@dataclass(frozen=True, slots=True)
class SignIn(_OfTheWorld):
    """The principal opens a new session on its device; `carrying` is what its client carried before.

    `made up`: a session id that somebody else chose; `kept`: one that it had as a guest; `left`: what the last user of
    the same browser held, whom the principal's credential names.
    """

    carrying: str = ""

    @property
    def requires(self) -> frozenset[str]:
        """A target with sessions; one that knows guests, where it was one."""
        return frozenset({Ability.SIGN_IN, *((Ability.GUEST,) if self.carrying == KEPT else ())})


@dataclass(frozen=True, slots=True)
class SignOut(_OfTheWorld):
    """The principal ends the session of its device."""

    @property
    def requires(self) -> frozenset[str]:
        """A target that can end one."""
        return frozenset({Ability.SIGN_IN, Ability.SIGN_OUT})


@dataclass(frozen=True, slots=True)
class PlantLink(Asked):
    """In the principal's folder a symbolic link takes the place of its own record: it leads to another's.

    `opening` is when: at once where 0, or just before the call that follows opens the record's file, for the first
    time (1) or for the second (2). As a `folder` it takes the place of the one in which the file lies, until the call
    has ended.
    """

    record: RecordRef
    to: RecordRef
    opening: int = 0
    folder: bool = False

    channel: ClassVar[Channel] = Channel.STORAGE

    def __post_init__(self) -> None:
        """Check the operands; raises TypeError."""
        expect(self.principal, Tenant, "the principal")
        expect(self.record, RecordRef, "the record")
        expect(self.to, RecordRef, "what it leads to")

    @property
    def owner(self) -> int:
        """The principal: planting alone shows nothing."""
        return self.principal.index

    @property
    def requires(self) -> frozenset[str]:
        """Folders that can be looked into, and keys that are paths."""
        return frozenset({Ability.STORAGE, Ability.PATHS})


@dataclass(frozen=True, slots=True)
class Crowd(_OfTheWorld):
    """The records of others, many at once, are put into the store by its own insert; the principal is one of them."""

    adds: tuple[Add, ...]

    channel: ClassVar[Channel] = Channel.ADD

    @property
    def requires(self) -> frozenset[str]:
        """A target that can."""
        return frozenset({Ability.LOAD})


@dataclass(frozen=True, slots=True)
class Anew(_OfTheWorld):
    """Every memory that is open is let go: whoever comes next has one made anew, as a request of its own does."""

    @property
    def requires(self) -> frozenset[str]:
        """Nothing: each target makes memories."""
        return frozenset()


@dataclass(frozen=True, slots=True)
class Reset(_OfTheWorld):
    """The store's own reset, through the principal's client: everybody's records are erased."""

    @property
    def requires(self) -> frozenset[str]:
        """A target whose client can."""
        return frozenset({Ability.ASYNC_RESET if self.principal.asynchronous else Ability.RESET})
