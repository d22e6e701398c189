from typing import Any

import pytest

from memfence import (
    Add,
    Delete,
    DeleteAll,
    Fact,
    Get,
    GetAll,
    History,
    Operation,
    Population,
    RecordRef,
    Search,
    Step,
    Tenant,
    Together,
    Update,
    interleave,
    read_beside,
    read_under,
)
from memfence.model.observations import Returned
from memfence.model.operations import is_probe
from memfence.plans.by_record_id import CHANGED
from memfence.plans.id_classes import Disguise
from memfence.plans.scenario import Plan
from memfence.plans.stories import shared_out

POPULATION = Population(seed=1, size=3, first=4)
FIRST, SECOND, ATTACKER = POPULATION


def told(plan: Plan) -> list[Operation]:
    operations: list[Operation] = []
    operation = next(plan, None)
    while operation is not None:
        assert not isinstance(operation, Together)
        operations.append(operation)
        try:
            operation = plan.send(Step(len(operations), operation, Returned()))
        except StopIteration:
            break
    return operations


def attacks(operations: list[Operation]) -> list[Operation]:
    """Return what reaches for another's records."""
    return [one for one in operations if is_probe(one) and one.owner != one.principal.index]


def test_one_tenant_tries_each_id_on_each_of_the_others() -> None:
    operations = told(read_under(POPULATION, lambda victim: ("*", victim.id + " ")))

    probes = attacks(operations)
    assert {operation.principal.index for operation in probes} == {ATTACKER.index}
    assert all(operation.principal.hostile for operation in probes)
    assert [(operation.principal.id, operation.owner) for operation in probes if isinstance(operation, Search)] == [
        ("*", FIRST.index),
        (f"{FIRST.id} ", FIRST.index),
        ("*", SECOND.index),
        (f"{SECOND.id} ", SECOND.index),
    ]


def test_the_victim_has_its_fact_and_has_seen_it_before_anybody_looks() -> None:
    operations = told(read_under(POPULATION, lambda _: ("*",)))

    fact = FIRST.facts[0]
    assert operations[:2] == [Add(FIRST, fact), GetAll(FIRST, fact)]
    assert isinstance(operations[2], Add)
    assert operations[2].principal.hostile


def test_an_id_that_is_a_tenants_own_is_no_disguise() -> None:
    operations = told(read_under(POPULATION, lambda victim: (victim.id, SECOND.id)))

    assert attacks(operations) == []


PAIRS = [("7", 7), ("7", " 7 "), ("True", True)]


def test_each_victim_signs_up_under_one_id_and_one_tenant_looks_under_the_other() -> None:
    operations = told(read_beside(POPULATION, lambda _: PAIRS))

    half = len(operations) // 2
    for victim, begun, part in ((FIRST, 0, operations[:half]), (SECOND, half, operations[half:])):
        fact, own = victim.facts[0], ATTACKER.facts[0]
        expected: list[Operation] = []
        for own_id, hostile_id in PAIRS:
            signed_up, stranger = victim.posing_as(own_id), ATTACKER.posing_as(hostile_id)
            record = RecordRef(begun + len(expected) + 1, victim.index)
            expected += [
                Add(signed_up, fact),
                GetAll(signed_up, fact),
                Add(stranger, own),
                GetAll(stranger, own),
                Search(stranger, own.bare, own),
                Search(stranger, fact.bare, fact),
                GetAll(stranger, fact),
                Get(stranger, record),
                History(stranger, record),
                Update(stranger, record, CHANGED),
                *looks_and_stores_again(signed_up, fact),
                Delete(stranger, RecordRef(begun + len(expected) + 12, victim.index)),
                *looks_and_stores_again(signed_up, fact),
                DeleteAll(stranger, owner=victim.index),
                GetAll(stranger.after_erasure(), own),
                Search(stranger.after_erasure(), own.bare, own),
                GetAll(signed_up, fact),
                Add(signed_up, fact),
                GetAll(signed_up, fact),
            ]
        assert part == expected
        assert [repr(operation.principal.id) for operation in part] == [
            repr(one)
            for own, hostile in PAIRS
            for one in (own, own, *[hostile] * 8, *[own] * 3, hostile, *[own] * 3, *[hostile] * 3, *[own] * 3)
        ]


def looks_and_stores_again(tenant: Tenant, fact: Fact) -> list[Operation]:
    """Return what an owner does who finds nothing, as here."""
    return [GetAll(tenant, fact), Add(tenant, fact), GetAll(tenant, fact)]


def test_who_signs_up_beside_a_victim_only_looks_for_its_fact() -> None:
    operations = told(read_beside(POPULATION, lambda _: PAIRS))

    probes = attacks(operations)
    assert {operation.principal.index for operation in probes} == {ATTACKER.index}
    assert {operation.owner for operation in probes} == {FIRST.index, SECOND.index}
    assert all(operation.principal.hostile for operation in operations)


def victims(plan: Plan) -> list[int]:
    """Return whose facts are looked for, in order."""
    return list(dict.fromkeys(operation.owner for operation in attacks(told(plan))))


