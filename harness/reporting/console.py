"""The report on a terminal: what was exercised, the first finding's story, and the verdict on the last line."""

import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..base.wording import printable
from ..campaigns import resolve
from ..model.audited import Audited
from ..model.causes import BY_NAME, Found, shapes
from ..model.findings import FindingGroup, Verdict
from ..model.reasons import Reason
from ..model.results import CampaignResult
from ..model.scenario_results import ScenarioResult
from ..model.statistics import Bound
from ..model.tallies import Tally
from . import advice, story
from .hints import hints
from .spared import spared
from .unasked import MOST, doubt, lines, unasked

_OUTCOMES = ("probes", "returned", "refused", "crashed")
STYLES = {Verdict.HELD: "bold green", Verdict.VIOLATED: "bold red", Verdict.INCONCLUSIVE: "bold yellow"}


class _Console(Console):
    """A console whose reader may leave (`memfence audit | head`) without changing the exit code."""

    def on_broken_pipe(self) -> None:
        """Send the rest nowhere; rich itself would exit with 1, which means violated."""
        self.quiet = True
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def open_console(*, stderr: bool = False) -> Console:
    """Return a console on standard output or standard error."""
    return _Console(stderr=stderr)


def announce(path: Path) -> None:
    """Say on standard error that a report is there: what standard output ends with is the verdict."""
    print_line(open_console(stderr=True), f"report written to {path}")


def write_console(
    result: CampaignResult,
    console: Console,
    *,
    beside: Iterable[str] = (),
    settled: str = "",
    verbose: bool = False,
) -> None:
    """Print the whole report; `beside` and `settled` are what a baseline says of it, the latter on the last line.

    `verbose`: with all that was not tried, however much it is.
    """
    print_line(console, story.title(result))
    console.print(_table(result))
    if result.interrupted:
        print_line(console, ": ".join(Reason.SO_FAR.parted(result.what)), style="bold")
    for warning in result.warnings:
        print_line(console, f"warning: {warning}")
    for reason, names in story.reasons(_exercised(result)).items():
        print_line(console, f"{', '.join(names)}: {reason}")
    _print_findings(result, console)
    for told in filter(None, map(story.by_id, result.scenarios)):
        print_line(console, told)
    _print_lines((*spared(result), ""), console)
    console.print(channels(result))
    print_line(console, story.bound(result))
    quiet = [channel.value for channel in result.all_channels if channel not in result.channels]
    print_line(console, f"channels not exercised: {', '.join(quiet) or 'none'}")
    _print_lines((f"note: {note}" for note in notes(result)), console)
    if result.methods_missing:
        console.print(f"the target has no method: {', '.join(result.methods_missing)}", highlight=False)
    for told in story.left_open(result):
        print_line(console, told, style="bold")
    if result.left_behind:
        console.print(
            f"left behind: {result.left_behind} records of tenants named {result.tenant_prefix}*: "
            "they could not be deleted by id. Clean up, and take another seed until then"
        )
    _print_lines((*lines(unasked(result), None if verbose else MOST), *doubt(result), *beside), console)
    console.print(verdict_line(result).append(settled), soft_wrap=True)


def notes(result: CampaignResult) -> list[str]:
    """Return each note that a whole screen has."""
    advised = (*story.foremost(result), *story.recall(result), *advice.notes(result))
    return [*advised, *result.notes, *hints(result)]


def verdict_line(result: CampaignResult) -> Text:
    """Return the last line: `HELD on 3 of 11 channels (seed 42)`; green only where most was asked."""
    word, rest = story.verdict(result)
    much = result.verdict is not Verdict.HELD or result.thorough
    style = STYLES[result.verdict if much else Verdict.INCONCLUSIVE]
    return Text(word, style=style).append(rest, style="default")


def _exercised(result: CampaignResult) -> CampaignResult:
    """Return the result without what was not tried: of that the last lines tell."""
    return replace(result, scenarios=[one for one in result.scenarios if one.not_exercised is None])


def _table(result: CampaignResult) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    # Whole, however narrow the screen is: a name is there to be copied.
    table.add_column("scenario", no_wrap=True, min_width=max((len(one.name) for one in result.scenarios), default=0))
    for name in ("probes", "refused", "crashed"):
        table.add_column(name, justify="right")
    table.add_column("control")
    table.add_column("verdict")
    for scenario in result.scenarios:
        table.add_row(*_row(scenario))
    return table


