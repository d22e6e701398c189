"""`memfence doctor`: what an audit would meet, without attacking anybody."""

from ..campaigns import resolve
from ..campaigns.diagnosing import diagnose
from ..campaigns.settings import AuditSettings
from ..model.findings import Verdict
from ..reporting.console import open_console, print_line
from ..reporting.diagnosis import lines


def examine(target: str, settings: AuditSettings) -> int:
    """Print what there is to say and return the exit code; raises HarnessError where there is no such target."""
    place = resolve.placed(target, **settings.place)
    opened = resolve.target(
        target, breakage=settings.breakage, wrapper=settings.wrapper, max_requests=settings.max_requests, **place
    )
    found = diagnose(opened, settings)
    console = open_console()
    for line in lines(found):
        print_line(console, line)
    return (Verdict.HELD if found.ready else Verdict.INCONCLUSIVE).exit_code
