"""What a command was told: on the command line, and by the project's table where the line says nothing."""

from collections.abc import Collection, Mapping
from pathlib import Path

import typer

from ..base.errors import HarnessError
from ..campaigns.configuration import Configuration, checked, layered, read_table, target_of


def told(given: Mapping[str, object], without: Collection[str] = ()) -> Configuration:
    """Return what a command was given, by key; what it was not is taken from [tool.memfence], but for some keys.

    Raises HarnessError for a value that is none.
    """
    line = {key: value for key, value in given.items() if value is not None and value != []}
    read = read_table(Path("pyproject.toml"))
    table = {key: value for key, value in read.items() if key not in without}
    return layered(checked(line, "the command line"), table, {"spoken": frozenset(read)})


def audited(said: Configuration) -> str:
    """Return the target's name; where nobody has named one, it is mem0, and standard error says so."""
    target = target_of(said, Path())
    if target is None:
        typer.echo("memfence: no target is named: this audits mem0 through a wrapper of memfence's own", err=True)
    return target or "mem0"


def check_workers(workers: int | None) -> None:
    """Raise HarnessError where so many processes are none."""
    if workers is not None and workers < 1:
        msg = f"workers must be at least 1, got workers={workers}"
        raise HarnessError(msg)
