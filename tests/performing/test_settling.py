from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count

import pytest

from memfence import Add, GetAll, Operation, Population, Record, Reopen, Reset, Search
from memfence.base.errors import TargetError
from memfence.judging.attribution import CanaryAttributor
from memfence.judging.oracles.lost import lost
from memfence.judging.oracles.tampering import tampering
from memfence.model.findings import Finding, FindingClass
from memfence.model.observations import Crashed, Observation, Refused, Returned, Step
from memfence.model.operations import DeleteAll
from memfence.model.tenants import Tenant
from memfence.performing.contract import adapt
from memfence.performing.executor import Executor
from memfence.performing.settling import TO_COMPARE, AloneWorlds, look_again

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
@pytest.mark.parametrize("look", [1, 2, 12])
def test_what_is_there_on_looking_again_was_never_gone(make: object, look: int) -> None:
    finding = make()  # type: ignore[operator]  # one of the two above

    settled = look_again(finding, executor(look), ATTRIBUTOR)

    assert settled.klass is FindingClass.AVAILABILITY
    assert settled.evidence[-1] == "on looking again it was there: the target is unsteady"
    assert settled.look is None


def test_what_stays_missing_stays_a_finding() -> None:
    finding = gone()

    assert look_again(finding, executor(13), ATTRIBUTOR) is finding


class Thresholded:
    """A search shows what shares most of its words with the query."""

    def __init__(self, *, finds: bool = True) -> None:
        self.finds = finds

    def search(self, query: str) -> list[str]:
        alike = len({*query.split()} & {*FACT.text.split()}) / len(FACT.text.split())
        return [FACT.text] if self.finds and alike > 1 / 2 else []


IN_FEW_WORDS = Search(ALICE, "I grew up", FACT)
THRESHOLD = Executor(adapt(lambda _: Thresholded(), "thresholded"))


def unfound() -> Finding:
    judge = lost(ATTRIBUTOR)
    (finding,) = [*judge(Step(1, Add(ALICE, FACT), Returned())), *judge(Step(2, IN_FEW_WORDS, Returned()))]
    return finding


@contextmanager
def thresholded(_: Iterable[Tenant]) -> Iterator[Executor]:
    yield THRESHOLD


def test_what_a_search_in_few_words_misses_alone_too_and_its_own_words_find_is_no_loss() -> None:
    finding = look_again(unfound(), THRESHOLD, ATTRIBUTOR)

    settled = AloneWorlds([Add(ALICE, FACT), IN_FEW_WORDS], ATTRIBUTOR, thresholded).settle(finding)

    assert finding.evidence[-1] == "a search for the whole sentence found it"
    assert settled is None


def test_what_a_search_in_few_words_shows_alone_was_lost_to_the_others_though_its_own_words_find_it() -> None:
    finding = look_again(unfound(), THRESHOLD, ATTRIBUTOR)

    settled = AloneWorlds([Add(ALICE, FACT), IN_FEW_WORDS], ATTRIBUTOR, always_found).settle(finding)

    assert settled is not None
    assert settled.klass is FindingClass.INTERFERENCE


@contextmanager
def always_found(_: Iterable[Tenant]) -> Iterator[Executor]:
    class Finding(Thresholded):
        def search(self, query: str) -> list[str]:
            return super().search(f"{query} {FACT.text}")

    yield Executor(adapt(lambda _: Finding(), "finding"))


def test_what_its_own_words_do_not_find_either_stays_a_finding() -> None:
    nothing = Executor(adapt(lambda _: Thresholded(finds=False), "empty"))

    finding = look_again(unfound(), nothing, ATTRIBUTOR)

    assert not finding.found_by_its_words
    assert AloneWorlds([Add(ALICE, FACT), IN_FEW_WORDS], ATTRIBUTOR, thresholded).settle(finding) is not None


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


PERFORMED = [Add(ALICE, FACT), LOOK, Search(BOB, FACT.text, FACT)]


def test_a_tenant_that_alone_sees_its_fact_lost_it_to_the_others() -> None:
    opener = Opener()

    settled = AloneWorlds(PERFORMED, ATTRIBUTOR, opener).settle(missing())

    assert settled.klass is FindingClass.INTERFERENCE
    assert set(opener.opened) == {ALICE.id}
    assert len(opener.opened) == 16


def test_each_tenant_is_tried_alone_once_and_only_some_are() -> None:
    opener = Opener()
    worlds = AloneWorlds(PERFORMED, ATTRIBUTOR, opener)

    for tenant in [*POPULATION, *POPULATION]:
        worlds.settle(replace(missing(), observer=tenant))

    assert list(dict.fromkeys(opener.opened)) == [tenant.id for tenant in POPULATION][:8]
    # Only the first has such a look of its own; of the others one replay shows that they have none.
    assert len(opener.opened) == 16 + 7


