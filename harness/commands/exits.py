"""How the command line ends where there is no verdict to end with."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from ..base.errors import HarnessError
from ..model.findings import Verdict
from ..model.reasons import Reason

EXIT_USAGE = 2


@contextmanager
def errors_in_one_line() -> Iterator[None]:
    """Print a HarnessError as one line and exit with 2."""
    try:
        yield
    except HarnessError as error:
        typer.echo(f"memfence: {error}", err=True)
        raise typer.Exit(EXIT_USAGE) from None


@contextmanager
def interruption_is_no_verdict() -> Iterator[None]:
    """Exit as inconclusive on Ctrl-C: nothing had been judged yet, or the campaign would have ended in order."""
    try:
        yield
    except KeyboardInterrupt:
        verdict = Verdict.INCONCLUSIVE
        typer.echo(f"{verdict.upper()} {Reason.NOTHING_YET.told()}")
        raise typer.Exit(verdict.exit_code) from None
