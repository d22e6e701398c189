from collections.abc import Callable

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
    Record,
    RecordRef,
    Search,
    Tenant,
    Update,
)
from memfence.judging.attribution import CanaryAttributor
from memfence.judging.sightings import Miss, Sightings
from memfence.model.observations import Crashed, Observation, Refused, Returned, Step

POPULATION = Population(42, 4)
ALICE, BOB, CAROL, DAVE = POPULATION
FACT = ALICE.facts[0]
NOTHING = Returned()
REFUSED = Refused("ScopeError", "no")
CRASHED = Crashed("OSError", "broken pipe", "net.py:1 in send")
ADD = Add(ALICE, FACT)
LOOK = Search(ALICE, FACT.about, FACT)
LIST = GetAll(ALICE, FACT)


def _showing(*facts: Fact) -> Returned:
    return Returned(tuple(Record(str(number), fact.text) for number, fact in enumerate(facts)))


def _misses(*events: tuple[Operation, Observation]) -> list[Miss]:
    sightings = Sightings(CanaryAttributor(POPULATION))
    seen = [sightings.see(Step(index, *event)) for index, event in enumerate(events, 1)]
    return [miss for miss in seen if miss is not None]


@pytest.mark.parametrize("look", [LOOK, LIST], ids=["search", "get_all"])
def test_a_stored_fact_that_its_owner_looks_for_in_vain_is_missed(look: Operation) -> None:
    (miss,) = _misses((ADD, NOTHING), (look, NOTHING))

    assert miss == Miss(FACT, Step(2, look, NOTHING), look, planted=ADD, stored=False, seen=False, culprit=None)


@pytest.mark.parametrize(
    "reply",
    [
        _showing(FACT),
        _showing(ALICE.facts[1], BOB.facts[0], FACT),
        Returned((Record(None, FACT.text.lower(), structured=False),)),
        Returned((Record("1", "see its metadata", aside=(FACT.text,)),)),
        Returned(aside=(f"also: {FACT.canary}",)),
    ],
    ids=["alone", "among others", "a bare string", "in metadata", "beside the records"],
)
def test_a_fact_that_is_shown_anywhere_in_the_reply_is_not_missed(reply: Returned) -> None:
    assert _misses((ADD, NOTHING), (LOOK, reply)) == []


@pytest.mark.parametrize(
    "reply",
    [
        NOTHING,
        _showing(ALICE.facts[1]),
        _showing(BOB.facts[0]),
        Returned((Record("1", FACT.canary.replace("-", "*")),)),
    ],
    ids=["nothing", "another of its facts", "another tenant's fact", "a damaged canary"],
)
def test_other_content_is_no_sighting(reply: Returned) -> None:
    assert [miss.fact for miss in _misses((ADD, NOTHING), (LOOK, reply))] == [FACT]


@pytest.mark.parametrize(
    "reply",
    [Returned(aside=(FACT.text,)), Returned(aside=(f"no results for {FACT.text!r}",))],
    ids=["the query as a field", "the query in a sentence"],
)
def test_an_echo_of_the_query_is_no_sighting(reply: Returned) -> None:
    word_for_word = Search(ALICE, FACT.text, FACT)

    assert [miss.fact for miss in _misses((ADD, NOTHING), (word_for_word, reply))] == [FACT]


@pytest.mark.parametrize(
    "event",
    [
        (ADD, REFUSED),
        (ADD, CRASHED),
        (Add(ALICE, ALICE.facts[1]), NOTHING),
        (Add(BOB, BOB.facts[0]), NOTHING),
    ],
    ids=["refused", "crashed", "another fact", "another tenant's fact"],
)
def test_a_fact_that_was_never_stored_cannot_be_missed(event: tuple[Operation, Observation]) -> None:
    assert _misses(event, (LOOK, NOTHING)) == []


@pytest.mark.parametrize("outcome", [REFUSED, CRASHED])
def test_a_look_that_did_not_come_back_misses_nothing(outcome: Observation) -> None:
    assert _misses((ADD, NOTHING), (LOOK, outcome)) == []


@pytest.mark.parametrize("look", [Search(BOB, FACT.text, FACT), GetAll(BOB, FACT)], ids=["search", "get_all"])
def test_a_foreign_fact_that_is_not_found_is_as_it_should_be(look: Operation) -> None:
    assert _misses((ADD, NOTHING), (look, NOTHING)) == []


