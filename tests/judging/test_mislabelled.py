import pytest

from memfence import (
    Add,
    Channel,
    Get,
    GetAll,
    History,
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
from memfence.judging.oracles.mislabelled import mislabelled
from memfence.model.findings import Finding, FindingClass, Severity, Verdict
from memfence.model.observations import Crashed, Observation, Refused, Returned

POPULATION = Population(seed=5, size=4)
ALICE, BOB, CAROL, DAVE = POPULATION
FACT = BOB.facts[0]
# What Bob has stored, and comes back as Alice's.
WRONG = Record("1", FACT.text, ALICE.id)
LOOK = GetAll(BOB, FACT)


def judged(*events: tuple[Operation, Observation]) -> list[Finding]:
    judge = mislabelled(CanaryAttributor(POPULATION))
    return [finding for index, event in enumerate(events, 1) for finding in judge(Step(index, *event))]


def shown(*records: Record, operation: Operation = LOOK, before: Operation | None = None) -> list[Finding]:
    """Return what the oracle says of the records, after one operation that returned nothing."""
    said = [] if before is None else [(before, Returned())]
    return judged(*said, (operation, Returned(records)))


@pytest.mark.parametrize("observer", [ALICE, BOB, CAROL], ids=["whose label", "whose fact", "neither"])
@pytest.mark.parametrize("kind", [Search, GetAll, Get, History])
def test_a_fact_under_another_tenants_label_is_found_whoever_looks_and_however(observer: Tenant, kind: type) -> None:
    looks: dict[type, Operation] = {
        Search: Search(observer, "x", FACT),
        GetAll: GetAll(observer, FACT),
        Get: Get(observer, RecordRef(1, BOB.index)),
        History: History(observer, RecordRef(1, BOB.index)),
    }

    (finding,) = shown(WRONG, operation=looks[kind])

    assert (finding.oracle, finding.klass, finding.severity) == ("mislabelled", FindingClass.INTEGRITY, Severity.MEDIUM)
    assert finding.verdict is Verdict.VIOLATED
    assert (finding.observer, finding.owner, finding.shown) == (observer, BOB, FACT.text)
    assert finding.channel is looks[kind].channel


def test_the_evidence_names_both_owners_and_guesses_neither() -> None:
    fine = Record("1", BOB.facts[1].text, BOB.id)

    (finding,) = shown(fine, WRONG)

    assert finding.evidence == (
        f"record 2 is labelled user_id={ALICE.id!r}, {ALICE.handle}",
        f"it holds {FACT.canary}: {BOB.handle}'s fact 0, by its code",
    )
    assert finding.witness == (LOOK,)
    assert finding.channel is Channel.GET_ALL


def test_each_such_record_is_a_finding() -> None:
    assert [found.owner for found in shown(WRONG, Record("2", CAROL.facts[0].text, BOB.id))] == [BOB, CAROL]


@pytest.mark.parametrize(
    "record",
    [
        Record("1", FACT.text, BOB.id),
        Record("1", FACT.text),
        Record("1", FACT.text, "u_9f3"),
        Record("1", FACT.text, Population(seed=6, size=4).tenant(0).id),
        Record("1", "She does not eat meat.", ALICE.id),
        Record("1", f"{FACT.text} {ALICE.facts[0].text}", ALICE.id),
        Record("1", "a summary", ALICE.id, aside=(FACT.text,)),
    ],
    ids=["its own", "none", "unknown", "another campaign's", "nobody's content", "also its own", "beside the text"],
)
def test_where_label_and_content_name_no_two_owners_nothing_is_said(record: Record) -> None:
    assert shown(record) == []


@pytest.mark.parametrize("observation", [Refused("No", FACT.text), Crashed("E", FACT.text, "store.py:3")])
def test_a_call_that_returned_nothing_shows_no_record(observation: Observation) -> None:
    assert judged((LOOK, observation)) == []


def mapped(observer: Tenant) -> list[Finding]:
    """Return what is said of Bob's fact under a label that had stood on Alice's records alone."""
    own = [
        (GetAll(tenant, tenant.facts[1]), Returned((Record("1", tenant.facts[1].text, f"u_{tenant.index}"),)))
        for tenant in (ALICE, BOB)
    ]
    return judged(*own, (GetAll(observer, FACT), Returned((Record("2", FACT.text, f"u_{ALICE.index}"),))))


def test_labels_that_a_store_maps_are_learned_from_its_owners_records() -> None:
    assert [(finding.owner, finding.step.index) for finding in mapped(ALICE)] == [(BOB, 3)]


def test_a_mapped_label_that_the_facts_owner_sees_on_its_own_record_may_be_everybodys() -> None:
    assert mapped(BOB) == []


# What the tenant that the label names has said itself


@pytest.mark.parametrize(
    "said",
    [
        Add(ALICE, ALICE.facts[0], text=f"Bob told me: {FACT.text}"),
        Search(ALICE, FACT.text, FACT),
        Update(ALICE, RecordRef(1, ALICE.index), FACT.text.upper()),
    ],
    ids=["stored", "asked", "written over a record"],
)
def test_what_the_labels_owner_has_said_itself_is_rightly_its(said: Operation) -> None:
    assert shown(WRONG, before=said) == []
    assert shown(WRONG, before=said, operation=GetAll(ALICE, FACT)) == []


@pytest.mark.parametrize(
    "said",
    [
        Add(CAROL, CAROL.facts[0], text=FACT.text),
        Add(ALICE, ALICE.facts[0], text=BOB.facts[1].text),
        Search(ALICE, FACT.canary, FACT),
        Add(BOB, FACT),
    ],
    ids=["by somebody else", "another fact", "the code alone", "by its owner"],
)
def test_what_anybody_else_has_said_or_less_than_the_whole_explains_nothing(said: Operation) -> None:
    assert [found.owner for found in shown(WRONG, before=said)] == [BOB]


def test_a_code_alone_comes_back_under_the_label_of_who_has_sent_it() -> None:
    kept = Record("1", f"asked for {FACT.canary}", ALICE.id)

    assert shown(kept, before=Search(ALICE, FACT.canary, FACT)) == []
    assert len(shown(kept)) == 1


def test_what_is_said_only_afterwards_explains_nothing_before() -> None:
    said = Search(ALICE, FACT.text, FACT)

    findings = judged((LOOK, Returned((WRONG,))), (said, Returned()), (LOOK, Returned((WRONG,))))

    assert [finding.step.index for finding in findings] == [1]


# What the fact's owner has claimed for the label's in metadata


def claiming(kind: type, owner: int) -> Operation:
    metadata = {"user_id": POPULATION.tenant(owner).id}
    if kind is Add:
        return Add(BOB, FACT, metadata=metadata, into=owner)
    return Update(BOB, RecordRef(1, BOB.index), FACT.text, metadata, into=owner)


@pytest.mark.parametrize("kind", [Add, Update])
def test_a_store_may_show_a_label_that_metadata_have_claimed(kind: type) -> None:
    assert shown(WRONG, before=claiming(kind, ALICE.index)) == []


@pytest.mark.parametrize("kind", [Add, Update])
def test_a_claim_for_one_tenant_explains_no_label_of_another_and_nobody_elses_fact(kind: type) -> None:
    carols = Record("1", CAROL.facts[0].text, ALICE.id)

    assert [found.owner for found in shown(WRONG, before=claiming(kind, DAVE.index))] == [BOB]
    assert [found.owner for found in shown(carols, before=claiming(kind, ALICE.index))] == [CAROL]


def test_metadata_that_claim_nothing_explain_nothing() -> None:
    plain = Add(BOB, FACT, metadata={"topic": "food"})

    assert [found.owner for found in shown(WRONG, before=plain)] == [BOB]