@pytest.mark.parametrize("seen", [True, False], ids=["seen alone", "missing alone"])
@pytest.mark.parametrize("tenants", [1, 3, 12])
def test_no_more_worlds_are_opened_than_was_said_and_each_is_announced(tenants: int, *, seen: bool) -> None:
    begun: list[int] = []
    opener = Alone(always if seen else nothing)
    performed: list[Operation] = []
    for tenant in list(POPULATION)[:tenants]:
        performed += [Add(tenant, tenant.facts[at]) for at in (0, 1)]
        performed += [GetAll(tenant, FACT) for _ in (0, 1)]
    findings = [
        replace(missing(), observer=operation.principal, look=operation, step=Step(index, operation, Returned()))
        for index, operation in enumerate(performed, 1)
        if isinstance(operation, GetAll)
    ]
    worlds = AloneWorlds(performed, ATTRIBUTOR, opener, lambda: begun.append(opener.worlds))

    at_most = worlds.at_most(findings)
    for finding in findings:
        worlds.settle(finding)

    assert begun == list(range(opener.worlds))
    assert 0 < opener.worlds <= at_most == min(tenants, 8) * (16 + 2)


def test_to_compare_one_tenant_takes_no_more_worlds_than_was_said() -> None:
    now_and_then = Alone(lambda look: ALWAYS if look % 24 == 23 else [], among=nothing)
    steady = Alone(always, among=nothing)

    for alone in (now_and_then, steady):
        differences(alone, Returned())

        assert 0 < alone.worlds <= TO_COMPARE
    assert steady.worlds == TO_COMPARE


def test_a_tenant_that_cannot_be_tried_alone_stays_a_matter_of_availability() -> None:
    for worlds in (AloneWorlds(PERFORMED, ATTRIBUTOR, Opener(fails=True)), AloneWorlds([], ATTRIBUTOR, Opener())):
        assert worlds.settle(missing()).klass is FindingClass.AVAILABILITY


# What a tenant sees otherwise than alone.


class Alone:
    """Opens worlds in which the n-th look, over all of them, shows what `answer(n)` returns or raises.

    In those that are opened for several tenants it is what `among(n)` does.
    """

    def __init__(
        self,
        answer: Callable[[int], object],
        *,
        among: Callable[[int], object] | None = None,
        down_from: int | None = None,
    ) -> None:
        self.answer = answer
        self.among = among or answer
        self.is_alone = True
        self.down_from = down_from
        self.worlds = 0
        self.looks = count()
        self.events: list[str] = []

    def get_all(self) -> object:
        return (self.answer if self.is_alone else self.among)(next(self.looks))

    @contextmanager
    def __call__(self, tenants: Iterable[Tenant]) -> Iterator[Executor]:
        tenants = list(tenants)
        self.is_alone = len(tenants) == 1
        self.worlds += 1
        if self.down_from is not None and self.worlds > self.down_from:
            msg = "no more worlds"
            raise TargetError(msg)
        self.events += [f"open for {tenant.handle}" for tenant in tenants]
        yield Executor(adapt(self, "alone"))

    def make_memory(self, user_id: str) -> object:
        del user_id
        return self

    def add(self, text: str) -> dict[str, str]:
        self.events.append(f"add {text}")
        return {"id": "r1", "memory": text}

    def reset(self) -> None:
        self.events.append("reset")

    def reopen(self) -> None:
        self.events.append("reopen")


SHOWN = Returned((Record("r1", FACT.text),))
ALWAYS = [{"id": "r1", "memory": FACT.text}]


def nothing(_: int) -> object:
    return []


def always(_: int) -> object:
    return ALWAYS


def differences(alone: Alone, seen: Observation, *, operation: Operation = LOOK) -> list[Finding]:
    performed: list[Operation] = [Add(ALICE, FACT), operation, Add(BOB, BOB.facts[0])]
    together = [
        Step(1, Add(ALICE, FACT), SHOWN),
        Step(2, operation, seen),
        Step(3, Add(BOB, BOB.facts[0]), Returned()),
    ]
    return list(AloneWorlds(performed, ATTRIBUTOR, alone).differences(ALICE.index, together))


def test_what_every_replay_alone_agrees_on_and_the_others_change_is_found() -> None:
    (finding,) = differences(Alone(always, among=nothing), Returned())

    assert finding.oracle == "noninterference"
    assert (finding.observer, finding.step.index) == (ALICE, 2)
    assert finding.klass is FindingClass.INTERFERENCE


def test_what_is_the_same_alone_takes_one_replay() -> None:
    alone = Alone(lambda _: ALWAYS)

    assert differences(alone, SHOWN) == []
    assert alone.worlds == 1


