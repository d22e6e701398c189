from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from memfence import Add, GetAll, Population, Search
from memfence.attribution import CanaryAttributor
from memfence.contract import adapt
from memfence.errors import TargetError
from memfence.executor import Executor
from memfence.findings import Finding, FindingClass
from memfence.observations import Returned, Step
from memfence.operations import DeleteAll
from memfence.oracles.lost import lost
from memfence.oracles.tampering import tampering
from memfence.settling import AloneWorlds, look_again
from memfence.tenants import Tenant

POPULATION = Population(seed=5, size=12)
ATTRIBUTOR = CanaryAttributor(POPULATION)
ALICE, BOB, *_ = POPULATION
FACT = ALICE.facts[0]
LOOK = GetAll(ALICE, FACT)


class Unsteady:
    """Lists its one fact on the given looks, counted from 1."""

    def __init__(self, shown: Iterable[int]) -> None:
        self.shown = set(shown)
        self.looks = 0

    def add(self, text: str) -> None:
        del text

    def get_all(self) -> list[str]:
        self.looks += 1
        return [FACT.text] if self.looks in self.shown else []


def executor(*shown: int) -> Executor:
    memory = Unsteady(shown)
    return Executor(adapt(lambda _: memory, "unsteady"))


def missing() -> Finding:
    judge = lost(ATTRIBUTOR)
    (finding,) = [*judge(Step(1, Add(ALICE, FACT), Returned())), *judge(Step(2, LOOK, Returned()))]
    return finding


def gone() -> Finding:
    judge = tampering(ATTRIBUTOR)
    seen = Returned(adapt_records())
    steps = [
        Step(1, Add(ALICE, FACT), Returned()),
        Step(2, LOOK, seen),
        Step(3, DeleteAll(BOB, owner=ALICE.index), Returned()),
        Step(4, LOOK, Returned()),
    ]
    (finding,) = [finding for step in steps for finding in judge(step)]
    return finding


def adapt_records() -> tuple:  # type: ignore[type-arg]  # records of the one fact
    step = executor(1).perform(LOOK, 1)
    assert isinstance(step.observation, Returned)
    return step.observation.records


@pytest.mark.parametrize("make", [missing, gone], ids=["lost", "tampering"])
@pytest.mark.parametrize("look", [1, 2])
def test_what_is_there_on_looking_again_was_never_gone(make: object, look: int) -> None:
    finding = make()  # type: ignore[operator]  # one of the two above

    settled = look_again(finding, executor(look), ATTRIBUTOR)

    assert settled.klass is FindingClass.AVAILABILITY
    assert settled.evidence[-1] == "on looking again it was there: the target is unsteady"
    assert settled.look is None


def test_what_stays_missing_stays_a_finding() -> None:
    finding = gone()

    assert look_again(finding, executor(3), ATTRIBUTOR) is finding


def test_a_finding_that_hangs_on_no_look_is_left_alone() -> None:
    finding = replace(missing(), look=None)

    assert look_again(finding, executor(1), ATTRIBUTOR) is finding


class Opener:
    """Opens worlds in which a tenant alone sees its fact, or that cannot be opened."""

    def __init__(self, *, fails: bool = False) -> None:
        self.fails = fails
        self.opened: list[str] = []

    @contextmanager
    def __call__(self, tenants: Iterable[Tenant]) -> Iterator[Executor]:
        if self.fails:
            msg = "could not be started"
            raise TargetError(msg)
        (tenant,) = tenants
        self.opened.append(tenant.id)
        yield executor(1)


PERFORMED = [(1, Add(ALICE, FACT)), (2, LOOK), (3, Search(BOB, FACT.text, FACT))]


def test_a_tenant_that_alone_sees_its_fact_lost_it_to_the_others() -> None:
    opener = Opener()

    settled = AloneWorlds(PERFORMED, ATTRIBUTOR, opener).settle(missing())

    assert settled.klass is FindingClass.INTERFERENCE
    assert opener.opened == [ALICE.id]


def test_each_tenant_is_tried_alone_once_and_only_some_are() -> None:
    opener = Opener()
    worlds = AloneWorlds(PERFORMED, ATTRIBUTOR, opener)

    for tenant in [*POPULATION, *POPULATION]:
        worlds.settle(replace(missing(), observer=tenant))

    assert opener.opened == [tenant.id for tenant in POPULATION][:8]


def test_a_tenant_that_cannot_be_tried_alone_stays_a_matter_of_availability() -> None:
    for worlds in (AloneWorlds(PERFORMED, ATTRIBUTOR, Opener(fails=True)), AloneWorlds([], ATTRIBUTOR, Opener())):
        assert worlds.settle(missing()).klass is FindingClass.AVAILABILITY
