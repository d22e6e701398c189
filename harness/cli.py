"""The command line: parses, calls, picks the exit code.

0 held, 1 violated, 2 usage or set-up error, 3 inconclusive.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from .channels import Channel
from .errors import HarnessError, UnknownNameError
from .findings import FindingClass, Verdict
from .reporting.files import check_folder, check_new, check_reports, writing

if TYPE_CHECKING:
    from .explorations import ExploreSettings
    from .proof import ProofSettings
    from .settings import AuditSettings

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=True,
)

EXIT_USAGE = 2
REPORTS = (".json", ".html")
PROOF_REPORTS = (".json", ".md", ".html")
DEMO_REPORTS = (".html",)
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
        list[Path] | None,
        typer.Option(help="Write a report here too, its format by suffix (.json, .html); may be repeated."),
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
    from .settings import AuditSettings  # noqa: PLC0415 - --help needs none of it

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
        verdict = _audit(target, settings, reports, quiet=quiet)
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
        list[Path] | None, typer.Option(help="Write it here too, as .json, .md or .html; may be repeated.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print the last line only.")] = False,
) -> None:
    """Plant every breakage and show which oracle catches it. Exit code: 1 if one is missed or a clean target alarms."""
    from .proof import ProofSettings  # noqa: PLC0415 - --help needs none of it

    with _errors_in_one_line():
        reports = check_reports(report, PROOF_REPORTS)
        _check_workers(workers)
        if machine:
            _silence()
            raise typer.Exit(_rate(breakage or [], 100 if seeds is None else seeds, workers, reports))
        settings = ProofSettings(
            on=on, seed=seed, seeds=seeds, clean=clean, breakages=tuple(breakage or ()), whole=whole
        )
        _silence()
        code = _prove(settings, workers or os.cpu_count() or 1, reports, quiet=quiet)
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
        list[Path] | None,
        typer.Option(help="Write a report here too, its format by suffix (.json, .html); may be repeated."),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print the verdict only.")] = False,
) -> None:
    """Let generated histories of all operations attack a memory; shrink what is found.

    Exit code: 0 held, 1 violated, 2 set-up error, 3 inconclusive.
    """
    from .explorations import ExploreSettings  # noqa: PLC0415 - --help needs none of it
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
        verdict = _explore(target, settings, check_folder(save), reports, quiet=quiet)
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
    from . import resolve  # noqa: PLC0415 - --help needs none of it
    from .replaying import run  # noqa: PLC0415 - as above
    from .replays import load  # noqa: PLC0415 - as above
    from .reporting.console import open_console, print_line  # noqa: PLC0415 - as above
    from .reporting.replayed import told  # noqa: PLC0415 - as above
    from .reporting.test_file import test_of  # noqa: PLC0415 - as above

    with _errors_in_one_line():
        known = load(file)
        name = target or known.target
        if emit_test is not None:
            check_new(emit_test)
            with writing(emit_test):
                emit_test.write_text(test_of(known, name), encoding="utf-8")
            typer.echo(f"written: pytest {emit_test} fails until {name} is mended")
            raise typer.Exit(0)
        _silence()
        outcome = run(known, resolve.target(name, breakage=known.breakage, wrapper=known.wrapper))
        console = open_console()
        print_line(console, f"replay of {known.oracle} on {name}:")
        for line in told(outcome):
            print_line(console, line)
    raise typer.Exit(outcome.verdict.exit_code)


@app.command()
def demo(
    *,
    report: Annotated[
        list[Path] | None, typer.Option(help="Write it here too, the acts side by side, as .html; may be repeated.")
    ] = None,
) -> None:
    """Show the tutorial's Alice and Bob on real mem0: by hand, broken, attacked, and behind ScopedMemory."""
    from .demo import Line, acts, as_plain, play  # noqa: PLC0415 - --help needs none of it
    from .reporting.console import open_console  # noqa: PLC0415 - as above
    from .reporting.demo_html import write_demo_html  # noqa: PLC0415 - as above

    with _errors_in_one_line():
        reports = check_reports(report, DEMO_REPORTS)
    _silence()
    told: list[list[Line]] = []
    console = open_console()
    as_told = True
    for act in acts():
        console.print(f"\n{act.title}", style="bold", highlight=False)
        console.print(act.explanation, style="dim", highlight=False)
        leaked = False
        told.append([])
        for line in play(act):
            told[-1].append(line)
            leaked = leaked or bool(line.leaked)
            shown = line.shown(console.width)
            console.print(shown, style="red" if line.leaked else "", markup=False, highlight=False)
        as_told = as_told and leaked == act.must_leak
    console.print()
    if not as_told:
        console.print("This is not what the demonstration is there to show; please report it.", style="bold red")
    with _errors_in_one_line():
        for path in reports:
            with writing(path):
                write_demo_html(as_plain(told, as_told=as_told), path)
    raise typer.Exit(0 if as_told else 1)


