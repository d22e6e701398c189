"""`memfence audit`: one campaign, told on the screen and in reports."""

from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from ..campaigns import resolve
from ..campaigns.audits import Audit
from ..campaigns.configuration import Configuration
from ..campaigns.forecasts import forecast
from ..campaigns.settings import HISTORIES, AuditSettings
from ..campaigns.side_by_side import Job, SideBySide, processes
from ..model.counterexamples import Counterexample
from ..model.findings import Finding, Verdict
from ..model.results import CampaignResult
from ..plans.replays import replay_of
from ..plans.replays import save as write_replay
from ..reporting import green
from ..reporting.compact import lines
from ..reporting.console import open_console, print_line, verdict_line, write_console
from ..reporting.files import writing
from ..reporting.json_report import as_json, fingerprint_in
from ..reporting.progress import ProgressLines, progress_bar
from ..reporting.quiet import first_open, quiet_line
from ..reporting.reading import Report, against_baseline
from ..reporting.story import audited_as
from .delivery import Delivery, settled
from .told import check_workers


def audit(target: str, settings: AuditSettings, save: Path | None, said: Configuration) -> Verdict:
    """Audit a target by name and return the verdict; raises HarnessError where that cannot be done or written.

    `save` is the folder for counterexamples.
    """
    delivery = Delivery.of(said)
    result = _run(target, settings, said, delivery.fingerprints)
    report = delivery.judged(as_json(result, resolve.all_oracles().values()))
    # First the screen: a report that cannot be written must not take the verdict with it.
    _show(result, report, said, open_console())
    verdict = delivery.send(report)
    if save is not None:
        _save(result, save)
    return verdict


def _save(result: CampaignResult, folder: Path) -> None:
    """Write what led to each violation, made small where it was seen again, for memfence replay."""
    with writing(folder):
        for scenario in result.scenarios:
            for group in scenario.findings:
                if group.retold is not None:
                    kind = (scenario.name, group.example.oracle, group.example.channel, *group.family.split())
                    name = f"{'-'.join(kind)}.json"
                    moves = group.retold.moves
                    found = Counterexample(moves, group.example, group.retold.whole)
                    write_replay(replay_of(found, result.target, result.settings, result.seed), folder / name)


def _run(target: str, settings: AuditSettings, said: Configuration, accepted: frozenset[str]) -> CampaignResult:
    check_workers(said.workers)
    place = resolve.placed(target, **settings.place)
    found = resolve.target(
        target, breakage=settings.breakage, wrapper=settings.wrapper, max_requests=settings.max_requests, **place
    )
    known = Accepted(accepted, audited_as(found.name, settings.as_dict()))
    repeat = settings.command(target, said.spoken)
    whole = Audit(found, settings, resolve.all_oracles(), repeat=repeat, known=known)
    errors = open_console(stderr=True)

    def tell(sentence: str) -> None:
        print_line(errors, f"memfence: {sentence}")

    count = processes(found, settings, said.workers, whole.parts)
    run = whole.run if count == 1 else SideBySide(whole, Job(target, settings, repeat, known), count, tell).run
    if said.quiet:
        return run()
    warned = forecast(target, users=settings.users, facts=settings.facts, scenarios=whole.parts)
    if warned:
        tell(warned)
    if not errors.is_terminal:
        return run(ProgressLines(whole.parts, errors, whole.planned))
    with progress_bar(whole.planned(), errors) as bar:
        return run(bar)


@dataclass(frozen=True, slots=True)
class Accepted:
    """Whether a baseline accepts what histories have found; `audited` is as of `story.audited`."""

    fingerprints: frozenset[str]
    audited: str

    def __call__(self, finding: Finding, family: str) -> bool:
        """Look for its fingerprint."""
        return fingerprint_in(self.audited, HISTORIES, finding, family) in self.fingerprints


def _show(result: CampaignResult, report: Report, said: Configuration, console: Console) -> None:
    """Print a violation on one screen, what held or was left open with all its scenarios."""
    last = verdict_line(result).append(settled(report))
    if said.quiet:
        console.print(quiet_line(result, report, settled(report)), soft_wrap=True)
    elif result.verdict is Verdict.VIOLATED and not said.verbose:
        for position, line in enumerate(lines(report, console.width)):
            print_line(console, line, style="bold" if position == 1 else "")
        console.print(last, soft_wrap=True)
    elif result.verdict is Verdict.HELD and said.fast and not said.verbose:
        for line in green.lines(result, report, against_baseline(report)):
            print_line(console, line)
        console.print(last, soft_wrap=True)
    else:
        end = f"{settled(report)}{first_open(report)}" if result.verdict is Verdict.INCONCLUSIVE else settled(report)
        write_console(result, console, beside=against_baseline(report), settled=end, verbose=said.verbose)
