from collections.abc import Iterable
from typing import TypeAlias

import pytest

from memfence import (
    Add,
    Chat,
    Crowd,
    Delete,
    DeleteAll,
    Expire,
    Fact,
    GetAll,
    Operation,
    Population,
    RecordRef,
    Reopen,
    Reset,
    Step,
    Update,
)
from memfence.judging.attribution import CanaryAttributor
from memfence.judging.erasures import Erasure, Erasures
from memfence.model.findings import Attribution
from memfence.model.observations import Crashed, Observation, Refused, Returned

POPULATION = Population(seed=5, size=2)
ALICE, BOB = POPULATION
FACT, OTHER = ALICE.facts[0], ALICE.facts[1]
DONE, NO, BROKEN = Returned(), Refused("ScopeError", "no"), Crashed("OSError", "full", "store.py:3 in add")
Told: TypeAlias = Operation | tuple[Operation, Observation]


def follow(*told: Told) -> Erasures:
    """Take operations, which came back unless told otherwise."""
    erasures = Erasures(CanaryAttributor(POPULATION))
    for index, one in enumerate(told, 1):
        operation, observation = one if isinstance(one, tuple) else (one, DONE)
        erasures.note(Step(index, operation, observation))
    return erasures


def erasure(fact: Fact, told: Iterable[Told]) -> Erasure | None:
    return follow(*told).of(Attribution(fact.owner, fact.number, fact.canary))


def is_gone(fact: Fact, *told: Told) -> bool:
    return erasure(fact, told) is not None


FIRST, SECOND = RecordRef(1, ALICE.index), RecordRef(2, ALICE.index)


@pytest.mark.parametrize("plant", [Add(ALICE, FACT), Chat(ALICE, FACT, BOB.facts[0])], ids=["add", "chat"])
@pytest.mark.parametrize(
    "erase", [DeleteAll(ALICE, owner=ALICE.index), Delete(ALICE, FIRST), Reset(BOB)], ids=["delete_all", "id", "reset"]
)
def test_what_was_stored_and_then_erased_is_gone(plant: Operation, erase: Operation) -> None:
    assert not is_gone(FACT, plant)
    assert is_gone(FACT, plant, erase)


@pytest.mark.parametrize("observation", [NO, BROKEN], ids=["refused", "crashed"])
@pytest.mark.parametrize(
    "erase",
    [DeleteAll(ALICE, owner=ALICE.index), Delete(ALICE, FIRST), Reset(ALICE)],
    ids=["delete_all", "delete", "reset"],
)
def test_an_erasure_that_did_not_come_back_erased_nothing(erase: Operation, observation: Observation) -> None:
    assert not is_gone(FACT, Add(ALICE, FACT), (erase, observation))


@pytest.mark.parametrize("observation", [NO, BROKEN], ids=["refused", "crashed"])
def test_a_fact_whose_add_failed_ought_not_to_be_there(observation: Observation) -> None:
    assert is_gone(FACT, (Add(ALICE, FACT), observation))


@pytest.mark.parametrize("observation", [NO, BROKEN], ids=["refused", "crashed"])
def test_a_failed_add_takes_nothing_away_from_what_was_stored_before(observation: Observation) -> None:
    posing = ALICE.posing_as("*")

    assert not is_gone(FACT, Add(ALICE, FACT), (Add(ALICE, FACT), observation))
    assert not is_gone(FACT, Add(ALICE, FACT), (Add(posing, FACT), observation))
    assert not is_gone(FACT, Chat(ALICE, FACT, OTHER), (Add(ALICE, FACT), observation))


def test_a_failed_chat_says_nothing_of_what_was_stored() -> None:
    assert not is_gone(FACT, (Chat(ALICE, FACT, OTHER), BROKEN))


