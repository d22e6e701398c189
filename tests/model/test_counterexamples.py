from dataclasses import replace

from memfence import Population
from memfence.model.counterexamples import Counterexample, changed, flat, plainer, renumbered, without
from memfence.model.findings import Finding, FindingClass, Severity
from memfence.model.observations import Returned, Step
from memfence.model.operations import (
    Add,
    Chat,
    Delete,
    Get,
    GetAll,
    History,
    Operation,
    RecordRef,
    Search,
    Together,
    Update,
)

ALICE, BOB, CAROL, *_ = Population(seed=5, size=12)
FACT, THEIRS = ALICE.facts[0], BOB.facts[0]
FIRST, SECOND, THIRD = (Add(ALICE, ALICE.facts[number]) for number in range(3))
LOOK = GetAll(BOB, FACT)


def at(step: int) -> RecordRef:
    return RecordRef(step, ALICE.index)


def steps(moves: object) -> list[int]:
    return [one.record.step for one in flat(moves) if isinstance(one, Get | Update | Delete | History)]  # type: ignore[arg-type]  # moves of one


def test_its_operations_are_all_in_order_also_those_that_begin_together() -> None:
    finding = Finding("o", FindingClass.LEAK, Severity.LOW, BOB, ALICE, Step(1, LOOK, Returned()), ("seen",), ())
    found = Counterexample((FIRST, Together((SECOND, LOOK)), GetAll(BOB.posing_as("*"), FACT)), finding, 9)

    assert [type(one) for one in found.operations] == [Add, Add, GetAll, GetAll]
    assert found.principals == (ALICE, BOB, BOB.posing_as("*"))
    assert found.tenants == 2


def test_what_is_left_out_renames_the_records_of_what_stays() -> None:
    asked = Search(BOB, "{id}", ALICE.facts[0], record=at(2))
    moves = (FIRST, SECOND, LOOK, Get(BOB, at(2)), History(BOB, at(1)), asked)

    kept = without(moves, {0}.__contains__)

    assert kept == (SECOND, LOOK, Get(BOB, at(1)), History(BOB, at(0)), replace(asked, record=at(1)))


def test_a_record_whose_add_is_left_out_is_none_that_there_is() -> None:
    kept = without((FIRST, Delete(BOB, at(1)), Update(BOB, at(1), "x")), {0}.__contains__)

    assert steps(kept) == [0, 0]
    assert all(one.record.is_unknown for one in flat(kept) if isinstance(one, Delete | Update))


def test_moves_that_begin_together_count_each_for_itself() -> None:
    moves = (Together((FIRST, SECOND)), THIRD, Together((Get(BOB, at(3)), Get(BOB, at(2)))))

    assert without(moves, {0}.__contains__) == (THIRD, Together((Get(BOB, at(1)), Get(BOB, at(0)))))
    assert without(moves, {1}.__contains__) == (moves[0], Together((Get(BOB, at(0)), Get(BOB, at(2)))))


def test_where_nothing_is_left_out_nothing_changes() -> None:
    moves = (FIRST, Get(BOB, at(1)), Get(BOB, at(0)))

    assert without(moves, lambda _: False) == moves
    assert without(moves, lambda _: True) == ()


def test_renaming_keeps_whose_a_record_is() -> None:
    (renamed,) = renumbered([Get(BOB, RecordRef(4, CAROL.index))], {4: 2})

    assert renamed == Get(BOB, RecordRef(2, CAROL.index))


def test_a_change_reaches_what_begins_together() -> None:
    def to_carol(operation: Operation) -> Operation:
        return GetAll(CAROL, FACT) if isinstance(operation, GetAll) else operation

    assert tuple(changed((LOOK, Together((LOOK, FIRST))), to_carol)) == (
        GetAll(CAROL, FACT),
        Together((GetAll(CAROL, FACT), FIRST)),
    )


def test_an_operation_is_made_plainer_the_plainest_first() -> None:
    searched = list(plainer(Search(BOB, FACT.text, FACT, {"OR": []})))

    assert searched == [Search(BOB, FACT.bare, FACT), Search(BOB, FACT.text, FACT)]
    assert list(plainer(Add(ALICE, FACT, "words", {"user_id": "x"}, into=1))) == [Add(ALICE, FACT)]
    assert list(plainer(Update(BOB, at(1), "x", {"user_id": "x"}, into=1))) == [Update(BOB, at(1), "x")]
    assert list(plainer(GetAll(BOB, FACT, {"user_id": "x"}))) == [LOOK]
    assert list(plainer(Chat(BOB, THEIRS, BOB.facts[1]))) == [Chat(BOB, THEIRS, THEIRS)]


def test_what_is_plain_has_no_plainer_form() -> None:
    plain = (FIRST, LOOK, Search(BOB, FACT.bare, FACT), Get(BOB, at(1)), Chat(BOB, THEIRS, THEIRS))

    assert [list(plainer(one)) for one in plain] == [[]] * len(plain)


def test_a_chat_that_seeks_anothers_fact_goes_on_seeking_it() -> None:
    assert list(plainer(Chat(BOB, THEIRS, FACT))) == []


def test_a_record_id_that_is_spelt_otherwise_is_plainer_as_it_is_and_keeps_its_spelling_where_it_moves() -> None:
    spelt = Get(BOB, RecordRef(4, ALICE.index, "{ID}"))

    assert list(plainer(spelt)) == [Get(BOB, RecordRef(4, ALICE.index))]
    assert list(renumbered([spelt], {4: 2})) == [Get(BOB, RecordRef(2, ALICE.index, "{ID}"))]
