"""Who meets whom in a generated history: two tenants, under ordinary ids or under such as a store may take for one."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from ..model.tenants import Tenant
from .hostile_ids import JOINTS, TRUTHS, expressions, joined, look_alikes, no_ids, padded, patterns, respelled, twins

Couple: TypeAlias = tuple[Tenant, Tenant]
# What it is called, the policy that would allow such ids, empty where none does; and the couples.
_Family: TypeAlias = tuple[str, str, Callable[[Tenant, Tenant], Sequence[Couple]]]

# An agent and a run that two users share.
_SCOPES: tuple[dict[str, str], ...] = (
    {"run_id": "run-1"},
    {"agent_id": "assistant"},
    {"agent_id": "assistant", "run_id": "run-1"},
)


def _under(ids: Callable[[str], Sequence[object]]) -> Callable[[Tenant, Tenant], list[Couple]]:
    # An id without a letter that has a look-alike is its own: under one id two would rightly share a memory.
    return lambda victim, attacker: [
        (victim, attacker.posing_as(hostile)) for hostile in ids(victim.id) if hostile != victim.id
    ]


def _beside(pairs: Callable[[Tenant], Sequence[tuple[object, object]]]) -> Callable[[Tenant, Tenant], list[Couple]]:
    return lambda victim, attacker: [
        (victim.posing_as(own), attacker.posing_as(hostile)) for own, hostile in pairs(victim)
    ]


def _sharing(victim: Tenant, attacker: Tenant) -> list[Couple]:
    return [(victim.in_scope(**scope), attacker.in_scope(**scope)) for scope in _SCOPES]


def _colliding(victim: Tenant, attacker: Tenant) -> list[Couple]:
    couples = []
    for joint in JOINTS:
        own_run, strangers = joined(victim.id, joint)
        couples += [
            (victim.posing_as(victim.id).in_scope(run_id=own_run), attacker.posing_as(user).in_scope(run_id=run))
            for user, run in strangers
        ]
    return couples


_FAMILIES: tuple[_Family, ...] = (
    ("a shared run or agent", "", _sharing),
    ("ids that join to one key", "", _colliding),
    ("wildcard ids", "wildcard-ids", _under(patterns)),
    ("ids with blanks", "aliases", _under(padded)),
    ("ids spelled otherwise", "aliases", _beside(lambda victim: respelled(victim.index) + TRUTHS)),
    ("look-alike ids", "", _under(look_alikes)),
    ("ids that fold to one", "", _beside(lambda victim: twins(victim.id))),
    ("ids that are a query", "", _under(expressions)),
    ("no id", "", _under(no_ids)),
)
FAMILIES = len(_FAMILIES)
# What each is called in a report.
NAMES = tuple(name for name, _, _ in _FAMILIES)
# The largest one has not more members.
MEMBERS = 2 * len(JOINTS)
# Anybody: how many couples there are hangs on no id.
_ONE, _OTHER = (Tenant(index, f"u_{index}", "One", ()) for index in (1, 2))


def _order() -> tuple[tuple[int, int], ...]:
    sizes = [len(members(_ONE, _OTHER)) for _, _, members in _FAMILIES]
    every = [(family, member) for family, size in enumerate(sizes) for member in range(size)]
    # Members of a large family follow closer on one another, so that any stretch has something of each.
    return tuple(sorted(every, key=lambda one: ((one[1] + 0.5) / sizes[one[0]], one[0])))


# Each couple once, as (family, member), the families mixed.
ORDER = _order()


def couple(victim: Tenant, attacker: Tenant, family: int, member: int, allowed: Sequence[str] = ()) -> Couple:
    """Return the two under ids of this family; any numbers will do, for they are taken in turns.

    Where the policy of `allowed` says that such ids are no attack, they come under their own ids.
    """
    _, policy, members = _FAMILIES[family % FAMILIES]
    if policy and policy in allowed:
        return victim, attacker
    couples = members(victim, attacker)
    return couples[member % len(couples)]
