"""The command line: parses, calls, picks the exit code.

0 held, 1 violated, 2 usage or set-up error, 3 inconclusive.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from .channels import Channel
from .errors import HarnessError, UnknownNameError
from .findings import FindingClass, Verdict
from .reporting.files import check_folder, check_reports

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=True,
)

baselines = typer.Typer(no_args_is_help=True)
app.add_typer(baselines, name="baseline", help="Findings that are known and accepted.")

EXIT_USAGE = 2
PROOF_REPORTS = (".json", ".md")
_SEEDS = 2**31
# What audit and explore have in common.
_WRAPPER = "What stands between users and mem0's client: scoped, tutorial or plain. (default: scoped)"
_SETTLE = "Seconds that a new record may take to become visible. (default: 0)"
_REPORT = "Write a report here too, its format by suffix: .json, .md, .sarif, .xml (JUnit), ...; may be repeated."
_BASELINE = "Accept the findings that this file names; new ones fail. See memfence baseline update."
_WILDCARD_IDS = "deny, or allow where a user called * is meant to see all. (default: deny)"
_ALIASES = "deny, or allow where 'ann ' is meant to be 'ann'. (default: deny)"
_SHOW_CONTENT = "Show texts that are not our own; else their length and a hash. (default: hide)"


def _show_version(value: bool) -> None:  # noqa: FBT001 - typer calls it so
    if value:
        from importlib.metadata import version  # noqa: PLC0415 - --help needs none of it

        typer.echo(f"memfence {version('memfence')}")
        raise typer.Exit


@app.callback()
def options(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Audit agent memories in mem0: whether one user's memory ever reaches another."""
    del version


@contextmanager
def _errors_in_one_line() -> Iterator[None]:
    try:
        yield
    except HarnessError as error:
        _fail(error)


@contextmanager
def _verdict_of_what_was_interrupted() -> Iterator[None]:
    """Nothing had been judged yet, or the campaign would have ended in order."""
    try:
        yield
    except KeyboardInterrupt:
        verdict = Verdict.INCONCLUSIVE
        typer.echo(f"{verdict.upper()} interrupted before anything was judged")
        raise typer.Exit(verdict.exit_code) from None


def _fail(error: Exception) -> NoReturn:
    typer.echo(f"memfence: {error}", err=True)
    raise typer.Exit(EXIT_USAGE)


