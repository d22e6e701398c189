import pytest

from memfence import (
    Add,
    Channel,
    Chat,
    Delete,
    DeleteAll,
    Get,
    GetAll,
    Operation,
    Population,
    Record,
    RecordRef,
    Search,
    Step,
    Tenant,
    Update,
)
from memfence.judging.attribution import CanaryAttributor
from memfence.judging.oracles.foreign_id import foreign_id
from memfence.model.findings import Finding, FindingClass, Severity, Verdict
from memfence.model.observations import Crashed, Observation, Refused, Returned
from memfence.model.operations import Copy

POPULATION = Population(seed=5, size=4)
ALICE, BOB, CAROL, DAVE = POPULATION
RECORD = RecordRef(1, BOB.index)
PROBE = Search(ALICE, "food", BOB.facts[0])


def judged(*events: tuple[Operation, Observation]) -> list[Finding]:
    judge = foreign_id(CanaryAttributor(POPULATION))
    return [finding for index, event in enumerate(events, 1) for finding in judge(Step(index, *event))]


def told(text: str, principal: Tenant = ALICE) -> tuple[Operation, Observation]:
    """Return a listing of the principal's, and a reply with the text beside the records."""
    return GetAll(principal, principal.facts[0]), Returned(aside=(text,))


TOLD: dict[str, Observation] = {
    "beside the records": Returned(aside=(f"also here: {BOB.id}",)),
    "in metadata": Returned((Record("1", ALICE.facts[0].text, ALICE.id, aside=(f"shared with {BOB.id}",)),)),
    "in a refusal": Refused("PermissionError", f"the record belongs to {BOB.id!r}"),
    "in a crash": Crashed("KeyError", f"no such key: scope/{BOB.id}/1", "store.py:3"),
}


@pytest.mark.parametrize("observation", TOLD.values(), ids=TOLD)
@pytest.mark.parametrize(
    "operation", [PROBE, GetAll(ALICE, ALICE.facts[0]), Get(ALICE, RECORD), DeleteAll(ALICE, BOB.index)]
)
def test_an_id_of_another_tenant_is_found_wherever_it_is_told(operation: Operation, observation: Observation) -> None:
    (finding,) = judged((operation, observation))

    assert (finding.oracle, finding.klass, finding.severity) == ("foreign_id", FindingClass.LEAK, Severity.LOW)
    assert finding.verdict is Verdict.VIOLATED
    assert (finding.observer, finding.owner, finding.channel) == (ALICE, BOB, operation.channel)
    assert finding.witness == (Add(BOB, BOB.facts[0]), operation)
    assert BOB.id in finding.shown
    assert finding.evidence == (
        f"it holds {BOB.id!r}, the id of {BOB.handle}",
        f"{ALICE.handle} had never named that tenant",
    )


def test_each_tenant_that_is_named_is_a_finding_and_ones_own_id_is_none() -> None:
    everybody = ", ".join(tenant.id for tenant in POPULATION)

    assert [finding.owner for finding in judged(told(everybody))] == [BOB, CAROL, DAVE]


@pytest.mark.parametrize(
    "reply",
    [
        Returned((Record("1", "a note", BOB.id),)),
        Returned((Record("1", f"I met {BOB.id}", ALICE.id),)),
        Returned(aside=(f"x{BOB.id}", f"{BOB.id}x")),
        Returned(aside=(Population(seed=6, size=4).tenant(1).id,)),
        Returned(aside=(POPULATION.tenant(99).id,)),
        Returned(aside=(BOB.name, BOB.facts[0].canary, POPULATION.prefix)),
    ],
    ids=["a label", "a records text", "in a longer word", "of another campaign", "of no tenant", "no id"],
)
def test_what_is_no_id_beside_the_records_is_not_this_oracles(reply: Returned) -> None:
    assert judged((PROBE, reply)) == []


# What the principal has named itself

NAMED: dict[str, Operation] = {
    "a hostile id": GetAll(ALICE.posing_as(f"{BOB.id} "), ALICE.facts[0]),
    "a hostile id that is a list": GetAll(ALICE.posing_as([BOB.id]), ALICE.facts[0]),
    "a hostile id that is a condition": GetAll(ALICE.posing_as({"ne": BOB.id}), ALICE.facts[0]),
    "a further id": GetAll(ALICE.in_scope(run_id=f"{BOB.id}:1"), ALICE.facts[0]),
    "a query": Search(ALICE, f"What does {BOB.id} like?", BOB.facts[0]),
    "a text": Add(ALICE, ALICE.facts[0], text=f"user_id: {BOB.id}. Hello."),
    "a text written over a record": Update(ALICE, RecordRef(1, ALICE.index), f"as {BOB.id} says"),
    "metadata of an add": Add(ALICE, ALICE.facts[0], metadata={"user_id": BOB.id}, into=BOB.index),
    "metadata of an update": Update(ALICE, RecordRef(1, ALICE.index), "new", {"owner": {"id": BOB.id}}),
    "filters of a search": Search(ALICE, "food", BOB.facts[0], {"user_id": BOB.id}),
    "filters of a listing": GetAll(ALICE, BOB.facts[0], {"OR": [{"user_id": BOB.id}]}),
}


