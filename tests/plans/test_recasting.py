from dataclasses import replace

from memfence import Population
from memfence.model.operations import Add, Chat, DeleteAll, Get, GetAll, RecordRef, Search, Together, Update
from memfence.plans.recasting import Recast

OLD, NEW = Population(seed=5, size=12), Population(seed=6, size=12)
ALICE, BOB, *_ = OLD
CAROL, DAVE = NEW.tenant(7), NEW.tenant(8)
FACT, THEIRS = ALICE.facts[0], BOB.facts[0]
recast = Recast(OLD, NEW, {0: 7, 1: 8})


def test_others_take_the_parts_with_facts_and_ids_of_their_own() -> None:
    assert recast((Add(ALICE, FACT), Search(BOB, FACT.bare, FACT))) == (
        Add(CAROL, CAROL.facts[0]),
        Search(DAVE, CAROL.facts[0].bare, CAROL.facts[0]),
    )


def test_sentences_codes_and_subjects_of_the_old_are_said_no_more() -> None:
    now = CAROL.facts[0]

    for said, instead in [
        (FACT.text, now.text),
        (f"user_id: {ALICE.id}", f"user_id: {CAROL.id}"),
        (f"What of {FACT.canary}?", f"What of {now.canary}?"),
        (f"What of {FACT.name}?", f"What of {now.name}?"),
        (FACT.about, now.about),
        (f"What does {BOB.id} like?", f"What does {DAVE.id} like?"),
    ]:
        assert recast((Search(BOB, said, FACT),)) == (Search(DAVE, instead, now),)


def test_a_text_that_is_of_another_fact_than_the_operations_own_becomes_anothers_too() -> None:
    (updated, added) = recast((Update(BOB, RecordRef(1, 0), FACT.text), Add(BOB, THEIRS, text=FACT.text)))

    assert updated == Update(DAVE, RecordRef(1, 7), CAROL.facts[0].text)
    assert added == Add(DAVE, DAVE.facts[0], text=CAROL.facts[0].text)


def test_a_sentence_that_names_another_names_the_other() -> None:
    (added,) = recast((Add(BOB, THEIRS, text=f"user_id: {ALICE.id}. {THEIRS.text}"),))

    assert isinstance(added, Add)
    assert added.text == f"user_id: {CAROL.id}. {DAVE.facts[0].text}"


def test_owners_move_along() -> None:
    moves = (
        Get(BOB, RecordRef(3, 0)),
        DeleteAll(BOB, owner=0),
        Add(BOB, THEIRS, metadata={"x": 1}, into=0),
        Get(BOB, RecordRef(0, 1)),
    )

    got, erased, added, unknown = recast(moves)

    assert isinstance(got, Get)
    assert isinstance(unknown, Get)
    assert (got.record, unknown.record) == (RecordRef(3, 7), RecordRef(0, 8))
    assert (erased, added) == (DeleteAll(DAVE, owner=7), Add(DAVE, DAVE.facts[0], metadata={"x": 1}, into=7))


def test_ids_in_filters_and_metadata_are_exchanged_however_deep() -> None:
    filters = {"OR": [{"user_id": ALICE.id}, {"NOT": {"user_id": BOB.id}}], ALICE.id: None, "n": 7}

    (look,) = recast((GetAll(BOB, FACT, filters),))

    assert isinstance(look, GetAll)
    assert look.filters == {"OR": [{"user_id": CAROL.id}, {"NOT": {"user_id": DAVE.id}}], CAROL.id: None, "n": 7}


def test_an_id_that_is_an_attack_stays_as_it_is() -> None:
    for hostile in ("*", 7, None, [""], {"ne": "x"}):
        (look,) = recast((GetAll(BOB.posing_as(hostile).in_scope(run_id="r").after_erasure(), FACT),))

        assert isinstance(look, GetAll)
        assert look.principal == replace(DAVE, id=hostile, hostile=True, within=(("run_id", "r"),), erased=True)


def test_who_has_no_new_part_keeps_the_old() -> None:
    one = Recast(OLD, OLD, {1: 0})

    assert one((Add(OLD.tenant(2), OLD.tenant(2).facts[0]), GetAll(BOB, FACT))) == (
        Add(OLD.tenant(2), OLD.tenant(2).facts[0]),
        GetAll(ALICE, FACT),
    )


def test_facts_move_so_that_two_in_one_part_do_not_say_the_same() -> None:
    one = Recast(OLD, OLD, {1: 0}, {1: 250})

    (own, taken) = one((Add(ALICE, FACT), Add(BOB, THEIRS)))

    assert own == Add(ALICE, FACT)
    assert taken == Add(ALICE, OLD.fact(0, 250))


def test_what_begins_together_is_recast_together() -> None:
    (both,) = recast((Together((GetAll(ALICE, THEIRS), Chat(BOB, THEIRS, FACT))),))

    assert both == Together((GetAll(CAROL, DAVE.facts[0]), Chat(DAVE, DAVE.facts[0], CAROL.facts[0])))


def test_there_and_back_is_where_it_began() -> None:
    moves = (
        Add(ALICE, FACT),
        Search(BOB, f"What does {ALICE.id} like?", FACT, {"user_id": ALICE.id}),
        Update(BOB, RecordRef(1, 0), THEIRS.text),
    )

    assert Recast(NEW, OLD, {7: 0, 8: 1})(recast(moves)) == moves


def test_a_record_id_stays_spelt_as_it_was() -> None:
    (got,) = recast((Get(BOB, RecordRef(3, 0, "./{id}")),))

    assert got == Get(DAVE, RecordRef(3, 7, "./{id}"))


def test_what_is_made_of_anothers_credential_is_made_of_the_others_then() -> None:
    claiming = BOB.bearing(of=ALICE, claim=("query", "user_id"))
    posing = BOB.bearing("user", of=ALICE.posing_as("*"))

    (claimed, posed, own) = recast((GetAll(claiming, FACT), GetAll(posing, FACT), GetAll(BOB.bearing("cut"), FACT)))

    assert claimed.principal == DAVE.bearing(of=CAROL, claim=("query", "user_id"))
    # An id that is an attack stays as it is.
    assert posed.principal.credential == replace(posing.credential, of=CAROL.index)
    assert own.principal == DAVE.bearing("cut")