@app.command()
def audit(
    target: Annotated[
        str | None, typer.Argument(help="mem0, platform, reference, or your own as module:callable. (default: mem0)")
    ] = None,
    *,
    users: Annotated[int | None, typer.Option(help="Synthetic users per scenario, at least 2. (default: 20)")] = None,
    facts: Annotated[int | None, typer.Option(help="Facts that each user stores. (default: 3)")] = None,
    probes: Annotated[
        int | None, typer.Option(help="Others attacked by each user. (default: 5; everybody, up to 8 users)")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="The same seed is the same campaign. (default: random, printed)")
    ] = None,
    scenario: Annotated[list[str] | None, typer.Option(help="Run this scenario only; may be repeated.")] = None,
    wrapper: Annotated[str | None, typer.Option(help=_WRAPPER)] = None,
    breakage: Annotated[str | None, typer.Option(help="Plant this defect; the audit must find it.")] = None,
    top_k: Annotated[int | None, typer.Option(help="Records asked for by each search. (default: the target's)")] = None,
    require: Annotated[
        list[str] | None, typer.Option(help="Inconclusive unless this channel was exercised; may be repeated.")
    ] = None,
    settle: Annotated[float | None, typer.Option(help=_SETTLE)] = None,
    report: Annotated[list[Path] | None, typer.Option(help=_REPORT)] = None,
    baseline: Annotated[Path | None, typer.Option(help=_BASELINE)] = None,
    allow_destructive: Annotated[
        bool | None,
        typer.Option(
            "--allow-destructive/--no-allow-destructive",
            help="Run deleting scenarios on a target that holds other data. (default: no)",
        ),
    ] = None,
    crowd: Annotated[
        int | None, typer.Option(help="Records piled up around one user's. (default: 2000; 100 on shared data)")
    ] = None,
    load: Annotated[
        int | None, typer.Option(help="Others whose records are in the store before. (default: 2000; for mem0)")
    ] = None,
    fail_on: Annotated[
        list[str] | None, typer.Option(help="residue: erased text that nothing serves makes it violated, too.")
    ] = None,
    wildcard_ids: Annotated[str | None, typer.Option(help=_WILDCARD_IDS)] = None,
    aliases: Annotated[str | None, typer.Option(help=_ALIASES)] = None,
    store: Annotated[
        str | None, typer.Option(help="Under mem0: qdrant, chroma, faiss, pgvector, milvus, ... (default: qdrant)")
    ] = None,
    store_url: Annotated[str | None, typer.Option(help="The address of a server of that store's.")] = None,
    store_config: Annotated[
        Path | None, typer.Option(help="A mem0 config as JSON, passed on unchanged; its store counts as shared data.")
    ] = None,
    embedder: Annotated[
        str | None, typer.Option(help="semantic, or constant: every text equally near. (default: semantic)")
    ] = None,
    max_requests: Annotated[
        int | None, typer.Option(help="HTTP requests to the platform, at most. (default: 10000; the stand-in: any)")
    ] = None,
    show_content: Annotated[bool | None, typer.Option("--show-content/--hide-content", help=_SHOW_CONTENT)] = None,
    verbose: Annotated[
        bool | None, typer.Option("--verbose/--no-verbose", "-v", help="Print all scenarios, also of what is violated.")
    ] = None,
    quiet: Annotated[bool | None, typer.Option("--quiet/--no-quiet", "-q", help="Print the verdict only.")] = None,
) -> None:
    """Audit a memory for isolation between users. Exit code: 0 held, 1 violated, 2 set-up error, 3 inconclusive.

    What is not given here is taken from [tool.memfence] in the current directory's pyproject.toml.
    """
    from .commands.auditing import audit as run  # noqa: PLC0415 - --help needs none of it
    from .configuration import layered  # noqa: PLC0415 - as above

    with _verdict_of_what_was_interrupted(), _errors_in_one_line():
        said = layered(
            _given(
                target=target,
                users=users,
                facts=facts,
                probes=probes,
                seed=seed,
                scenarios=scenario,
                wrapper=wrapper,
                breakage=breakage,
                top_k=top_k,
                require=require and tuple(_channel(name) for name in require),
                settle=settle,
                report=report,
                baseline=baseline,
                allow_destructive=allow_destructive,
                crowd=crowd,
                load=load,
                fail_on=fail_on and tuple(_finding_class(name) for name in fail_on),
                wildcard_ids=wildcard_ids,
                aliases=aliases,
                store=store,
                store_url=store_url,
                store_config=None if store_config is None else str(store_config),
                max_requests=max_requests,
                embedder=embedder,
                show_content=show_content,
                verbose=verbose,
                quiet=quiet,
            ),
            _configured(),
        )
        settings = said.settings(secrets.randbelow(_SEEDS))
        _silence()
        verdict = run(said.target or "mem0", settings, said)
    raise typer.Exit(verdict.exit_code)


@app.command()
def prove(
    *,
    on: Annotated[str, typer.Option(help="Where the breakages are planted: reference or mem0.")] = "reference",
    breakage: Annotated[list[str] | None, typer.Option(help="Plant this one only; may be repeated.")] = None,
    seed: Annotated[int, typer.Option(help="The first seed.")] = 0,
    seeds: Annotated[int | None, typer.Option(help="Seeds for each breakage. (default: 20; 1 on mem0)")] = None,
    clean: Annotated[
        int | None, typer.Option(help="Campaigns on targets that isolate. (default: 1000; 16 on mem0)")
    ] = None,
    machine: Annotated[
        bool, typer.Option("--machine", help="By generated histories alone, on the reference: how often and how small.")
    ] = False,
    whole: Annotated[
        bool, typer.Option("--whole", help="Audit all scenarios in each clean campaign, not a share: minutes more.")
    ] = False,
    workers: Annotated[
        int | None, typer.Option("--workers", "-n", help="Processes at once. (default: one for each core)")
    ] = None,
    report: Annotated[
        list[Path] | None, typer.Option(help="Write it here too, as .json or .md; may be repeated.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print the last line only.")] = False,
) -> None:
    """Plant every breakage and show which oracle catches it. Exit code: 1 if one is missed or a clean target alarms."""
    with _errors_in_one_line():
        _check_workers(workers)
        processes = workers or os.cpu_count() or 1
        if machine:
            from .commands.rating import rate  # noqa: PLC0415 - --help needs none of it

            reports = check_reports(report, PROOF_REPORTS)
            _silence()
            raise typer.Exit(rate(breakage or [], 100 if seeds is None else seeds, processes, reports))
        from .commands.proving import run  # noqa: PLC0415 - as above
        from .proof import ProofSettings  # noqa: PLC0415 - as above

        reports = check_reports(report, PROOF_REPORTS)
        settings = ProofSettings(
            on=on, seed=seed, seeds=seeds, clean=clean, breakages=tuple(breakage or ()), whole=whole
        )
        _silence()
        code = run(settings, processes, reports, quiet=quiet)
    raise typer.Exit(code)


