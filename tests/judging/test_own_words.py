"""What a tenant has sent itself is its own wherever it comes back, through whichever operation, under whichever id."""

import itertools
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import Phase, given, settings

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
    RecordRef,
    Search,
    Step,
    Update,
)
from memfence.campaigns import resolve
from memfence.judging.attribution import CanaryAttributor
from memfence.model.findings import Finding, Verdict
from memfence.model.observations import Outside, Record, Refused, Returned
from memfence.performing.contract import adapt
from memfence.performing.playing import Play, Rules
from memfence.performing.worlds import Worlds

POPULATION = Population(seed=5, size=3)
ALICE, BOB, CAROL = POPULATION
OWN, FOREIGN = ALICE.facts[0], BOB.facts[0]
CLAIM = {"note": {"user_id": BOB.id}}


def told(oracle: str, *steps: tuple[Operation, Any] | Step) -> list[Finding]:
    judge = resolve.all_oracles()[oracle](CanaryAttributor(POPULATION))
    made = [one if isinstance(one, Step) else Step(at, *one) for at, one in enumerate(steps, start=1)]
    return [finding for step in made for finding in judge(step)]


def shown(text: str, label: str | None = None) -> Returned:
    return Returned((Record("1", text, label),))


def prompted(at: int, chat: Chat, text: str) -> Step:
    return Step(at, chat, Returned(), outside=(Outside("the prompt", text),))


CHAT = Chat(ALICE, OWN, seeks=FOREIGN)
SAYINGS = [Add(ALICE, OWN, FOREIGN.text), Update(ALICE, RecordRef(1, 0), FOREIGN.text), Chat(ALICE, FOREIGN, FOREIGN)]


@pytest.mark.parametrize("said", [*SAYINGS, Search(ALICE, FOREIGN.text, FOREIGN)], ids=lambda one: type(one).__name__)
def test_it_may_come_back_in_ones_own_prompt(said: Operation) -> None:
    assert told("prompt_bleed", (said, Returned()), prompted(2, CHAT, f"Known: {FOREIGN.text}")) == []


def test_the_code_alone_does_not_bring_the_whole_sentence_into_the_prompt() -> None:
    asked = Search(ALICE, FOREIGN.canary, FOREIGN)

    (finding,) = told("prompt_bleed", (asked, Returned()), prompted(2, CHAT, FOREIGN.text))

    assert finding.verdict is Verdict.VIOLATED


@pytest.mark.parametrize(("sent", "shown_there"), [FOREIGN.marks, FOREIGN.marks[::-1]], ids=["code", "name"])
def test_one_mark_that_a_tenant_has_sent_explains_that_one_and_not_the_other(sent: str, shown_there: str) -> None:
    asked = (Search(ALICE, f"Who knows {sent}?", FOREIGN), Returned())

    assert told("canary_leak", asked, (GetAll(ALICE, OWN), shown(f"asked for: {sent}"))) == []
    assert len(told("canary_leak", asked, (GetAll(ALICE, OWN), shown(f"reworded: {shown_there}")))) == 1
    assert told("prompt_bleed", asked, prompted(2, CHAT, f"asked for: {sent}")) == []
    assert len(told("prompt_bleed", asked, prompted(2, CHAT, f"known: {shown_there}"))) == 1


def test_what_somebody_else_has_said_is_no_word_of_ones_own() -> None:
    said = Add(CAROL, CAROL.facts[0], FOREIGN.text)

    assert [one.owner for one in told("prompt_bleed", (said, Returned()), prompted(2, CHAT, FOREIGN.text))] == [BOB]


@pytest.mark.parametrize(
    "given", [Add(ALICE, OWN, None, CLAIM), Update(ALICE, RecordRef(1, 0), OWN.text, CLAIM)], ids=["add", "update"]
)
@pytest.mark.parametrize("text", [OWN.text, "a text that names nobody"], ids=["own", "nobody's"])
@pytest.mark.parametrize("oracle", ["foreign_record", "mislabelled"])
def test_a_label_of_ones_own_metadata_makes_no_record_anothers(oracle: str, text: str, given: Operation) -> None:
    steps = [(Add(BOB, FOREIGN, OWN.text), Returned()), (given, Returned())]

    assert told(oracle, *steps, (GetAll(ALICE, OWN), shown(text, str(BOB.id)))) == []


def test_anothers_label_that_one_has_not_given_still_makes_it_anothers() -> None:
    look = (GetAll(ALICE, OWN), shown("a text that names nobody", str(BOB.id)))

    assert [
        one.owner for one in told("foreign_record", (Add(CAROL, CAROL.facts[0], None, CLAIM), Returned()), look)
    ] == [BOB]


def test_words_and_label_that_are_both_ones_own_are_no_leak_and_no_wrong_label() -> None:
    steps = [(Add(ALICE, OWN, FOREIGN.text, CLAIM), Returned()), (GetAll(ALICE, OWN), shown(FOREIGN.text, str(BOB.id)))]

    assert told("canary_leak", *steps) == []
    assert told("mislabelled", *steps) == []


def test_the_label_alone_explains_no_words_of_anothers() -> None:
    steps = [(Add(ALICE, OWN, None, CLAIM), Returned()), (GetAll(ALICE, OWN), shown(FOREIGN.text, str(BOB.id)))]

    assert [one.owner for one in told("canary_leak", *steps)] == [BOB]


