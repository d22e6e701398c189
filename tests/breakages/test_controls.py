from dataclasses import replace

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
    RecordRef,
    Reopen,
    Reset,
    Search,
    Step,
    Update,
)
from memfence.base.errors import UnknownNameError
from memfence.breakages.controls import CONTROLS, control
from memfence.campaigns.resolve import all_scenarios
from memfence.model.observations import Crashed, Refused, Returned, visible_texts
from memfence.performing.contract import Target, adapt
from memfence.performing.executor import Executor

POPULATION = Population(seed=1, size=2)
ALICE, BOB = POPULATION


class Echo:
    """A memory that answers each call with its own user's id."""

    def __init__(self, user_id: str) -> None:
        self.user_id = user_id

    def add(self, text: str) -> list[str]:
        return [f"{self.user_id} stores {text}"]

    def search(self, query: str) -> list[str]:
        return [f"{self.user_id} finds {query}"]

    def get_all(self) -> list[str]:
        return [self.user_id]

    def delete_all(self) -> list[str]:
        return [self.user_id]


def asked(operation: Add | Search | GetAll | DeleteAll) -> str:
    with Executor(Target("fake", make_memory=Echo)) as executor:
        step = control("reroute")(executor, POPULATION)(operation, 1)
    assert isinstance(step.observation, Returned)
    assert step.operation == operation
    return step.observation.records[0].text.split()[0]


@pytest.mark.parametrize(
    "probe",
    [Search(BOB, "x", ALICE.facts[0]), GetAll(BOB, ALICE.facts[0]), DeleteAll(BOB, owner=ALICE.index)],
    ids=["search", "get_all", "delete_all"],
)
def test_a_rerouted_probe_reaches_the_victims_memory(probe: Search | GetAll | DeleteAll) -> None:
    assert asked(probe) == ALICE.id


@pytest.mark.parametrize(
    "own",
    [Add(BOB, BOB.facts[0]), Search(BOB, "x", BOB.facts[0]), GetAll(BOB, BOB.facts[0])],
    ids=["add", "search", "get_all"],
)
def test_a_call_on_ones_own_records_is_not_rerouted(own: Add | Search | GetAll) -> None:
    assert asked(own) == BOB.id


def test_an_unknown_control_is_refused_with_the_choices() -> None:
    with pytest.raises(
        UnknownNameError,
        match="unknown control 'swap'; choose from delay, echo, hide, publish, reroute, swallow, unfilter",
    ):
        control("swap")


@pytest.mark.parametrize("name", all_scenarios())
def test_each_scenario_names_a_control_that_exists(name: str) -> None:
    assert all_scenarios()[name].control in CONTROLS


class World:
    """One store of texts in which every call works; `broken` calls raise."""

    def __init__(self, *broken: str, error: type[Exception] = RuntimeError) -> None:
        self.broken = broken
        self.error = error
        self.made: list[tuple[str, dict[str, str]]] = []
        self.calls: list[str] = []
        self.sent: list[str] = []
        self.texts: list[str] = []

    def start(self) -> None:
        self.calls.append("start")
        self.texts = []

    def reset(self) -> None:
        self.calls.append("reset")
        self.texts = []

    def storage(self) -> dict[str, list[str]]:
        return {"records": self.texts}

    def prompts(self) -> list[str]:
        return self.sent

    def make_memory(self, user_id: str, **ids: str) -> "Memory":
        self.made.append((user_id, ids))
        return Memory(self, user_id)

    async def make_async_memory(self, user_id: str, **ids: str) -> "Memory":
        return self.make_memory(f"async {user_id}", **ids)

    def note(self, call: str) -> None:
        self.calls.append(call)
        if call in self.broken:
            msg = f"{call} is broken"
            raise self.error(msg)


class Memory:
    def __init__(self, world: World, user_id: str) -> None:
        self.world = world
        self.user_id = user_id

    def add(self, text: str, *, metadata: object = None, infer: bool = True) -> None:
        self.world.note(f"add to {self.user_id}{'' if metadata is None else ' with metadata'}")
        self.world.texts.append(text)
        self.world.sent += [text] if infer else []

    def search(self, query: str, filters: object = None) -> list[str]:
        self.world.note("search" if filters is None else "search with filters")
        return [text for text in self.world.texts if text != query]

    def get_all(self, filters: object = None) -> list[str]:
        self.world.note("get_all" if filters is None else "get_all with filters")
        return list(self.world.texts)

    def get(self, record_id: str) -> dict[str, str] | None:
        self.world.note("get" if record_id else "")
        return {"id": record_id, "memory": self.world.texts[0]} if self.world.texts else None

    def history(self, record_id: str) -> None:
        self.world.note("history" if record_id else "")

    def update(self, record_id: str, text: str, metadata: object = None) -> None:
        self.world.note("update" if record_id and text and metadata is None else "update with metadata")

    def delete(self, record_id: str) -> None:
        self.world.note("delete" if record_id else "")

    def delete_all(self) -> None:
        self.world.note("delete_all")