@app.command()
def explore(
    target: Annotated[
        str | None, typer.Argument(help="mem0, reference, or your own as module:callable. (default: mem0)")
    ] = None,
    *,
    profile: Annotated[
        str | None, typer.Option(help="dev: 100 histories; ci: 200, with a fixed seed; soak: 5000 long ones.")
    ] = None,
    examples: Annotated[int | None, typer.Option(help="Histories to generate. (default: the profile's)")] = None,
    steps: Annotated[int | None, typer.Option(help="Moves in each, at most. (default: the profile's)")] = None,
    seed: Annotated[
        int | None, typer.Option(help="The same seed is the same exploration. (default: random, printed; ci: 0)")
    ] = None,
    wrapper: Annotated[str | None, typer.Option(help=_WRAPPER)] = None,
    breakage: Annotated[str | None, typer.Option(help="Plant this defect; it must be found.")] = None,
    top_k: Annotated[int | None, typer.Option(help="Records asked for by each search. (default: the target's)")] = None,
    settle: Annotated[float | None, typer.Option(help=_SETTLE)] = None,
    allow_destructive: Annotated[
        bool | None,
        typer.Option(
            "--allow-destructive/--no-allow-destructive",
            help="Delete and update, too, on a target that holds other data. (default: no)",
        ),
    ] = None,
    wildcard_ids: Annotated[str | None, typer.Option(help=_WILDCARD_IDS)] = None,
    aliases: Annotated[str | None, typer.Option(help=_ALIASES)] = None,
    save: Annotated[
        Path | None, typer.Option(help="Write each counterexample to this folder, for memfence replay.")
    ] = None,
    report: Annotated[list[Path] | None, typer.Option(help=_REPORT)] = None,
    baseline: Annotated[Path | None, typer.Option(help=_BASELINE)] = None,
    show_content: Annotated[bool | None, typer.Option("--show-content/--hide-content", help=_SHOW_CONTENT)] = None,
    quiet: Annotated[bool | None, typer.Option("--quiet/--no-quiet", "-q", help="Print the verdict only.")] = None,
) -> None:
    """Let generated histories of all operations attack a memory; shrink what is found.

    Exit code: 0 held, 1 violated, 2 set-up error, 3 inconclusive. What is not given here is taken from [tool.memfence]
    in the current directory's pyproject.toml.
    """
    from .commands.exploration import explore as run  # noqa: PLC0415 - --help needs none of it
    from .configuration import layered  # noqa: PLC0415 - as above
    from .explorations import settings_of  # noqa: PLC0415 - as above

    with _verdict_of_what_was_interrupted(), _errors_in_one_line():
        said = layered(
            _given(
                target=target,
                profile=profile,
                examples=examples,
                steps=steps,
                seed=seed,
                wrapper=wrapper,
                breakage=breakage,
                top_k=top_k,
                settle=settle,
                allow_destructive=allow_destructive,
                wildcard_ids=wildcard_ids,
                aliases=aliases,
                save=save,
                report=report,
                baseline=baseline,
                show_content=show_content,
                quiet=quiet,
            ),
            _configured(),
        )
        settings = settings_of(
            said.profile, said.seed, said.examples, said.steps, said.options, secrets.randbelow(_SEEDS)
        )
        _silence()
        verdict = run(said.target or "mem0", settings, check_folder(said.save), said)
    raise typer.Exit(verdict.exit_code)


@app.command()
def replay(
    file: Annotated[Path, typer.Argument(help="A counterexample that explore --save has written.")],
    target: Annotated[str | None, typer.Argument(help="Another target than the one that the file names.")] = None,
    *,
    emit_test: Annotated[
        Path | None, typer.Option(help="Write a regression test here, for pytest; nothing is run.")
    ] = None,
) -> None:
    """Run a saved counterexample again. Exit code: 0 it holds now, 1 it still fails, 2 set-up error, 3 inconclusive."""
    from .commands.again import replay as run  # noqa: PLC0415 - --help needs none of it

    with _errors_in_one_line():
        code = run(file, target, emit_test)
    raise typer.Exit(code)


