import pickle
import random
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from memfence import Population
from memfence.base.errors import HarnessError, UnknownNameError
from memfence.breakages import APPLIES_TO, Breakage, Layer
from memfence.breakages.unchecked import Ids, UncheckedMemory, bind, without_user
from memfence.campaigns import resolve, trials
from memfence.campaigns.workers import Workers
from memfence.commands import proof
from memfence.commands.proof import ProofSettings, clean, explored, hosts, kill, prove, tasks
from memfence.model.channels import Channel
from memfence.model.kills import Cell, Clean, Explored, Kill, Proof
from memfence.performing.contract import adapt
from memfence.real_mem0.client import Client
from memfence.reporting.kill_matrix import proof_line
from memfence.reporting.proof_json import proof_as_json
from memfence.scoped.wrappers import MakeMemory, Wrap
from memfence.targets.built_in.reference import open_target

# Few, so that a proof is quick: each test names what it needs.
FEW = ("alice_and_bob", "delete_all_leaves_others", "history_by_foreign_id", "list_all")


def planted(wrap: Wrap, *, caught_by: str = "canary_leak", applies_to: tuple[str, ...] = APPLIES_TO) -> Breakage:
    return Breakage("mine", "It is mine.", Layer.WRAPPER, caught_by, applies_to, doubted=False, wrap=wrap)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {name: resolve.all_scenarios()[name] for name in FEW}
    monkeypatch.setattr(resolve, "all_scenarios", lambda: found)


@pytest.fixture
def plant(few: None, monkeypatch: pytest.MonkeyPatch) -> Callable[[Breakage], None]:
    del few

    def only(breakage: Breakage) -> None:
        monkeypatch.setattr(resolve, "all_breakages", lambda: {breakage.name: breakage})

    return only


def leaks_on_search_for(prefix: str) -> Wrap:
    """Return a defect that shows where a user's id begins so."""

    class Leaking(UncheckedMemory):
        def ids_for(self, channel: Channel) -> Ids:
            leaks = channel is Channel.SEARCH and self.user_id.startswith(prefix)
            return without_user(self.ids) if leaks else self.ids

    def wrap(client: Client) -> MakeMemory:
        return bind(client, Leaking)

    return wrap


def interrupts(client: Client) -> MakeMemory:
    class Interrupted(UncheckedMemory):
        def listed(self, filters: object) -> Any:
            raise KeyboardInterrupt(filters)

    return bind(client, Interrupted)


def prefix(seed: int) -> str:
    """Return how the ids of a seed's tenants begin."""
    return Population(seed=seed, size=2).prefix


def caught(name: str, layer: Layer = Layer.WRAPPER) -> Kill:
    cells = {"canary_leak": Cell.CAUGHT}
    return Kill(name, "A defect.", layer, "canary_leak", False, cells, cells, "alice_and_bob", (3,))  # noqa: FBT003 - doubted


def silent(target: str, campaigns: int = 8, alarms: tuple[str, ...] = ()) -> Clean:
    return Clean(target, campaigns, 16, 31, alarms, len(alarms))


def giving(*results: Kill | Clean, then: type[BaseException] | None = None) -> proof.Perform:
    """Return what performs nothing and yields these."""

    def perform(given: Iterable[object]) -> Iterator[Kill | Clean]:
        del given
        yield from results
        if then is not None:
            raise then

    return perform


def shown(found: Proof) -> dict[str, object]:
    return {**proof_as_json(found), "times": None}


def test_what_is_planted_and_how_often_goes_by_the_target() -> None:
    reference, mem0 = ProofSettings(), ProofSettings(on="mem0")

    assert (reference.on, reference.planted, reference.unbroken) == ("reference", range(20), range(1000))
    assert (mem0.planted, mem0.unbroken) == (range(1), range(16))


