from collections.abc import Sequence

import pytest

from memfence import (
    Add,
    Channel,
    Chat,
    Delete,
    DeleteAll,
    Get,
    GetAll,
    Plan,
    Population,
    ReadStorage,
    RecordRef,
    Reopen,
    Reset,
    Scenario,
    Search,
    Step,
    Together,
    Update,
    scenario,
)
from memfence.base.errors import HarnessError
from memfence.model.observations import Returned
from memfence.model.operations import Operation
from memfence.performing.contract import METHODS
from memfence.performing.driving import drive, either

POPULATION = Population(seed=1, size=2)
ALICE, BOB = POPULATION
EVERYTHING = frozenset(METHODS)


def answer(operation: Operation, index: int) -> Step:
    return Step(index, operation, Returned())


def test_a_plan_that_ends_at_once_has_no_steps() -> None:
    @scenario(needs=(Add,), control="reroute")
    def idle(population: Population) -> Plan:
        """Nothing happens."""
        yield from [Add(tenant, tenant.facts[0]) for tenant in population if tenant.index < 0]

    assert list(drive(idle, POPULATION, answer, EVERYTHING)) == []


def test_a_scenario_receives_the_steps_that_its_operations_became() -> None:
    seen: list[Step] = []

    @scenario(needs=(Add, Get), control="reroute")
    def telling(population: Population) -> Plan:
        """It keeps what it is sent."""
        planted = yield Add(ALICE, ALICE.facts[0])
        seen.append((yield Get(BOB, planted.record)))
        assert population.size == 2

    steps = list(drive(telling, POPULATION, answer, EVERYTHING))

    assert seen == steps[1:]
    assert [step.index for step in steps] == [1, 2]


@pytest.mark.parametrize(("operation", "line"), [("Get(BOB, ALICE.facts[0])", "step.record"), ("1 / 0", "division")])
def test_a_broken_scenario_is_no_crash_of_the_target(operation: str, line: str) -> None:
    @scenario(needs=(Add,), control="reroute")
    def broken(population: Population) -> Plan:
        """Its author made a mistake."""
        yield Add(population.tenant(0), population.tenant(0).facts[0])
        yield eval(operation)  # noqa: S307 - the example's own text

    with pytest.raises(HarnessError, match=f"scenario broken is broken: .*{line}"):
        list(drive(broken, POPULATION, answer, EVERYTHING))


@pytest.mark.parametrize(
    ("operation", "word"),
    [
        (DeleteAll(ALICE, owner=1), "delete_all"),
        (Delete(ALICE, RecordRef(1, 1)), "delete"),
        (Update(ALICE, RecordRef(1, 1), "x"), "update"),
        (Reset(ALICE), "a reset"),
        (Together((GetAll(ALICE, ALICE.facts[0]), DeleteAll(BOB, owner=0))), "delete_all"),
    ],
)
def test_a_scenario_that_deletes_must_have_said_so(operation: Operation | Together, word: str) -> None:
    @scenario(needs=(Add,), control="reroute")
    def sly(population: Population) -> Plan:
        """It deletes without a word."""
        yield operation
        del population

    # Also where the target has no such method.
    for available in (EVERYTHING, frozenset({"add"})):
        with pytest.raises(HarnessError, match=f"it uses {word}, so it must say destructive=True"):
            list(drive(sly, POPULATION, answer, available))


@pytest.mark.parametrize("operation", [Reopen(ALICE), Chat(ALICE, ALICE.facts[0], BOB.facts[0])])
def test_what_destroys_nothing_needs_no_leave(operation: Operation) -> None:
    everything = EVERYTHING | {"reopen", "prompts", "add.infer"}

    assert [step.operation for step in drive(telling(operation), POPULATION, answer, everything)] == [operation]


def test_what_the_target_cannot_do_is_replaced_by_the_other_way_to_look_or_left_out() -> None:
    look, listing = Search(ALICE, "home town", BOB.facts[0]), GetAll(ALICE, BOB.facts[0])

    assert either(look, frozenset({Channel.GET_ALL})) == listing
    assert either(listing, frozenset({Channel.SEARCH})) == Search(ALICE, BOB.facts[0].bare, BOB.facts[0])
    assert either(look, frozenset({Channel.ADD})) is None
    assert either(look, EVERYTHING) is look


def test_filters_go_with_the_other_way_to_look() -> None:
    mine = {"topic": "food"}
    look, listing = Search(ALICE, "x", BOB.facts[0], mine), GetAll(ALICE, BOB.facts[0], mine)

    assert either(look, frozenset({"get_all", "get_all.filters"})) == listing
    assert either(listing, frozenset({"search", "search.filters"})) == Search(
        ALICE, BOB.facts[0].bare, BOB.facts[0], mine
    )
    # The method is there and takes no filters: the other one would answer another question.
    assert either(look, frozenset({"search", "get_all", "get_all.filters"})) is None
    assert either(look, frozenset({"get_all"})) is None


