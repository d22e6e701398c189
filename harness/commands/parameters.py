"""What the command line reads: the options of an audit from where they are defined, and those of other commands."""

import inspect
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated, Any, TypeAlias, TypeVar

import typer

from ..base.folders import files, guides
from ..campaigns.configuration import OPTIONS
from ..campaigns.kinds import on_the_line
from ..campaigns.options import ATTACKS, FILES, Option

_Command = TypeVar("_Command", bound=Callable[..., None])

# A report that was written as JSON.
Written: TypeAlias = Annotated[Path, typer.Argument(help="A .json report that --report wrote.")]
Pages: TypeAlias = Annotated[
    list[Path] | None,
    typer.Option(help="Write it to this file: .json, .md or .html; may be repeated.", rich_help_panel=FILES),
]
Workers: TypeAlias = Annotated[
    int | None, typer.Option("--workers", "-n", help="Processes at once. (default: by cores and free memory)")
]


def completing(kind: str | None) -> Callable[[str], list[str]] | None:
    """Return what completes the names of a kind of our files in a shell; none of the files is imported."""

    def complete(incomplete: str) -> list[str]:
        return [name for name in files(kind or "") if name.startswith(incomplete)]

    return complete if kind else None


def completing_guides(incomplete: str) -> list[str]:
    """Complete the name of a guide in a shell."""
    return [name for name in guides() if name.startswith(incomplete)]


Scenarios: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--scenario",
        autocompletion=completing("scenarios"),
        help=OPTIONS["scenarios"].help,
        rich_help_panel=ATTACKS,
    ),
]


def takes(*keys: Iterable[str]) -> Callable[[_Command], _Command]:
    """Give a command the options of these keys, by key; what is not said on the command line is None."""

    def decorate(command: _Command) -> _Command:
        chosen = [OPTIONS[key] for group in keys for key in group]
        hints = {one.key: Annotated[on_the_line(one.type), _typer(one)] for one in chosen}
        parameters = [
            inspect.Parameter(key, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=hint)
            for key, hint in hints.items()
        ]
        vars(command)["__signature__"] = inspect.Signature(parameters)
        command.__annotations__ = {**hints, "return": None}
        return command

    return decorate


def _typer(one: Option) -> Any:  # noqa: ANN401 - typer calls what describes a parameter by no public name
    complete = completing(one.about.completes)
    if one.about.argument:
        return typer.Argument(help=one.help, autocompletion=complete)
    names = [f"--{one.word}/--{one.off}" if one.is_switch else f"--{one.word}"]
    names += [f"-{one.about.short}"] if one.about.short else []
    return typer.Option(*names, help=one.help, rich_help_panel=one.about.panel, autocompletion=complete)
