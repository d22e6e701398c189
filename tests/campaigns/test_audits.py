"""An audit is its scenarios and generated histories, told as one."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from honest_targets import Row
from simple_targets import Own, Simple

from memfence.base.errors import HarnessError, TargetError
from memfence.campaigns.audits import Audit
from memfence.campaigns.portions import audit_object
from memfence.campaigns.resolve import all_oracles
from memfence.campaigns.settings import HISTORIES, AuditSettings
from memfence.model.findings import Finding, Verdict
from memfence.model.results import CampaignResult
from memfence.model.scenario_results import ScenarioResult
from memfence.performing.contract import Target, adapt
from memfence.reporting import compact, story
from memfence.reporting.json_report import as_json, fingerprint

FEW = ("cross_search", HISTORIES)


class Overwritten(Simple):
    """Metadata that name the scope's key overwrite it."""

    def add(self, text: str, metadata: Row | None = None) -> Row:
        self.rows.append({"id": self.next_id(), "memory": text, "user_id": self.user_id, **(metadata or {})})
        return {"results": [dict(self.rows[-1])]}


class SharedUpdates(Simple):
    """By its id, everybody updates any record; who searches still sees none but its own."""

    def update(self, record_id: str, text: str) -> None:
        for row in self.rows:
            if str(row["id"]) == record_id:
                row["memory"] = text


class SharedSearch(Simple):
    """Whose a record is only a listing asks."""

    def search(self, query: str) -> list[Row]:
        return self.everybodys(query)

    def everybodys(self, query: str) -> list[Row]:
        words = set(query.lower().split())
        return [row for row in self.rows if words & set(row["memory"].lower().split())]


def settings(*scenarios: str, **options: Any) -> AuditSettings:
    return AuditSettings(**{"seed": 1, "users": 3, "facts": 2, "scenarios": scenarios, **options})


def audited(thing: object, said: AuditSettings, known: Callable[[Finding, str], bool] = lambda *_: False) -> Audit:
    target = thing if isinstance(thing, Target) else adapt(thing, "fake")
    return Audit(target, said, all_oracles(), repeat="memfence audit fake", known=known)


def of(result: CampaignResult) -> ScenarioResult:
    (found,) = [one for one in result.scenarios if one.name == HISTORIES]
    return found


SEEDS = [1, *(pytest.param(seed, marks=pytest.mark.long) for seed in (2, 3))]


@cache
def holed(seed: int) -> CampaignResult:
    return audited(Own(SharedUpdates), settings(*FEW, seed=seed)).run()


@pytest.mark.parametrize("seed", SEEDS)
def test_histories_see_what_a_scenario_does_not(seed: int) -> None:
    result = holed(seed)

    assert {one.name: one.verdict for one in result.scenarios} == {
        "cross_search": Verdict.HELD,
        HISTORIES: Verdict.VIOLATED,
    }
    assert result.verdict is Verdict.VIOLATED
    assert "in histories by" in "\n".join(compact.lines(as_json(result, all_oracles().values()), 200))


@pytest.mark.parametrize("seed", SEEDS)
def test_what_isolates_is_held_under_both_and_each_has_its_control(seed: int) -> None:
    result = audited(Own(Simple), settings(*FEW, seed=seed)).run()

    assert [(one.name, one.verdict) for one in result.scenarios] == [(name, Verdict.HELD) for name in FEW]
    assert all(one.control is not None and one.control.trustworthy for one in result.scenarios)


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_scope_key_that_metadata_overwrite_is_found(seed: int) -> None:
    assert of(audited(Own(Overwritten), settings(seed=seed)).run()).verdict is Verdict.VIOLATED


@pytest.mark.parametrize(
    ("said", "generated"),
    [
        ({}, 40),
        ({"users": 50}, 100),
        ({"examples": 0}, 0),
        ({"examples": 7}, 7),
        ({"scenarios": ("list_all",)}, 0),
        ({"scenarios": ("list_all", HISTORIES)}, 40),
    ],
)
def test_so_many_histories_are_generated_as_are_said(said: dict[str, Any], generated: int) -> None:
    assert AuditSettings(seed=1, **said).histories == generated


def test_they_can_be_left_out_and_had_alone() -> None:
    without = audited(Own(Simple), settings("list_all")).run()
    alone = audited(Own(Simple), settings(HISTORIES, examples=3)).run()

    assert [one.name for one in without.scenarios] == ["list_all"]
    assert [one.name for one in alone.scenarios] == [HISTORIES]
    assert ("histories" in story.title(without), "3 histories" in story.title(alone)) == (False, True)