def test_seeds_are_counted_from_the_first() -> None:
    settings = ProofSettings(seed=7, seeds=2, clean=3)

    assert (settings.planted, settings.unbroken) == (range(7, 9), range(7, 10))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (
            {"on": "lossy"},
            "unknown target to plant breakages in 'lossy'; choose from app, cache, files, mem0, reference, sessions",
        ),
        ({"seeds": 0}, "seeds must be at least 1, got seeds=0"),
        ({"clean": 0}, "clean must be at least 1, got clean=0"),
    ],
)
def test_what_nothing_can_be_proven_of_is_refused(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(HarnessError, match=f"^{message}$"):
        ProofSettings(**wrong)


def test_the_command_says_everything_that_the_proof_depends_on() -> None:
    plain = ProofSettings()
    particular = ProofSettings(on="mem0", seed=3, seeds=2, clean=1, breakages=("a", "b"), whole=True)

    assert plain.command == "memfence prove --on reference --seed 0 --seeds 20 --clean 1000"
    assert particular.command == (
        "memfence prove --on mem0 --seed 3 --seeds 2 --clean 1 --whole --breakage a --breakage b"
    )


def test_all_breakages_are_planted_unless_some_are_named() -> None:
    assert list(hosts(ProofSettings())) == [
        name for name, one in resolve.all_breakages().items() if one.applies_to != ("app",)
    ]
    assert list(hosts(ProofSettings(breakages=("soft_delete", "drop_user_id")))) == ["drop_user_id", "soft_delete"]


def test_a_breakage_of_a_keyed_resource_is_planted_in_one() -> None:
    found = hosts(ProofSettings(breakages=("drop_user_id", "key_joined_by_colon", "path_climbs")))

    assert found == {"drop_user_id": "reference", "key_joined_by_colon": "cache", "path_climbs": "files"}
    assert set(hosts(ProofSettings(on="files")).values()) == {"files"}


def test_clean_controls_are_shared_with_the_resources_that_a_proof_plants_in() -> None:
    cleans = [task.args for task in tasks(ProofSettings()) if isinstance(task, partial) and task.func is clean]

    found = {target: sum(len(numbers) for one, numbers, *_ in cleans if one == target) for target, *_ in cleans}
    assert found == {"reference": 313, "lossy": 312, "files": 125, "cache": 125, "sessions": 125}
    assert sorted(number for _, numbers, *_ in cleans for number in numbers) == list(range(1000))
    assert {on for target, _, on, _ in cleans if target == "lossy"} == {"reference"}


def test_an_unknown_breakage_is_answered_with_the_choices() -> None:
    with pytest.raises(UnknownNameError, match=r"^unknown breakage 'x'; choose from absolute_key_read, "):
        hosts(ProofSettings(breakages=("drop_user_id", "x")))


def test_what_cannot_be_planted_there_proves_nothing(plant: Callable[[Breakage], None]) -> None:
    plant(planted(bind, applies_to=("reference",)))

    assert hosts(ProofSettings()) == {"mine": "reference"}
    with pytest.raises(HarnessError, match=r"^none of these breakages applies to mem0: mine$"):
        hosts(ProofSettings(on="mem0"))


def test_tasks_can_be_sent_between_processes_and_cover_every_seed_once() -> None:
    settings = ProofSettings(seed=5, seeds=2, clean=21, breakages=("drop_user_id",))

    sent = pickle.loads(pickle.dumps(tasks(settings)))  # noqa: S301 - our own, to see that it can be done

    kills = [task.args for task in sent if task.func is kill]
    cleans = [task.args for task in sent if task.func is clean]
    explorations = [task.args for task in sent if task.func is explored]
    assert len(kills) + len(cleans) + len(explorations) == len(sent)
    assert sorted(number for _, numbers, _ in explorations for number in numbers) == list(range(5, 9))
    assert {target for target, *_ in explorations} == {"reference", "lossy"}
    assert kills == [("drop_user_id", "reference", range(5, 7))]
    assert sorted(number for _, numbers, _, _ in cleans for number in numbers) == list(range(5, 26))
    assert {target for target, *_ in cleans} == {"reference", "lossy"}
    assert {(on, parts) for _, _, on, parts in cleans} == {("reference", trials.PARTS)}


def test_clean_campaigns_on_mem0_are_of_mem0() -> None:
    cleans = [task for task in tasks(ProofSettings(on="mem0")) if isinstance(task, partial) and task.func is clean]

    assert {task.args[0] for task in cleans} == {"mem0"}
    assert sum(len(task.args[1]) for task in cleans) == 16


def test_what_isolates_on_mem0_is_explored_200_times() -> None:
    found = [task.args for task in tasks(ProofSettings(on="mem0")) if isinstance(task, partial)]

    assert [number for task in found if len(task) == 3 and task[0] == "mem0" for number in task[1]] == list(range(200))


def test_what_isolates_is_explored_without_an_alarm() -> None:
    for target in ("reference", "lossy"):
        result = explored(target, (0, 1), "reference")

        assert (result.target, result.explorations, result.histories, result.alarms) == (target, 2, 5, ())


def test_an_exploration_that_is_violated_is_an_alarm_with_its_command(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = partial(resolve.target, breakage="drop_user_id")
    monkeypatch.setattr(resolve, "target", broken)

    result = explored("reference", (7, 8), "reference")

    assert result.alarmed == 2
    assert result.alarms[0].startswith("memfence explore reference --seed 7 --examples 5: canary_leak in histories by ")


def test_a_false_alarm_of_an_exploration_proves_nothing() -> None:
    alarmed = Explored("reference", 100, 5, ("memfence explore reference --seed 3: canary_leak",), 1)

    found = prove(ProofSettings(), giving(caught("one"), silent("reference"), alarmed))

    assert not found.proven
    assert proof_line(found).plain.startswith("NOT PROVEN: 1 of 1 breakages caught, ")
    assert "1 false alarms in 8 clean campaigns of up to 2 scenarios and 100 explorations" in proof_line(found).plain


def test_whole_clean_campaigns_audit_every_scenario() -> None:
    settings = ProofSettings(clean=1, breakages=("drop_user_id",), whole=True)

    (task,) = [task for task in tasks(settings) if isinstance(task, partial) and task.func is clean]

    assert task.args == ("reference", (0,), "reference", 1)


def test_the_shares_of_the_clean_campaigns_are_all_scenarios(monkeypatch: pytest.MonkeyPatch) -> None:
    audited: list[str] = []

    class Noted(trials.Campaign):
        def __init__(self, target: Any, scenarios: Any, *rest: Any, **options: Any) -> None:
            audited.extend(one.name for one in scenarios)
            super().__init__(target, (), *rest, **options)

    monkeypatch.setattr(trials, "Campaign", Noted)

    result = clean("reference", range(trials.PARTS), "reference")

    of_memories = [name for name, one in resolve.all_scenarios().items() if one.fits("")]
    assert sorted(audited) == sorted(of_memories)
    assert (result.campaigns, result.each, result.scenarios) == (0, 4, len(audited))


@pytest.mark.usefixtures("few")
def test_a_target_that_isolates_raises_no_alarm() -> None:
    for target in ("reference", "lossy"):
        result = clean(target, (0, 1), "reference", 1)

        assert (result.target, result.campaigns, result.each, result.scenarios) == (target, 2, 4, 4)
        assert (result.alarmed, result.alarms) == (0, ())


@pytest.mark.usefixtures("few")
def test_each_campaign_with_an_alarm_is_counted_once_and_every_alarm_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = partial(resolve.target, breakage="drop_user_id")
    monkeypatch.setattr(resolve, "target", broken)

    result = clean("reference", (7, 8), "reference", 1)

    assert (result.campaigns, result.alarmed) == (2, 2)
    assert len(result.alarms) > 2
    assert "memfence audit reference --seed 7" in result.alarms[0]
    assert result.alarms[0].endswith("canary_leak in alice_and_bob by search")


@pytest.mark.parametrize(("target", "alarmed"), [("reference", 1), ("lossy", 0)])
def test_a_lost_fact_is_an_alarm_on_a_steady_target_and_none_on_an_unsteady_one(
    monkeypatch: pytest.MonkeyPatch, target: str, alarmed: int
) -> None:
    real = resolve.target
    monkeypatch.setattr(resolve, "target", lambda _, **sizes: real("reference", breakage="get_all_is_cut", **sizes))

    result = clean(target, (0,), "reference", 1)

    assert (result.campaigns, result.alarmed, result.inconclusive) == (1, alarmed, 1)


@pytest.mark.usefixtures("few")
def test_a_target_on_which_every_call_crashes_was_asked_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    class Dead(UncheckedMemory):
        def ids_for(self, channel: Channel) -> Ids:
            raise OSError(channel)

    def wrap(client: Client) -> MakeMemory:
        return bind(client, Dead)

    monkeypatch.setattr(resolve, "target", lambda name, **_: adapt(open_target(wrap), name))

    result = clean("lossy", (0, 1), "reference", 1)

    assert (result.campaigns, result.inconclusive) == (0, 2)


def test_a_breakage_that_does_nothing_is_missed(plant: Callable[[Breakage], None]) -> None:
    plant(planted(bind))

    found = kill("mine", "reference", range(2))

    assert not found.caught
    assert (found.scenario, found.operations) == ("", (None, None))
    assert found.fresh["canary_leak"] is Cell.MISSED
    # None of the few compares answers of users with what they see alone.
    assert found.shared["noninterference"] is Cell.NOT_EXERCISED


def test_a_breakage_that_another_oracle_sees_is_missed_by_its_own(plant: Callable[[Breakage], None]) -> None:
    plant(planted(leaks_on_search_for("mf"), caught_by="residue"))

    found = kill("mine", "reference", range(1))

    assert not found.caught
    assert (found.fresh["canary_leak"], found.fresh["residue"]) == (Cell.CAUGHT, Cell.MISSED)


def test_a_breakage_that_shows_on_the_first_seed_alone_is_missed(plant: Callable[[Breakage], None]) -> None:
    plant(planted(leaks_on_search_for(prefix(0))))

    found = kill("mine", "reference", range(3))

    assert found.operations == (3, None, None)
    assert (found.caught, found.missed_seeds) == (False, 2)
    assert found.fresh["canary_leak"] is Cell.CAUGHT


def test_a_breakage_that_the_first_seed_does_not_show_is_missed(plant: Callable[[Breakage], None]) -> None:
    plant(planted(leaks_on_search_for(prefix(1))))

    found = kill("mine", "reference", range(2))

    assert found.operations == (None, 3)
    assert not found.caught


@pytest.mark.usefixtures("few")
def test_a_kill_tells_the_scenario_that_shows_it_in_the_fewest_operations() -> None:
    found = kill("no_owner_check_on_history", "reference", range(2))

    assert found.caught
    assert (found.scenario, found.operations) == ("history_by_foreign_id", (4, 4))


@pytest.mark.usefixtures("few")
def test_a_loss_alone_is_a_doubt_and_counts() -> None:
    found = kill("drop_user_id_on_add", "reference", range(1))

    assert (found.fresh["lost"], found.caught) == (Cell.DOUBTED, True)


def test_a_campaign_that_is_interrupted_interrupts_the_task(
    plant: Callable[[Breakage], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(planted(interrupts))
    broken = resolve.target("reference", breakage="mine")
    monkeypatch.setattr(resolve, "target", lambda *_, **__: broken)

    with pytest.raises(KeyboardInterrupt):
        kill("mine", "reference", range(1))
    with pytest.raises(KeyboardInterrupt):
        clean("reference", (0,), "reference", 1)


def test_an_interrupted_proof_keeps_what_there_is() -> None:
    found = prove(ProofSettings(), giving(caught("a"), silent("reference"), then=KeyboardInterrupt))

    assert (found.interrupted, found.proven) == (True, False)
    assert [one.breakage for one in found.kills] == ["a"]
    assert found.clean.trials == 8


def test_any_other_failure_of_a_task_is_not_swallowed() -> None:
    with pytest.raises(ZeroDivisionError):
        prove(ProofSettings(), giving(caught("a"), then=ZeroDivisionError))


def test_a_proof_does_not_depend_on_which_task_is_done_first() -> None:
    results: list[Kill | Clean] = [
        caught("b", Layer.STORE),
        caught("a", Layer.STORE),
        caught("c"),
        silent("lossy"),
        silent("reference", 8, ("one", "another")),
        silent("reference", 2, ("a third",)),
    ]
    order = random.Random(7)  # noqa: S311 - no secret

    proofs = [shown(prove(ProofSettings(), giving(*order.sample(results, k=len(results))))) for _ in range(20)]

    assert [one for one in proofs if one != proofs[0]] == []
    found = prove(ProofSettings(), giving(*results))
    assert [one.breakage for one in found.kills] == ["c", "a", "b"]
    assert [(one.target, one.campaigns) for one in found.cleans] == [("reference", 10), ("lossy", 8)]
    assert sorted(found.cleans[0].alarms) == ["a third", "another", "one"]


@pytest.mark.usefixtures("few")
def test_the_same_settings_are_the_same_proof_but_for_the_time() -> None:
    settings = ProofSettings(seeds=2, clean=4, breakages=("drop_user_id", "no_owner_check_on_history"))

    first, again = prove(settings, Workers(1)), prove(settings, Workers(1))

    assert first.proven
    assert [one.breakage for one in first.kills] == list(settings.breakages)
    assert first.clean.trials == 4
    assert shown(first) == shown(again)


def test_the_proof_so_far_is_shown_after_each_result() -> None:
    seen: list[tuple[int, int]] = []

    prove(
        ProofSettings(),
        giving(caught("a"), silent("lossy"), caught("b")),
        lambda so_far: seen.append((len(so_far.kills), so_far.clean.trials)),
    )

    assert seen == [(1, 0), (1, 8), (2, 8)]


def test_a_proof_says_how_it_was_made() -> None:
    found = prove(ProofSettings(seed=3, seeds=2, clean=1), giving(caught("a")))

    assert (found.on, found.seed, found.seeds) == ("reference", 3, 2)
    assert found.oracles == tuple(resolve.all_oracles())
    assert found.settings == {"users": 4, "facts": 2, "probes": 1, "page": 5, "crowd": 24}
    assert found.repeat == "memfence prove --on reference --seed 3 --seeds 2 --clean 1"
    assert "memfence" in found.versions
    assert replace(found, kills=[]).proven is False


def test_an_oracle_that_there_is_not_is_told_before_anything_is_planted(plant: Callable[[Breakage], None]) -> None:
    plant(planted(bind, caught_by="canary_leek"))

    with pytest.raises(
        UnknownNameError, match=r"^unknown oracle that catches mine 'canary_leek'; did you mean 'canary_leak'\?$"
    ):
        tasks(ProofSettings())


def test_what_crashed_is_told_of_a_breakage(plant: Callable[[Breakage], None]) -> None:
    class Nope(UncheckedMemory):
        def find(self, query: str, **options: Any) -> Any:
            return self.nope(query, **options)

    def wrap(client: Client) -> MakeMemory:
        return bind(client, Nope)

    plant(planted(wrap))

    found = kill("mine", "reference", range(1))

    assert not found.caught
    assert re.fullmatch(r"AttributeError: .*'nope'.* \(test_proof.py:\d+ in find\)", found.crash)