FACT, OWN = ALICE.facts[0], BOB.facts[0]
FOREIGN = RecordRef(1, ALICE.index)


def under(name: str, world: World, *operations: Operation) -> list[Step]:
    with Executor(adapt(world, "world")) as executor:
        perform = control(name)(executor, POPULATION)
        return [perform(operation, index) for index, operation in enumerate(operations, 1)]


# reroute


def test_a_rerouted_probe_keeps_the_attackers_scope_and_client() -> None:
    world = World()
    probes = [
        GetAll(BOB.in_scope(run_id="run-1"), FACT),
        GetAll(BOB.through_async(), FACT),
        GetAll(BOB.posing_as("*"), FACT),
    ]

    steps = under("reroute", world, *probes)

    assert world.made == [(ALICE.id, {"run_id": "run-1"}), (f"async {ALICE.id}", {}), (ALICE.id, {})]
    assert [step.operation for step in steps] == probes


def test_a_tenant_that_looks_for_what_it_erased_reaches_its_own_memory() -> None:
    world = World()

    under("reroute", world, GetAll(BOB.after_erasure(), OWN))

    assert world.made == [(BOB.id, {})]


def test_a_rerouted_probe_goes_without_what_a_wrapper_may_refuse() -> None:
    world, hostile = World(), {"user_id": ALICE.id}
    probes: list[Operation] = [
        Search(BOB, "x", FACT, hostile),
        GetAll(BOB, FACT, hostile),
        Add(BOB, OWN, metadata=hostile, into=ALICE.index),
        Update(BOB, RecordRef(1, BOB.index), OWN.text, hostile, into=ALICE.index),
    ]

    steps = under("reroute", world, *probes)

    assert [step.operation for step in steps] == probes
    assert world.calls[:3] == ["search", "get_all", f"add to {ALICE.id}"]
    assert not any("with" in call for call in world.calls)
    # However it is done, the attacker's text has come into the victim's memory.
    assert world.texts == [OWN.text, OWN.text]
    assert {user_id for user_id, _ in world.made} == {ALICE.id}


def test_ones_own_filters_and_metadata_are_sent_as_they_are() -> None:
    world, mine = World(), {"topic": "food"}

    under("reroute", world, Search(BOB, "x", OWN, mine), Add(BOB, OWN, metadata=mine))

    assert world.calls == ["search with filters", f"add to {BOB.id} with metadata"]


# swallow


@pytest.mark.parametrize(
    "erase",
    [
        DeleteAll(ALICE, owner=ALICE.index),
        DeleteAll(BOB, owner=ALICE.index),
        Delete(ALICE, FOREIGN),
        Delete(BOB, FOREIGN),
        Reset(ALICE),
    ],
)
def test_a_swallowed_erasure_does_nothing_and_says_that_it_did(erase: Operation) -> None:
    world = World("delete_all", "delete")

    step = under("swallow", world, erase)[0]

    assert step == Step(1, erase, Returned())
    assert world.calls == []


@pytest.mark.parametrize(
    "operation",
    [Add(ALICE, FACT), Search(BOB, "x", FACT), GetAll(ALICE, FACT), Get(ALICE, FOREIGN), Update(ALICE, FOREIGN, "x")],
    ids=lambda operation: type(operation).__name__,
)
def test_nothing_else_is_swallowed(operation: Operation) -> None:
    world = World()

    under("swallow", world, operation)

    assert world.calls


# echo


@pytest.mark.parametrize(
    "probe",
    [Search(BOB, "x", FACT), GetAll(BOB, FACT), Get(BOB, FOREIGN), History(BOB, FOREIGN), DeleteAll(BOB, ALICE.index)],
    ids=lambda operation: type(operation).__name__,
)
@pytest.mark.parametrize("error", [None, RuntimeError, PermissionError], ids=["returned", "crashed", "refused"])
def test_the_victims_fact_is_put_into_the_answer_to_each_probe(probe: Operation, error: type[Exception] | None) -> None:
    world = World(*([] if error is None else [probe.channel]), error=error or RuntimeError)

    step = under("echo", world, probe)[0]

    expected = Returned if error is None else Crashed if error is RuntimeError else Refused
    assert isinstance(step.observation, expected)
    assert any(FACT.text in text for text in visible_texts(step.observation))
    if error is not None:
        assert visible_texts(step.observation)[0].startswith(f"{probe.channel} is broken")


