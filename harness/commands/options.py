"""The options of the command line, with their help."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from ..base.folders import files


def _names(kind: str) -> Callable[[str], list[str]]:
    """Return what a shell completes: the files of a kind, of which none is imported."""

    def complete(incomplete: str) -> list[str]:
        return [name for name in files(kind) if name.startswith(incomplete)]

    return complete


# What --help puts together.
_AMOUNTS, _ATTACKS, _STORES = "How much", "Which attacks, on what", "The store under mem0"
_FILES, _SWITCHES = "What is written", "What is allowed and shown"

Target: TypeAlias = Annotated[
    str | None,
    typer.Argument(
        autocompletion=_names("targets"),
        help="mem0, platform, reference, or your own as module:callable. (default: mem0)",
    ),
]
Wrapper: TypeAlias = Annotated[
    str | None,
    typer.Option(
        autocompletion=_names("wrappers"),
        help="What stands between users and mem0's client: scoped, tutorial or plain. (default: scoped)",
        rich_help_panel=_ATTACKS,
    ),
]
Breakage: TypeAlias = Annotated[
    str | None,
    typer.Option(
        autocompletion=_names("breakages"), help="Plant this defect; it must be found.", rich_help_panel=_ATTACKS
    ),
]
TopK: TypeAlias = Annotated[
    int | None, typer.Option(help="Records asked for by each search. (default: the target's)", rich_help_panel=_AMOUNTS)
]
Settle: TypeAlias = Annotated[
    float | None,
    typer.Option(help="Seconds that a new record may take to become visible. (default: 0)", rich_help_panel=_AMOUNTS),
]
AllowDestructive: TypeAlias = Annotated[
    bool | None,
    typer.Option(
        "--allow-destructive/--no-allow-destructive",
        help="Delete and update, too, on a target that holds other data. (default: no)",
        rich_help_panel=_SWITCHES,
    ),
]
WildcardIds: TypeAlias = Annotated[
    str | None,
    typer.Option(
        help="deny, or allow where a user called * is meant to see all. (default: deny)", rich_help_panel=_ATTACKS
    ),
]
Aliases: TypeAlias = Annotated[
    str | None,
    typer.Option(help="deny, or allow where 'ann ' is meant to be 'ann'. (default: deny)", rich_help_panel=_ATTACKS),
]
Report: TypeAlias = Annotated[
    list[Path] | None,
    typer.Option(
        help="Write a report here too, its format by suffix: .json, .html, .md, .sarif, .xml; repeatable.",
        rich_help_panel=_FILES,
    ),
]
Baseline: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        help="Accept the findings that this file names; new ones fail. See memfence baseline update.",
        rich_help_panel=_FILES,
    ),
]
ShowContent: TypeAlias = Annotated[
    bool | None,
    typer.Option(
        "--show-content/--hide-content",
        help="Show texts that are not our own; else their length and a hash.",
        rich_help_panel=_SWITCHES,
    ),
]
Verbose: TypeAlias = Annotated[
    bool | None,
    typer.Option(
        "--verbose/--no-verbose", "-v", help="Print all scenarios, also of what is violated.", rich_help_panel=_SWITCHES
    ),
]
Quiet: TypeAlias = Annotated[
    bool | None, typer.Option("--quiet/--no-quiet", "-q", help="Print the verdict only.", rich_help_panel=_SWITCHES)
]
# A report that was written as JSON.
Written: TypeAlias = Annotated[Path, typer.Argument(help="A report that --report has written as .json.")]
Users: TypeAlias = Annotated[
    int | None, typer.Option(help="Synthetic users per scenario, at least 2. (default: 20)", rich_help_panel=_AMOUNTS)
]
Facts: TypeAlias = Annotated[
    int | None, typer.Option(help="Facts that each user stores. (default: 3)", rich_help_panel=_AMOUNTS)
]
Probes: TypeAlias = Annotated[
    int | None,
    typer.Option(help="Others attacked by each user. (default: 5; everybody, up to 8 users)", rich_help_panel=_AMOUNTS),
]
Seed: TypeAlias = Annotated[
    int | None,
    typer.Option(help="The same seed is the same campaign. (default: random, printed)", rich_help_panel=_AMOUNTS),
]
Scenarios: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        autocompletion=_names("scenarios"), help="Run this scenario only; may be repeated.", rich_help_panel=_ATTACKS
    ),
]
Require: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(help="Inconclusive unless this channel was exercised; may be repeated.", rich_help_panel=_ATTACKS),
]
Crowd: TypeAlias = Annotated[
    int | None,
    typer.Option(
        help="Records piled up around one user's. (default: 2000; 100 on shared data)", rich_help_panel=_AMOUNTS
    ),
]
Load: TypeAlias = Annotated[
    int | None,
    typer.Option(
        help="Others whose records are in the store before. (default: 2000; for mem0)", rich_help_panel=_AMOUNTS
    ),
]
FailOn: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(help="residue: erased text that nothing serves makes it violated, too.", rich_help_panel=_ATTACKS),
]
Store: TypeAlias = Annotated[
    str | None,
    typer.Option(
        autocompletion=_names("stores"),
        help="Under mem0: qdrant, chroma, faiss, pgvector, milvus, ... (default: qdrant)",
        rich_help_panel=_STORES,
    ),
]
StoreUrl: TypeAlias = Annotated[
    str | None, typer.Option(help="The address of a server of that store's.", rich_help_panel=_STORES)
]
StoreConfig: TypeAlias = Annotated[
    str | None,
    typer.Option(
        help="A mem0 config as JSON, passed on unchanged; its store counts as shared data.", rich_help_panel=_STORES
    ),
]
Embedder: TypeAlias = Annotated[
    str | None,
    typer.Option(
        autocompletion=_names("embedders"),
        help="semantic, or constant: every text equally near. (default: semantic)",
        rich_help_panel=_STORES,
    ),
]
MaxRequests: TypeAlias = Annotated[
    int | None,
    typer.Option(
        help="HTTP requests to the platform, at most. (default: 10000; the stand-in: any)", rich_help_panel=_AMOUNTS
    ),
]
Profile: TypeAlias = Annotated[
    str | None,
    typer.Option(
        help="dev: 100 histories; ci: 200, with a fixed seed; soak: 5000 long ones.", rich_help_panel=_AMOUNTS
    ),
]
Examples: TypeAlias = Annotated[
    int | None, typer.Option(help="Histories to generate. (default: the profile's)", rich_help_panel=_AMOUNTS)
]
Steps: TypeAlias = Annotated[
    int | None, typer.Option(help="Moves in each, at most. (default: the profile's)", rich_help_panel=_AMOUNTS)
]
ExploreSeed: TypeAlias = Annotated[
    int | None,
    typer.Option(
        help="The same seed is the same exploration. (default: random, printed; ci: 0)", rich_help_panel=_AMOUNTS
    ),
]
Save: TypeAlias = Annotated[
    Path | None,
    typer.Option(help="Write each counterexample to this folder, for memfence replay.", rich_help_panel=_FILES),
]
Pages: TypeAlias = Annotated[
    list[Path] | None,
    typer.Option(help="Write it here too, as .json, .md or .html; may be repeated.", rich_help_panel=_FILES),
]
