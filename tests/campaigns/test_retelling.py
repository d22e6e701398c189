"""What a report prints was seen to show the finding, and shows it again in a process of its own."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import leaky_targets
import pytest
from honest_targets import World

from memfence.campaigns import resolve, retelling
from memfence.campaigns.campaign import Campaign
from memfence.campaigns.effort import Effort
from memfence.campaigns.settings import AuditSettings
from memfence.campaigns.trials import SMALL
from memfence.model.findings import FindingGroup, Verdict
from memfence.model.results import CampaignResult
from memfence.model.scenario_results import ScenarioResult
from memfence.performing.contract import Target, adapt
from memfence.reporting.json_report import as_json

TESTS = Path(__file__).parents[1]
CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")
PLAY = """
import ast, sys
sys.path.insert(0, {tests!r})
{setup}
target.start()
make_memory = target.make_memory
*before, last = ast.parse({lines!r}).body
space = dict(globals())
exec(compile(ast.Module(before, []), "before", "exec"), space)
try:
    print(eval(compile(ast.Expression(last.value), "last", "eval"), space))
except Exception as error:
    print(repr(error))
"""


def audit(target: Target, *, seed: int = 3, names: tuple[str, ...] = (), **changes: Any) -> CampaignResult:
    settings = AuditSettings(**{"seed": seed, "users": 4, "crowd": 40, "load": 40, **changes})
    campaign = Campaign(
        target, resolve.scenarios(names), settings, resolve.all_oracles(), effort=Effort(controls=False)
    )
    return campaign.run()


def leaks(result: CampaignResult) -> Iterator[dict[str, Any]]:
    for scenario in as_json(result)["scenarios"]:
        yield from (one for one in scenario["findings"] if one["oracle"] == "canary_leak")


def played(lines: list[str], setup: str) -> str:
    """Return what the last line shows in a process of its own."""
    source = PLAY.format(tests=str(TESTS), setup=setup, lines="\n".join(lines))
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


# Each takes seconds: an audit, and a process for each call that is left out.
ALWAYS = (leaky_targets.LastThatWorked, leaky_targets.UploadsUnderOneName)
KINDS = [
    kind if kind in ALWAYS else pytest.param(kind, marks=pytest.mark.long, id=kind.__name__)
    for kind in leaky_targets.ALL
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_what_takes_several_steps_is_told_with_all_of_them_and_no_more(kind: Callable[[], object]) -> None:
    found = list(leaks(audit(adapt(kind(), "leaky"))))

    assert found
    # What odd ids or questions show as well is made small once, under ordinary ones.
    found = [one for one in found if "ordinary ids and questions" not in (one["played_again"]["why_not"] or "")]
    assert [one["played_again"] for one in found if not one["played_again"]["shown"]] == []
    first = min(found, key=lambda one: one["played_again"]["calls"])
    assert first["played_again"]["calls"] <= 4
    code = CODE.findall(first["evidence"][0])[0]
    setup = f"from leaky_targets import {kind.__name__}; target = {kind.__name__}()"
    assert code in played(first["reproduce"], setup)
    # Each call is needed: without it the last one shows nothing.
    for at in range(len(first["reproduce"]) - 1):
        less = [line for position, line in enumerate(first["reproduce"]) if position != at]
        if "= make_memory(" not in first["reproduce"][at] and "import" not in first["reproduce"][at]:
            assert code not in played(less, setup)


@pytest.mark.parametrize("fresh", [True, False], ids=["started afresh", "in a store that stays"])
def test_what_outlives_start_is_told_with_the_add_of_what_leaked_and_shows_it_in_a_fresh_process(
    *, fresh: bool
) -> None:
    world = leaky_targets.KeptByTheClass()
    world.start()

    found = list(leaks(audit(adapt(world if fresh else world.make_memory, "leaky"), names=("list_all",))))

    first = found[0]
    assert first["played_again"]["shown"]
    assert ("something in your process outlives start()" in " ".join(first["evidence"])) is fresh
    code = CODE.findall(first["evidence"][0])[0]
    *_, add, _ = first["reproduce"]
    assert code in add
    setup = "from leaky_targets import KeptByTheClass; target = KeptByTheClass()"
    assert code in played(first["reproduce"], setup)


BREAKAGES = ("no_owner_check_on_get", "drop_user_id", "cache_without_user", "no_owner_check_on_history")


@pytest.mark.long
@pytest.mark.parametrize("name", BREAKAGES)
def test_the_lines_of_a_breakage_show_it_again_in_a_fresh_process(name: str) -> None:
    target = resolve.target("reference", breakage=name, page=SMALL["reference"].page)
    found = list(leaks(audit(target)))

    assert found
    found = [one for one in found if "ordinary ids and questions" not in (one["played_again"]["why_not"] or "")]
    assert [one["reproduce_as"] for one in found if not one["played_again"]["shown"]] == []
    setup = (
        "from memfence.campaigns import resolve\n"
        f"target = resolve.target('reference', breakage={name!r}, page={SMALL['reference'].page})"
    )
    for one in {one["channel"]: one for one in found}.values():
        code = CODE.findall(one["evidence"][0])[0]
        assert code in played(one["reproduce"], setup), one["reproduce"]


def violated(result: CampaignResult) -> list[tuple[ScenarioResult, FindingGroup]]:
    return [
        (scenario, group)
        for scenario in result.scenarios
        for group in scenario.findings
        if group.example.verdict is Verdict.VIOLATED
    ]


def test_in_a_store_that_stays_others_play_it_again() -> None:
    world = leaky_targets.CachedByQuestion()
    world.start()
    target = adapt(world.make_memory, "leaky")

    told = violated(audit(target, names=("cross_search", "busy_neighbours", "named_in_words")))

    assert told
    for _, group in told:
        if group.example.oracle == "canary_leak":
            assert group.retold is not None
            assert group.retold.why == ""
            assert {one.principal.index for one in group.retold.operations} & set(range(1000)) == set()


class Once(leaky_targets.Leaky):
    """Shows everything to whoever asks, once in the life of the process."""

    shown = False

    def make_memory(self, user_id: object) -> Any:
        world, user = self, leaky_targets.checked(user_id)

        class Memory:
            def add(self, text: str) -> None:
                world.rows.append((user, text))

            def get_all(self) -> list[str]:
                if world.shown or len({owner for owner, _ in world.rows}) < 3:
                    return world.of(user)
                Once.shown = True
                return [text for _, text in world.rows]

        return Memory()


def test_what_is_not_seen_again_says_so_beforehand_and_keeps_the_whole_history() -> None:
    Once.shown = False

    result = audit(adapt(Once(), "once"), names=("list_all",))

    ((scenario, group),) = violated(result)
    assert group.retold is not None
    assert re.fullmatch(r"it was seen once: 3 times all of its \d+ calls did not show it again", group.retold.why)
    assert len(group.retold.operations) == scenario.operations
    (told,) = leaks(result)
    assert told["reproduce_as"] == f"reproduce, by guess: {group.retold.why}"
    assert told["played_again"]["shown"] is False


def test_where_the_purse_is_empty_the_finding_stays_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retelling, "_PURSE", (-1, 0))

    result = audit(adapt(leaky_targets.FirstCallerPinned(), "leaky"), names=("list_all",))

    group = next(group for _, group in violated(result) if group.example.oracle == "canary_leak")
    assert group.retold is not None
    assert group.retold.why == "others had used up what may be played again"


def test_what_isolates_is_not_played_again() -> None:
    result = audit(adapt(World(), "world"), names=("list_all",))

    assert violated(result) == []
    assert [group.retold for scenario in result.scenarios for group in scenario.findings] == []