def _row(scenario: ScenarioResult) -> list[str | Text]:
    if scenario.verdict is None:
        return [scenario.name, "", "", "", "", Text("not exercised", style="dim")]
    numbers = [scenario.total(outcome) for outcome in ("probes", "refused", "crashed")]
    # A crash that was provoked is no answer but to what was asked: whether its text quotes anybody.
    read = scenario.reads_errors and scenario.verdict is Verdict.HELD and scenario.total("crashed")
    verdict = Text(f"{scenario.verdict}{': errors name nobody' if read else ''}", style=STYLES[scenario.verdict])
    return [scenario.name, *map(str, numbers), _control(scenario), verdict]


def channels(result: CampaignResult) -> Table:
    """Return what became of the probes on each channel: a refusal is no proof, and a gap is none either."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("channel")
    for name in _OUTCOMES:
        table.add_column(name, justify="right")
    for name in ("pairs", "rate <"):
        table.add_column(name, justify="right")
    table.add_column("verdict")
    tallies, bounds = result.tallies, result.bounds
    for channel, verdict in result.channels.items():
        tally, bound = tallies.get(channel, Tally()), bounds.get(channel, Bound(0))
        numbers = [str(getattr(tally, name)) for name in _OUTCOMES]
        table.add_row(
            channel.value,
            *numbers,
            str(bound.trials),
            "" if bound.failures else bound.told,
            _verdict_on(verdict, tally),
        )
    return table


def _verdict_on(verdict: Verdict, tally: Tally) -> Text:
    # The right answer to a foreign id and to a hostile one; that the store would have isolated is not said by it.
    none = ", all refused" if tally.refused == tally.probes else f", {tally.refused} refused"
    refused = none if verdict is Verdict.HELD and not tally.returned else ""
    return Text(f"{verdict}{refused}", style=STYLES[verdict])


def _control(scenario: ScenarioResult) -> str:
    if scenario.control is None:
        return "not run"
    if not scenario.control.negative_silent:
        return "false alarm"
    return "caught" if scenario.control.caught_by else "missed"


def _print_findings(result: CampaignResult, console: Console) -> None:
    """Print a story for each cause of a violation, or the first doubt, and where else each was found."""
    counted = [(cause, found) for cause, found in result.told if found[0][1].example.verdict is not Verdict.HELD]
    violated = [one for one in counted if one[1][0][1].example.verdict is Verdict.VIOLATED]
    told = violated or counted[:1]
    for cause, found in told:
        scenario, group = found[0]
        print_line(console, "")
        print_story(result, scenario, group, console)
        for sentence in _advice(group):
            print_line(console, f"  {sentence}")
        _print_cause(cause, found, result.what, console)
        print_line(console, "  repeat")
        print_line(console, f"    {story.repeat(result, scenario)}")
        _print_others(found[1:], console)
    for _, found in counted[len(told) :]:
        _print_others(found, console)


def _advice(group: FindingGroup) -> tuple[str, ...]:
    """Return what is wrong, where to look and what a right version does, as its oracle says."""
    oracle = resolve.all_oracles().get(group.example.oracle)
    return () if oracle is None else oracle.advice


def _print_cause(cause: str, found: Sequence[Found], what: Audited, console: Console) -> None:
    """Print what is wrong, and the lines that mend it."""
    known = BY_NAME.get(cause)
    if known:
        print_line(console, f"  mend: {known.said}")
        for line in known.mending(what):
            print_line(console, f"    {line}")
        if known.of_ids:
            print_line(console, f"  ids that did it: {', '.join(shapes(found))}")


def _print_others(found: Iterable[Found], console: Console) -> None:
    by_scenario: dict[str, tuple[ScenarioResult, list[FindingGroup]]] = {}
    for scenario, group in found:
        by_scenario.setdefault(scenario.name, (scenario, []))[1].append(group)
    for scenario, groups in by_scenario.values():
        print_line(console, f"also in {story.in_short(scenario, groups)}")


def print_story(result: CampaignResult, scenario: ScenarioResult, group: FindingGroup, console: Console) -> None:
    """Print one finding: its headline, what was done and came back, and the calls that show it."""
    print_line(console, story.headline(scenario, group), style="bold")
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for what, text in story.paragraphs(group):
        grid.add_row(f"  {what}", Text(printable(text)))
    console.print(grid)
    place = result.place(group.example)
    if place:
        print_line(console, f"  your code: {place.file}:{place.line}")
    # Lines to copy are printed without wrapping, so that a copy is whole.
    print_line(console, f"  {story.reproducing(group)}")
    for line in story.calls(result, group):
        print_line(console, f"    {line}")


def _print_lines(told: Iterable[str], console: Console) -> None:
    for line in told:
        print_line(console, line)


def print_line(console: Console, line: str, style: str = "") -> None:
    """Print a line as it is, without wrapping it."""
    console.print(printable(line), style=style, markup=False, highlight=False, soft_wrap=True)