def test_what_another_has_stored_in_the_same_words_is_no_residue_of_the_first() -> None:
    stored = [(Add(BOB, FOREIGN), Returned()), (Add(ALICE, OWN, FOREIGN.text), Returned())]
    erased = (DeleteAll(BOB, owner=BOB.index), Returned())
    look = ReadStorage(BOB.after_erasure(), FOREIGN)
    found = Step(4, look, Returned(), outside=(Outside("a table", FOREIGN.text),))

    assert told("residue", *stored, erased, found) == []
    assert len(told("residue", stored[0], erased, found)) == 1


def test_ones_own_erased_record_may_be_called_so() -> None:
    unknown = (Get(ALICE, RecordRef(0, ALICE.index)), Refused("LookupError", "there is none"))
    erased = (Get(ALICE.after_erasure(), RecordRef(1, ALICE.index)), Refused("LookupError", "it was deleted"))
    foreign = (Get(ALICE, RecordRef(1, BOB.index)), Refused("LookupError", "it was deleted"))

    assert told("existence", unknown, erased) == []
    assert len(told("existence", unknown, foreign)) == 1


class Talkative:
    """One bucket for everybody: it keeps what it is given, quotes what it is asked, and tells prompts all of it."""

    disposable = True

    def start(self) -> None:
        self.rows: dict[str, dict[str, Any]] = {}
        self.gone: set[str] = set()
        self.sent: list[str] = []
        self.numbers = itertools.count(1)

    def prompts(self) -> list[str]:
        return self.sent

    def storage(self) -> list[tuple[str, str]]:
        return [("table", str(row)) for row in self.rows.values()]

    def make_memory(self, user_id: object) -> "TalkativeMemory":
        return TalkativeMemory(self, user_id)


class TalkativeMemory:
    def __init__(self, world: Talkative, user_id: object) -> None:
        self._world, self._user = world, user_id

    def add(self, text: str, metadata: dict[str, object] | None = None, infer: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002 - as mem0's
        world = self._world
        if infer:
            world.sent.append(f"For {self._user}: {[row['memory'] for row in world.rows.values()]} and now {text}")
        row = {"who": str(self._user), **(metadata or {}), "id": f"r{next(world.numbers)}", "memory": text}
        world.rows[row["id"]] = row
        return {"results": [row]}

    def search(self, query: str, filters: dict[str, object] | None = None) -> dict[str, Any]:
        return {"results": list(self._world.rows.values()), "query": query, "filters": filters}

    def get_all(self, filters: dict[str, object] | None = None) -> dict[str, Any]:
        return {"results": list(self._world.rows.values()), "filters": filters}

    def get(self, record_id: str) -> dict[str, Any]:
        if record_id in self._world.gone:
            msg = "it was deleted"
            raise LookupError(msg)
        if record_id not in self._world.rows:
            msg = "there is none"
            raise LookupError(msg)
        return self._world.rows[record_id]

    def history(self, record_id: str) -> list[dict[str, Any]]:
        return [self.get(record_id)]

    def update(self, record_id: str, text: str, metadata: dict[str, object] | None = None) -> dict[str, Any]:
        row = {**self.get(record_id), **(metadata or {}), "id": record_id, "memory": text}
        self._world.rows[record_id] = row
        return row

    def delete(self, record_id: str) -> None:
        self.get(record_id)
        del self._world.rows[record_id]
        self._world.gone.add(record_id)

    def delete_all(self) -> None:
        self._world.gone |= self._world.rows.keys()
        self._world.rows.clear()


FACTS = [fact for tenant in POPULATION for fact in tenant.facts]
MINE = ALICE.facts
RECORDS = st.builds(RecordRef, st.integers(0, 12), st.just(ALICE.index))
TEXTS = st.sampled_from([fact.text for fact in FACTS] + [fact.canary for fact in FACTS])
METADATA = st.none() | st.sampled_from([CLAIM, {"user_id": BOB.id}, {"user_id": CAROL.id, "note": CAROL.facts[0].text}])
SOUGHT = st.sampled_from(MINE)
OPERATIONS = st.one_of(
    st.builds(Add, st.just(ALICE), SOUGHT, st.none() | TEXTS, METADATA),
    st.builds(Chat, st.just(ALICE), SOUGHT, seeks=st.sampled_from(FACTS)),
    st.builds(Search, st.just(ALICE), TEXTS, st.sampled_from(FACTS), METADATA),
    st.builds(GetAll, st.just(ALICE), st.sampled_from(FACTS)),
    st.builds(Get, st.just(ALICE), RECORDS),
    st.builds(History, st.just(ALICE), RECORDS),
    st.builds(Update, st.just(ALICE), RECORDS, TEXTS, METADATA),
    st.builds(Delete, st.just(ALICE), RECORDS),
    st.builds(DeleteAll, st.just(ALICE), owner=st.just(ALICE.index)),
    st.builds(ReadStorage, st.just(ALICE), st.sampled_from(FACTS)),
)


@given(operations=st.lists(OPERATIONS, min_size=2, max_size=12))
@settings(max_examples=300, phases=[Phase.generate, Phase.shrink])
def test_no_history_of_one_tenant_alone_is_violated_however_much_the_target_talks(operations: list[Operation]) -> None:
    target = adapt(Talkative(), "talkative")
    worlds = Worlds(target, settle=0, top_k=None, keep=str, ours=lambda _: False)
    with worlds.open([ALICE]) as executor:
        rules = Rules(CanaryAttributor(POPULATION), resolve.all_oracles(), worlds.available(executor, ALICE))
    with worlds.open([ALICE]) as executor:
        play = Play(executor, rules)
        for operation in operations:
            play.make(operation)

    assert [(one.oracle, one.evidence) for one in play.findings if one.verdict is Verdict.VIOLATED] == []
