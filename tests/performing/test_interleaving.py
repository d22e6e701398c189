import asyncio
import contextvars
import time
from typing import ClassVar

import pytest
from honest_targets import Asynchronous, Honest, Row, Store, World

from memfence import Add, DeleteAll, GetAll, Population, Search, Step, Tenant, Together, interleave, read_beside
from memfence.campaigns.campaign import Campaign
from memfence.campaigns.resolve import all_oracles, scenarios
from memfence.campaigns.settings import AuditSettings
from memfence.model.channels import Channel
from memfence.model.findings import FindingClass, Verdict
from memfence.model.observations import Returned
from memfence.model.operations import Operation, is_probe
from memfence.model.results import CampaignResult
from memfence.model.scenario_results import ScenarioResult
from memfence.performing.contract import adapt
from memfence.plans.scenario import Plan

WRONG_SESSION = 488


class CurrentUser(Honest):
    """Whoever came last is who is asking: the user is kept in the module."""

    current: ClassVar[object] = None

    def __init__(self, store: Store, user_id: object, within: dict[str, str]) -> None:
        super().__init__(store, user_id, within)
        type(self).current = user_id

    def mine(self, row: Row) -> bool:
        return row["user_id"] == self.current

    def chosen(self, filters: Row) -> list[Row]:
        time.sleep(0.001)
        return super().chosen(filters)


class OwnUser(CurrentUser):
    """The correct twin: as slow, and it asks for the user that it was made for."""

    def mine(self, row: Row) -> bool:
        return Honest.mine(self, row)


class CurrentTask(Asynchronous):
    """Whichever task came last is the one that is answered."""

    current: ClassVar[Honest]

    async def search(self, query: str, *, filters: Row | None = None) -> list[Row]:
        await self.begin()
        return self.asking().search(query, filters=filters)

    async def get_all(self, *, filters: Row | None = None) -> list[Row]:
        await self.begin()
        return self.asking().get_all(filters=filters)

    async def begin(self) -> None:
        type(self).current = self.memory
        await asyncio.sleep(0)

    def asking(self) -> Honest:
        return self.current


_asking: contextvars.ContextVar[Honest] = contextvars.ContextVar("asking")


class OwnTask(CurrentTask):
    """The correct twin: each task has a context of its own."""

    async def begin(self) -> None:
        _asking.set(self.memory)
        await asyncio.sleep(0)

    def asking(self) -> Honest:
        return _asking.get()


class AsynchronousOnly(World):
    """A target whose every method is a coroutine; it has no other client."""

    make_async_memory = None  # type: ignore[assignment]  # it has none

    def make_memory(self, user_id: object) -> object:  # type: ignore[override]  # it takes no further ids
        return self.asynchronous(super().make_memory(user_id))


def audit(thing: object, name: str, *, users: int = 4, seed: int = 7) -> ScenarioResult:
    result: CampaignResult = Campaign(
        adapt(thing, "fake"), scenarios([name]), AuditSettings(seed=seed, users=users, facts=1), all_oracles()
    ).run()
    return result.scenarios[0]


def weaknesses(found: ScenarioResult) -> set[int | None]:
    violations = (group for group in found.findings if group.example.verdict is Verdict.VIOLATED)
    return {found.weakness(group) for group in violations}


def leaks(found: ScenarioResult) -> set[Channel]:
    return {group.example.channel for group in found.findings if group.example.oracle == "canary_leak"}


@pytest.mark.parametrize("users", [2, 5])
def test_a_current_user_that_is_kept_in_the_module_is_seen_by_threads(users: int) -> None:
    found = audit(World(CurrentUser), "interleaved", users=users)

    assert found.verdict is Verdict.VIOLATED
    assert leaks(found) == {Channel.SEARCH, Channel.GET_ALL}
    assert weaknesses(found) == {WRONG_SESSION}


@pytest.mark.parametrize("users", [2, 9])
def test_as_slow_a_store_that_remembers_whom_it_serves_is_held(users: int) -> None:
    found = audit(World(OwnUser), "interleaved", users=users)

    assert (found.verdict, found.findings, found.reasons) == (Verdict.HELD, [], [])


@pytest.mark.parametrize("name", ["alice_and_bob", "cross_search", "list_all"])
def test_one_after_the_other_such_a_store_is_as_good_as_any(name: str) -> None:
    # A memory is made anew for each call, as for each request: without threads, whoever came last is who asks.
    class Requests(World):
        def make_memory(self, user_id: object) -> "Requested":  # type: ignore[override]  # it takes no further ids
            return Requested(self, user_id)

    class Requested:
        def __init__(self, world: Requests, user_id: object) -> None:
            self.make = lambda: CurrentUser(world.store, user_id, {})

        def add(self, text: str) -> Row:
            return self.make().add(text)

        def search(self, query: str) -> list[Row]:
            return self.make().search(query)

        def get_all(self) -> list[Row]:
            return self.make().get_all()

    assert audit(Requests(), name).verdict is Verdict.HELD
    assert audit(Requests(), "interleaved").verdict is Verdict.VIOLATED


@pytest.mark.parametrize("users", [2, 9])
@pytest.mark.parametrize("kind", [World, AsynchronousOnly])
def test_a_current_task_that_is_kept_in_the_module_is_seen_by_tasks(kind: type[World], users: int) -> None:
    found = audit(kind(asynchronous=CurrentTask), "interleaved_async", users=users)

    assert found.verdict is Verdict.VIOLATED
    # Of two, chance may let only one of the two ways show it.
    assert leaks(found) <= {Channel.SEARCH, Channel.GET_ALL}
    assert users == 2 or leaks(found) == {Channel.SEARCH, Channel.GET_ALL}
    assert weaknesses(found) == {WRONG_SESSION}


