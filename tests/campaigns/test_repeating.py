"""What is played again is announced before it begins, with a bound that it keeps to."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import leaky_targets
import pytest
from broken_targets import RanksByTraffic, SharesQuota
from honest_targets import World
from simple_targets import Own

from memfence.campaigns import resolve
from memfence.campaigns.campaign import Campaign
from memfence.campaigns.effort import Effort
from memfence.campaigns.settings import AuditSettings
from memfence.model.results import CampaignResult
from memfence.model.scenario_results import ScenarioResult
from memfence.performing.contract import adapt
from memfence.reporting.json_report import as_json


class Slow:
    """It keeps the newest two records of all its users, and its store takes its time to start."""

    disposable = True

    def start(self) -> None:
        time.sleep(0.005)
        self.rows: list[tuple[str, str]] = []

    def make_memory(self, user_id: str) -> Any:
        world = self

        class Memory:
            def add(self, text: str) -> None:
                world.rows = [*world.rows, (user_id, text)][-2:]

            def get_all(self) -> list[str]:
                return [text for owner, text in world.rows if owner == user_id]

        return Memory()


@dataclass(frozen=True)
class Seen:
    scenario: str
    doing: str
    made: int
    at_most: int


def watched(thing: object, *names: str, controls: bool = False) -> tuple[list[Seen], CampaignResult]:
    seen: list[Seen] = []

    def watch(result: ScenarioResult) -> None:
        now = result.repeats
        if now.doing:
            seen.append(Seen(result.name, now.doing, now.made, now.at_most))

    settings = AuditSettings(seed=3, users=4, facts=2, crowd=40, load=40)
    effort = Effort(controls=controls)
    campaign = Campaign(adapt(thing, "again"), resolve.scenarios(names), settings, resolve.all_oracles(), effort=effort)
    return seen, campaign.run(watch)


def check_bounds(seen: list[Seen]) -> None:
    """Hold that replays are counted one by one, and that the bound neither grows nor is passed."""
    last: Seen | None = None
    for now in seen:
        assert now.made <= now.at_most
        if last is not None and (now.scenario, now.doing) == (last.scenario, last.doing) and now.made > 1:
            assert now.made == last.made + 1
            assert now.at_most <= last.at_most
        else:
            assert now.made == 1
        last = now


def test_while_suspicions_are_settled_each_replay_is_announced_with_a_bound() -> None:
    seen, result = watched(Slow(), "list_all")

    settling = [one for one in seen if one.doing == "settling 6 suspicions"]
    check_bounds(seen)
    # Each of four users lists its two facts; three of them miss both, and are replayed alone 16 times each.
    assert [one.made for one in settling] == list(range(1, 16 * 3 + 1))
    assert {one.at_most for one in settling} == {(16 + 2) * 3}
    (told,) = as_json(result)["scenarios"]
    assert told["replays"] == {"made": 16 * 3, "at_most": (16 + 2) * 3}


def test_what_held_says_how_often_users_were_compared_with_themselves_alone() -> None:
    seen, result = watched(World(), "cross_search")

    check_bounds(seen)
    assert [(one.doing, one.made) for one in seen] == [(f"user {user} of 3 alone", 1) for user in (1, 2, 3)]
    (told,) = as_json(result)["scenarios"]
    assert told["replays"] == {"made": 3, "at_most": 3 * 29}


@pytest.mark.parametrize(
    "make",
    [*leaky_targets.ALL, lambda: World(RanksByTraffic), lambda: World(SharesQuota), Slow],
    ids=[*(kind.__name__ for kind in leaky_targets.ALL), "RanksByTraffic", "SharesQuota", "Slow"],
)
def test_to_make_findings_small_takes_no_more_replays_than_was_said(make: Callable[[], object]) -> None:
    names = (
        "list_all",
        "busy_neighbours",
        "cross_search",
        "delete_all_leaves_others",
        "failed_write",
        "named_in_words",
    )
    seen, result = watched(make(), *names, controls=True)

    check_bounds(seen)
    small = {(one.scenario, one.doing) for one in seen if one.doing.startswith("making finding 1 of ")}
    again = {one.name for one in result.scenarios for group in one.findings if group.retold and not group.retold.why}
    assert again
    assert again <= {scenario for scenario, _ in small}


def test_in_a_store_that_stays_nobody_is_replayed_alone() -> None:
    seen, result = watched(Own().make_memory, "cross_search")

    assert seen == []
    assert as_json(result)["scenarios"][0]["replays"] == {"made": 0, "at_most": 0}
