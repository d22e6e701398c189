"""The one line of `-q`: the verdict, and where it is inconclusive, the first reason."""

from collections.abc import Iterator

from rich.text import Text

from ..base.wording import printable
from ..model.channels import Channel
from ..model.findings import Verdict
from ..model.reasons import Reason
from ..model.results import CampaignResult, held
from . import baselines
from .console import verdict_line
from .reading import Report, open_questions
from .unasked import sentence


def quiet_line(result: CampaignResult, report: Report, settled: str = "") -> Text:
    """Return the last line by itself; `settled` is what a baseline says of it.

    Exit code 3 has its reason here: `INCONCLUSIVE: 5 of 11 channels held, 2 open (seed 7). First: ...`.
    """
    line = verdict_line(result).append(settled)
    if result.verdict is Verdict.INCONCLUSIVE:
        held_on = held(result.channels.values())
        left = sum(one is Verdict.INCONCLUSIVE for one in result.channels.values())
        said = f": {held_on} of {len(Channel)} channels held, {left} open (seed {result.seed})"
        line = Text(result.verdict.upper(), style=line.style).append(said, style="default")
    if baselines.verdict(report) is Verdict.INCONCLUSIVE:
        line.append(f". First: {printable(next(_reasons(report)))}", style="default")
    return line


def _reasons(report: Report) -> Iterator[str]:
    yield from (f"{where}: {why}" for where, why in open_questions(report))
    # What is violated and accepted may have left something open beside that.
    for scenario in report["scenarios"]:
        yield from (f"{scenario['name']}: {why}" for why in scenario["inconclusive_because"])
        yield from (one["headline"] for one in scenario["findings"] if one["verdict"] == Verdict.INCONCLUSIVE)
    yield from map(sentence, report["unasked"]["gaps"])
    yield Reason.NOTHING_TRIED.told()