def test_a_difference_is_believed_after_many_replays_and_no_more_than_it_takes_to_refute_it() -> None:
    steady, late = Alone(always, among=nothing), Alone(lambda look: ALWAYS if look < 10 else [], among=nothing)

    assert len(differences(steady, Returned())) == 1
    assert differences(late, Returned()) == []
    # Chance that answers one way or the other agrees with itself so often once in a million times.
    assert steady.worlds > 20
    assert 10 < late.worlds < steady.worlds


def test_what_is_rare_among_others_and_usual_alone_is_chance() -> None:
    assert differences(Alone(always), Returned()) == []


def test_what_differs_in_another_way_each_time_differs() -> None:
    alone = Alone(always, among=lambda look: [*ALWAYS, {"id": "r2", "memory": f"note {'x' * look}"}])

    assert len(differences(alone, Returned())) == 1


def test_each_replay_is_the_tenants_own_calls_and_what_was_done_to_the_world() -> None:
    alone = Alone(lambda _: ALWAYS)
    performed: list[Operation] = [Add(ALICE, FACT), Add(BOB, BOB.facts[0]), Reopen(BOB), Reset(BOB), LOOK]

    list(AloneWorlds(performed, ATTRIBUTOR, alone).differences(ALICE.index, [Step(5, LOOK, SHOWN)]))

    assert alone.events == [f"open for {ALICE.handle}", f"add {FACT.text}", "reopen", "reset"]


def test_a_further_replay_ends_with_the_last_step_that_is_in_doubt() -> None:
    alone = Alone(always, among=nothing)
    first, later = Add(ALICE, FACT), Add(ALICE, ALICE.facts[1])
    performed: list[Operation] = [Add(BOB, BOB.facts[0]), first, LOOK, later]
    stored = Returned((Record("r1", later.sent),))
    together = [Step(2, first, SHOWN), Step(3, LOOK, Returned()), Step(4, later, stored)]

    found = list(AloneWorlds(performed, ATTRIBUTOR, alone).differences(ALICE.index, together))

    assert [finding.step.index for finding in found] == [3]
    assert alone.events.count(f"add {first.sent}") == alone.worlds
    assert alone.events.count(f"add {later.sent}") == 1


def raising(error: Exception) -> Callable[[int], object]:
    def answer(_: int) -> object:
        raise error

    return answer


def test_a_world_whose_calls_crash_alone_and_not_before_says_nothing() -> None:
    assert differences(Alone(raising(RuntimeError("down"))), SHOWN) == []
    assert differences(Alone(raising(RuntimeError("down"))), Refused("ScopeError", "no")) == []


def test_a_crash_is_no_difference_wherever_it_happened() -> None:
    crashed = Crashed("RuntimeError", "down", "store.py:3 in get_all")

    assert differences(Alone(raising(RuntimeError("down"))), crashed) == []
    # A service that is asked too often is worn out by the others, and says nothing of them.
    assert differences(Alone(always, among=raising(RuntimeError("down"))), crashed) == []


def test_a_refusal_alone_of_what_was_answered_among_others_is_a_difference() -> None:
    assert len(differences(Alone(raising(PermissionError("no")), among=always), SHOWN)) == 1


def test_worlds_that_cannot_be_opened_leave_it_unasked() -> None:
    assert differences(Alone(lambda _: ALWAYS, down_from=0), Returned()) == []
    assert differences(Alone(lambda _: ALWAYS, down_from=1), Returned()) == []


def test_what_others_did_is_not_judged_by_a_world_in_which_they_did_nothing() -> None:
    steps = [Step(1, Add(BOB, BOB.facts[0]), SHOWN), Step(2, LOOK, SHOWN)]

    worlds = AloneWorlds([Add(BOB, BOB.facts[0]), LOOK], ATTRIBUTOR, Alone(lambda _: ALWAYS))

    assert list(worlds.differences(ALICE.index, steps)) == []


def test_replays_are_shared_by_what_settles_and_what_compares() -> None:
    alone = Alone(lambda _: ALWAYS)
    worlds = AloneWorlds([Add(ALICE, FACT), LOOK], ATTRIBUTOR, alone)

    worlds.settle(missing())
    list(worlds.differences(ALICE.index, [Step(2, LOOK, SHOWN)]))

    # As many as it takes to believe that the fact is always there alone; two are enough to compare.
    assert alone.worlds == 16


def test_a_fact_that_is_there_by_chance_alone_was_not_taken_away_by_the_others() -> None:
    every_other = Alone(lambda look: ALWAYS if look % 2 == 0 else [])
    worlds = AloneWorlds([Add(ALICE, FACT), LOOK], ATTRIBUTOR, every_other)

    assert worlds.settle(missing()).klass is FindingClass.AVAILABILITY
