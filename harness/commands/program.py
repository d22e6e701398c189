"""The program that all commands belong to, and what it says by itself."""

from typing import Annotated

import typer

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=True,
    epilog="New here? Run: memfence demo. Then read: memfence guide own-memory.",
)

baselines = typer.Typer(no_args_is_help=True)
app.add_typer(baselines, name="baseline", help="Accept known findings.")


def _show_version(value: bool) -> None:  # noqa: FBT001 - typer calls it so
    if value:
        from importlib.metadata import version  # noqa: PLC0415 - --help needs none of it

        typer.echo(f"memfence {version('memfence')}")
        raise typer.Exit


@app.callback()
def callback(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Find out whether one user's data ever reaches another in an agent's memory, such as mem0."""
    del version
