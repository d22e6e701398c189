from memfence import Population, RecordRef
from memfence.campaigns.generation.ledger import WAYS, Ledger, Planted
from memfence.plans.record_ids import SPELT

CAST = Population(seed=5, size=4, first=8)
ALICE, BOB, *_ = CAST


def stored(ledger: Ledger, step: int, by: object = ALICE) -> Planted:
    tenant = by if isinstance(by, type(ALICE)) else ALICE
    return ledger.stored(RecordRef(step, tenant.index), ledger.next_fact(tenant), tenant)


def test_each_fact_is_said_once_under_whatever_id() -> None:
    ledger = Ledger(CAST)

    said = [ledger.next_fact(one).number for one in (ALICE, ALICE.posing_as("*"), BOB)]

    assert said == [0, 1, 0]


def test_who_removes_everything_removes_it_in_its_scope_and_those_within() -> None:
    ledger = Ledger(CAST)
    plain, in_run = stored(ledger, 1), stored(ledger, 2, ALICE.in_scope(run_id="r"))
    otherwise = stored(ledger, 3, ALICE.posing_as("*"))

    ledger.removed_all(in_run.by)
    assert ledger.gone == {in_run.record}
    ledger.removed_all(plain.by)
    assert ledger.gone == {in_run.record, plain.record}
    ledger.removed_all(otherwise.by)
    assert ledger.gone == {in_run.record, plain.record, otherwise.record}


def test_its_own_a_tenant_asks_for_as_who_has_stored_it() -> None:
    ledger = Ledger(CAST)
    posing = ALICE.posing_as("*")
    planted = stored(ledger, 1, posing)

    assert ledger.asking(ALICE, planted) == posing
    assert ledger.asking(BOB, planted) == BOB
    ledger.removed_all(posing)
    assert ledger.asking(ALICE, planted) == posing.after_erasure()


def test_two_are_never_known_under_one_id() -> None:
    ledger = Ledger(CAST)

    assert ledger.are_new((ALICE, BOB.posing_as("*")))
    assert ledger.are_new((ALICE, BOB.posing_as("*")))
    assert not ledger.are_new((BOB, ALICE.posing_as("*")))
    assert ledger.are_new((BOB, ALICE.posing_as("*").in_scope(run_id="r")))


def test_anothers_record_is_asked_for_in_each_spelling_and_ones_own_as_it_is() -> None:
    ledger = Ledger(CAST)
    planted = stored(ledger, 1)

    asked = [ledger.reached(BOB, planted, way, hostile=True) for way in range(WAYS)]
    assert [(by.kind, record.spelt) for by, record in asked if record.spelt] == list(SPELT)
    assert asked[0] == (BOB, planted.record)
    for way in range(WAYS):
        assert ledger.reached(ALICE, planted, way, hostile=True) == (ALICE, planted.record)
        assert ledger.reached(BOB, planted, way, hostile=False) == (BOB, planted.record)
