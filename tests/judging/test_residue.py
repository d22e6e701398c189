import dataclasses

import pytest

from memfence import (
    Add,
    Chat,
    Delete,
    DeleteAll,
    Get,
    GetAll,
    History,
    Operation,
    Population,
    ReadStorage,
    Record,
    RecordRef,
    Reset,
    Search,
    Step,
    Tenant,
    Update,
)
from memfence.judging.attribution import CanaryAttributor
from memfence.judging.oracles.residue import residue
from memfence.model.findings import Finding, FindingClass, Severity, Verdict
from memfence.model.observations import Crashed, Observation, Outside, Refused, Returned

POPULATION = Population(seed=5, size=3)
ALICE, BOB, CAROL = POPULATION
FACT, OTHER = ALICE.facts[0], ALICE.facts[1]
GONE = ALICE.after_erasure()
FIRST = RecordRef(1, ALICE.index)
ERASE = DeleteAll(ALICE, owner=ALICE.index)
SHOWN = Returned((Record("r1", FACT.text, ALICE.id),))


def judged(*told: Operation | tuple[Operation, Observation] | Step) -> list[Finding]:
    """Judge operations, which came back with nothing unless told otherwise."""
    judge = residue(CanaryAttributor(POPULATION))
    found: list[Finding] = []
    for index, one in enumerate(told, 1):
        match one:
            case Step():
                step = dataclasses.replace(one, index=index)
            case (operation, observation):
                step = Step(index, operation, observation)
            case _:
                step = Step(index, one, Returned())
        found += judge(step)
    return found


def stored(operation: Operation, *outside: Outside) -> Step:
    return Step(0, operation, Returned(), outside=outside)


@pytest.mark.parametrize(
    "seen",
    [
        SHOWN,
        Returned((Record("r1", "Something.", aside=(f"formerly: {FACT.text}",)),)),
        Returned(aside=(f"You once said: {FACT.text}",)),
        Returned((Record(None, FACT.canary.lower(), structured=False),)),
        Refused("LookupError", f"no such record: {FACT.text}"),
        Crashed("OSError", FACT.canary, "store.py:3 in get"),
    ],
    ids=["record", "beside a record", "beside the reply", "bare canary", "refusal", "crash"],
)
@pytest.mark.parametrize(
    "look",
    [Search(GONE, FACT.about, FACT), GetAll(GONE, FACT), Get(GONE, FIRST), History(GONE, FIRST)],
    ids=["search", "get_all", "get", "history"],
)
def test_an_erased_fact_that_any_call_serves_is_a_leak(look: Operation, seen: Observation) -> None:
    (finding,) = judged(Add(ALICE, FACT), ERASE, (look, seen))

    assert (finding.klass, finding.severity) == (FindingClass.LEAK, Severity.MEDIUM)
    assert finding.verdict is Verdict.VIOLATED
    assert (finding.observer, finding.owner, finding.step.index) == (GONE, ALICE, 3)
    assert finding.channel is look.channel
    assert finding.witness == (Add(ALICE, FACT), ERASE, look)
    assert finding.evidence[0].endswith(
        f"{ALICE.handle}'s fact 0, by its code: it was erased at operation 2 by delete_all"
    )
    assert finding.evidence[1] == f"it was served by {look.channel}"
    assert FACT.canary in finding.shown.upper()


@pytest.mark.parametrize("erase", [Delete(ALICE, FIRST), Reset(BOB)], ids=["delete", "reset"])
def test_what_one_delete_or_a_reset_left_is_found_too(erase: Operation) -> None:
    (finding,) = judged(Add(ALICE, FACT), erase, (GetAll(GONE, FACT), SHOWN))

    assert finding.witness[1] == erase


def test_a_fact_whose_add_failed_and_that_is_served_is_a_leak() -> None:
    failed = (Add(ALICE, FACT), Crashed("OSError", "full", "store.py:3 in add"))

    (finding,) = judged(failed, (GetAll(ALICE, OTHER), SHOWN))

    assert finding.klass is FindingClass.LEAK
    assert finding.witness == (Add(ALICE, FACT), GetAll(ALICE, OTHER))
    assert "its add at operation 1 failed (crashed)" in finding.evidence[0]


def test_a_fact_that_nobody_erased_is_no_residue() -> None:
    assert judged(Add(ALICE, FACT), (GetAll(ALICE, FACT), SHOWN)) == []
    assert judged(Add(ALICE, OTHER), ERASE, (GetAll(GONE, FACT), SHOWN)) == []


@pytest.mark.parametrize(
    "kept",
    [
        Add(GONE, FACT),
        Chat(GONE, FACT, OTHER),
        Add(ALICE.posing_as("7"), FACT),
        Add(ALICE.in_scope(run_id="run-1"), FACT),
    ],
    ids=["stored again", "said again", "other id", "other scope"],
)
def test_a_fact_that_was_stored_again_is_no_residue(kept: Operation) -> None:
    assert judged(Add(ALICE, FACT), ERASE, kept, (GetAll(GONE, FACT), SHOWN)) == []


def test_a_fact_that_another_id_or_scope_still_holds_is_no_residue() -> None:
    first, second = ALICE.in_scope(run_id="run-1"), ALICE.in_scope(run_id="run-2")
    posing = ALICE.posing_as("7")

    for erased, kept in ((first, second), (ALICE, posing), (posing, ALICE)):
        told: list[Operation] = [Add(erased, FACT), Add(kept, FACT), DeleteAll(erased, owner=ALICE.index)]
        assert judged(*told, (GetAll(kept, FACT), SHOWN)) == []


