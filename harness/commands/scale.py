"""The options of `memfence scale`."""

import secrets
from pathlib import Path
from typing import Annotated

import typer

from ..base.errors import HarnessError
from ..real_mem0.environment import keep_to_ourselves, keep_warnings_off_the_screen
from ..reporting.files import check_folder, check_reports
from .exits import errors_in_one_line, interruption_is_no_verdict
from .parameters import Pages
from .told import check_workers

REPORTS = (".json", ".md", ".html")
_SEEDS = 2**31


def scale(
    *,
    users: Annotated[int | None, typer.Option(help="Synthetic users, as 1_000_000; at most 2**27.")] = None,
    store: Annotated[str, typer.Option(help="pgvector, qdrant or reference.")] = "pgvector",
    store_url: Annotated[
        str | None, typer.Option(help="The server's address. (default: one of our own, in the folder)")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="The same seed is the same crowd. (default: drawn)")] = None,
    facts: Annotated[int, typer.Option(help="Facts of each user.")] = 1,
    wrapper: Annotated[str, typer.Option(help="What is audited between users and mem0.")] = "scoped",
    breakage: Annotated[
        str | None, typer.Option(help="Plant this defect: a name that list shows, or mislabelled_row.")
    ] = None,
    index: Annotated[
        str, typer.Option(help="How the store is asked: user_id (an index on the user id), none, or mem0's hnsw.")
    ] = "user_id",
    hnsw_up_to: Annotated[int, typer.Option(help="Measure mem0's default index up to so many users.")] = 100_000,
    through_mem0: Annotated[int, typer.Option(help="About so many users are planted by mem0's own add.")] = 1000,
    erased: Annotated[int, typer.Option(help="About so many users are erased while others read.")] = 1000,
    pairs: Annotated[int, typer.Option(help="So many pairs of users are probed, near twins first.")] = 1000,
    shard: Annotated[int, typer.Option(help="So many users are planted at once.")] = 5000,
    curves: Annotated[bool, typer.Option("--curves/--no-curves", help="Measure speed at 1k, 10k, ...")] = True,
    workers: Annotated[
        int | None, typer.Option("--workers", "-n", help="Processes at once. (default: one for each core)")
    ] = None,
    executor: Annotated[
        str | None, typer.Option(help="Do the shards on a Dask cluster: dask://host:port. It shares the folder.")
    ] = None,
    folder: Annotated[
        Path | None, typer.Option(help="Keep what shards found here. (default: a temporary folder)")
    ] = None,
    resume: Annotated[Path | None, typer.Option(help="Go on with what was begun in this folder.")] = None,
    discard: Annotated[
        bool, typer.Option("--discard", help="With --resume: remove what was begun there, and do nothing else.")
    ] = False,
    shard_seconds: Annotated[float, typer.Option(help="A shard that takes longer is tried again.")] = 3600.0,
    report: Pages = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print only the last line.")] = False,
) -> None:
    """Plant up to millions of users in one store; attribute every row, probe, erase, measure, clean up.

    Exit code: 0 held, 1 violated, 2 set-up error, 3 inconclusive. With --resume, all but -n, --executor,
    --shard-seconds, --report and -q is as it was begun.
    """
    from ..campaigns.scale.settings import ScaleSettings  # noqa: PLC0415 - --help needs none of it
    from .scaling import How, resumed  # noqa: PLC0415 - as above
    from .scaling import discard as throw_away  # noqa: PLC0415 - as above
    from .scaling import scale as run  # noqa: PLC0415 - as above

    with interruption_is_no_verdict(), errors_in_one_line():
        check_workers(workers)
        reports = check_reports(report, REPORTS)
        keep_to_ourselves()
        keep_warnings_off_the_screen()
        if resume is not None:
            settings, folder = resumed(resume), resume
        elif users is None:
            msg = "say how many: --users 1_000_000, or --resume DIR for what was begun"
            raise HarnessError(msg)
        else:
            settings = ScaleSettings(
                users=users,
                store=store,
                store_url=store_url,
                seed=secrets.randbelow(_SEEDS) if seed is None else seed,
                facts=facts,
                wrapper=wrapper,
                breakage=breakage,
                index=index,
                hnsw_up_to=hnsw_up_to,
                through_mem0=through_mem0,
                erased=erased,
                pairs=pairs,
                shard=shard,
                curves=curves,
            )
        how = How(workers, executor, check_folder(folder), shard_seconds, tuple(reports), quiet)
        if discard:
            if resume is None:
                msg = "--discard removes what was begun in a folder: say which with --resume DIR"
                raise HarnessError(msg)
            throw_away(settings, how)
            return
        verdict = run(settings, how)
    raise typer.Exit(verdict.exit_code)
