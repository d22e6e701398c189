"""`memfence explore`: generated histories, and what is left of those that show something."""

from pathlib import Path

from .. import baselines, resolve
from ..configuration import Configuration
from ..explorations import Exploration, ExploreSettings
from ..exploring import Explorer
from ..findings import Verdict
from ..replays import save_all
from ..reporting.console import open_console, verdict_line
from ..reporting.exploration import as_json, write_exploration
from ..reporting.files import writing
from ..reporting.progress import exploration_bar
from ..reporting.reading import accepted
from .delivery import Delivery


def explore(target: str, settings: ExploreSettings, save: Path | None, said: Configuration) -> Verdict:
    """Explore a target by name and return the verdict; raises HarnessError where that cannot be done or written.

    `save` is the folder for counterexamples.
    """
    delivery = Delivery.of(said)
    exploration = _run(target, settings, said)
    report = delivery.judged(as_json(exploration, resolve.all_oracles().values()))
    console = open_console()
    if not said.quiet:
        write_exploration(exploration, console, saved_in=save)
    last = verdict_line(exploration.result)
    if report["baseline"] is not None:
        left = baselines.verdict(report)
        settled = ": known, accepted by baseline" if left is not exploration.verdict else ""
        last.append(settled or f" (baseline: {accepted(report)})")
    console.print(last, soft_wrap=True)
    verdict = delivery.send(report)
    if save is not None:
        with writing(save):
            save_all(exploration.counterexamples, exploration.result, save)
    return verdict


def _run(target: str, settings: ExploreSettings, said: Configuration) -> Exploration:
    found = resolve.target(target, breakage=settings.breakage, wrapper=settings.wrapper)
    explorer = Explorer(found, settings, resolve.all_oracles())
    errors = open_console(stderr=True)
    if said.quiet or not errors.is_terminal:
        return explorer.run()
    with exploration_bar(settings.examples, errors) as bar:
        return explorer.run(bar)
