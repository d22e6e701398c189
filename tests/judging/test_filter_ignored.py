from dataclasses import replace

import pytest

from memfence import (
    Add,
    Channel,
    Crowd,
    Delete,
    DeleteAll,
    GetAll,
    Operation,
    Population,
    Record,
    RecordRef,
    Reset,
    Search,
    Step,
    Tenant,
    Update,
)
from memfence.judging.attribution import CanaryAttributor
from memfence.judging.oracles.filter_ignored import filter_ignored
from memfence.model.findings import Finding, FindingClass, Verdict
from memfence.model.observations import Observation, Refused, Returned

POPULATION = Population(seed=5, size=3, facts=4)
ALICE, BOB, _ = POPULATION
TEA, RAIL, BARE, _ = ALICE.facts
SOUGHT = BOB.facts[0]
STORED = Returned((Record("1", "stored"),))
Event = tuple[Operation, Observation]
FILTERS = {"topic": "tea"}
ADDS: list[Event] = [
    (Add(ALICE, TEA, metadata={"topic": "tea", "rank": 1}), STORED),
    (Add(ALICE, RAIL, metadata={"topic": "rail", "rank": 5}), STORED),
    (Add(ALICE, BARE), STORED),
]
LOOKS = [GetAll(ALICE, SOUGHT), Search(ALICE, "food", SOUGHT)]


def judged(*events: Event) -> list[Finding]:
    judge = filter_ignored(CanaryAttributor(POPULATION))
    return [finding for index, event in enumerate(events, 1) for finding in judge(Step(index, *event))]


def shown(*texts: str) -> Returned:
    return Returned(tuple(Record(str(place), text) for place, text in enumerate(texts)))


ALL = shown(TEA.text, RAIL.text, BARE.text)


@pytest.mark.parametrize("look", LOOKS, ids=["get_all", "search"])
@pytest.mark.parametrize("extra", [RAIL, BARE], ids=["another value", "no value"])
def test_an_own_record_that_the_filter_leaves_out_is_a_violation(look: GetAll | Search, extra: object) -> None:
    assert extra in (RAIL, BARE)
    text = RAIL.text if extra is RAIL else BARE.text
    asked = replace(look, filters=FILTERS)

    (finding,) = judged(*ADDS, (asked, shown(TEA.text, text)))

    assert (finding.oracle, finding.klass, finding.verdict) == (
        "filter_ignored",
        FindingClass.INTEGRITY,
        Verdict.VIOLATED,
    )
    assert (finding.observer, finding.owner, finding.channel) == (ALICE, ALICE, look.channel)
    assert finding.witness == (ADDS[1 if extra is RAIL else 2][0], asked)
    assert finding.shown == text


@pytest.mark.parametrize("look", LOOKS, ids=["get_all", "search"])
def test_an_own_record_that_the_filter_takes_in_and_that_is_missing_leaves_the_question_open(
    look: GetAll | Search,
) -> None:
    asked = replace(look, filters=FILTERS)

    (finding,) = judged(*ADDS, (look, ALL), (asked, shown()))

    assert (finding.klass, finding.verdict) == (FindingClass.AVAILABILITY, Verdict.INCONCLUSIVE)
    assert finding.witness == (ADDS[0][0], look, asked)
    assert finding.look == replace(asked, seeks=TEA)
    assert set(finding.otherwise) == {finding.look}


def test_a_record_is_missed_under_an_operator_that_has_shown_something_before() -> None:
    asked = GetAll(ALICE, SOUGHT, {"topic": {"eq": "tea"}})
    known = GetAll(ALICE, SOUGHT, {"topic": {"eq": "rail"}}), shown(RAIL.text)

    assert judged(*ADDS, (LOOKS[0], ALL), (asked, shown())) == []
    (finding,) = judged(*ADDS, (LOOKS[0], ALL), known, (asked, shown()))

    assert finding.klass is FindingClass.AVAILABILITY


