"""The commands: parse, call, pick the exit code.

0 held, 1 violated, 2 usage or set-up error, 3 inconclusive.
"""

import os
import secrets
from pathlib import Path
from typing import Annotated, Any

import typer

from ..campaigns.explorations import ExploreSettings
from ..campaigns.options import options_of
from ..campaigns.settings import AuditSettings
from ..real_mem0.environment import keep_to_ourselves, keep_warnings_off_the_screen
from ..reporting.files import check_folder, check_reports
from .demonstration import demo
from .exits import errors_in_one_line, interruption_is_no_verdict
from .parameters import Pages, Scenarios, Written, completing_guides, takes
from .program import app, baselines
from .scale import scale
from .serve import serve
from .told import audited, check_workers, told

__all__ = ["app"]

PROOF_REPORTS = (".json", ".md", ".html")
MATRIX_REPORTS = (".json", ".md", ".html")
# The options of an audit that are settings, and those of an exploration; the others say what becomes of the result.
AUDIT, EXPLORE = options_of(AuditSettings), options_of(ExploreSettings)
_SEEDS = 2**31


@app.command()
@takes(("target", "fast"), AUDIT, ("seed", "workers", "save", "report", "baseline", "verbose", "quiet"))
def audit(**given: Any) -> None:  # noqa: ANN401 - typer passes each option as its type
    """Attack a memory across users. Exit code: 0 held, 1 violated, 2 set-up error, 3 inconclusive.

    Options that you leave out come from the table tool.memfence in the pyproject.toml of the current folder.
    """
    from .auditing import audit as run  # noqa: PLC0415 - --help needs none of it

    with interruption_is_no_verdict(), errors_in_one_line():
        said = told(given)
        settings = said.settings(secrets.randbelow(_SEEDS))
        keep_to_ourselves()
        keep_warnings_off_the_screen()
        verdict = run(audited(said), settings, check_folder(said.save), said)
    raise typer.Exit(verdict.exit_code)


@app.command()
@takes(("target",), AUDIT, ("seed",))
def doctor(**given: Any) -> None:  # noqa: ANN401 - as above
    """Say in seconds, without attacking, what an audit can and cannot try, and the lines of code that it lacks.

    Exit code: 0 an audit can give its answer, 2 set-up error, 3 something stands in the way.

    It takes the options of audit.
    """
    from .examining import examine  # noqa: PLC0415 - --help needs none of it

    with interruption_is_no_verdict(), errors_in_one_line():
        said = told(given)
        settings = said.settings(secrets.randbelow(_SEEDS))
        keep_to_ourselves()
        keep_warnings_off_the_screen()
        code = examine(audited(said), settings)
    raise typer.Exit(code)


@app.command()
def prove(
    *,
    on: Annotated[
        str, typer.Option(help="Where the breakages are planted: reference, mem0, files, cache or app.")
    ] = "reference",
    breakage: Annotated[list[str] | None, typer.Option(help="Plant only this one; may be repeated.")] = None,
    seed: Annotated[int, typer.Option(help="The first seed.")] = 0,
    seeds: Annotated[int | None, typer.Option(help="Seeds for each breakage. (default: 20; 1 on mem0)")] = None,
    clean: Annotated[
        int | None, typer.Option(help="Audits of targets that isolate. (default: 1000; 16 on mem0)")
    ] = None,
    machine: Annotated[
        bool, typer.Option("--machine", help="Use generated histories alone: how often do they find it, and how small?")
    ] = False,
    whole: Annotated[
        bool, typer.Option("--whole", help="Run all scenarios on each target that isolates, not a share: minutes more.")
    ] = False,
    workers: Annotated[
        int | None, typer.Option("--workers", "-n", help="Processes at once. (default: one for each core)")
    ] = None,
    report: Pages = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print only the last line.")] = False,
) -> None:
    """Plant every known defect and show what catches it. Exit code: 1 if one is missed or there is a false alarm."""
    with errors_in_one_line():
        check_workers(workers)
        processes = workers or os.cpu_count() or 1
        if machine:
            from .rating import rate  # noqa: PLC0415 - --help needs none of it

            reports = check_reports(report, PROOF_REPORTS)
            keep_to_ourselves()
            raise typer.Exit(rate(breakage or [], 100 if seeds is None else seeds, processes, reports))
        from .proof import ProofSettings  # noqa: PLC0415 - as above
        from .proving import run  # noqa: PLC0415 - as above

        reports = check_reports(report, PROOF_REPORTS)
        settings = ProofSettings(
            on=on, seed=seed, seeds=seeds, clean=clean, breakages=tuple(breakage or ()), whole=whole
        )
        keep_to_ourselves()
        code = run(settings, processes, reports, quiet=quiet)
    raise typer.Exit(code)


@app.command()
@takes(("target", "profile", "examples", "steps", "seed"), EXPLORE, ("save", "report", "baseline", "quiet"))
def explore(**given: Any) -> None:  # noqa: ANN401 - as above
    """Attack a memory with generated histories of all operations; make small what they find.

    Exit code: 0 held, 1 violated, 2 set-up error, 3 inconclusive. Options that you leave out come from the table
    tool.memfence in the pyproject.toml of the current folder.
    """
    from ..campaigns.explorations import settings_of  # noqa: PLC0415 - as above
    from .exploration import explore as run  # noqa: PLC0415 - --help needs none of it

    with interruption_is_no_verdict(), errors_in_one_line():
        said = told(given, without=("report",))
        settings = settings_of(said.profile, said.seed, said.options, secrets.randbelow(_SEEDS))
        keep_to_ourselves()
        keep_warnings_off_the_screen()
        verdict = run(audited(said), settings, check_folder(said.save), said)
    raise typer.Exit(verdict.exit_code)


