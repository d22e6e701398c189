"""The options that several commands of the command line share, with their help."""

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

Target: TypeAlias = Annotated[
    str | None, typer.Argument(help="mem0, platform, reference, or your own as module:callable. (default: mem0)")
]
Wrapper: TypeAlias = Annotated[
    str | None,
    typer.Option(help="What stands between users and mem0's client: scoped, tutorial or plain. (default: scoped)"),
]
Breakage: TypeAlias = Annotated[str | None, typer.Option(help="Plant this defect; it must be found.")]
TopK: TypeAlias = Annotated[int | None, typer.Option(help="Records asked for by each search. (default: the target's)")]
Settle: TypeAlias = Annotated[
    float | None, typer.Option(help="Seconds that a new record may take to become visible. (default: 0)")
]
AllowDestructive: TypeAlias = Annotated[
    bool | None,
    typer.Option(
        "--allow-destructive/--no-allow-destructive",
        help="Delete and update, too, on a target that holds other data. (default: no)",
    ),
]
WildcardIds: TypeAlias = Annotated[
    str | None, typer.Option(help="deny, or allow where a user called * is meant to see all. (default: deny)")
]
Aliases: TypeAlias = Annotated[
    str | None, typer.Option(help="deny, or allow where 'ann ' is meant to be 'ann'. (default: deny)")
]
Report: TypeAlias = Annotated[
    list[Path] | None,
    typer.Option(help="Write a report here too, its format by suffix: .json, .html, .md, .sarif, .xml; repeatable."),
]
Baseline: TypeAlias = Annotated[
    Path | None,
    typer.Option(help="Accept the findings that this file names; new ones fail. See memfence baseline update."),
]
ShowContent: TypeAlias = Annotated[
    bool | None,
    typer.Option(
        "--show-content/--hide-content", help="Show texts that are not our own; else their length and a hash."
    ),
]
Verbose: TypeAlias = Annotated[
    bool | None, typer.Option("--verbose/--no-verbose", "-v", help="Print all scenarios, also of what is violated.")
]
Quiet: TypeAlias = Annotated[bool | None, typer.Option("--quiet/--no-quiet", "-q", help="Print the verdict only.")]
# A report that was written as JSON.
Written: TypeAlias = Annotated[Path, typer.Argument(help="A report that --report has written as .json.")]
