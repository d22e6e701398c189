"""What an exploration and a replay look like on a terminal and as JSON."""

import io
import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from rich.console import Console
from simple_targets import Own, Production, Simple

from memfence import Population
from memfence.campaigns import resolve
from memfence.campaigns.explorations import Exploration, ExploreSettings
from memfence.campaigns.exploring import Explorer
from memfence.model.audited import Audited
from memfence.model.findings import Verdict
from memfence.model.operations import Add, GetAll
from memfence.model.reasons import Reason
from memfence.performing.contract import adapt
from memfence.plans.replays import Replay, from_json
from memfence.replay import Outcome, run
from memfence.reporting.exploration import as_json, write_exploration
from memfence.reporting.formats import write
from memfence.reporting.replayed import told

ALICE, BOB, *_ = Population(seed=5, size=4)
REPLAY = Replay(
    "own",
    "scoped",
    None,
    5,
    "canary_leak",
    Verdict.VIOLATED,
    (Add(ALICE, ALICE.facts[0]), GetAll(BOB, ALICE.facts[0])),
)


class Everybodys(Simple):
    def get_all(self) -> list[object]:  # type: ignore[override]  # it shows everybody's
        return list(self.rows)


class OnlyAdds:
    """It has no way to list."""

    def __init__(self, *_: object) -> None:
        self.texts: list[str] = []

    def add(self, text: str) -> None:
        self.texts.append(text)


@cache
def explored(breakage: str | None = None) -> Exploration:
    target = resolve.target("reference", breakage=breakage)
    settings = ExploreSettings(seed=1, examples=8, breakage=breakage)
    return Explorer(target, settings, resolve.all_oracles()).run()


def shown(exploration: Exploration, saved_in: Path | None = None) -> list[str]:
    screen = io.StringIO()
    write_exploration(exploration, Console(file=screen, width=300), saved_in=saved_in)
    return screen.getvalue().splitlines()


NO_WAY = "INCONCLUSIVE the target has no way to make 1 of the 2 moves."


def lines_of(outcome: Outcome) -> list[str]:
    return list(told(outcome))


def test_the_first_line_says_what_was_explored_and_the_last_the_verdict() -> None:
    lines = shown(explored())

    assert lines[0].startswith("memfence explore of reference: ")
    assert lines[0].endswith("operations, seed 1")
    assert "of up to 50 moves" in lines[0]
    assert lines[-1].startswith("HELD ")
    assert any(line.startswith("control (reroute): caught by ") for line in lines)
    assert not any(line.startswith(("repeat:", "keep:", "saved:")) for line in lines)


def test_a_finding_comes_with_its_size_and_how_to_see_it_again() -> None:
    lines = shown(explored("drop_user_id"))

    (size,) = [line for line in lines if "shrunk from" in line and "2 users, 2 calls" in line][:1]
    assert "first seen in history " in size
    assert "with breakage drop_user_id" in lines[0]
    assert "repeat: memfence explore reference --seed 1 --examples 8 --breakage drop_user_id" in lines
    assert any(line.startswith("keep: the same with --save FOLDER, then memfence replay FOLDER/") for line in lines)
    assert lines[-1].startswith("VIOLATED ")


def test_where_it_was_saved_the_report_says_where() -> None:
    lines = shown(explored("drop_user_id"), Path("found"))

    name = explored("drop_user_id").counterexamples[0].finding.oracle
    assert any(line.startswith(f"saved: memfence replay {Path('found') / name}.json") for line in lines)


def test_the_json_report_holds_replays_that_can_be_read_again(tmp_path: Path) -> None:
    exploration = explored("drop_user_id")

    write(as_json(exploration), [tmp_path / "told.json"])

    report = json.loads((tmp_path / "told.json").read_text("ascii"))
    assert report == json.loads(json.dumps(as_json(exploration)))
    assert [from_json(one["replay"]).moves for one in report["counterexamples"]] == [
        one.moves for one in exploration.counterexamples
    ]
    assert report["first_seen_in_example"] == exploration.first


def test_a_replay_that_still_fails_shows_its_calls_what_came_back_and_whose_it_is() -> None:
    lines = lines_of(run(REPLAY, adapt(Own(Everybodys), "own")))

    assert f'  make_memory("{ALICE.id}").add({ALICE.facts[0].text!r})' in lines
    assert f"came back: {ALICE.facts[0].text!r}" in lines
    assert lines[-1] == "VIOLATED it still fails: canary_leak by get_all"


@pytest.mark.parametrize(
    ("outcome", "last"),
    [
        (Outcome(None, ()), "HELD each call was made, and nothing was found"),
        (
            Outcome(None, (), Reason.NO_WAY.told(some=1, all=2)),
            f"{NO_WAY} Replay it on the target that it was found on, or offer the method.",
        ),
        (
            Outcome(None, (), Reason.NO_WAY.told(some=1, all=2), Audited.APPLICATION),
            f"{NO_WAY} Replay it on the target that it was found on, or write the line into the application's file.",
        ),
    ],
)
def test_a_replay_that_does_not_fail_says_what_that_means(outcome: Outcome, last: str) -> None:
    assert lines_of(outcome)[-1] == last


def test_a_replay_on_an_application_is_doubted_in_the_words_of_one() -> None:
    application = replace(adapt(Own(OnlyAdds), "own"), by_file=True)

    assert lines_of(run(REPLAY, application))[-1].endswith("or write the line into the application's file.")


def test_what_is_said_of_a_store_that_stays_is_said_in_the_report() -> None:
    target = adapt(Production(), "production")
    exploration = Explorer(target, ExploreSettings(seed=0, examples=5), resolve.all_oracles()).run()

    told = "note: users came under ordinary ids alone: the target is not disposable; "
    assert any(line.startswith(told) for line in shown(exploration))


def test_an_interruption_of_the_control_is_told_and_is_no_clean_bill() -> None:
    whole = explored()
    result = replace(whole.result, interrupted=True)

    lines = shown(replace(whole, result=result))

    assert "interrupted: this is what was found so far" in lines
    assert lines[-1].startswith("INCONCLUSIVE ")
