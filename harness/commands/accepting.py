"""`memfence baseline update`: accept what a report found."""

from collections.abc import Sequence
from pathlib import Path

from ..reporting import baselines
from ..reporting.console import open_console, print_line
from ..reporting.files import check_reports, put, writing
from .rendering import read


def update(file: Path, baseline: Path, accept_open: Sequence[str] = ()) -> None:
    """Write the report's violations to the baseline, drop what has vanished, and say both; raises HarnessError.

    `accept_open` names scenarios that may stay inconclusive.
    """
    check_reports([baseline], (".json",))
    report = read(file)
    before = baselines.load(baseline, to_write=True) if baseline.exists() else ()
    after = baselines.updated(report, before, accept_open)
    with writing(baseline):
        put(baseline, baselines.text_of(after))
    console = open_console()
    for one in sorted(set(after) - set(before)):
        print_line(console, f"accepted: {one.finding} in {one.audited}")
    for one in sorted(set(before) - set(after)):
        print_line(console, f"vanished: {one.finding} in {one.audited}")
    print_line(console, f"{baseline}: {'1 known finding' if len(after) == 1 else f'{len(after)} known findings'}")