@pytest.mark.parametrize("kind", [World, AsynchronousOnly])
def test_tasks_with_contexts_of_their_own_are_held(kind: type[World]) -> None:
    found = audit(kind(asynchronous=OwnTask), "interleaved_async", users=9)

    assert (found.verdict, found.findings, found.reasons) == (Verdict.HELD, [], [])


def test_an_asynchronous_client_alone_is_exercised_by_the_synchronous_story_too() -> None:
    found = audit(AsynchronousOnly(asynchronous=CurrentTask), "interleaved")

    assert found.verdict is Verdict.VIOLATED


def test_records_that_a_race_writes_over_each_other_are_lost_because_others_are_there() -> None:
    class Racing(Store):
        """Two adds that read the same serial write to the same place."""

        def __init__(self) -> None:
            super().__init__()
            self.last = 0

    class LastWins(Honest):
        store: Racing

        def row(self, text: str, metadata: Row) -> Row:
            known = self.store.last + 1
            time.sleep(0.001)
            self.store.last = known
            return {**super().row(text, metadata), "id": f"{known:08x}-0000-4000-8000-000000000000"}

    found = audit(World(LastWins, Racing), "interleaved", users=8)

    assert found.verdict is Verdict.VIOLATED
    assert {(group.example.oracle, group.example.klass) for group in found.findings} >= {
        ("lost", FindingClass.INTERFERENCE)
    }


def rounds(population: Population, **options: object) -> list[tuple[Operation, ...]]:
    told: list[tuple[Operation, ...]] = []
    plan = interleave(population, **options)  # type: ignore[arg-type]  # the story's own options
    asked = next(plan, None)
    while asked is not None:
        assert isinstance(asked, Together)
        told.append(asked.operations)
        try:
            asked = plan.send(Step(len(told), asked.operations[-1], Returned()))
        except StopIteration:
            break
    return told


@pytest.mark.parametrize(("users", "at_once"), [(2, 2), (3, 3), (20, 8)])
def test_up_to_eight_tenants_ask_at_once_each_for_itself(users: int, at_once: int) -> None:
    for together in rounds(Population(seed=1, size=users)):
        assert len({operation.principal.index for operation in together}) == len(together) == at_once


def test_what_a_tenant_has_added_it_looks_for_and_so_does_a_neighbour() -> None:
    told = rounds(Population(seed=1, size=3))

    for added, own, foreign in zip(told[::3], told[1::3], told[2::3], strict=True):
        planted = {operation.fact for operation in added if isinstance(operation, Add)}
        assert {operation.seeks for operation in own if isinstance(operation, GetAll)} == planted
        assert not any(map(is_probe, own))
        assert {operation.seeks for operation in foreign if isinstance(operation, Search | GetAll)} == planted
        assert all(map(is_probe, foreign))


def test_tenants_may_ask_through_the_asynchronous_client() -> None:
    told = rounds(Population(seed=1, size=2), client=Tenant.through_async)

    assert all(operation.principal.asynchronous for together in told for operation in together)


def beside(plan: Plan) -> list[Operation]:
    told: list[Operation] = []
    asked = next(plan, None)
    while asked is not None:
        assert not isinstance(asked, Together)
        told.append(asked)
        try:
            asked = plan.send(Step(len(told), asked, Returned()))
        except StopIteration:
            break
    return told


def test_victims_sign_up_under_one_id_of_a_pair_and_one_tenant_under_the_other() -> None:
    population = Population(seed=1, size=3, first=4)
    first, second, attacker = population

    told = beside(read_beside(population, lambda victim: [(str(victim.index), victim.index), ("True", True)]))

    # Here nothing is found, so each victim adds again after each of three writes.
    signed_up = [(one.principal.index, one.principal.id) for one in told if isinstance(one, Add)]
    signed_up = [one for position, one in enumerate(signed_up) if position % 5 < 2]
    assert signed_up == [
        (first.index, "4"),
        (attacker.index, 4),
        (first.index, "True"),
        (attacker.index, True),
        (second.index, "5"),
        (attacker.index, 5),
        (second.index, "True"),
        (attacker.index, True),
    ]
    assert all(one.principal.hostile for one in told)


def test_the_victim_of_a_pair_finds_its_fact_before_the_other_looks_for_it() -> None:
    population = Population(seed=1, size=2)
    victim, attacker = population
    fact, own = victim.facts[0], attacker.facts[0]

    told = beside(read_beside(population, lambda _: [("7", 7)]))

    stranger = attacker.posing_as(7)
    assert told[:7] == [
        Add(victim.posing_as("7"), fact),
        GetAll(victim.posing_as("7"), fact),
        Add(stranger, own),
        GetAll(stranger, own),
        Search(stranger, own.bare, own),
        Search(stranger, fact.bare, fact),
        GetAll(stranger, fact),
    ]
    assert told[-6:] == [
        DeleteAll(stranger, owner=victim.index),
        GetAll(stranger.after_erasure(), own),
        Search(stranger.after_erasure(), own.bare, own),
        GetAll(victim.posing_as("7"), fact),
        Add(victim.posing_as("7"), fact),
        GetAll(victim.posing_as("7"), fact),
    ]