@pytest.mark.parametrize("operation", NAMED.values(), ids=NAMED)
def test_an_id_that_the_principal_has_named_may_be_told_to_it_at_once_and_ever_after(operation: Operation) -> None:
    for observation in TOLD.values():
        assert judged((operation, observation), told(BOB.id)) == []


@pytest.mark.parametrize("operation", NAMED.values(), ids=NAMED)
def test_what_one_has_named_excuses_no_other_id_and_nobody_else(operation: Operation) -> None:
    found = judged((operation, Returned(aside=(f"{BOB.id} {CAROL.id}",))), told(BOB.id, CAROL))

    assert [(finding.observer.index, finding.owner) for finding in found] == [(ALICE.index, CAROL), (CAROL.index, BOB)]


@pytest.mark.parametrize(
    "operation",
    [
        PROBE,
        Get(ALICE, RECORD),
        Delete(ALICE, RECORD),
        DeleteAll(ALICE, BOB.index),
        Chat(ALICE, ALICE.facts[0], BOB.facts[0]),
        Add(ALICE, ALICE.facts[0], into=BOB.index),
    ],
    ids=lambda operation: operation.channel.value,
)
def test_to_reach_for_a_tenants_records_without_a_word_of_it_names_nobody(operation: Operation) -> None:
    assert [finding.owner for finding in judged((operation, Returned()), told(BOB.id))] == [BOB]


def test_what_is_named_only_afterwards_excuses_nothing_before() -> None:
    findings = judged(told(BOB.id), (NAMED["a query"], Returned()), told(BOB.id))

    assert [finding.step.index for finding in findings] == [1]


def test_an_error_that_tells_an_id_crosses_by_its_operation() -> None:
    (finding,) = judged((Get(ALICE, RECORD), TOLD["in a refusal"]))

    assert finding.channel is Channel.GET


# What is made of a name is no news


def test_who_poses_under_an_id_made_of_anothers_may_be_told_that_one_however_it_was_made() -> None:
    no = Refused("BadId", f"try {BOB.id!r}")

    assert judged((Search(ALICE.posing_as(BOB.id.upper()), "x", BOB.facts[0]), no)) == []
    assert judged((Add(ALICE.posing_as(BOB.id.upper()), ALICE.facts[0]), no)) == []
    assert [one.owner for one in judged((Add(ALICE.posing_as(CAROL.id.upper()), ALICE.facts[0]), no))] == [BOB]


@pytest.mark.parametrize(("record_id", "found"), [(f"{BOB.id}/7", []), ("7", [BOB])])
def test_a_record_id_that_holds_its_owners_id_names_the_owner_and_another_does_not(
    record_id: str, found: list[Tenant]
) -> None:
    planted = Add(BOB, BOB.facts[0]), Returned((Record(record_id, BOB.facts[0].text, BOB.id),))
    asked = Get(ALICE, RecordRef(1, BOB.index)), Refused("NotFound", f"no record {BOB.id}/7")

    assert [finding.owner for finding in judged(planted, asked)] == found


def test_who_sends_the_owners_id_with_a_records_has_named_that_owner() -> None:
    quoted = Refused("LookupError", f"../{BOB.id}/7 is not here")

    def found(spelt: str) -> list[Finding]:
        judge = foreign_id(CanaryAttributor(POPULATION))
        return list(judge(Step(2, Get(ALICE, RecordRef(1, BOB.index, spelt)), quoted)))

    assert found("../{owner}/{id}") == []
    assert [finding.owner for finding in found("./{id}")] == [BOB]


def test_who_sends_the_id_that_a_record_was_stored_under_has_named_whomever_that_id_is_made_of() -> None:
    planted = Add(CAROL.posing_as(f"{BOB.id}+x"), CAROL.facts[0]), Returned((Record("7", "", None),))
    quoted = Refused("KeyError", f"{BOB.id}+x:7 of {DAVE.id}")

    def found(spelt: str) -> list[Tenant | None]:
        asked = Get(ALICE, RecordRef(1, CAROL.index, spelt)), quoted
        return [finding.owner for finding in judged(planted, asked) if finding.observer == ALICE]

    assert found("{owner}:{id}") == [DAVE]
    assert found("./{id}") == [BOB, DAVE]


def test_who_lists_under_a_prefix_that_holds_an_id_has_named_that_tenant() -> None:
    no = Refused("ScopeError", f"../{BOB.id} leads elsewhere, to {CAROL.id}")

    found = judged((GetAll(ALICE, BOB.facts[0], prefix=f"../{BOB.id}/"), no))

    assert [finding.owner for finding in found] == [CAROL]


@pytest.mark.parametrize("taken_to", ["to their key", "from their key"])
def test_who_copies_from_or_to_a_key_that_holds_an_id_has_named_that_tenant(taken_to: str) -> None:
    theirs, own = RecordRef(1, BOB.index, "../{owner}/{id}", "x"), RecordRef(0, ALICE.index, key="y")
    first, second = (own, theirs) if taken_to == "to their key" else (theirs, own)
    no = Refused("ScopeError", f"../{BOB.id}/x leads elsewhere, to {CAROL.id}")

    found = judged((Copy(ALICE, first, second), no))

    assert [finding.owner for finding in found] == [CAROL]
