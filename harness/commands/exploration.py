"""`memfence explore`: generated histories, and what is left of those that show something."""

from pathlib import Path

from .. import resolve
from ..explorations import ExploreSettings
from ..exploring import Explorer
from ..findings import Verdict
from ..replays import save_all
from ..reporting.console import open_console, verdict_line
from ..reporting.exploration import write_exploration, write_exploration_json
from ..reporting.files import writing
from ..reporting.progress import exploration_bar


def explore(target: str, settings: ExploreSettings, save: Path | None, reports: list[Path], *, quiet: bool) -> Verdict:
    """Explore a target by name and return the verdict; raises HarnessError where that cannot be done or written."""
    found = resolve.target(target, breakage=settings.breakage, wrapper=settings.wrapper)
    explorer = Explorer(found, settings, resolve.all_oracles())
    errors = open_console(stderr=True)
    if errors.is_terminal and not quiet:
        with exploration_bar(settings.examples, errors) as bar:
            exploration = explorer.run(bar)
    else:
        exploration = explorer.run()
    console = open_console()
    if quiet:
        console.print(verdict_line(exploration.result), soft_wrap=True)
    else:
        write_exploration(exploration, console, saved_in=save)
    for path in reports:
        with writing(path):
            write_exploration_json(exploration, path)
    if save is not None:
        with writing(save):
            save_all(exploration.counterexamples, exploration.result, save)
    return exploration.verdict