@pytest.mark.parametrize(
    "again",
    [Add(ALICE, FACT), Chat(ALICE, FACT, OTHER), Add(ALICE.posing_as("*"), FACT), Add(ALICE.after_erasure(), FACT)],
    ids=["add", "chat", "other id", "after erasure"],
)
def test_a_fact_that_is_stored_again_is_not_gone(again: Operation) -> None:
    assert not is_gone(FACT, Add(ALICE, FACT), DeleteAll(ALICE, owner=ALICE.index), again)
    assert not is_gone(FACT, (Add(ALICE, FACT), NO), again)


def test_a_fact_that_an_update_writes_again_is_not_gone() -> None:
    erased: list[Told] = [Add(ALICE, FACT), Delete(ALICE, FIRST), Add(ALICE, OTHER)]

    assert not is_gone(FACT, *erased, Update(ALICE, RecordRef(3, ALICE.index), f"Now {FACT.text}"))
    # A target may quote what it refuses.
    assert not is_gone(FACT, *erased, (Update(ALICE, RecordRef(3, ALICE.index), FACT.text), NO))


def test_a_fact_that_a_tenant_writes_again_after_its_erasure_is_not_gone() -> None:
    back = ALICE.after_erasure()
    erased: list[Told] = [Add(ALICE, FACT), DeleteAll(ALICE, owner=ALICE.index), Add(back, OTHER)]

    assert not is_gone(FACT, *erased, Update(back, RecordRef(3, ALICE.index), FACT.text))
    assert is_gone(OTHER, *erased, Delete(back, RecordRef(3, ALICE.index)))


def test_what_an_update_replaced_stays_in_the_owners_own_history() -> None:
    assert not is_gone(FACT, Add(ALICE, FACT), Update(ALICE, FIRST, OTHER.text))


def test_a_record_that_is_deleted_takes_all_of_its_texts_with_it() -> None:
    told: list[Told] = [Add(ALICE, FACT), Update(ALICE, FIRST, OTHER.text), Delete(ALICE, FIRST)]

    assert is_gone(FACT, *told)
    assert is_gone(OTHER, *told)


def test_a_copy_under_another_record_is_not_erased_by_the_firsts_id() -> None:
    told: list[Told] = [Add(ALICE, FACT), Add(ALICE, FACT), Delete(ALICE, FIRST)]

    assert not is_gone(FACT, *told)
    assert is_gone(FACT, *told, Delete(ALICE, SECOND))


def test_a_copy_under_another_id_is_not_erased() -> None:
    told: list[Told] = [Add(ALICE, FACT), Add(ALICE.posing_as("7"), FACT), DeleteAll(ALICE, owner=ALICE.index)]

    assert not is_gone(FACT, *told)
    assert is_gone(FACT, *told, DeleteAll(ALICE.posing_as("7"), owner=ALICE.index))


@pytest.mark.parametrize(
    ("own", "other"), [("7", 7), ("7", " 7"), ("7", None), ("7", ["7"]), (1, True), (1, 1.0), ("\u00e9", "e\u0301")]
)
def test_an_id_of_another_type_or_spelling_is_another_id(own: object, other: object) -> None:
    stored = Add(ALICE.posing_as(own), FACT)

    assert not is_gone(FACT, stored, DeleteAll(ALICE.posing_as(other), owner=ALICE.index))
    assert is_gone(FACT, stored, DeleteAll(ALICE.posing_as(own), owner=ALICE.index))


def test_a_copy_in_another_scope_is_not_erased() -> None:
    first, second = ALICE.in_scope(run_id="run-1"), ALICE.in_scope(run_id="run-2")
    told: list[Told] = [Add(first, FACT), Add(second, FACT), DeleteAll(first, owner=ALICE.index)]

    assert not is_gone(FACT, *told)
    assert is_gone(FACT, *told, DeleteAll(second, owner=ALICE.index))


def test_a_wider_scope_is_erased_with_what_lies_in_it_and_a_narrower_one_leaves_the_rest() -> None:
    narrow = ALICE.in_scope(agent_id="cook", run_id="run-1")
    wide = ALICE.in_scope(run_id="run-1")

    assert is_gone(FACT, Add(narrow, FACT), DeleteAll(wide, owner=ALICE.index))
    assert is_gone(FACT, Add(narrow, FACT), DeleteAll(ALICE, owner=ALICE.index))
    assert not is_gone(FACT, Add(wide, FACT), DeleteAll(narrow, owner=ALICE.index))


