import pytest

from memfence import Add, Delete, Get, History, Population, Record, RecordRef, Step, Update
from memfence.judging.attribution import CanaryAttributor
from memfence.judging.oracles.existence import existence
from memfence.model.findings import Finding, FindingClass, Severity
from memfence.model.observations import Crashed, Observation, Refused, Returned

POPULATION = Population(seed=5, size=3)
ALICE, BOB, CAROL = POPULATION
NOWHERE = RecordRef(0, ALICE.index)
FOREIGN = RecordRef(1, BOB.index)
PLANTED = Add(BOB, BOB.facts[0])
NO = Refused("RecordNotFoundError", "no record of this id in the bound scope")


def judged(kind: type, of_unknown: Observation, of_foreign: Observation) -> list[Finding]:
    """Return what the oracle says where Alice asks for an unknown and for Bob's id."""
    extra = ("new text",) if kind is Update else ()
    judge = existence(CanaryAttributor(POPULATION))
    steps = [
        Step(1, PLANTED, Returned()),
        Step(2, kind(ALICE, NOWHERE, *extra), of_unknown),
        Step(3, kind(ALICE, FOREIGN, *extra), of_foreign),
    ]
    return [finding for step in steps for finding in judge(step)]


@pytest.mark.parametrize("kind", [Get, Update, Delete, History])
def test_the_same_no_to_both_tells_nothing(kind: type) -> None:
    assert judged(kind, NO, NO) == []


@pytest.mark.parametrize("kind", [Get, Update, Delete, History])
@pytest.mark.parametrize(
    "other",
    [Refused("PermissionError", "not yours"), Refused("RecordNotFoundError", "it is somebody else's")],
    ids=["another kind", "another text"],
)
def test_a_no_of_another_kind_or_text_tells_that_the_record_exists(kind: type, other: Refused) -> None:
    (finding,) = judged(kind, NO, other)

    assert (finding.klass, finding.severity) == (FindingClass.LEAK, Severity.LOW)
    assert (finding.observer, finding.owner) == (ALICE, BOB)
    assert finding.witness[0] == PLANTED
    assert other.message in finding.evidence[1]


@pytest.mark.parametrize(("first", "second"), [(Returned(), NO), (NO, Returned())], ids=["empty, no", "no, empty"])
def test_nothing_for_the_one_and_a_no_for_the_other_is_a_difference(first: Observation, second: Observation) -> None:
    assert len(judged(Get, first, second)) == 1
    assert judged(Delete, first, second) == []


def test_messages_that_differ_in_the_id_alone_are_the_same() -> None:
    unknown = Refused("ValueError", "Memory with id 0b1f7a52-9c1d-5d8e-9f39-0f0e3d6f0a11 not found")
    foreign = Refused("ValueError", "Memory with id 6ba7b810-9dad-11d1-80b4-00c04fd430c8 not found")

    assert judged(Delete, unknown, foreign) == []


def test_masked_messages_are_not_compared() -> None:
    unknown = Refused("ValueError", "<60 characters, #0a1b2c3d>")
    foreign = Refused("ValueError", "<61 characters, #ffffffff>")

    assert judged(Get, unknown, foreign) == []


@pytest.mark.parametrize(
    "shown",
    [
        Returned((Record("1", BOB.facts[0].text),)),
        Crashed("OSError", "disk full", "store.py:3"),
        Refused("IsolationError", "withheld", contained=True),
    ],
    ids=["the record itself", "a crash", "withheld"],
)
def test_what_other_oracles_judge_is_left_to_them(shown: Observation) -> None:
    assert judged(Get, NO, shown) == []


def test_without_an_unknown_id_to_compare_with_nothing_is_said() -> None:
    judge = existence(CanaryAttributor(POPULATION))

    found = [*judge(Step(1, PLANTED, Returned())), *judge(Step(2, Get(ALICE, FOREIGN), NO))]
    other = [
        *judge(Step(3, Get(CAROL, RecordRef(0, CAROL.index)), Returned())),
        *judge(Step(4, Get(ALICE, FOREIGN), NO)),
    ]

    assert found == other == []


def test_an_id_that_is_spelt_otherwise_is_compared_with_an_unknown_one_that_is_spelt_alike() -> None:
    judge = existence(CanaryAttributor(POPULATION))
    odd = Refused("ValueError", "this is no id")
    steps = [
        Step(1, PLANTED, Returned()),
        Step(2, Get(ALICE, NOWHERE), NO),
        Step(3, Get(ALICE, RecordRef(1, BOB.index, "./{id}")), odd),
        Step(4, Get(ALICE, RecordRef(0, ALICE.index, "{ID}")), NO),
        Step(5, Get(ALICE, RecordRef(1, BOB.index, "{ID}")), Refused("PermissionError", "not yours")),
    ]

    found = [finding for step in steps for finding in judge(step)]

    assert [finding.step.index for finding in found] == [5]


def test_an_answer_that_quotes_the_id_under_which_somebody_comes_tells_nothing_of_a_record() -> None:
    posing = ALICE.posing_as(f"{ALICE.id}_x")
    judge = existence(CanaryAttributor(POPULATION))
    steps = [
        Step(1, PLANTED, Returned()),
        Step(2, Get(ALICE, NOWHERE), Refused("KeyError", "nothing of ann's")),
        Step(3, Get(posing, FOREIGN), Refused("KeyError", "nothing of ann_x's")),
    ]

    assert [finding for step in steps for finding in judge(step)] == []
