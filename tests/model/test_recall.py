from collections.abc import Iterable

import pytest

from memfence import Chat, DeleteAll, GetAll, Operation, Population, Record, Search
from memfence.model.observations import Crashed, Observation, Returned, Step
from memfence.model.recall import Recall

ALICE, BOB, *_ = Population(42, 3)
OWN = ALICE.facts[0]
SAID = (Chat(ALICE, OWN, seeks=OWN), Returned())
KEPT = Returned((Record("1", f"She says: {OWN.text}", ALICE.id),))
REPHRASED = Returned((Record("1", "She likes something.", ALICE.id),))
NAMED = Returned((Record("1", f"The user knows {OWN.name.upper()}.", ALICE.id),))
CODED = Returned((Record("1", f"The user's code is {OWN.canary}.", ALICE.id),))
KEY = (ALICE.index, OWN.number)


def recall(events: Iterable[tuple[Operation, Observation]]) -> Recall:
    found = Recall()
    for index, (operation, observation) in enumerate(events, 1):
        found.note(Step(index, operation, observation))
    return found


@pytest.mark.parametrize("look", [Search(ALICE, OWN.text, OWN), GetAll(ALICE, OWN)])
def test_a_fact_that_survived_is_found_again(look: Operation) -> None:
    found = recall([SAID, (look, KEPT)])

    assert (found.looked_for, found.found) == ({KEY}, {KEY})


@pytest.mark.parametrize(
    ("seen", "codes", "names"), [(KEPT, {KEY}, {KEY}), (NAMED, set(), {KEY}), (CODED, {KEY}, set())]
)
def test_codes_and_names_are_told_apart_and_either_is_enough(
    seen: Returned, codes: set[tuple[int, int]], names: set[tuple[int, int]]
) -> None:
    found = recall([SAID, (GetAll(ALICE, OWN), seen)])

    assert (found.codes, found.names, found.found) == (codes, names, {KEY})
    assert found.nothing_left == set()


def test_who_finds_one_of_several_has_something_left() -> None:
    other = ALICE.facts[1]
    said = [SAID, (Chat(ALICE, other, seeks=other), Returned())]

    one = recall([*said, (GetAll(ALICE, OWN), KEPT), (GetAll(ALICE, other), KEPT)])
    none = recall([*said, (GetAll(ALICE, OWN), REPHRASED), (GetAll(ALICE, other), REPHRASED)])

    assert (one.nothing_left, none.nothing_left) == (set(), {ALICE.index})


def test_one_that_was_rephrased_until_both_marks_were_gone_is_not() -> None:
    found = recall([SAID, (GetAll(ALICE, OWN), REPHRASED)])

    assert (found.looked_for, found.found) == ({KEY}, set())


@pytest.mark.parametrize(
    "events",
    [
        [(GetAll(ALICE, OWN), KEPT)],
        [SAID, (GetAll(BOB, OWN), KEPT)],
        [SAID, (GetAll(ALICE, OWN), Crashed("OSError", "down", "net.py:1 in get"))],
        [(Chat(ALICE, OWN, seeks=OWN), Crashed("OSError", "down", "net.py:1 in get")), (GetAll(ALICE, OWN), REPHRASED)],
        [SAID, (DeleteAll(ALICE, owner=ALICE.index), Returned()), (GetAll(ALICE, OWN), Returned())],
    ],
    ids=["stored as it is", "another's look", "no answer", "never said", "erased"],
)
def test_what_tells_nothing_of_the_llm_is_not_counted(events: list[tuple[Operation, Observation]]) -> None:
    assert recall(events).looked_for == set()