def test_what_a_scenario_has_found_is_not_made_small_twice() -> None:
    result = audited(Own(SharedSearch), settings(*FEW, examples=4)).run()

    (scenario,) = [one for one in result.scenarios if one.name == "cross_search"]
    told = {group.example.oracle for group in scenario.findings}
    again = [
        one for one in of(result).findings if (one.example.oracle, one.example.channel) == ("canary_leak", "search")
    ]
    assert "canary_leak" in told
    assert again
    assert all(one.retold is not None and "a scenario has found the same" in one.retold.why for one in again)


def test_an_accepted_finding_hides_no_other() -> None:
    class TwoHoles(SharedUpdates, SharedSearch):
        """Both."""

    store = Own(TwoHoles)
    store.start = None  # type: ignore[method-assign,assignment]  # a store that stays: its first violation ends it
    result = audited(store, settings(HISTORIES)).run()
    first = next(iter(of(result).findings))
    accepted = {fingerprint(result, HISTORIES, first.example, first.family)}

    def known(finding: Finding, family: str) -> bool:
        return fingerprint(result, HISTORIES, finding, family) in accepted

    further = of(audited(store, settings(HISTORIES), known).run())
    assert {fingerprint(result, HISTORIES, one.example, one.family) for one in further.findings} - accepted


class Counting(Own):
    """It counts its starts, and says when it is closed; from the `last` start on it fails."""

    def __init__(self, last: int | None = None, error: Exception | None = None) -> None:
        self.starts, self.closed, self.last, self.error = -1, 0, None, error
        super().__init__(Simple)
        self.last = last

    def start(self) -> None:
        self.starts += 1
        if self.last is not None and self.starts > self.last and self.error is not None:
            raise self.error
        super().start()

    def close(self) -> None:
        self.closed += 1


def test_the_target_is_closed_once_when_all_is_over() -> None:
    target = Counting()

    audited(target, settings(*FEW, examples=3)).run()

    assert (target.closed, target.starts > 3) == (1, True)


def test_a_target_that_breaks_under_the_histories_loses_nothing_that_was_found() -> None:
    before = Counting()
    audited(before, settings("cross_search")).run()
    target = Counting(before.starts, ConnectionError("the database is gone"))

    result = audited(target, settings(*FEW)).run()

    assert [one.verdict for one in result.scenarios] == [Verdict.HELD, Verdict.INCONCLUSIVE]
    assert "the database is gone" in " ".join(of(result).reasons)
    assert target.closed == 1


def test_a_target_that_never_starts_is_a_set_up_error() -> None:
    target = Counting(0, ConnectionError("the database is gone"))

    with pytest.raises(TargetError, match="the database is gone"):
        audited(target, settings(HISTORIES)).run()
    assert target.closed == 1


def test_what_the_target_ends_is_inconclusive() -> None:
    def spent() -> Iterable[str | None]:
        yield from [None] * 400
        while True:
            yield "100 of 100 requests are spent"

    said = iter(spent())
    target = adapt(Own(Simple), "fake")
    result = audited(_spending(target, lambda: next(said)), settings(*FEW)).run()

    assert result.verdict is Verdict.INCONCLUSIVE
    assert "it had to stop: 100 of 100 requests are spent" in of(result).reasons


def _spending(target: Target, spent: Callable[[], str | None]) -> Target:
    return replace(target, spent=spent)


def test_ctrl_c_among_scenarios_begins_no_history() -> None:
    class Interrupted(Simple):
        """Somebody presses Ctrl-C."""

        def search(self, query: str) -> list[Row]:
            del query
            raise KeyboardInterrupt

    result = audited(Own(Interrupted), settings(*FEW)).run()

    assert (result.interrupted, [one.name for one in result.scenarios]) == (True, ["cross_search"])


def test_an_object_is_audited_with_histories_too_and_its_command_is_its_own() -> None:
    result = audit_object(Own(SharedUpdates), "own", settings(*FEW, examples=8), repeat="pytest test_own.py::test_it")

    assert (of(result).verdict, result.repeat) == (Verdict.VIOLATED, "pytest test_own.py::test_it")


def test_a_name_that_no_scenario_has_is_refused() -> None:
    with pytest.raises(HarnessError, match="histories"):
        audited(Own(Simple), settings("history"))


def test_each_story_of_a_history_says_how_to_explore_it() -> None:
    assert story.repeat(holed(1), of(holed(1))) == "memfence explore fake --seed 1 --examples 40"
