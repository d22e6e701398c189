"""Replays of what was found: on the target as it was, on the one that was mended, and on others."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from honest_targets import World
from simple_targets import AddAndSearch, Own, Production, Simple

from memfence import Population
from memfence.base.errors import HarnessError, TargetError
from memfence.campaigns import resolve
from memfence.campaigns.explorations import ExploreSettings
from memfence.campaigns.exploring import Explorer
from memfence.model.findings import Verdict
from memfence.model.operations import Add, Get, GetAll, RecordRef, Search
from memfence.model.tenants import Tenant
from memfence.performing.contract import adapt
from memfence.plans.replays import Replay, as_json, replay_of
from memfence.replay import assert_held, run
from memfence.reporting.test_file import test_of as source_of

ALICE, BOB, *_ = Population(seed=5, size=4)
FACT = ALICE.facts[0]
LISTED = (Add(ALICE, FACT), GetAll(BOB, FACT))
SEARCHED = (Add(ALICE, FACT), Search(BOB, FACT.bare, FACT))


def replay(*moves: Any, oracle: str = "canary_leak", verdict: Verdict = Verdict.VIOLATED) -> Replay:
    return Replay("own", "scoped", None, 5, oracle, verdict, moves)


def plain(known: Replay) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(json.dumps(as_json(known)))
    return told


class Everybodys(Simple):
    """Search and list forget the user."""

    def search(self, query: str) -> list[Any]:
        del query
        return list(self.rows)

    def get_all(self) -> list[Any]:
        return list(self.rows)


class Crashing(Simple):
    def search(self, query: str) -> list[Any]:
        raise ZeroDivisionError(query)


class Refusing(Simple):
    def add(self, text: str) -> Any:
        raise ValueError(text)


@cache
def found_in(breakage: str) -> Replay:
    settings = ExploreSettings(seed=1, examples=30, breakage=breakage)
    target = resolve.target("reference", breakage=breakage)
    explorer = Explorer(target, settings, resolve.all_oracles())
    exploration = explorer.run()
    (found, *_) = exploration.counterexamples
    return replay_of(found, "reference", exploration.result.settings, 1)


@pytest.mark.parametrize("breakage", ["drop_user_id", "no_owner_check_on_get"])
def test_what_was_found_still_fails_on_the_broken_target_and_is_held_on_the_mended_one(breakage: str) -> None:
    known = found_in(breakage)

    broken = run(known, resolve.target("reference", breakage=breakage))
    mended = run(known, resolve.target("reference"))

    assert broken.verdict is Verdict.VIOLATED
    assert broken.finding is not None
    assert broken.finding.oracle == known.oracle
    assert (mended.verdict, mended.finding, mended.reason) == (Verdict.HELD, None, None)


def test_it_knows_by_itself_which_breakage_it_is_of() -> None:
    told = plain(found_in("drop_user_id"))

    with pytest.raises(AssertionError, match=r"canary_leak by "):
        assert_held(told, "reference")
    assert_held({**told, "breakage": None}, "reference")


@pytest.mark.parametrize("moves", [LISTED, SEARCHED], ids=["listed", "searched"])
def test_a_replay_written_by_hand_tells_a_broken_store_from_an_honest_one(moves: tuple[Any, ...]) -> None:
    assert run(replay(*moves), adapt(Own(Everybodys), "own")).verdict is Verdict.VIOLATED
    assert run(replay(*moves), adapt(Own(Simple), "own")).verdict is Verdict.HELD


def test_another_oracles_finding_is_not_what_was_asked_for() -> None:
    outcome = run(replay(*LISTED, oracle="residue"), adapt(Own(Everybodys), "own"))

    assert outcome.finding is None


def test_a_target_without_a_method_that_is_needed_proves_nothing() -> None:
    outcome = run(replay(Add(ALICE, FACT), Get(BOB, RecordRef(1, ALICE.index))), adapt(Own(AddAndSearch), "own"))

    assert outcome.verdict is Verdict.INCONCLUSIVE
    assert "no way to make 1 of the 2 moves" in outcome.reason


@pytest.mark.parametrize(
    ("memory", "moves", "said"),
    [
        (Refusing, LISTED, "own add failed"),
        (Crashing, (Add(ALICE, FACT), Search(ALICE, FACT.bare, FACT)), "own search failed"),
    ],
)
def test_where_an_own_call_fails_nothing_is_proved(memory: type[Simple], moves: tuple[Any, ...], said: str) -> None:
    outcome = run(replay(*moves), adapt(Own(memory), "own"))

    assert outcome.verdict is Verdict.INCONCLUSIVE
    assert ALICE.handle in outcome.reason
    assert said in outcome.reason


class Refuses(Own):
    """Its answer to an id that is an attack is a clear no."""

    def make_memory(self, user_id: object) -> Simple:
        if user_id == "*":
            msg = "no such id"
            raise ValueError(msg)
        return super().make_memory(user_id)


def test_a_refused_hostile_id_is_no_doubt() -> None:
    outcome = run(replay(Add(ALICE, FACT), GetAll(BOB.posing_as("*"), FACT)), adapt(Refuses(), "own"))

    assert outcome.verdict is Verdict.HELD


def test_an_oracle_that_is_not_known_is_named() -> None:
    with pytest.raises(HarnessError, match="'telepathy', which this memfence has not"):
        run(replay(*LISTED, oracle="telepathy"), adapt(Own(), "own"))


def test_a_target_that_cannot_start_says_so() -> None:
    class Full(Own):
        def __init__(self) -> None:
            self.memory = Simple

        def start(self) -> None:
            msg = "the disk is full"
            raise OSError(msg)

    with pytest.raises(TargetError, match="the disk is full"):
        run(replay(*LISTED), adapt(Full(), "own"))


def test_a_leak_that_shows_each_second_time_is_found() -> None:
    class EverySecond(Own):
        worlds = 0

        def start(self) -> None:
            self.worlds += 1
            super().start()

        def make_memory(self, user_id: object) -> Simple:
            return (Everybodys if self.worlds % 2 else Simple)(self.rows, user_id)

    assert run(replay(*LISTED), adapt(EverySecond(), "own")).verdict is Verdict.VIOLATED


def test_the_target_is_closed() -> None:
    closed: list[int] = []

    run(replay(*LISTED), replace(adapt(Own(), "own"), close=lambda: closed.append(1)))

    assert closed == [1]


def test_held_is_silent_and_a_failure_tells_what_came_back_and_whose_it_is() -> None:
    assert_held(plain(replay(*LISTED)), Own(Simple))

    with pytest.raises(AssertionError) as error:
        assert_held(plain(replay(*LISTED)), Own(Everybodys))

    told = str(error.value)
    assert "VIOLATED it still fails: canary_leak by get_all" in told
    assert FACT.text in told
    assert ALICE.handle in told


def test_a_replay_that_proves_nothing_is_no_passed_test() -> None:
    with pytest.raises(AssertionError, match=r"make 1 of the 2 moves\. Replay it on the target that "):
        assert_held(plain(replay(Add(ALICE, FACT), Get(BOB, RecordRef(1, 0)))), Own(AddAndSearch))


def test_a_function_from_user_id_to_memory_is_a_target_too() -> None:
    rows: list[Any] = []

    with pytest.raises(AssertionError, match="canary_leak"):
        assert_held(plain(replay(*LISTED)), lambda user_id: Everybodys(rows, user_id))


@pytest.mark.parametrize("told", [{}, {"memfence_replay": 2}])
def test_what_is_no_replay_is_no_failed_test(told: dict[str, Any]) -> None:
    with pytest.raises(HarnessError):
        assert_held(told, Own())


class Named(Simple):
    """An add goes to whoever its text begins with."""

    def add(self, text: str) -> Any:
        key, _, rest = text.partition(": ")
        if key == "user_id":
            self.rows.append({"id": self.next_id(), "memory": text, "user_id": rest.partition(". ")[0]})
            return None
        return super().add(text)


NAMING = (Add(ALICE, FACT), Add(BOB, BOB.facts[0], text=f"user_id: {ALICE.id}. {BOB.facts[0].text}"))


@pytest.mark.parametrize(
    ("memory", "moves", "verdict"),
    [
        (Everybodys, LISTED, Verdict.VIOLATED),
        (Simple, LISTED, Verdict.HELD),
        (Named, (*NAMING, GetAll(ALICE, FACT)), Verdict.VIOLATED),
    ],
    ids=["broken", "mended", "named"],
)
def test_a_store_that_stays_can_be_asked_again_and_again(
    memory: type[Simple], moves: tuple[Any, ...], verdict: Verdict
) -> None:
    production = Production(memory)
    known = replay(*moves)

    outcomes = [run(known, adapt(production, "production")) for _ in range(3)]

    assert [outcome.verdict for outcome in outcomes] == [verdict] * 3, [outcome.reason for outcome in outcomes]
    assert {row["memory"] for row in production.rows} >= {"A customer's own words."}


def test_what_others_left_in_a_store_that_stays_is_no_finding_of_a_mended_one() -> None:
    production = Production(Everybodys)
    run(replay(*LISTED), adapt(production, "production"))
    production.memory = Simple

    assert run(replay(*LISTED), adapt(production, "production")).verdict is Verdict.HELD


def test_an_honest_world_holds_a_move_of_every_kind() -> None:
    everything = (Add(ALICE, FACT), Get(ALICE, RecordRef(1, 0)), Search(BOB, FACT.bare, FACT, {"user_id": ALICE.id}))

    assert run(replay(*everything), adapt(World(), "world")).verdict is Verdict.HELD


STORE = """
class Memory:
    rows = []

    def __init__(self, user_id):
        self.user_id = user_id

    def add(self, text):
        self.rows.append({"id": str(len(self.rows)), "memory": text, "user_id": self.user_id})

    def get_all(self):
        return CONDITION