@pytest.mark.parametrize(
    ("size", "probes", "attacked"),
    [(6, 2, 2), (6, 5, 5), (6, 9, 5), (6, 1, 1), (6, None, 5), (12, None, 11), (2, 1, 1)],
)
def test_the_one_tenant_attacks_as_many_as_it_was_said_that_each_attacks_or_all(
    size: int, probes: int | None, attacked: int
) -> None:
    population = Population(seed=1, size=size, facts=1, probes=probes, first=4)

    expected = list(range(4, 4 + attacked))
    assert victims(read_under(population, lambda victim: (f"{victim.id} ",))) == expected
    assert victims(read_beside(population, lambda _: PAIRS)) == expected


def rounds(population: Population, **options: Any) -> list[Together]:
    plan = interleave(population, **options)
    found: list[Together] = []
    wanted = next(plan, None)
    while wanted is not None:
        assert isinstance(wanted, Together)
        found.append(wanted)
        try:
            wanted = plan.send(Step(len(found), wanted.operations[-1], Returned()))
        except StopIteration:
            break
    return found


@pytest.mark.parametrize(("size", "tenants"), [(2, 2), (5, 5), (8, 8), (20, 8)])
def test_up_to_eight_tenants_add_list_and_attack_at_once(size: int, tenants: int) -> None:
    population = Population(seed=1, size=size, facts=1, first=4)

    found = rounds(population)

    assert {len(together.operations) for together in found} == {tenants}
    assert len({operation.principal.index for operation in found[0].operations}) == tenants
    for adds, looks, probes in zip(found[::3], found[1::3], found[2::3], strict=True):
        assert all(isinstance(operation, Add) for operation in adds.operations)
        # What was added in this round is what its owner looks for, and what somebody else is after.
        facts = [operation.fact for operation in adds.operations if isinstance(operation, Add)]
        assert [operation.seeks for operation in looks.operations if isinstance(operation, GetAll)] == facts
        assert not any(is_probe(operation) for operation in (*adds.operations, *looks.operations))
        assert all(is_probe(operation) for operation in probes.operations)
        sought = [operation.seeks for operation in probes.operations if isinstance(operation, GetAll | Search)]
        assert sorted(fact.owner for fact in sought) == sorted(fact.owner for fact in facts)
        assert set(sought) == set(facts)
    assert {type(operation) for operation in found[2].operations} == {GetAll, Search}


def test_each_round_adds_other_facts() -> None:
    found = rounds(Population(seed=1, size=3, facts=1))

    canaries = [
        operation.fact.canary for together in found for operation in together.operations if isinstance(operation, Add)
    ]
    assert len(set(canaries)) == len(canaries) == len(found)
    assert len(found) >= 30


def test_threads_may_go_through_another_client() -> None:
    found = rounds(Population(seed=1, size=3), client=Tenant.through_async)

    assert all(operation.principal.asynchronous for together in found for operation in together.operations)


def test_an_id_of_a_class_is_tried_as_one_of_that_class() -> None:
    under = told(read_under(POPULATION, lambda _: (Disguise("*", "id: pattern"),)))
    beside = told(read_beside(POPULATION, lambda _: [("a.b", Disguise("a_b", "id: cleaning"))]))

    for operations, kind in ((under, "id: pattern"), (beside, "id: cleaning")):
        assert {operation.principal.kind for operation in operations if is_probe(operation)} == {kind}
        assert {operation.principal.kind for operation in operations if operation.principal.index < ATTACKER.index} == {
            ""
        }


def test_members_that_are_shared_out_are_each_tried_once() -> None:
    population = Population(seed=1, size=4)
    members = ["a", "b", "c", "d", "e"]

    operations = told(read_under(population, shared_out(population, lambda _: members)))

    tried = [operation.principal.id for operation in attacks(operations) if isinstance(operation, Search)]
    assert sorted(tried) == members
    assert victims(read_under(population, shared_out(population, lambda _: members))) == [0, 1, 2]


def test_who_comes_under_such_an_id_looks_for_its_own_before_it_leaves_and_in_the_same_words_afterwards() -> None:
    operations = told(read_under(POPULATION, lambda _: ("*",)))

    own = [one for one in operations if isinstance(one, Search) and one.owner == ATTACKER.index]
    assert [one.principal.erased for one in own] == [False, True] * 2
    assert len({one.query for one in own}) == 1
    assert all(one.principal.hostile for one in own)


@pytest.mark.parametrize("story", [read_under, read_beside])
def test_where_callers_choose_keys_the_victim_has_one_that_the_stranger_never_sends(story: Any) -> None:
    population = Population(seed=1, size=3, first=4, keys="flat")
    ids = {read_under: lambda _: ("*", "%"), read_beside: lambda _: (("a.b", "a_b"), ("c.d", "c_d"))}[story]

    operations = told(story(population, ids))

    stored = {(one.principal.index, one.key) for one in operations if isinstance(one, Add)}
    sent = {one.record.key for one in operations if isinstance(one, Get | Update | Delete) and is_probe(one)}
    unsent = {owner for owner, key in stored if key not in sent}
    assert unsent >= {population.first, population.first + 1}
    assert len(sent) == 2
