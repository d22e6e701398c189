from memfence import Add, GetAll, Population, Record, Search, Step
from memfence.attribution import CanaryAttributor
from memfence.observations import Refused, Returned
from memfence.operations import Operation
from memfence.unattributed import Unattributed

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


def test_only_what_a_reader_is_shown_counts() -> None:
    stored = Record("1", "ok", structured=False)

    assert shown(stored, operation=Add(ALICE, ALICE.facts[0])) == []
    counter = Unattributed(CanaryAttributor(POPULATION))
    assert counter.see(Step(1, LOOK, Refused("No", "no"))) == []