@app.command(name="list")
def list_() -> None:
    """List scenarios, breakages, oracles, targets and channels, with their meaning."""
    from . import resolve  # noqa: PLC0415 - --help needs none of it
    from .reporting.catalogue import write_catalogue  # noqa: PLC0415 - as above
    from .reporting.console import open_console  # noqa: PLC0415 - as above

    _silence()
    with _errors_in_one_line():
        catalogue = {
            "scenarios": {name: found.summary for name, found in resolve.all_scenarios().items()},
            "breakages": {
                name: f"{found.summary} ({found.layer}; caught by {found.caught_by})"
                for name, found in resolve.all_breakages().items()
            },
            "oracles": {name: found.summary for name, found in resolve.all_oracles().items()},
            "wrappers": resolve.all_wrappers(),
            "targets": {**resolve.all_targets(), "module:callable": "your own function from user id to memory"},
            "channels": {channel.value: channel.meaning for channel in Channel},
        }
    write_catalogue(open_console(), catalogue)


def _audit(target: str, settings: "AuditSettings", reports: list[Path], *, quiet: bool) -> Verdict:
    from . import resolve  # noqa: PLC0415 - --help needs none of it
    from .campaign import Campaign  # noqa: PLC0415 - as above
    from .reporting.console import open_console, verdict_line, write_console  # noqa: PLC0415 - as above
    from .reporting.html_report import write_html  # noqa: PLC0415 - as above
    from .reporting.json_report import as_json, write_json  # noqa: PLC0415 - as above
    from .reporting.progress import progress_bar  # noqa: PLC0415 - as above

    chosen = resolve.scenarios(settings.scenarios)
    found = resolve.target(target, breakage=settings.breakage, wrapper=settings.wrapper)
    campaign = Campaign(found, chosen, settings, resolve.all_oracles(), catalogue=resolve.all_scenarios())
    errors = open_console(stderr=True)
    if errors.is_terminal and not quiet:
        lengths = {one.name: one.length(campaign.population(one)) for one in chosen}
        with progress_bar(lengths, errors) as bar:
            result = campaign.run(bar)
    else:
        result = campaign.run()
    console = open_console()
    # First the screen: a report that cannot be written must not take the verdict with it.
    if quiet:
        console.print(verdict_line(result), soft_wrap=True)
    else:
        write_console(result, console)
    for path in reports:
        with writing(path):
            if path.suffix == ".html":
                write_html(as_json(result), path)
            else:
                write_json(result, path)
    return result.verdict


def _explore(
    target: str, settings: "ExploreSettings", save: Path | None, reports: list[Path], *, quiet: bool
) -> Verdict:
    from . import resolve  # noqa: PLC0415 - --help needs none of it
    from .exploring import Explorer  # noqa: PLC0415 - as above
    from .replays import save_all  # noqa: PLC0415 - as above
    from .reporting.console import open_console, verdict_line  # noqa: PLC0415 - as above
    from .reporting.exploration import as_json, write_exploration, write_exploration_json  # noqa: PLC0415 - as above
    from .reporting.html_report import write_html  # noqa: PLC0415 - as above
    from .reporting.progress import exploration_bar  # noqa: PLC0415 - as above

    found = resolve.target(target, breakage=settings.breakage, wrapper=settings.wrapper)
    explorer = Explorer(found, settings, resolve.all_oracles())
    errors = open_console(stderr=True)
    if errors.is_terminal and not quiet:
        with exploration_bar(settings.examples, errors) as bar:
            exploration = explorer.run(bar)
    else:
        exploration = explorer.run()
    console = open_console()
    if quiet:
        console.print(verdict_line(exploration.result), soft_wrap=True)
    else:
        write_exploration(exploration, console, saved_in=save)
    for path in reports:
        with writing(path):
            if path.suffix == ".html":
                write_html(as_json(exploration), path)
            else:
                write_exploration_json(exploration, path)
    if save is not None:
        with writing(save):
            save_all(exploration.counterexamples, exploration.result, save)
    return exploration.verdict


