import pytest

from memfence import Get, History, Population, RecordRef, Search
from memfence.plans.hostile_keys import JOINTS
from memfence.plans.joined_texts import KIND, as_the_longer, ask_joined, couples

POPULATION = Population(seed=5, size=4)
ALICE, BOB, *_ = POPULATION
UNSAID = POPULATION.fact(ALICE.index, 22)
RECORD = RecordRef(4, BOB.index)


@pytest.mark.parametrize("joint", JOINTS)
def test_for_each_joint_an_id_and_a_text_are_those_of_another(joint: str) -> None:
    text = "where do I live"

    before = {
        f"{shorter.id}{joint}{as_the_longer(shorter, longer, text)}": f"{longer.id}{joint}{text}"
        for shorter, longer in couples(ALICE, BOB)
        if longer.id == f"{ALICE.id}{joint}x"
    }
    behind = {
        f"{as_the_longer(shorter, longer, text)}{joint}{shorter.id}": f"{text}{joint}{longer.id}"
        for shorter, longer in couples(ALICE, BOB)
        if longer.id == f"x{joint}{ALICE.id}"
    }

    assert len(before) == len(behind) == 1
    assert all(mine == others for mine, others in (*before.items(), *behind.items()))


def test_no_two_couples_are_one() -> None:
    ids = [longer.id for _, longer in couples(ALICE, BOB)]

    assert len({*ids, ALICE.id, BOB.id}) == len(ids) + 2 == 2 * len(JOINTS) + 2


def test_both_ask_and_whose_answer_it_is_asks_first() -> None:
    shorter, longer = couples(ALICE, BOB)[2]

    asked = [*ask_joined(shorter, longer, (ALICE.facts[0], BOB.facts[0]), RECORD, UNSAID)]

    assert [(one.principal.index, one.owner) for one in asked] == [
        (ALICE.index, ALICE.index),
        (BOB.index, ALICE.index),
        (BOB.index, BOB.index),
        (ALICE.index, BOB.index),
        *[(BOB.index, BOB.index), (ALICE.index, BOB.index)] * 2,
    ]
    assert {one.principal.kind for one in asked} == {KIND}
    assert [one.query for one in asked if isinstance(one, Search)] == [
        f"x:{ALICE.facts[0].bare}",
        ALICE.facts[0].bare,
        BOB.facts[0].bare,
        f"x:{BOB.facts[0].bare}",
    ]
    assert [one.record.spelt for one in asked if isinstance(one, Get | History)] == ["", "x:{id}"] * 2


def test_not_to_find_what_was_asked_in_odd_words_is_no_loss_for_it_was_never_stored() -> None:
    shorter, longer = couples(ALICE, BOB)[0]

    first, *_ = ask_joined(shorter, longer, (ALICE.facts[0], BOB.facts[0]), RECORD, UNSAID)

    assert isinstance(first, Search)
    assert first.seeks == UNSAID not in ALICE.facts


def test_who_has_stored_nothing_has_no_record_to_ask_for() -> None:
    shorter, longer = couples(ALICE, BOB)[0]

    asked = [*ask_joined(shorter, longer, (ALICE.facts[0], BOB.facts[0]), None, UNSAID)]

    assert {type(one) for one in asked} == {Search}
