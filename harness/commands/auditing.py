"""`memfence audit`: one campaign, told on the screen and in reports."""

from pathlib import Path

from .. import resolve
from ..campaign import Campaign
from ..findings import Verdict
from ..reporting.console import open_console, verdict_line, write_console
from ..reporting.files import writing
from ..reporting.json_report import write_json
from ..reporting.progress import progress_bar
from ..settings import AuditSettings


def audit(target: str, settings: AuditSettings, reports: list[Path], *, quiet: bool) -> Verdict:
    """Audit a target by name and return the verdict; raises HarnessError where that cannot be done or written."""
    chosen = resolve.scenarios(settings.scenarios)
    found = resolve.target(target, breakage=settings.breakage, wrapper=settings.wrapper)
    campaign = Campaign(found, chosen, settings, resolve.all_oracles(), catalogue=resolve.all_scenarios())
    errors = open_console(stderr=True)
    if errors.is_terminal and not quiet:
        lengths = {one.name: one.length(campaign.population(one)) for one in chosen}
        with progress_bar(lengths, errors) as bar:
            result = campaign.run(bar)
    else:
        result = campaign.run()
    console = open_console()
    # First the screen: a report that cannot be written must not take the verdict with it.
    if quiet:
        console.print(verdict_line(result), soft_wrap=True)
    else:
        write_console(result, console)
    for path in reports:
        with writing(path):
            write_json(result, path)
    return result.verdict
