"""What a tenant is known by: a user, an agent, a run, an app, or several of them."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TypeAlias

from ..model.tenants import Tenant

Couple: TypeAlias = tuple[Tenant, Tenant]

CLASSES = {
    "scope: a shared agent": "two users who talk to one agent",
    "scope: a shared run": "two users in a run of the same name",
    "scope: a shared agent and run": "two users who talk to one agent in a run of the same name",
    "scope: a shared app": "two users of one app",
    "scope: an agent alone": "two tenants without a user id, each known by an agent's",
    "scope: a run alone": "two guests without a user id, each known by a run's",
    "scope: an app alone": "two tenants without a user id, each known by an app's",
    "scope: a guest beside a user": "a guest, known by a run alone, beside a user of that agent",
    "scope: one name of two kinds": "somebody whose agent, run or app is called as another's user id",
    "scope: parts that change places": "two users, each in a run called as the other",
    "scope: one person in two": "one user id in two runs, with two agents or in two apps",
}
_KINDS = ("agent_id", "run_id", "app_id")
_SHARED: tuple[tuple[str, dict[str, str]], ...] = (
    ("scope: a shared run", {"run_id": "run-1"}),
    ("scope: a shared agent", {"agent_id": "assistant"}),
    ("scope: a shared agent and run", {"agent_id": "assistant", "run_id": "run-1"}),
    ("scope: a shared app", {"app_id": "app"}),
)


def sharing(victim: Tenant, attacker: Tenant) -> tuple[Couple, ...]:
    """Return the two as users who share an agent, a run, both, or an app."""
    return tuple((victim.in_scope(**ids), attacker.in_scope(**ids).trying(kind)) for kind, ids in _SHARED)


def alone(victim: Tenant, attacker: Tenant) -> tuple[Couple, ...]:
    """Return the two as tenants without a user id, known by an agent, a run or an app alone."""
    return tuple(
        (victim.known_by(**{name: victim.id}).trying(kind), attacker.known_by(**{name: attacker.id}).trying(kind))
        for name, kind in zip(
            _KINDS, ("scope: an agent alone", "scope: a run alone", "scope: an app alone"), strict=True
        )
    )


def crossed(victim: Tenant, attacker: Tenant) -> tuple[Couple, ...]:
    """Return the two known by ids of different kinds, or by the same ids in other places."""
    beside, named, places = (
        "scope: a guest beside a user",
        "scope: one name of two kinds",
        "scope: parts that change places",
    )
    assistant = {"agent_id": "assistant"}
    return (
        (victim.in_scope(**assistant), attacker.known_by(**assistant, run_id=attacker.id).trying(beside)),
        (victim.known_by(**assistant, run_id=victim.id).trying(beside), attacker.in_scope(**assistant).trying(beside)),
        *((victim, attacker.known_by(**{name: victim.id}).trying(named)) for name in _KINDS),
        *((victim, attacker.in_scope(**{name: victim.id}).trying(named)) for name in _KINDS),
        (victim.in_scope(run_id=attacker.id), attacker.in_scope(run_id=victim.id).trying(places)),
        (victim.in_scope(agent_id=attacker.id), attacker.in_scope(agent_id=victim.id).trying(places)),
    )


def two_of_one(victim: Tenant) -> tuple[Couple, ...]:
    """Return one person's user id in two runs, with two agents, or in two apps."""
    return tuple(
        (victim.in_scope(**{name: "one"}), victim.in_scope(**{name: "two"}).trying("scope: one person in two"))
        for name in _KINDS
    )


_FAMILIES: tuple[Callable[[Tenant, Tenant], tuple[Couple, ...]], ...] = (sharing, alone, crossed)
# Anybody: how many couples there are hangs on no id.
_ONE, _OTHER = (Tenant(index, f"u_{index}", "One", ()) for index in (1, 2))


def shapes() -> Iterator[Callable[[Tenant, Tenant], Couple]]:
    """Yield functions from a victim and an attacker to the two under ids of one shape, each shape once."""
    for family in _FAMILIES:
        yield from (partial(_member, family, member) for member in range(len(family(_ONE, _OTHER))))


def _member(
    family: Callable[[Tenant, Tenant], tuple[Couple, ...]], member: int, victim: Tenant, attacker: Tenant
) -> Couple:
    return family(victim, attacker)[member]
