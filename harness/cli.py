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

EXIT_USAGE = 2
REPORTS = (".json",)
PROOF_REPORTS = (".json", ".md")
_SEEDS = 2**31


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


def _fail(error: Exception) -> NoReturn:
    typer.echo(f"memfence: {error}", err=True)
    raise typer.Exit(EXIT_USAGE)


@app.command()
def audit(
    target: Annotated[str, typer.Argument(help="mem0, reference, or your own as module:callable.")] = "mem0",
    *,
    users: Annotated[int, typer.Option(help="Synthetic users per scenario, at least 2.")] = 20,
    facts: Annotated[int, typer.Option(help="Facts that each user stores.")] = 3,
    probes: Annotated[
        int | None, typer.Option(help="Others attacked by each user. (default: 5; everybody, up to 8 users)")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="The same seed is the same campaign. (default: random, printed)")
    ] = None,
    scenario: Annotated[list[str] | None, typer.Option(help="Run this scenario only; may be repeated.")] = None,
    wrapper: Annotated[
        str, typer.Option(help="What stands between users and mem0's client: scoped, tutorial or plain.")
    ] = "scoped",
    breakage: Annotated[str | None, typer.Option(help="Plant this defect; the audit must find it.")] = None,
    top_k: Annotated[int | None, typer.Option(help="Records asked for by each search. (default: the target's)")] = None,
    require: Annotated[
        list[str] | None, typer.Option(help="Inconclusive unless this channel was exercised; may be repeated.")
    ] = None,
    settle: Annotated[float, typer.Option(help="Seconds that a new record may take to become visible.")] = 0.0,
    report: Annotated[
        list[Path] | None, typer.Option(help="Write a report here too, its format by suffix (.json); may be repeated.")
    ] = None,
    allow_destructive: Annotated[
        bool, typer.Option("--allow-destructive", help="Run deleting scenarios on a target that holds other data.")
    ] = False,
    crowd: Annotated[
        int | None, typer.Option(help="Records piled up around one user's. (default: 2000; 100 on shared data)")
    ] = None,
    fail_on: Annotated[
        list[str] | None, typer.Option(help="residue: erased text that nothing serves makes it violated, too.")
    ] = None,
    wildcard_ids: Annotated[
        str, typer.Option(help="deny, or allow where a user called * is meant to see all.")
    ] = "deny",
    aliases: Annotated[str, typer.Option(help="deny, or allow where 'ann ' is meant to be 'ann'.")] = "deny",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print the verdict only.")] = False,
) -> None:
    """Audit a memory for isolation between users. Exit code: 0 held, 1 violated, 2 set-up error, 3 inconclusive."""
    from .commands.auditing import audit as run  # noqa: PLC0415 - --help needs none of it
    from .settings import AuditSettings  # noqa: PLC0415 - as above

    try:
        reports = check_reports(report, REPORTS)
        settings = AuditSettings(
            seed=secrets.randbelow(_SEEDS) if seed is None else seed,
            users=users,
            facts=facts,
            probes=probes,
            scenarios=tuple(scenario or ()),
            wrapper=wrapper,
            breakage=breakage,
            top_k=top_k,
            require=tuple(_channel(name) for name in require or ()),
            settle=settle,
            allow_destructive=allow_destructive,
            crowd=crowd,
            fail_on=tuple(_finding_class(name) for name in fail_on or ()),
            wildcard_ids=wildcard_ids,
            aliases=aliases,
        )
        _silence()
        verdict = run(target, settings, reports, quiet=quiet)
    except HarnessError as error:
        _fail(error)
    except KeyboardInterrupt:
        # Nothing had been judged yet, or the campaign would have ended in order.
        verdict = Verdict.INCONCLUSIVE
        typer.echo(f"{verdict.upper()} interrupted before anything was judged")
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
    target: Annotated[str, typer.Argument(help="mem0, reference, or your own as module:callable.")] = "mem0",
    *,
    profile: Annotated[
        str, typer.Option(help="dev: 100 histories; ci: 200, with a fixed seed; soak: 5000 long ones.")
    ] = "dev",
    examples: Annotated[int | None, typer.Option(help="Histories to generate. (default: the profile's)")] = None,
    steps: Annotated[int | None, typer.Option(help="Moves in each, at most. (default: the profile's)")] = None,
    seed: Annotated[
        int | None, typer.Option(help="The same seed is the same exploration. (default: random, printed; ci: 0)")
    ] = None,
    wrapper: Annotated[
        str, typer.Option(help="What stands between users and mem0's client: scoped, tutorial or plain.")
    ] = "scoped",
    breakage: Annotated[str | None, typer.Option(help="Plant this defect; it must be found.")] = None,
    top_k: Annotated[int | None, typer.Option(help="Records asked for by each search. (default: the target's)")] = None,
    settle: Annotated[float, typer.Option(help="Seconds that a new record may take to become visible.")] = 0.0,
    allow_destructive: Annotated[
        bool, typer.Option("--allow-destructive", help="Delete and update, too, on a target that holds other data.")
    ] = False,
    wildcard_ids: Annotated[
        str, typer.Option(help="deny, or allow where a user called * is meant to see all.")
    ] = "deny",
    aliases: Annotated[str, typer.Option(help="deny, or allow where 'ann ' is meant to be 'ann'.")] = "deny",
    save: Annotated[
        Path | None, typer.Option(help="Write each counterexample to this folder, for memfence replay.")
    ] = None,
    report: Annotated[
        list[Path] | None, typer.Option(help="Write a report here too, its format by suffix (.json); may be repeated.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print the verdict only.")] = False,
) -> None:
    """Let generated histories of all operations attack a memory; shrink what is found.

    Exit code: 0 held, 1 violated, 2 set-up error, 3 inconclusive.
    """
    from .commands.exploration import explore as run  # noqa: PLC0415 - --help needs none of it
    from .explorations import ExploreSettings  # noqa: PLC0415 - as above
    from .explorations import profile as profile_of  # noqa: PLC0415 - as above

    try:
        reports = check_reports(report, REPORTS)
        chosen = profile_of(profile)
        settings = ExploreSettings(
            seed=_first(seed, chosen.seed, secrets.randbelow(_SEEDS)),
            examples=_first(examples, chosen.examples),
            steps=_first(steps, chosen.steps),
            wrapper=wrapper,
            breakage=breakage,
            top_k=top_k,
            settle=settle,
            allow_destructive=allow_destructive,
            wildcard_ids=wildcard_ids,
            aliases=aliases,
        )
        _silence()
        verdict = run(target, settings, check_folder(save), reports, quiet=quiet)
    except HarnessError as error:
        _fail(error)
    except KeyboardInterrupt:
        verdict = Verdict.INCONCLUSIVE
        typer.echo(f"{verdict.upper()} interrupted before anything was judged")
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


def _first(*values: int | None) -> int:
    return next(value for value in values if value is not None)


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