def _check_workers(workers: int | None) -> None:
    if workers is not None and workers < 1:
        msg = f"workers must be at least 1, got workers={workers}"
        raise HarnessError(msg)


def _rate(breakages: list[str], seeds: int, workers: int | None, reports: list[Path]) -> int:
    from . import resolve  # noqa: PLC0415 - --help needs none of it
    from .rates import Rate, rates  # noqa: PLC0415 - as above
    from .reporting.console import open_console, print_line  # noqa: PLC0415 - as above
    from .reporting.progress import counting_bar  # noqa: PLC0415 - as above
    from .reporting.rates import lines, markdown  # noqa: PLC0415 - as above
    from .workers import Workers  # noqa: PLC0415 - as above

    for path in reports:
        if path.suffix != ".md":
            raise UnknownNameError(path.suffix, kind="report suffix for --machine", choices=(".md",))
    errors = open_console(stderr=True)
    found: list[Rate] = []
    interrupted = False
    with counting_bar(len(breakages or resolve.all_breakages()), "exploring", errors) as bar:
        try:
            for rate in rates(breakages, seeds, Workers(workers or os.cpu_count() or 1)):
                found.append(rate)
                bar()
        except KeyboardInterrupt:
            interrupted = True
    console = open_console()
    for line in lines(found):
        print_line(console, line)
    command = " ".join(["memfence prove --machine", *(f"--breakage {one}" for one in breakages), f"--seeds {seeds}"])
    for path in reports:
        with writing(path):
            path.write_text(markdown(found, command), encoding="utf-8")
    missed = any(rate.missed for rate in found)
    verdict = Verdict.INCONCLUSIVE if interrupted else Verdict.VIOLATED if missed else Verdict.HELD
    return verdict.exit_code


def _first(*values: int | None) -> int:
    return next(value for value in values if value is not None)


def _prove(settings: "ProofSettings", workers: int, reports: list[Path], *, quiet: bool) -> int:
    from .proof import prove, tasks  # noqa: PLC0415 - --help needs none of it
    from .reporting.console import open_console  # noqa: PLC0415 - as above
    from .reporting.kill_matrix import proof_line, write_kill_matrix  # noqa: PLC0415 - as above
    from .reporting.progress import proof_bar  # noqa: PLC0415 - as above
    from .reporting.proof_html import write_proof_html  # noqa: PLC0415 - as above
    from .reporting.proof_json import write_proof_json  # noqa: PLC0415 - as above
    from .reporting.proof_markdown import write_proof_markdown  # noqa: PLC0415 - as above
    from .workers import Workers  # noqa: PLC0415 - as above

    errors = open_console(stderr=True)
    if errors.is_terminal and not quiet:
        with proof_bar(len(tasks(settings)), errors) as bar:
            proof = prove(settings, Workers(workers), bar)
    else:
        proof = prove(settings, Workers(workers))
    console = open_console()
    if quiet:
        console.print(proof_line(proof), soft_wrap=True)
    else:
        write_kill_matrix(proof, console)
    writers = {".json": write_proof_json, ".md": write_proof_markdown, ".html": write_proof_html}
    for path in reports:
        with writing(path):
            writers[path.suffix](proof, path)
    if proof.interrupted:
        return Verdict.INCONCLUSIVE.exit_code
    return (Verdict.HELD if proof.proven else Verdict.VIOLATED).exit_code


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
