import pytest

from memfence import Add, Fact, GetAll, Population, Record, RecordRef, Search, Step, Update
from memfence.campaigns.resolve import all_oracles
from memfence.judging.attribution import CanaryAttributor
from memfence.judging.unattributed import Unattributed
from memfence.model.observations import Refused, Returned
from memfence.model.operations import Operation

POPULATION = Population(seed=5, size=3)
ALICE, BOB, CAROL = POPULATION
LOOK = Search(ALICE, "food preferences", ALICE.facts[0])


def shown(*records: Record, operation: Operation = LOOK, before: tuple[Record, ...] = ()) -> list[str]:
    """Return the texts of the records that nobody can be named for."""
    counter = Unattributed(CanaryAttributor(POPULATION))
    counter.see(Step(1, GetAll(ALICE, ALICE.facts[0]), Returned(before)))
    return [record.text for record in counter.see(Step(2, operation, Returned(records)))]


def test_a_strangers_record_under_a_strangers_label_is_counted() -> None:
    assert shown(Record("1", "Real person 3 has diabetes.", "real_3")) == ["Real person 3 has diabetes."]


def test_a_record_without_mark_and_label_is_counted() -> None:
    assert shown(Record("1", "Somebody has diabetes.")) == ["Somebody has diabetes."]


def test_records_whose_content_an_oracle_can_judge_are_not_counted() -> None:
    own, foreign = Record("1", ALICE.facts[0].text), Record("2", BOB.facts[0].text, "real_3")

    assert shown(own, foreign, Record("3", "a summary", aside=(CAROL.facts[0].text,))) == []


def test_a_rephrased_record_under_the_readers_own_id_is_not_counted() -> None:
    assert shown(Record("1", "The user likes vegetables.", ALICE.id)) == []


def test_a_label_seen_on_the_readers_own_records_is_its_own() -> None:
    own = Record("1", ALICE.facts[0].text, "u_9f3")

    assert shown(Record("2", "The user likes vegetables.", "u_9f3"), before=(own,)) == []
    assert shown(Record("2", "The user likes vegetables.", "u_9f3"), own) == []


def test_a_bare_text_that_quotes_the_query_is_not_counted() -> None:
    quoted = Record(None, "Nothing found for food preferences", structured=False)

    assert shown(quoted) == []
    assert shown(Record(None, "Somebody has diabetes.", structured=False)) == ["Somebody has diabetes."]


def test_what_a_reader_has_itself_written_over_a_record_is_not_counted() -> None:
    """Where ids are numbers of one's own, another's number is one of the writer's own records."""
    written, record = Update(ALICE, RecordRef(1, BOB.index), "changed"), Record("1", "changed")
    counter = Unattributed(CanaryAttributor(POPULATION))
    counter.see(Step(1, written, Returned()))

    assert counter.see(Step(2, LOOK, Returned((record,)))) == []
    assert counter.see(Step(3, GetAll(BOB, BOB.facts[0]), Returned((record,)))) == [record]


def test_only_what_a_reader_is_shown_counts() -> None:
    stored = Record("1", "ok", structured=False)

    assert shown(stored, operation=Add(ALICE, ALICE.facts[0])) == []
    counter = Unattributed(CanaryAttributor(POPULATION))
    assert counter.see(Step(1, LOOK, Refused("No", "no"))) == []


# Codes that are damaged.


def damaged(fact: Fact, *, place: int = 3) -> str:
    """Return the fact's text with another character in its code, and without its name."""
    other = "Z" if fact.canary[place] != "Z" else "Y"
    text = fact.text.replace(fact.canary, fact.canary[:place] + other + fact.canary[place + 1 :])
    return text.replace(fact.name, "somebody")


# One with a digit in it, whichever character is another one.
OWN = next(fact for fact in ALICE.facts if sum(map(str.isdigit, fact.canary)) > 1)
FOREIGN = next(fact for fact in BOB.facts if sum(map(str.isdigit, fact.canary)) > 1)


@pytest.mark.parametrize("label", [ALICE.id, BOB.id, "real_3", None])
@pytest.mark.parametrize("fact", [OWN, FOREIGN], ids=["own", "foreign"])
def test_a_damaged_code_is_counted_whatever_the_label_and_is_charged_to_nobody(fact: Fact, label: str | None) -> None:
    record = Record("1", damaged(fact), label)

    assert shown(record) == [record.text]
    assert CanaryAttributor(POPULATION).content(record.text) == ()


def test_no_oracle_names_anybody_for_a_damaged_code_under_the_readers_own_label() -> None:
    steps = [
        Step(1, Add(BOB, FOREIGN), Returned()),
        Step(2, LOOK, Returned((Record("1", damaged(FOREIGN), ALICE.id),))),
    ]

    for oracle in all_oracles().values():
        judge = oracle(CanaryAttributor(POPULATION))
        assert [finding for step in steps for finding in judge(step)] == []


def test_a_damaged_code_beside_a_whole_one_is_counted_and_the_whole_one_is_not() -> None:
    both = Record("1", f"{OWN.text} {damaged(FOREIGN)}", ALICE.id)
    whole = Record("2", f"{OWN.text} {ALICE.facts[1].text}", ALICE.id)

    assert shown(both, whole) == [both.text]


def test_a_whole_code_of_another_campaign_is_nobodys_here() -> None:
    stranger = Record("1", "my door code is " + Population(seed=6, size=1).tenant(0).facts[0].canary, ALICE.id)

    assert shown(stranger) == [stranger.text]


@pytest.mark.parametrize(
    "words",
    ["see 0b1f7a52-9c1d-5d8e-9f39-0f0e3d6f0a11", "a well-made-shoe of 1999", "on 2024-01-31", "4111-1111-1111-1111"],
)
def test_a_uuid_words_joined_by_hyphens_a_date_and_a_longer_number_are_no_damaged_codes(words: str) -> None:
    assert shown(Record("1", words, ALICE.id), Record("2", f"{OWN.text} {words}", ALICE.id)) == []


def test_what_others_see_of_a_code_in_another_spelling_is_no_damage() -> None:
    assert shown(Record("1", OWN.text.lower(), ALICE.id), Record("2", OWN.text.replace("-", ""), ALICE.id)) == []


def test_what_a_reader_has_written_over_a_record_is_its_own_and_nobody_elses() -> None:
    counter = Unattributed(CanaryAttributor(POPULATION))
    counter.see(Step(1, Update(ALICE, RecordRef(0, ALICE.index), "It has changed."), Returned()))
    seen = Returned((Record("1", "It has changed."),))

    assert counter.see(Step(2, GetAll(ALICE, ALICE.facts[0]), seen)) == []
    assert len(counter.see(Step(3, GetAll(BOB, BOB.facts[0]), seen))) == 1
