"""`memfence explore`: generated histories, and what is left of those that show something."""

from pathlib import Path

from ..campaigns import resolve
from ..campaigns.configuration import Configuration
from ..campaigns.explorations import Exploration, ExploreSettings
from ..campaigns.exploring import Explorer
from ..campaigns.settings import HISTORIES
from ..model.findings import Finding, Verdict
from ..plans.replays import save_all
from ..reporting.console import open_console
from ..reporting.exploration import as_json, write_exploration
from ..reporting.files import writing
from ..reporting.json_report import fingerprint
from ..reporting.progress import exploration_bar
from ..reporting.quiet import quiet_line
from ..reporting.reading import against_baseline
from .delivery import Delivery, settled


def explore(target: str, settings: ExploreSettings, save: Path | None, said: Configuration) -> Verdict:
    """Explore a target by name and return the verdict; raises HarnessError where that cannot be done or written.

    `save` is the folder for counterexamples.
    """
    delivery = Delivery.of(said)
    exploration = _run(target, settings, said, delivery.fingerprints)
    report = delivery.judged(as_json(exploration, resolve.all_oracles().values()))
    console = open_console()
    if said.quiet:
        console.print(quiet_line(exploration.result, report, settled(report)), soft_wrap=True)
    else:
        beside = against_baseline(report)
        write_exploration(
            exploration, console, saved_in=save, beside=beside, settled=settled(report), known=delivery.fingerprints
        )
    verdict = delivery.send(report)
    if save is not None:
        with writing(save):
            save_all(exploration.counterexamples, exploration.result, save)
    return verdict


def _run(target: str, settings: ExploreSettings, said: Configuration, accepted: frozenset[str]) -> Exploration:
    place = resolve.placed(target, **settings.place)
    found = resolve.target(target, breakage=settings.breakage, wrapper=settings.wrapper, **place)

    def known(finding: Finding, family: str) -> bool:
        return fingerprint(explorer.exploration.result, HISTORIES, finding, family) in accepted

    explorer = Explorer(found, settings, resolve.all_oracles(), known=known)
    errors = open_console(stderr=True)
    if said.quiet or not errors.is_terminal:
        return explorer.run()
    with exploration_bar(settings.examples, errors) as bar:
        return explorer.run(bar)
