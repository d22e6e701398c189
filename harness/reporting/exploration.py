"""An exploration on a terminal and as JSON: each finding with the smallest history that shows it."""

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

from rich.console import Console

from ..campaigns.explorations import Exploration
from ..judging.oracles import Oracle
from ..model.counterexamples import Counterexample
from ..model.findings import FindingGroup, Verdict
from ..model.reasons import Reason
from ..model.results import CampaignResult
from ..model.scenario_results import ScenarioResult, kind_of
from ..plans.replays import as_json as replay_json
from ..plans.replays import replay_of
from . import json_report, story
from .console import channels, print_line, print_story, verdict_line
from .hints import hints


def write_exploration(
    exploration: Exploration,
    console: Console,
    *,
    saved_in: Path | None = None,
    beside: Iterable[str] = (),
    settled: str = "",
    known: Collection[str] = (),
) -> None:
    """Print the whole report; `saved_in` is where the counterexamples lie, `known` are fingerprints that are accepted.

    The rest is as in `write_console`.
    """
    result = exploration.result
    (scenario,) = result.scenarios
    for line in _begun(exploration):
        print_line(console, line)
    for reason in story.reasons(result):
        print_line(console, reason)
    for group in _in_order(result, scenario, known):
        sizes = list(_sizes(exploration, group))
        if sizes or not exploration.counterexamples:
            print_line(console, "")
            print_story(result, scenario, group, console)
            for line in sizes:
                print_line(console, f"  {line}")
    if exploration.unshrunk:
        print_line(console, "")
        print_line(
            console,
            f"and {exploration.unshrunk} more kinds of finding by oracle, channel and ids, less grave, not made small: "
            "--report FILE.json has them",
        )
    for line in _to_keep(exploration, saved_in):
        print_line(console, line)
    print_line(console, "")
    console.print(channels(result))
    for line in (*_told(result, scenario), *beside):
        print_line(console, line)
    for told in story.left_open(result):
        print_line(console, told, style="bold")
    console.print(verdict_line(result).append(settled), soft_wrap=True)


def _title(exploration: Exploration) -> str:
    result = exploration.result
    return (
        f"memfence explore of {story.audited(result)}: {exploration.examples} histories ({exploration.wanted} asked "
        f"for) of up to {result.settings['steps']} moves, {result.scenarios[0].operations} operations, "
        f"seed {result.seed}"
    )


def _begun(exploration: Exploration) -> Iterator[str]:
    yield _title(exploration)
    if exploration.result.interrupted:
        yield Reason.SO_FAR.told()


def _in_order(result: CampaignResult, scenario: ScenarioResult, known: Collection[str]) -> list[FindingGroup]:
    """Return what counts, what no baseline knows first, then what to mend first."""

    def is_known(group: FindingGroup) -> bool:
        return json_report.fingerprint(result, scenario.name, group.example, group.family) in known

    groups = (group for _, found in result.told for _, group in found)
    return sorted((one for one in groups if one.example.verdict is not Verdict.HELD), key=is_known)


def _sizes(exploration: Exploration, group: FindingGroup) -> Iterator[str]:
    for found in exploration.counterexamples:
        if kind_of(found.finding, found.family) == kind_of(group.example, group.family):
            yield _made_of(exploration, found)


def _to_keep(exploration: Exploration, saved_in: Path | None) -> Iterator[str]:
    if not exploration.counterexamples:
        return
    name = f"{exploration.counterexamples[0].finding.oracle}.json"
    yield ""
    yield f"repeat: {exploration.result.repeat}"
    if saved_in is None:
        yield f"keep: the same with --save FOLDER, then memfence replay FOLDER/{name}"
    else:
        yield f"saved: memfence replay {saved_in / name}; --emit-test FILE makes a test of it"


def _told(result: CampaignResult, scenario: ScenarioResult) -> Iterator[str]:
    yield story.bound(result)
    if scenario.control is not None:
        caught = f"caught by {scenario.control.caught_by}" if scenario.control.caught_by else "missed"
        yield f"control ({scenario.control.name}): {caught}"
    quiet = [channel.value for channel in result.all_channels if channel not in result.channels]
    yield f"channels not exercised: {', '.join(quiet) or 'none'}"
    if result.left_behind:
        yield (
            f"left behind: {result.left_behind} records of tenants named {result.tenant_prefix}*: they could not be "
            "deleted by id"
        )
    yield from (
        f"note: {note}"
        for note in (
            *story.foremost(result),
            *result.notes,
            *hints(result),
            *(f"warning: {one}" for one in result.warnings),
        )
    )


def as_json(exploration: Exploration, oracles: Iterable[Oracle] = ()) -> dict[str, Any]:
    """Return the report as plain values: that of an audit whose one scenario is the histories, and what was explored.

    Everything in it but times is a function of target and settings.
    """
    return {
        **json_report.as_json(exploration.result, oracles),
        "command": "explore",
        "title": _title(exploration),
        "examples": exploration.examples,
        "first_seen_in_example": dict(exploration.first),
        "counterexamples": [
            {
                "oracle": found.finding.oracle,
                "channel": found.finding.channel,
                "family": found.family,
                "tenants": found.tenants,
                "operations": len(found.operations),
                "found_in": found.whole,
                "replay": replay_json(
                    replay_of(found, exploration.result.target, exploration.result.settings, exploration.result.seed)
                ),
            }
            for found in exploration.counterexamples
        ],
    }


def _made_of(exploration: Exploration, found: Counterexample) -> str:
    operations = found.operations
    users = "1 user" if found.tenants == 1 else f"{found.tenants} users"
    calls = "1 call" if len(operations) == 1 else f"{len(operations)} calls"
    example = exploration.first.get(found.finding.oracle, 0)
    under = f" under {found.family}" if found.family else ""
    return (
        f"{users}, {calls}{under}: shrunk from {found.whole}; first seen in history {example} of {exploration.examples}"
    )
