"""An exploration on a terminal and as JSON: each finding with the smallest history that shows it."""

import json
from pathlib import Path

from rich.console import Console

from ..counterexamples import Counterexample
from ..explorations import Exploration
from ..findings import Verdict
from ..replays import as_json as replay_json
from ..replays import replay_of
from . import json_report, story
from .console import channels, print_line, print_story, verdict_line


def write_exploration(exploration: Exploration, console: Console, *, saved_in: Path | None = None) -> None:
    """Print the whole report; `saved_in` is the folder that holds the counterexamples."""
    result = exploration.result
    (scenario,) = result.scenarios
    said = result.settings
    through = f" with breakage {said['breakage']}" if said["breakage"] else ""
    through = f" through {said['wrapper']}" if said["wrapper"] != "scoped" else through
    print_line(
        console,
        f"memfence explore of {result.target}{through}: {exploration.examples} histories of up to "
        f"{said['steps']} moves, {scenario.operations} operations, seed {result.seed}",
    )
    ended = ["interrupted: this is what was found so far"] if result.interrupted else []
    for reason in (*ended, *story.reasons(result)):
        print_line(console, reason)
    for group in scenario.findings:
        if group.example.verdict is Verdict.HELD:
            continue
        print_line(console, "")
        print_story(result, scenario, group, console)
        for found in exploration.counterexamples:
            if (found.finding.oracle, found.finding.verdict) == (group.example.oracle, group.example.verdict):
                print_line(console, f"  {_made_of(exploration, found)}")
    if exploration.counterexamples:
        print_line(console, "")
        print_line(console, f"repeat: {result.repeat}")
        name = exploration.counterexamples[0].finding.oracle
        if saved_in is None:
            print_line(console, "keep: the same with --save FOLDER, then memfence replay FOLDER/" + f"{name}.json")
        else:
            print_line(console, f"saved: memfence replay {saved_in / name}.json; --emit-test FILE makes a test of it")
    print_line(console, "")
    console.print(channels(result))
    print_line(console, story.bound(result))
    if scenario.control is not None:
        caught = f"caught by {scenario.control.caught_by}" if scenario.control.caught_by else "missed"
        print_line(console, f"control ({scenario.control.name}): {caught}")
    for note in (*result.notes, *(f"warning: {one}" for one in result.warnings)):
        print_line(console, f"note: {note}")
    console.print(verdict_line(result), soft_wrap=True)


def write_exploration_json(exploration: Exploration, path: Path) -> None:
    """Write the report; raises OSError where the path cannot be written."""
    path.write_text(json.dumps(as_json(exploration), indent=2) + "\n", encoding="ascii")


def as_json(exploration: Exploration) -> dict[str, object]:
    """Return the report as plain values: that of an audit with the machine as its one scenario, and what was explored.

    Everything in it but times is a function of target and settings.
    """
    return {
        **json_report.as_json(exploration.result),
        "examples": exploration.examples,
        "first_seen_in_example": dict(exploration.first),
        "counterexamples": [
            {
                "oracle": found.finding.oracle,
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
    return f"{users}, {calls}: shrunk from {found.whole}; first seen in history {example} of {exploration.examples}"
