"""Who meets whom in a generated history: two tenants, under ordinary ids or under such as a store may take for one."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from ..model.tenants import Tenant
from . import joined_texts
from .hostile_ids import JOINTS, TRUTHS, joined, respelled
from .hostile_scopes import beside_a_shared_one, hostile_parts
from .id_classes import Disguise, beside, composed, under
from .identities import Couple, alone, crossed, sharing

# How many compositions there are in turn, and how far apart they lie.
_COMPOSED, _STRIDE = 8, 7
# What it is called, the policy that would allow such ids, empty where none does; and the couples.
_Family: TypeAlias = tuple[str, str, Callable[[Tenant, Tenant], Sequence[Couple]]]


def _under(*names: str) -> Callable[[Tenant, Tenant], list[Couple]]:
    # An id without a letter that has a look-alike is its own: under one id two would rightly share a memory.
    return lambda victim, attacker: [
        (victim, attacker.posing_as(hostile.id, hostile.kind)) for hostile in under(victim.id, *names)
    ]


def _pairs(pairs: Callable[[Tenant], Iterable[tuple[object, Disguise]]]) -> Callable[[Tenant, Tenant], list[Couple]]:
    return lambda victim, attacker: [
        (victim.posing_as(own), attacker.posing_as(hostile.id, hostile.kind)) for own, hostile in pairs(victim)
    ]


def _beside(*names: str) -> Callable[[Tenant, Tenant], list[Couple]]:
    return _pairs(lambda victim: beside(victim.id, *names))


def _respelled(victim: Tenant) -> list[tuple[object, Disguise]]:
    return [(own, Disguise(other, "id: number")) for own, other in (*respelled(victim.index), *TRUTHS)]


def _composed(victim: Tenant, attacker: Tenant) -> list[Couple]:
    # Other ones for each victim: there are more than any history tries.
    hostile = (composed(victim.id, (victim.index + number) * _STRIDE) for number in range(_COMPOSED))
    return [(victim, attacker.posing_as(one, "id: composed")) for one in hostile if one != victim.id]


def _colliding(victim: Tenant, attacker: Tenant) -> list[Couple]:
    couples = []
    for joint in JOINTS:
        own_run, strangers = joined(victim.id, joint)
        couples += [
            (
                victim.posing_as(victim.id).in_scope(run_id=own_run),
                attacker.posing_as(user, "id: joint").in_scope(run_id=run),
            )
            for user, run in strangers
        ]
    return couples


def _with_a_question(victim: Tenant, attacker: Tenant) -> list[Couple]:
    # Some of each: most keys begin with the user.
    couples = joined_texts.couples(victim, attacker)
    return [*couples[::2], couples[3]]


def _known_otherwise(victim: Tenant, attacker: Tenant) -> list[Couple]:
    return [*alone(victim, attacker), *crossed(victim, attacker)]


def _beside_shared(victim: Tenant, attacker: Tenant) -> list[Couple]:
    # Some of each: a history has few couples to spend. Of agents and of runs a pattern and a blank.
    ids, parts = beside_a_shared_one(victim, attacker), hostile_parts(victim, attacker)
    return [*ids[:4], *ids[22:28], *parts[::3]]


_FAMILIES: tuple[_Family, ...] = (
    ("a shared run or agent", "", sharing),
    ("ids of other kinds than a user's", "", _known_otherwise),
    ("hostile ids beside a shared one", "", _beside_shared),
    ("ids that join to one key", "", _colliding),
    ("wildcard ids", "wildcard-ids", _under("id: pattern")),
    ("ids with blanks", "aliases", _under("id: blanks")),
    ("ids spelled otherwise", "aliases", _pairs(_respelled)),
    ("addresses", "aliases", _beside("id: address")),
    ("look-alike ids", "", _under("id: case", "id: full width", "id: invisible", "id: look-alike")),
    ("ids in percent", "", _under("id: percent", "id: path in percent")),
    ("ids that are a path", "", _under("id: path")),
    ("ids with other punctuation", "", _under("id: punctuation")),
    ("ids that clean to one", "", _beside("id: cleaning")),
    ("ids that fold to one", "", _beside("id: folding", "id: normalisation")),
    ("ids that begin alike", "", _beside("id: begun", "id: cut")),
    ("parts of ids", "", _under("id: shorter", "id: longer", "id: role")),
    ("ids that join with a question", "", _with_a_question),
    ("ids changed twice", "", _composed),
    ("ids that are a query", "", _under("id: expression")),
    ("no id", "", _under("id: no id")),
)
FAMILIES = len(_FAMILIES)
# What each is called in a report.
NAMES = tuple(name for name, _, _ in _FAMILIES)
# Anybody whose id has what there is to change: letters that have a look-alike, and punctuation.
_ONE, _OTHER = (Tenant(index, f"mf-ann-{index}", "Ann", ()) for index in (1, 2))
# The largest one has not more members.
MEMBERS = max(len(members(_ONE, _OTHER)) for _, _, members in _FAMILIES)


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