@app.command()
def report(
    file: Annotated[Path, typer.Argument(help="A report that --report has written as .json.")],
    *,
    to: Annotated[list[Path], typer.Option(help="Write it here too, its format by suffix; may be repeated.")],
) -> None:
    """Render a JSON report again, in other formats."""
    from .commands.rendering import render  # noqa: PLC0415 - --help needs none of it

    with _errors_in_one_line():
        render(file, to)


@baselines.command()
def update(
    file: Annotated[Path, typer.Argument(help="A report that --report has written as .json.")],
    *,
    baseline: Annotated[Path, typer.Option(help="The file of known findings.")] = Path("memfence-baseline.json"),
) -> None:
    """Accept what a report found, and drop what has vanished since."""
    from .commands.accepting import update as run  # noqa: PLC0415 - --help needs none of it

    with _errors_in_one_line():
        run(file, baseline)


@app.command()
def matrix(
    *,
    store: Annotated[
        list[str] | None, typer.Option(help="This store only; may be repeated. (default: all that are installed)")
    ] = None,
    embedder: Annotated[
        list[str] | None, typer.Option(help="This embedder only; may be repeated. (default: semantic and constant)")
    ] = None,
    wrapper: Annotated[
        list[str] | None, typer.Option(help="This wrapper only; may be repeated. (default: plain, tutorial, scoped)")
    ] = None,
    mem0: Annotated[
        str | None, typer.Option(help="Also the plain client of these versions of mem0: 1.0.5,2.0.12; pip gets them.")
    ] = None,
    scenario: Annotated[list[str] | None, typer.Option(help="Run this scenario only; may be repeated.")] = None,
    seed: Annotated[int, typer.Option(help="The same seed is the same matrix.")] = 0,
    users: Annotated[int, typer.Option(help="Synthetic users per scenario, at least 2.")] = 3,
    deep: Annotated[bool, typer.Option("--deep", help="Among 10,000 users' records, not 2,000: minutes more.")] = False,
    workers: Annotated[
        int | None, typer.Option("--workers", "-n", help="Processes at once. (default: by cores and free memory)")
    ] = None,
    report: Annotated[
        list[Path] | None, typer.Option(help="Write it here too, as .json or .md; may be repeated.")
    ] = None,
) -> None:
    """Audit mem0 on each store, through each wrapper. Exit code: 0 all were audited, 2 set-up error, 3 some were not.

    What is found is in the cells and does not make it fail: that is what audit is for.
    """
    from .commands.surveying import survey  # noqa: PLC0415 - --help needs none of it
    from .tables import EMBEDDERS, WRAPPERS, MatrixSettings  # noqa: PLC0415 - as above

    with _errors_in_one_line():
        reports = check_reports(report, PROOF_REPORTS)
        _check_workers(workers)
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
        _silence()
        code = survey(settings, workers, reports)
    raise typer.Exit(code)


@app.command()
def demo() -> None:
    """Show the tutorial's Alice and Bob on real mem0: by hand, broken, attacked, and behind ScopedMemory."""
    from .commands.showing import show  # noqa: PLC0415 - --help needs none of it

    _silence()
    raise typer.Exit(show())


@app.command(name="list")
def list_() -> None:
    """List scenarios, breakages, oracles, targets and channels, with their meaning."""
    from .commands.listing import show  # noqa: PLC0415 - --help needs none of it

    _silence()
    with _errors_in_one_line():
        show()


def _check_workers(workers: int | None) -> None:
    if workers is not None and workers < 1:
        msg = f"workers must be at least 1, got workers={workers}"
        raise HarnessError(msg)


def _given(**options: object) -> dict[str, object]:
    """Return what the command line says; what it does not is left to [tool.memfence]."""
    given = {name: value for name, value in options.items() if value is not None and value != []}
    return {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}


def _configured() -> dict[str, object]:
    from .configuration import read_table  # noqa: PLC0415 - --help needs none of it

    return read_table(Path("pyproject.toml"))


def _channel(name: str) -> Channel:
    try:
        return Channel(name)
    except ValueError:
        raise UnknownNameError(name, kind="channel", choices=Channel) from None


def _finding_class(name: str) -> FindingClass:
    if name != FindingClass.RESIDUE:
        raise UnknownNameError(name, kind="value for --fail-on", choices=(FindingClass.RESIDUE,))
    return FindingClass(name)


def _silence() -> None:
    from .environment import keep_to_ourselves  # noqa: PLC0415 - --help needs none of it

    keep_to_ourselves()
