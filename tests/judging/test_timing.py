from collections.abc import Iterator

import pytest

from memfence import Add, Get, Operation, Population, RecordRef, Search, Step, Tenant
from memfence.judging.attribution import CanaryAttributor
from memfence.judging.oracles.timing import timing
from memfence.model.findings import Finding, FindingClass, Severity, Verdict
from memfence.model.observations import Refused, Returned
from memfence.model.timings import QUESTION, RECORD, ROUNDS

POPULATION = Population(seed=5, size=3)
ALICE, BOB, CAROL = POPULATION
FOREIGN, NOWHERE = RecordRef(1, BOB.index), RecordRef(0, BOB.index)
PLANTED = Add(BOB, BOB.facts[0])
NO = Refused("RecordNotFoundError", "no record of this id in the bound scope")


def judged(timed: Iterator[tuple[Operation, float]]) -> list[Finding]:
    judge = timing(CanaryAttributor(POPULATION))
    steps = [Step(1, PLANTED, Returned())]
    steps += [Step(index, operation, NO, seconds) for index, (operation, seconds) in enumerate(timed, 2)]
    return [finding for step in steps for finding in judge(step)]


def reads(theirs: float, nobodys: float, rounds: int = ROUNDS, kind: str = RECORD) -> Iterator[tuple[Operation, float]]:
    """Yield so many pairs of looks at another's record and at one that nobody has, in changing order."""
    for number in range(rounds):
        reader = (ALICE, CAROL)[number % 2].trying(kind)
        pair = [(Get(reader, FOREIGN), theirs), (Get(reader, NOWHERE), nobodys)]
        yield from pair if number.bit_count() % 2 else reversed(pair)


def questions(again: float, new: float, by: Tenant = ALICE) -> Iterator[tuple[Operation, float]]:
    """Yield questions of Bob's, and those who ask again, or anew."""
    fact = BOB.facts[1]
    for number in range(ROUNDS):
        yield Search(BOB.trying(QUESTION), f"asked {number}", fact), again + new
        yield Search(by.trying(QUESTION), f"asked {number}", fact), again
        yield Search(by.trying(QUESTION), f"new {number}", fact), new


def test_anothers_record_that_takes_longer_is_told_once_and_makes_no_verdict() -> None:
    (finding,) = judged(reads(0.003, 0.002))

    assert (finding.oracle, finding.klass, finding.severity) == ("timing", FindingClass.TIMING, Severity.LOW)
    assert finding.verdict is Verdict.HELD
    assert (finding.observer, finding.owner, finding.attack) == (CAROL, BOB, RECORD)
    assert finding.evidence[0].startswith("another's record took 1 ms longer")


def test_a_question_that_another_has_asked_and_is_answered_sooner_is_told() -> None:
    (finding,) = judged(questions(0.001, 0.002))

    assert (finding.observer, finding.owner, finding.attack) == (ALICE, BOB, QUESTION)
    assert finding.evidence[0].startswith("a question that another had asked took 1 ms less")


@pytest.mark.parametrize(
    "timed",
    [
        reads(0.002, 0.002),
        reads(0.003, 0.002, rounds=ROUNDS - 1),
        reads(0.003, 0.002, kind=""),
        questions(0.002, 0.002),
        questions(0.001, 0.002, by=BOB),
    ],
    ids=["even", "too few", "of no such class", "even questions", "ones own questions"],
)
def test_nothing_is_told_of_what_is_even_or_too_few_or_no_pair(timed: Iterator[tuple[Operation, float]]) -> None:
    assert judged(timed) == []