@pytest.mark.parametrize(
    "operation",
    [
        Reopen(ALICE),
        Reset(ALICE),
        ReadStorage(ALICE, BOB.facts[0]),
        Chat(ALICE, ALICE.facts[0], BOB.facts[0]),
        Add(ALICE, ALICE.facts[0], metadata={"user_id": "x"}),
        Add(ALICE.in_scope(run_id="1"), ALICE.facts[0]),
        GetAll(ALICE.through_async(), ALICE.facts[0]),
    ],
    ids=lambda operation: type(operation).__name__,
)
def test_what_a_target_does_not_offer_is_left_out(operation: Operation) -> None:
    assert either(operation, EVERYTHING) is None
    assert either(operation, operation.requires) is operation


# What is to begin together.


def telling(*wanted: Operation | Together, heard: list[Step] | None = None) -> Scenario:
    @scenario(needs=(Add,), control="reroute", destructive=False)
    def told(population: Population) -> Plan:
        """It says what it is given."""
        for one in wanted:
            step = yield one
            if heard is not None:
                heard.append(step)
        del population

    return told


class Meeting:
    """Notes what it was asked to begin together."""

    def __init__(self) -> None:
        self.met: list[tuple[tuple[Operation, ...], int]] = []

    def __call__(self, operations: Sequence[Operation], first: int) -> list[Step]:
        self.met.append((tuple(operations), first))
        return [Step(index, operation, Returned()) for index, operation in enumerate(operations, first)]


LOOKS = (GetAll(ALICE, ALICE.facts[0]), GetAll(BOB, BOB.facts[0]))


def test_what_is_to_begin_together_does_and_counts_on_and_the_plan_hears_of_the_last() -> None:
    meeting, heard = Meeting(), list[Step]()
    plan = telling(LOOKS[0], Together(LOOKS), LOOKS[1], heard=heard)

    steps = list(drive(plan, POPULATION, answer, EVERYTHING, together=meeting))

    assert meeting.met == [(LOOKS, 2)]
    assert [(step.index, step.operation) for step in steps] == [
        (1, LOOKS[0]),
        (2, LOOKS[0]),
        (3, LOOKS[1]),
        (4, LOOKS[1]),
    ]
    assert [step.index for step in heard] == [1, 3, 4]


def test_without_a_way_to_begin_together_it_is_one_by_one() -> None:
    steps = list(drive(telling(Together(LOOKS)), POPULATION, answer, EVERYTHING))

    assert [(step.index, step.operation) for step in steps] == [(1, LOOKS[0]), (2, LOOKS[1])]


def test_of_what_is_to_begin_together_only_what_the_target_offers_is_performed() -> None:
    meeting = Meeting()
    wanted = Together((LOOKS[0], Get(BOB, RecordRef(1, 0)), Search(BOB, "x", BOB.facts[0])))

    # The search stands in for the listing; the get has nothing in its place.
    steps = list(drive(telling(wanted), POPULATION, answer, frozenset({"search"}), together=meeting))

    met = (Search(ALICE, ALICE.facts[0].text, ALICE.facts[0]), Search(BOB, "x", BOB.facts[0]))
    assert meeting.met == [(met, 1)]
    assert [step.index for step in steps] == [1, 2]


def test_one_alone_meets_nobody() -> None:
    meeting, heard = Meeting(), list[Step]()
    wanted = Together((LOOKS[0], Get(BOB, RecordRef(1, 0))))

    steps = list(drive(telling(wanted, heard=heard), POPULATION, answer, frozenset({"get_all"}), together=meeting))

    assert meeting.met == []
    assert steps == heard == [answer(LOOKS[0], 1)]


def test_a_plan_hears_of_a_step_0_where_nothing_could_be_performed() -> None:
    heard: list[Step] = []

    steps = list(
        drive(telling(Together(LOOKS), LOOKS[0], heard=heard), POPULATION, answer, frozenset(), together=Meeting())
    )

    assert steps == []
    assert [(step.index, step.operation) for step in heard] == [(0, LOOKS[1]), (0, LOOKS[0])]


def test_a_meeting_of_nobody_is_a_broken_scenario() -> None:
    with pytest.raises((HarnessError, TypeError, ValueError), match=r"Together|together|broken"):
        list(drive(telling(Together(())), POPULATION, answer, EVERYTHING))
