"""What every operation is: something that a principal asks, on a channel, of a target that must offer what it needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from .channels import Ability, Channel
from .tenants import Tenant

Extra: TypeAlias = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class RecordRef:
    """Points at the record that the Add at trace index `step` stored for the tenant with index `owner`.

    Step 0 is no Add's: such a reference stands for a well-formed id that no record has.
    """

    step: int
    owner: int

    @property
    def is_unknown(self) -> bool:
        """Whether no record has this id."""
        return self.step == 0


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
    def requires(self) -> frozenset[str]:
        """What the target must offer: the method, and what the principal and the arguments need."""
        return needed(self.channel, self.principal)


def needed(method: str, principal: Tenant, **named: object) -> frozenset[str]:
    """Return what a call of this method needs: by this principal, with those of the named arguments that are given."""
    asynchronous = (Ability.ASYNC, f"{Ability.ASYNC}.{method}") if principal.asynchronous else ()
    within = (name for name, _ in principal.within)
    return frozenset(
        {method, *asynchronous, *within, *(f"{method}.{name}" for name, value in named.items() if value is not None)}
    )
