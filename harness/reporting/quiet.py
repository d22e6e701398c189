"""The one line of `-q`: the verdict, and where it is inconclusive, the first reason."""

from collections.abc import Iterator

from rich.text import Text

from ..base.wording import printable
from ..model.findings import Verdict
from ..model.reasons import Reason
from ..model.results import CampaignResult, held
from . import baselines
from .console import verdict_line
from .reading import Report, open_questions
from .unasked import sentence


def quiet_line(result: CampaignResult, report: Report, settled: str = "") -> Text:
    """Return the last line by itself; `settled` is what a baseline says of it.

    That it was interrupted stands here, and the reason of exit code 3:
    `INCONCLUSIVE: 5 of 11 channels held, 2 open (seed 7). First: ...`.
    """
    line = verdict_line(result).append(settled)
    if result.verdict is Verdict.INCONCLUSIVE:
        held_on = held(result.channels.values())
        left = sum(one is Verdict.INCONCLUSIVE for one in result.channels.values())
        said = f": {held_on} of {len(result.known)} channels held, {left} open (seed {result.seed})"
        line = Text(result.verdict.upper(), style=line.style).append(said, style="default")
    if result.interrupted:
        line.append(", interrupted", style="default")
    return line.append(first_open(report), style="default")


def first_open(report: Report) -> str:
    """Return the reason of exit code 3, as the end of the last line; nothing where there is none."""
    if baselines.verdict(report) is not Verdict.INCONCLUSIVE:
        return ""
    return f". First: {printable(next(_reasons(report)))}"


def _reasons(report: Report) -> Iterator[str]:
    yield from (f"{where}: {why}" for where, why in open_questions(report))
    # What is violated and accepted may have left something open beside that.
    for scenario in report["scenarios"]:
        yield from (f"{scenario['name']}: {why}" for why in scenario["inconclusive_because"])
        yield from (one["headline"] for one in scenario["findings"] if one["verdict"] == Verdict.INCONCLUSIVE)
    yield from map(sentence, report["unasked"]["gaps"])
    yield Reason.NOTHING_TRIED.told()