FOLLOWED: dict[str, list[Event]] = {
    "what it takes in": [(LOOKS[0], ALL), (GetAll(ALICE, SOUGHT, FILTERS), shown(TEA.text))],
    "nothing where no look without it was made": [(GetAll(ALICE, SOUGHT, FILTERS), shown())],
    "nothing where that did not show it": [
        (LOOKS[0], shown(RAIL.text, BARE.text)),
        (GetAll(ALICE, SOUGHT, FILTERS), shown()),
    ],
    "nothing to another question": [(LOOKS[1], ALL), (Search(ALICE, "work", SOUGHT, FILTERS), shown())],
    "a page that is full": [
        (LOOKS[0], shown(TEA.text)),
        (GetAll(ALICE, SOUGHT, {"rank": {"gt": 0}}), shown(RAIL.text)),
    ],
    "a refusal": [(LOOKS[0], ALL), (GetAll(ALICE, SOUGHT, FILTERS), Refused("ValueError", "no"))],
    "all, with a field that nobody stored": [(GetAll(ALICE, SOUGHT, {"place": "here"}), ALL)],
    "all, with an id": [(GetAll(ALICE, SOUGHT, {"user_id": BOB.id, **FILTERS}), ALL)],
    "all, with a text": [(GetAll(ALICE, SOUGHT, "topic == 'tea'"), ALL)],
    "all, with a list": [(GetAll(ALICE, SOUGHT, [FILTERS]), ALL)],
    "what stores mean differently": [
        (LOOKS[0], ALL),
        (GetAll(ALICE, SOUGHT, {"topic": "TEA"}), shown()),
        (GetAll(ALICE, SOUGHT, {"topic": {"ne": "tea"}}), shown(RAIL.text, BARE.text)),
        (GetAll(ALICE, SOUGHT, {"topic": {"ne": "tea"}}), shown(RAIL.text)),
    ],
    "another's record": [(GetAll(ALICE, SOUGHT, FILTERS), shown(TEA.text, SOUGHT.text))],
    "two facts in one record": [(GetAll(ALICE, SOUGHT, FILTERS), shown(f"{TEA.text} {RAIL.text}"))],
}


@pytest.mark.parametrize("events", FOLLOWED.values(), ids=FOLLOWED)
def test_it_is_silent_over(events: list[Event]) -> None:
    assert judged(*ADDS, *events) == []


@pytest.mark.parametrize(
    "write",
    [
        Update(BOB, RecordRef(1, ALICE.index), "x"),
        Delete(ALICE, RecordRef(1, ALICE.index)),
        DeleteAll(BOB, ALICE.index),
        Reset(BOB),
        Crowd(BOB, (Add(BOB, SOUGHT),)),
        Add(BOB, SOUGHT),
    ],
    ids=lambda write: type(write).__name__,
)
def test_what_is_gone_after_a_write_is_no_filters_fault(write: Operation) -> None:
    assert judged(*ADDS, (LOOKS[0], ALL), (write, Returned()), (GetAll(ALICE, SOUGHT, FILTERS), shown())) == []


def test_a_record_that_was_changed_or_stored_twice_is_not_judged() -> None:
    asked = GetAll(ALICE, SOUGHT, FILTERS), shown(RAIL.text)

    assert judged(*ADDS, (Update(ALICE, RecordRef(2, ALICE.index), "x"), Returned()), asked) == []
    assert judged(*ADDS, (Add(ALICE, RAIL, metadata={"topic": "tea"}), STORED), asked) == []
    assert judged(ADDS[0], (Add(ALICE, RAIL, metadata={"topic": "rail"}), Refused("ValueError", "no")), asked) == []
    assert judged(ADDS[0], (Add(ALICE, RAIL, metadata={"topic": "rail"}, into=BOB.index), STORED), asked) == []


@pytest.mark.parametrize("asker", [ALICE.posing_as("alice "), ALICE.after_erasure(), ALICE.in_scope(run_id="1")])
def test_what_one_stored_under_other_ids_is_not_judged(asker: Tenant) -> None:
    assert judged(*ADDS, (GetAll(asker, SOUGHT, FILTERS), ALL)) == []


def test_what_was_stored_by_one_client_is_judged_by_the_other_too() -> None:
    (finding,) = judged(*ADDS, (GetAll(ALICE.through_async().trying("filter: equality"), SOUGHT, FILTERS), ALL))

    assert finding.attack == "filter: equality"
    assert finding.channel is Channel.GET_ALL