@pytest.mark.parametrize(
    "other", [Get(ALICE, RecordRef(1, ALICE.index)), History(ALICE, RecordRef(1, ALICE.index))], ids=["get", "history"]
)
def test_reading_by_id_is_no_look_for_a_fact(other: Operation) -> None:
    assert _misses((ADD, NOTHING), (other, NOTHING)) == []


def test_a_fact_is_missed_once_and_again_only_after_it_was_stored_again() -> None:
    misses = _misses((ADD, NOTHING), (LOOK, NOTHING), (LIST, NOTHING), (ADD, NOTHING), (LIST, NOTHING))

    assert [miss.step.index for miss in misses] == [2, 5]


def test_each_fact_is_followed_by_itself() -> None:
    second = ALICE.facts[1]

    misses = _misses(
        (ADD, NOTHING),
        (Add(ALICE, second), NOTHING),
        (GetAll(ALICE, second), _showing(FACT)),
        (LIST, _showing(FACT)),
    )

    assert [miss.fact for miss in misses] == [second]


def test_a_fact_that_was_found_before_is_missed_as_seen() -> None:
    (miss,) = _misses((ADD, NOTHING), (LOOK, _showing(FACT)), (LOOK, NOTHING))

    assert (miss.seen, miss.culprit) == (True, None)