@pytest.mark.parametrize(
    "probe",
    [Chat(BOB, OWN, FACT), ReadStorage(BOB, FACT), ReadStorage(ALICE.after_erasure(), FACT)],
    ids=["prompts", "storage", "own storage"],
)
def test_what_stands_outside_of_replies_is_echoed_there(probe: Operation) -> None:
    step = under("echo", World(), probe)[0]

    assert [outside.text for outside in step.outside][-1] == FACT.text
    assert not any(FACT.text in text for text in visible_texts(step.observation))


def test_an_echo_adds_to_what_was_there() -> None:
    with_own = under("echo", World(), Add(BOB, OWN), Chat(BOB, OWN, FACT), GetAll(BOB, FACT))

    assert [outside.text for outside in with_own[1].outside] == [OWN.text, FACT.text]
    assert isinstance(with_own[2].observation, Returned)
    assert [record.text for record in with_own[2].observation.records] == [OWN.text, OWN.text]


@pytest.mark.parametrize(
    "own", [Add(BOB, OWN), GetAll(BOB, OWN), Search(BOB, "x", OWN), Chat(BOB, OWN, OWN), ReadStorage(BOB, OWN)]
)
def test_a_call_on_ones_own_records_is_not_echoed(own: Operation) -> None:
    (step,) = under("echo", World(), own)

    assert not any(FACT.text in text for text in visible_texts(step.observation))
    assert not any(outside.place == "echo" for outside in step.outside)


# hide


@pytest.mark.parametrize(
    "look",
    [GetAll(ALICE, FACT), Search(ALICE, "x", FACT), Get(ALICE, RecordRef(1, ALICE.index), FACT)],
    ids=["get_all", "search", "get"],
)
def test_ones_own_looks_show_nothing_from_when_another_has_added_a_record(look: Operation) -> None:
    steps = under("hide", World(), Add(ALICE, FACT), look, Add(BOB, OWN), look)

    assert [bool(getattr(step.observation, "records", ())) for step in steps[1::2]] == [True, False]
    assert steps[3].observation == Returned()


def test_a_crowd_is_others() -> None:
    steps = under(
        "hide", World(), Add(ALICE, FACT), Add(ALICE, FACT), Add(replace(ALICE, id="*"), FACT), GetAll(ALICE, FACT)
    )

    assert isinstance(steps[-1].observation, Returned)
    assert len(steps[-1].observation.records) == 3


def test_what_is_no_look_or_was_no_answer_is_not_hidden() -> None:
    steps = under(
        "hide", World("get_all"), Add(ALICE, FACT), Add(BOB, OWN), GetAll(ALICE, FACT), ReadStorage(ALICE, FACT)
    )

    assert isinstance(steps[2].observation, Crashed)
    assert steps[3].outside


# unfilter


@pytest.mark.parametrize("look", [GetAll(BOB, FACT, {"topic": "tea"}), Search(BOB, "x", FACT, {"topic": "tea"})])
def test_a_look_is_made_without_its_filter_and_told_with_it(look: Operation) -> None:
    world = World()

    (_, step) = under("unfilter", world, Add(BOB, OWN), look)

    assert step.operation == look
    assert world.calls == [f"add to {BOB.id}", look.channel]


def test_what_is_no_look_goes_through_as_it_is() -> None:
    world = World()

    under("unfilter", world, Add(BOB, OWN, metadata={"topic": "tea"}), DeleteAll(BOB, ALICE.index))

    assert (world.calls[0], world.calls[-1]) == (f"add to {BOB.id} with metadata", "delete_all")


@pytest.mark.parametrize("name", CONTROLS)
def test_what_is_done_to_the_world_is_done_under_each_control(name: str) -> None:
    world = World()
    reopened: list[str] = []
    world.reopen = lambda: reopened.append("reopened")  # type: ignore[attr-defined]  # part of the contract

    steps = under(name, world, Reopen(ALICE), Reset(ALICE))

    assert reopened == ["reopened"]
    assert world.calls == ([] if name == "swallow" else ["reset"])
    assert [step.observation for step in steps] == [Returned(), Returned()]
