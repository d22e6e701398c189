import pytest
from hypothesis import given
from hypothesis import strategies as st

from memfence import Population
from memfence.model.tenants import Tenant
from memfence.plans.casting import FAMILIES, MEMBERS, NAMES, couple

WILD = NAMES.index("wildcard ids")
POPULATION = Population(seed=5, size=12)
ALICE, BOB, *_ = POPULATION


def couples(victim: Tenant, attacker: Tenant, allowed: tuple[str, ...] = ()) -> list[tuple[Tenant, Tenant]]:
    return [
        couple(victim, attacker, family, member, allowed) for family in range(FAMILIES) for member in range(MEMBERS)
    ]


def known_as(tenant: Tenant) -> tuple[str, tuple[tuple[str, str], ...]]:
    return repr(tenant.id), tenant.within


@given(seed=st.integers(0, 2**31), index=st.integers(0, 5000))
def test_no_two_ever_come_under_one_id_for_they_would_rightly_share_a_memory(seed: int, index: int) -> None:
    population = Population(seed, 5002)

    met = couples(population.tenant(index), population.tenant(index + 1))

    assert [pair for pair in met if known_as(pair[0]) == known_as(pair[1])] == []


def test_who_meets_whom_stays_the_same_whatever_their_ids() -> None:
    for victim, attacker in couples(ALICE, BOB):
        assert (victim.index, victim.facts) == (ALICE.index, ALICE.facts)
        assert (attacker.index, attacker.facts) == (BOB.index, BOB.facts)


def test_under_further_ids_two_ordinary_tenants_meet_in_one_scope() -> None:
    victim, attacker = couple(ALICE, BOB, 0, 0)

    assert (victim.id, attacker.id) == (ALICE.id, BOB.id)
    assert victim.within == attacker.within != ()
    assert not victim.hostile
    assert not attacker.hostile


@pytest.mark.parametrize(
    ("policy", "family"),
    [("wildcard-ids", WILD), ("aliases", NAMES.index("ids with blanks")), ("aliases", NAMES.index("addresses"))],
)
def test_a_policy_that_allows_such_ids_lets_them_meet_under_their_own(policy: str, family: int) -> None:
    attacked = couple(ALICE, BOB, family, 0)

    allowed = couple(ALICE, BOB, family, 0, (policy,))

    assert allowed == (ALICE, BOB) != attacked
    assert attacked[1].hostile


def test_a_policy_allows_no_other_ids() -> None:
    plain = couples(ALICE, BOB)

    allowed = couples(ALICE, BOB, ("wildcard-ids",))

    assert sum(one != other for one, other in zip(plain, allowed, strict=True)) == MEMBERS


def test_any_numbers_do_for_they_are_taken_in_turns() -> None:
    assert couple(ALICE, BOB, FAMILIES + WILD, 4) == couple(ALICE, BOB, WILD, 0)


def test_each_hostile_id_of_a_family_comes_up() -> None:
    ids = {attacker.id for member in range(MEMBERS) for _, attacker in [couple(ALICE, BOB, WILD, member)]}

    assert ids == {"*", "%", ".*", f"{ALICE.id[:12]}*"}
