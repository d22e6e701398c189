"""What a scenario is: a story told in operations."""

import inspect
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from ..model.channels import Ability, Channel
from ..model.observations import Returned, Step
from ..model.operations import Crowd, Operation, Reopen, Reset, SignIn, SignOut, Together
from .population import Population

# What a plan yields is performed; it receives the step that it became, of several together the last.
Plan: TypeAlias = Generator[Operation | Together, Step, None]
Need: TypeAlias = type[Operation] | Ability

# What is asked of keyed resources alone, and what of memories alone.
_OF_KEYS = frozenset({Ability.KEYS, Ability.PATHS})
# What is asked of what users sign in to.
_OF_SESSIONS = frozenset(
    {Ability.SIGN_IN, Ability.PAGE, Ability.EXPORT, Ability.ASK, Ability.EVENTS, Ability.LIVE, Ability.AROUND}
)
_OF_MEMORIES = frozenset(
    {
        Ability.FILTERS,
        Ability.METADATA,
        Ability.INFER,
        Ability.AGENT_ID,
        Ability.RUN_ID,
        Ability.APP_ID,
        Ability.GUESTS,
        Ability.PROMPTS,
        Ability.RESET,
        Ability.ASYNC_RESET,
        Ability.BOTH_CLIENTS,
        Channel.HISTORY,
    }
)
_ABILITIES: dict[type, str] = {
    SignIn: Ability.SIGN_IN,
    SignOut: Ability.SIGN_OUT,
    Reopen: Ability.REOPEN,
    Reset: Ability.RESET,
    Crowd: Ability.LOAD,
}


@dataclass(frozen=True, slots=True)
class Scenario:
    """One attack: `tell` yields operations and receives the steps that they became.

    `needs` are sets of names, of each of which the target must offer at least one. `control` is the positive control
    that must come out violated. A `destructive` scenario writes to others' records or under hostile ids; it runs on
    disposable targets. `may_refuse`: a clear no is a good answer to its probes. `reads_errors`: what its probes are
    refused or crash with counts as probes of the errors channel. `policy` names the setting that allows what it tries.
    `when_allowed` is what is still to be asked then, None for nothing. `cwe` is the weakness that its findings show, 0
    where each oracle and channel has its own. `only_with` is the switch of an audit without which it is not run, unless
    it is named.
    """

    name: str
    summary: str
    tell: Callable[[Population], Plan]
    needs: tuple[tuple[str, ...], ...]
    control: str
    destructive: bool = False
    may_refuse: bool = False
    reads_errors: bool = False
    policy: str = ""
    when_allowed: Callable[[Population], Plan] | None = None
    cwe: int = 0
    only_with: str = ""

    def under(self, allowed: Sequence[str]) -> "Scenario | None":
        """Return what is asked where these policies are allowed: itself, what is left to ask, or None for nothing."""
        if not self.policy or self.policy not in allowed:
            return self
        return None if self.when_allowed is None else replace(self, tell=self.when_allowed)

    def fits(self, keys: str, *, sessions: bool = False) -> bool:
        """Tell whether it is for targets of this kind: some are for chosen keys, some for memories alone.

        Some are for those with `sessions`, into which users sign in.
        """
        every = {name for choice in self.needs for name in choice}
        if not sessions and every & _OF_SESSIONS:
            return False
        if not keys:
            return not every & _OF_KEYS
        return not any(_OF_MEMORIES.issuperset(choice) for choice in self.needs)

    @property
    def durable(self) -> bool:
        """Whether its world is to outlive something: to be opened again, or to stay when the store is reset."""
        return any((ability,) in self.needs for ability in (Ability.REOPEN, Ability.RESET))

    @property
    def wipes(self) -> bool:
        """Whether it erases everybody's records, also those that are not its own."""
        return (Ability.RESET,) in self.needs

    def length(self, population: Population) -> int:
        """Count the operations of a plan, without a target."""
        return sum(1 for _ in self.asked(population))

    def asked(self, population: Population) -> Iterator[Operation]:
        """Yield the operations of a plan, without a target."""
        plan = self.tell(population)
        operation = next(plan, None)
        count = 0
        while operation is not None:
            together = operation.operations if isinstance(operation, Together) else (operation,)
            yield from together
            count += len(together)
            try:
                operation = plan.send(Step(count, together[-1], Returned()))
            except StopIteration:
                break


def scenario(  # noqa: PLR0913 - all by keyword, one for each field
    *,
    needs: tuple[Need | tuple[Need, ...], ...],
    control: str,
    destructive: bool = False,
    may_refuse: bool = False,
    reads_errors: bool = False,
    policy: str = "",
    when_allowed: Callable[[Population], Plan] | None = None,
    cwe: int = 0,
    only_with: str = "",
) -> Callable[[Callable[[Population], Plan]], Scenario]:
    """Make a generator function a scenario of the same name; the docstring's first line is its meaning.

    `needs=(Add, (Search, GetAll), Ability.FILTERS)` means: Add, one of Search and GetAll, and a search or get_all
    that takes filters. The rest is as in `Scenario`.
    """

    def decorate(tell: Callable[[Population], Plan]) -> Scenario:
        return Scenario(
            name=tell.__name__,
            summary=(inspect.getdoc(tell) or "").partition("\n")[0],
            tell=tell,
            needs=tuple(tuple(map(_name, need if isinstance(need, tuple) else (need,))) for need in needs),
            control=control,
            destructive=destructive,
            may_refuse=may_refuse,
            reads_errors=reads_errors,
            policy=policy,
            when_allowed=when_allowed,
            cwe=cwe,
            only_with=only_with,
        )

    return decorate


def _name(need: Need) -> str:
    return need if isinstance(need, str) else _ABILITIES.get(need, need.channel)