WRITES: dict[str, Operation] = {
    "delete_all": DeleteAll(BOB, owner=ALICE.index),
    "delete": Delete(BOB, RecordRef(1, ALICE.index)),
    "update": Update(BOB, RecordRef(1, ALICE.index), "changed"),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
@pytest.mark.parametrize("outcome", [NOTHING, REFUSED, CRASHED], ids=["returned", "refused", "crashed"])
def test_another_tenants_write_since_the_last_sighting_is_the_culprit(write: Operation, outcome: Observation) -> None:
    (miss,) = _misses((ADD, NOTHING), (LOOK, _showing(FACT)), (write, outcome), (LOOK, NOTHING))

    assert miss.culprit == Step(3, write, outcome)


def test_a_write_before_the_last_sighting_is_no_culprit() -> None:
    (miss,) = _misses(
        (ADD, NOTHING),
        (LOOK, _showing(FACT)),
        (WRITES["delete_all"], NOTHING),
        (LOOK, _showing(FACT)),
        (LOOK, NOTHING),
    )

    assert miss.culprit is None


def test_without_a_sighting_there_is_no_culprit() -> None:
    (miss,) = _misses((ADD, NOTHING), (WRITES["delete_all"], NOTHING), (LOOK, NOTHING))

    assert (miss.seen, miss.culprit) == (False, None)


@pytest.mark.parametrize(
    ("principals", "culprit"),
    [
        ([BOB, CAROL], 4),
        ([BOB, CAROL, DAVE], 5),
        ([BOB, BOB, CAROL, BOB], 6),
        ([CAROL, CAROL, BOB], 5),
    ],
    ids=["two", "three", "taking turns", "twice the same"],
)
def test_of_several_writes_the_latest_is_the_culprit(principals: list[Tenant], culprit: int) -> None:
    writes: list[tuple[Operation, Observation]] = [
        (DeleteAll(principal, owner=ALICE.index), NOTHING) for principal in principals
    ]

    (miss,) = _misses((ADD, NOTHING), (LOOK, _showing(FACT)), *writes, (LOOK, NOTHING))

    assert miss.culprit is not None
    assert miss.culprit.index == culprit


@pytest.mark.parametrize(("principals", "culprit"), [([BOB], 3), ([BOB, CAROL], 4), ([CAROL, BOB, CAROL], 5)])
def test_the_owners_own_writes_elsewhere_hide_no_culprit(principals: list[Tenant], culprit: int) -> None:
    others: list[tuple[Operation, Observation]] = [
        (DeleteAll(principal, owner=ALICE.index), NOTHING) for principal in principals
    ]
    own = (Delete(ALICE, RecordRef(99, ALICE.index)), NOTHING)

    (miss,) = _misses((ADD, NOTHING), (LOOK, _showing(FACT)), *others, own, own, (LOOK, NOTHING))

    assert miss.culprit is not None
    assert miss.culprit.index == culprit


OWN_WRITES: dict[str, Operation] = {
    "delete_all": DeleteAll(ALICE, owner=BOB.index),
    "delete": Delete(ALICE, RecordRef(1, ALICE.index)),
    "update": Update(ALICE, RecordRef(1, ALICE.index), "changed"),
}


@pytest.mark.parametrize("write", OWN_WRITES.values(), ids=OWN_WRITES)
@pytest.mark.parametrize("outcome", [NOTHING, REFUSED, CRASHED], ids=["returned", "refused", "crashed"])
def test_what_the_owner_itself_removed_or_changed_is_not_missed(write: Operation, outcome: Observation) -> None:
    assert _misses((ADD, NOTHING), (LOOK, _showing(FACT)), (write, outcome), (LOOK, NOTHING)) == []


@pytest.mark.parametrize(
    "write",
    [Delete(ALICE, RecordRef(2, ALICE.index)), Delete(ALICE, RecordRef(1, BOB.index))],
    ids=["its other record", "another tenant's record"],
)
def test_removing_one_record_excuses_no_other(write: Operation) -> None:
    one, other = (Returned((Record(f"3f1c7d1e-8a55-4c0e-9f5a-0d8f6b6f2a1{n}", ""),)) for n in range(2))
    misses = _misses((ADD, one), (Add(ALICE, ALICE.facts[1]), other), (write, NOTHING), (LOOK, NOTHING))

    assert [miss.fact for miss in misses] == [FACT]


@pytest.mark.parametrize("write", [Delete, lambda *of: Update(*of, "changed")], ids=["delete", "update"])
@pytest.mark.parametrize(("outcome", "missed"), [(NOTHING, []), (CRASHED, []), (REFUSED, [FACT])])
def test_anothers_id_may_be_the_name_of_ones_own_record(
    write: Callable[..., Operation], outcome: Observation, missed: list[Fact]
) -> None:
    misses = _misses((ADD, NOTHING), (write(ALICE, RecordRef(1, BOB.index)), outcome), (LOOK, NOTHING))

    assert [miss.fact for miss in misses] == missed


def test_an_older_records_name_may_be_a_later_ones() -> None:
    first, second = (ADD, NOTHING), (Add(ALICE, ALICE.facts[1]), NOTHING)
    look = GetAll(ALICE, ALICE.facts[1])

    assert _misses(first, second, (OWN_WRITES["update"], NOTHING), (look, NOTHING)) == []


def test_what_is_seen_again_is_sure_again() -> None:
    doubted = (Delete(ALICE, RecordRef(1, BOB.index)), NOTHING)

    misses = _misses((ADD, NOTHING), doubted, (LOOK, _showing(FACT)), (LOOK, NOTHING))

    assert [miss.fact for miss in misses] == [FACT]


def test_who_stores_again_may_have_taken_the_place_of_its_own() -> None:
    write = (DeleteAll(BOB, owner=ALICE.index), NOTHING)
    again = (Add(ALICE, ALICE.facts[1]), NOTHING)

    (after,) = _misses((ADD, NOTHING), (LOOK, _showing(FACT)), again, write, (LOOK, NOTHING))
    (before,) = _misses((ADD, NOTHING), again, (LOOK, _showing(FACT)), write, (LOOK, NOTHING))

    assert (after.culprit is None, before.culprit is None) == (True, False)


def test_a_write_of_one_who_stored_nothing_changes_nothing() -> None:
    assert _misses((OWN_WRITES["delete_all"], NOTHING), (OWN_WRITES["delete"], NOTHING), (LOOK, NOTHING)) == []


def test_own_writes_by_two_clients_hide_no_culprit() -> None:
    own, theirs = RecordRef(9, ALICE.index), DeleteAll(BOB, owner=ALICE.index)

    (miss,) = _misses(
        (ADD, NOTHING),
        (LOOK, _showing(FACT)),
        (theirs, NOTHING),
        (Delete(ALICE, own), REFUSED),
        (Delete(ALICE.through_async(), own), REFUSED),
        (LOOK, NOTHING),
    )

    assert miss.culprit is not None
    assert miss.culprit.operation == theirs


def test_a_fact_is_not_missed_under_another_id_under_which_its_owner_could_store_nothing() -> None:
    longer = ALICE.posing_as(f"{ALICE.id}{'x' * 300}")
    refused = (Add(longer, FACT), REFUSED)

    assert _misses((ADD, NOTHING), refused, (GetAll(longer, FACT), NOTHING)) == []
    assert len(_misses((ADD, NOTHING), refused, (GetAll(longer, FACT), NOTHING), (LIST, NOTHING))) == 1
