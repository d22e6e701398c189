"""The command line of `memfence demo`."""

from pathlib import Path
from typing import Annotated

import typer

from ..real_mem0.environment import keep_to_ourselves
from ..reporting.files import check_reports
from .exits import errors_in_one_line

REPORTS = (".html",)


def demo(
    *,
    report: Annotated[
        list[Path] | None, typer.Option(help="Write the acts side by side to this .html file; may be repeated.")
    ] = None,
) -> None:
    """Show the tutorial's Alice and Bob on real mem0: by hand, broken, attacked, and behind ScopedMemory."""
    from .showing import show  # noqa: PLC0415 - --help needs none of it

    with errors_in_one_line():
        reports = check_reports(report, REPORTS)
    keep_to_ourselves()
    raise typer.Exit(show(reports))
