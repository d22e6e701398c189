"""`memfence prove --machine`: how often, and how small, the machine alone finds each breakage."""

from pathlib import Path

from ..base.errors import UnknownNameError
from ..campaigns.rates import Rate, explorable, rates
from ..campaigns.workers import Workers
from ..model.findings import Verdict
from ..reporting.console import announce, open_console, print_line
from ..reporting.files import put, writing
from ..reporting.progress import counting_bar
from ..reporting.rates import lines, markdown


def rate(breakages: list[str], seeds: int, workers: int, reports: list[Path]) -> int:
    """Let the machine look for breakages in so many processes, and return the exit code; raises HarnessError."""
    for path in reports:
        if path.suffix != ".md":
            raise UnknownNameError(path.suffix, kind="report suffix for --machine", choices=(".md",))
    errors = open_console(stderr=True)
    found: list[Rate] = []
    interrupted = False
    with counting_bar(len(breakages or explorable()), "exploring", errors) as bar:
        try:
            for one in rates(breakages, seeds, Workers(workers)):
                found.append(one)
                bar()
        except KeyboardInterrupt:
            interrupted = True
    console = open_console()
    for line in lines(found):
        print_line(console, line)
    command = " ".join(["memfence prove --machine", *(f"--breakage {one}" for one in breakages), f"--seeds {seeds}"])
    for path in reports:
        with writing(path):
            put(path, markdown(found, command))
        announce(path)
    missed = any(one.missed for one in found)
    verdict = Verdict.INCONCLUSIVE if interrupted else Verdict.VIOLATED if missed else Verdict.HELD
    return verdict.exit_code
