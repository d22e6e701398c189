"""Which client an operation goes through."""

import pytest

from memfence import Ability, Add, GetAll, Population, ReadStorage, Reset
from memfence.model.operations import Operation
from memfence.plans.clients import ASYNCHRONOUS, CLASSES, WAYS, asynchronously, by_either

ALICE, _ = Population(seed=5, size=2)
FACT = ALICE.facts[0]
BOTH = frozenset({"get_all", "async", "async.get_all", "reset", "async_reset", "storage"})


def test_whoever_comes_through_the_asynchronous_client_tries_that_class_of_attack() -> None:
    assert asynchronously(ALICE) == ALICE.through_async().trying(ASYNCHRONOUS)
    assert asynchronously(ALICE.posing_as("*", "id: pattern")).kind == "id: pattern"
    assert set(CLASSES) == {ASYNCHRONOUS}


@pytest.mark.parametrize("operation", [GetAll(ALICE, FACT), Reset(ALICE)])
def test_a_way_says_for_each_place_through_which_client_a_call_goes(operation: Operation) -> None:
    found = [by_either(operation, 0b10, place, BOTH).principal.asynchronous for place in range(3)]

    assert found == [False, True, False]
    assert all(by_either(operation, WAYS - 1, place, BOTH).principal.asynchronous for place in range(40))


@pytest.mark.parametrize(
    ("operation", "available"),
    [
        (GetAll(ALICE, FACT), frozenset({"get_all"})),
        (Add(ALICE, FACT), BOTH),
        (ReadStorage(ALICE, FACT), BOTH),
        (Reset(ALICE), BOTH - {Ability.ASYNC_RESET}),
    ],
)
def test_what_only_the_plain_client_offers_goes_through_that(operation: Operation, available: frozenset[str]) -> None:
    assert by_either(operation, WAYS - 1, 0, available) == operation