def test_it_is_one_memory_through_either_client() -> None:
    assert is_gone(FACT, Add(ALICE, FACT), DeleteAll(ALICE.through_async(), owner=ALICE.index))


def test_another_tenants_erasure_leaves_the_fact() -> None:
    told: list[Told] = [Add(ALICE, FACT), Add(BOB, BOB.facts[0])]

    for erase in (DeleteAll(BOB, owner=ALICE.index), DeleteAll(BOB.posing_as(ALICE.id), owner=ALICE.index)):
        assert not is_gone(FACT, *told, erase)
    assert not is_gone(FACT, *told, Delete(BOB, FIRST))


def test_a_reset_erases_everybodys_facts_and_a_restart_nobodys() -> None:
    told: list[Told] = [Add(ALICE, FACT), Add(BOB, BOB.facts[0])]

    assert is_gone(FACT, *told, Reset(BOB))
    assert is_gone(BOB.facts[0], *told, Reset(BOB))
    assert not is_gone(FACT, *told, Reopen(BOB))


def test_looking_erases_nothing_and_what_was_never_stored_was_never_erased() -> None:
    assert not is_gone(FACT, Add(ALICE, FACT), GetAll(ALICE, FACT))
    assert not is_gone(OTHER, Add(ALICE, FACT), DeleteAll(ALICE, owner=ALICE.index))


@pytest.mark.parametrize(
    ("told", "planted", "story"),
    [
        ([Add(ALICE, FACT), DeleteAll(ALICE, owner=0)], 1, "it was erased at operation 2 by delete_all"),
        ([Add(ALICE, FACT), Delete(ALICE, FIRST)], 1, "it was erased at operation 2 by delete"),
        ([Add(ALICE, FACT), Reset(BOB)], 1, "it was erased at operation 2 by reset"),
        ([Chat(ALICE, FACT, OTHER), Reset(BOB)], 1, "it was erased at operation 2 by reset"),
        ([(Add(ALICE, FACT), NO)], 1, "its add at operation 1 failed (refused)"),
        ([(Add(ALICE, FACT), BROKEN)], 1, "its add at operation 1 failed (crashed)"),
        # The latest erasure is the one to tell, with what it erased.
        (
            [Add(ALICE, FACT), Delete(ALICE, FIRST), Chat(ALICE, FACT, OTHER), DeleteAll(ALICE, owner=0)],
            3,
            "it was erased at operation 4 by delete_all",
        ),
    ],
)
def test_an_erasure_tells_what_stored_the_fact_and_how_it_came_to_be_gone(
    told: list[Told], planted: int, story: str
) -> None:
    found = erasure(FACT, told)

    assert found is not None
    first = told[planted - 1]
    assert found.planted == (first[0] if isinstance(first, tuple) else first)
    assert found.story == story


def test_what_was_put_there_at_once_is_erased_with_all_that_its_owner_has() -> None:
    loaded = Crowd(ALICE, (Add(ALICE, FACT), Add(ALICE, OTHER)))

    assert not is_gone(FACT, loaded)
    assert is_gone(FACT, loaded, DeleteAll(ALICE, owner=ALICE.index))
    assert not is_gone(FACT, loaded, DeleteAll(BOB, owner=ALICE.index))
    assert not is_gone(FACT, (loaded, BROKEN), DeleteAll(ALICE, owner=ALICE.index))


def test_what_was_put_for_a_time_is_gone_when_that_is_over_and_all_the_rest_where_it_was_seen_to_run_out() -> None:
    lasting, brief = Add(ALICE, FACT), Add(ALICE, OTHER, ttl=60.0)

    assert is_gone(OTHER, lasting, brief, Expire(BOB))
    assert not is_gone(FACT, lasting, brief, Expire(BOB))
    assert is_gone(FACT, lasting, brief, Expire(BOB, everything=True))