@app.command()
def replay(
    file: Annotated[Path, typer.Argument(help="A file that audit --save or explore --save wrote.")],
    target: Annotated[str | None, typer.Argument(help="Use this target, not the one that the file names.")] = None,
    *,
    emit_test: Annotated[
        Path | None, typer.Option(help="Write a regression test for pytest here; run nothing.")
    ] = None,
) -> None:
    """Run a saved counterexample again. Exit code: 0 it holds now, 1 it still fails, 2 set-up error, 3 inconclusive."""
    from .again import replay as run  # noqa: PLC0415 - --help needs none of it

    with errors_in_one_line():
        code = run(file, target, emit_test)
    raise typer.Exit(code)


@app.command()
def report(
    file: Written,
    *,
    to: Annotated[list[Path], typer.Option(help="Write it to this file; the suffix sets the format. May be repeated.")],
) -> None:
    """Turn a JSON report into other formats."""
    from .rendering import render  # noqa: PLC0415 - --help needs none of it

    with errors_in_one_line():
        render(file, to)


@baselines.command()
def update(
    file: Written,
    *,
    baseline: Annotated[Path, typer.Option(help="The file of known findings.")] = Path("memfence-baseline.json"),
    accept_open: Annotated[
        list[str] | None,
        typer.Option(help="Let this scenario stay inconclusive, too; may be repeated.", metavar="SCENARIO"),
    ] = None,
) -> None:
    """Accept the findings of a report, and drop those that are gone."""
    from .accepting import update as run  # noqa: PLC0415 - --help needs none of it

    with errors_in_one_line():
        run(file, baseline, accept_open or ())


@app.command()
def init(
    target: Annotated[
        str | None,
        typer.Argument(help="The function that returns a user's memory, as module:callable. (default: a starter)"),
    ] = None,
    *,
    openapi: Annotated[
        str | None,
        typer.Option(help="Draft app.toml for an application over HTTP: the address or file of its OpenAPI document."),
    ] = None,
) -> None:
    """Write a starter target, a workflow for GitHub and settings; overwrite nothing.

    With a target, print the lines to add to it. Its memories are made for that; none is called.
    """
    from .drafting import write_draft  # noqa: PLC0415 - --help needs none of it
    from .starting import STARTER, start  # noqa: PLC0415 - as above

    with errors_in_one_line():
        if openapi is not None:
            write_draft(Path(), openapi)
            return
        keep_to_ourselves()
        keep_warnings_off_the_screen()
        start(Path(), target or STARTER)


@app.command()
def guide(
    name: Annotated[
        str | None,
        typer.Argument(help="The guide to print. (default: list them all)", autocompletion=completing_guides),
    ] = None,
) -> None:
    """List the guides, or print one."""
    from .guiding import show  # noqa: PLC0415 - --help needs none of it

    with errors_in_one_line():
        show(name)


@app.command()
def matrix(
    *,
    store: Annotated[
        list[str] | None,
        typer.Option(help="Only this store, as qdrant or files:folder; may be repeated. (default: all installed)"),
    ] = None,
    embedder: Annotated[
        list[str] | None, typer.Option(help="Only this embedder; may be repeated. (default: semantic and constant)")
    ] = None,
    wrapper: Annotated[
        list[str] | None, typer.Option(help="Only this wrapper; may be repeated. (default: plain, tutorial, scoped)")
    ] = None,
    mem0: Annotated[
        str | None,
        typer.Option(help="Also these versions of mem0, through the plain client: 1.0.5,2.0.12; pip gets them."),
    ] = None,
    scenario: Scenarios = None,
    seed: Annotated[int, typer.Option(help="The same seed is the same matrix.")] = 0,
    users: Annotated[int, typer.Option(help="Synthetic users per scenario, at least 2.")] = 3,
    deep: Annotated[bool, typer.Option("--deep", help="Among 10,000 users' records, not 2,000: minutes more.")] = False,
    workers: Annotated[
        int | None, typer.Option("--workers", "-n", help="Processes at once. (default: by cores and free memory)")
    ] = None,
    report: Pages = None,
) -> None:
    """Audit mem0 and keyed resources on each store, through each wrapper.

    Exit code: 0 all were audited, 2 set-up error, 3 some were not.

    Findings stand in the cells and do not change the exit code; for that there is audit.
    """
    from ..reporting.tables import EMBEDDERS, WRAPPERS, MatrixSettings  # noqa: PLC0415 - as above
    from .surveying import survey  # noqa: PLC0415 - --help needs none of it

    with errors_in_one_line():
        reports = check_reports(report, MATRIX_REPORTS)
        check_workers(workers)
        settings = MatrixSettings(
            seed=seed,
            stores=tuple(store or ()),
            embedders=tuple(embedder or EMBEDDERS),
            wrappers=tuple(wrapper or WRAPPERS),
            mem0=tuple(one.strip() for one in (mem0 or "").split(",") if one.strip()),
            scenarios=tuple(scenario or ()),
            users=users,
            deep=deep,
        )
        keep_to_ourselves()
        code = survey(settings, workers, reports)
    raise typer.Exit(code)


app.command()(demo)
app.command()(scale)
app.command()(serve)


@app.command(name="list")
def list_(
    kind: Annotated[str | None, typer.Argument(help="List only scenarios, breakages, stores, oracles, ...")] = None,
) -> None:
    """List scenarios, breakages, stores, oracles, wrappers, targets and channels, and what each is."""
    from .listing import show  # noqa: PLC0415 - --help needs none of it

    keep_to_ourselves()
    with errors_in_one_line():
        show(kind)