def test_a_fact_whose_later_add_was_refused_is_no_residue() -> None:
    refused = (Add(ALICE.posing_as("*"), FACT), Refused("ScopeError", f"no: {FACT.text}"))

    assert judged(Add(ALICE, FACT), refused, (GetAll(ALICE, FACT), SHOWN)) == []


def test_an_erasure_that_was_refused_leaves_no_residue() -> None:
    assert judged(Add(ALICE, FACT), (ERASE, Refused("ScopeError", "no")), (GetAll(ALICE, FACT), SHOWN)) == []


@pytest.mark.parametrize(
    "quoting",
    [Search(GONE, FACT.text, FACT), Add(GONE, OTHER, text=f"not {FACT.text} but {OTHER.text}")],
    ids=["search", "add"],
)
def test_what_the_principal_itself_quotes_is_no_residue(quoting: Operation) -> None:
    assert judged(Add(ALICE, FACT), ERASE, (quoting, SHOWN)) == []
    assert judged(Add(ALICE, FACT), ERASE, (quoting, Refused("ValueError", FACT.text))) == []


def test_quoting_one_fact_excuses_no_other() -> None:
    both = Returned((Record("r1", FACT.text), Record("r2", OTHER.text)))

    (finding,) = judged(Add(ALICE, FACT), Add(ALICE, OTHER), ERASE, (Search(GONE, FACT.text, FACT), both))

    assert finding.shown == OTHER.text


def test_the_failed_adds_own_error_may_quote_it() -> None:
    assert judged((Add(ALICE, FACT), Refused("ValueError", f"cannot store {FACT.text}"))) == []


@pytest.mark.parametrize("erase", [ERASE, Delete(ALICE, FIRST)], ids=["delete_all", "delete"])
def test_a_delete_may_return_what_it_deleted(erase: Operation) -> None:
    assert judged(Add(ALICE, FACT), (erase, SHOWN)) == []


def test_a_memory_that_keeps_its_users_queries_may_show_them_their_own() -> None:
    # Where the target has no get_all, a search by the fact's whole text takes its place.
    query = Search(GONE, FACT.text, FACT)

    assert judged(Add(ALICE, FACT), ERASE, query, (Search(GONE, FACT.about, FACT), SHOWN)) == []


def test_what_others_are_shown_is_another_oracles_finding() -> None:
    assert judged(Add(ALICE, FACT), ERASE, (GetAll(BOB, FACT), SHOWN)) == []


def test_one_call_that_serves_a_fact_many_times_is_one_finding_and_each_fact_has_its_own() -> None:
    twice = Returned((Record("r1", FACT.text, aside=(FACT.text,)), Record("r2", f"{FACT.text} {OTHER.text}")))

    found = judged(Add(ALICE, FACT), Add(ALICE, OTHER), ERASE, (GetAll(GONE, FACT), twice))

    assert [finding.evidence[0].partition("'s ")[2][:6] for finding in found] == ["fact 0", "fact 1"]


def test_each_call_that_serves_it_is_a_finding() -> None:
    look = (GetAll(GONE, FACT), SHOWN)

    assert [finding.step.index for finding in judged(Add(ALICE, FACT), ERASE, look, look)] == [3, 4]


def test_an_update_that_replaced_a_text_leaves_no_residue_in_the_owners_history() -> None:
    assert judged(Add(ALICE, FACT), Update(ALICE, FIRST, OTHER.text), (History(ALICE, FIRST), SHOWN)) == []


@pytest.mark.parametrize("reader", [GONE, BOB], ids=["owner", "somebody"])
def test_what_only_the_stores_files_hold_is_residue_with_its_place_and_leaves_the_verdict(reader: Tenant) -> None:
    look = ReadStorage(reader, FACT)

    found = judged(Add(ALICE, FACT), ERASE, stored(look, Outside("history.db", FACT.text), Outside("wal", FACT.canary)))

    assert [finding.evidence[1].rpartition(": ")[2] for finding in found] == ["history.db", "wal"]
    assert {(finding.klass, finding.severity) for finding in found} == {(FindingClass.RESIDUE, Severity.LOW)}
    assert {finding.verdict for finding in found} == {Verdict.HELD}
    assert {finding.owner for finding in found} == {ALICE}
    assert [finding.shown for finding in found] == [FACT.text, FACT.canary]
    assert found[0].witness == (Add(ALICE, FACT), ERASE, look)


def test_a_file_may_hold_what_was_not_erased_or_was_not_looked_for() -> None:
    told = [Add(ALICE, FACT), Add(BOB, BOB.facts[0])]
    held = Outside("store.db", f"{FACT.text} {BOB.facts[0].text} {OTHER.text}")

    assert judged(*told, stored(ReadStorage(ALICE, FACT), held)) == []
    # Bob's was not erased, and Alice's, which was, is not what is looked for here.
    assert judged(*told, ERASE, stored(ReadStorage(GONE, BOB.facts[0]), held)) == []
    assert judged(*told, ERASE, stored(ReadStorage(GONE, OTHER), held)) == []


def test_a_file_may_hold_what_was_stored_again() -> None:
    held = Outside("store.db", FACT.text)

    assert judged(Add(ALICE, FACT), ERASE, Add(GONE, FACT), stored(ReadStorage(GONE, FACT), held)) == []


def test_one_place_is_one_finding_however_often_it_says_it() -> None:
    row = Outside("history", f"old {FACT.canary}, new {FACT.canary}")

    assert len(judged(Add(ALICE, FACT), ERASE, stored(ReadStorage(GONE, FACT), row))) == 1