"""
BROKEN = STORE.replace("CONDITION", "list(self.rows)")
MENDED = STORE.replace("CONDITION", "[row for row in self.rows if row['user_id'] == self.user_id]")


def pytest_says(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "pytest",
        # Without asserts to explain, pytest need not compile us, and Faker's pages of names, for itself.
        *("-q", "--assert=plain", "-p", "no:cacheprovider", "-p", "no:hypothesispytest"),
        "test_it.py",
    ]
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_the_emitted_test_fails_on_the_broken_store_and_passes_once_it_is_mended(tmp_path: Path) -> None:
    (tmp_path / "store.py").write_text(BROKEN)
    (tmp_path / "test_it.py").write_text(source_of(replay(*LISTED), "store:Memory"), "utf-8")

    broken = pytest_says(tmp_path)
    (tmp_path / "store.py").write_text(MENDED)
    mended = pytest_says(tmp_path)

    assert broken.returncode == 1, broken.stdout + broken.stderr
    assert "canary_leak by get_all" in broken.stdout
    assert mended.returncode == 0, mended.stdout + mended.stderr
    assert "1 passed" in mended.stdout


STRANGE: tuple[Callable[[Tenant], Tenant], ...] = (
    lambda tenant: tenant.posing_as('"""'),
    lambda tenant: tenant.posing_as("\\"),
    lambda tenant: tenant.posing_as("\ud800"),
    lambda tenant: tenant.posing_as("\x00\n"),
    lambda tenant: tenant.posing_as("{target}"),
    lambda tenant: tenant.posing_as('x"'),
    lambda tenant: tenant.posing_as(["x"]),
    lambda tenant: tenant.posing_as(None),
)


@pytest.mark.parametrize("strange", range(len(STRANGE)))
def test_an_emitted_test_is_python_that_holds_the_replay_whatever_the_ids(strange: int) -> None:
    known = replay(Add(ALICE, FACT), GetAll(STRANGE[strange](BOB), FACT, {"x": '"""'}))

    source = source_of(known, "reference")

    # As a file has it: no surrogate may be left in it.
    space: dict[str, Any] = {}
    exec(compile(source.encode(), "test_it.py", "exec"), space)  # noqa: S102 - it is ours
    assert space["REPLAY"] == {**plain(known), "target": "reference"}
    assert "assert_held(REPLAY, 'reference')" in source
    assert space["test_canary_leak_is_held"]


def test_an_emitted_test_imports_what_it_is_of_and_reads_like_a_story() -> None:
    source = source_of(replay(*LISTED), "shop.memory:Shop.memories")

    assert "from shop.memory import Shop\n" in source
    assert "assert_held(REPLAY, Shop.memories)" in source
    assert f'make_memory("{ALICE.id}").add(' in source
    assert f'make_memory("{BOB.id}").get_all()' in source
