"""`memfence scale`: one crowd in one store, told on the screen and in reports."""

import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from ..base.errors import HarnessError
from ..campaigns.scale.cluster import SCHEME, Cluster
from ..campaigns.scale.kept import Kept
from ..campaigns.scale.overseer import Budget
from ..campaigns.scale.processes import Processes
from ..campaigns.scale.scaling import Scaling
from ..campaigns.scale.seam import Seam
from ..campaigns.scale.settings import ScaleSettings
from ..model.findings import Verdict
from ..model.scaled import ScaleResult
from ..reporting import scale_html, scale_json, scale_markdown
from ..reporting.console import STYLES, announce, open_console, print_line
from ..reporting.files import put, writing
from ..reporting.scale_json import scale_as_json
from ..reporting.scale_lines import lines
from ..reporting.scale_progress import scale_progress

_WRITERS: Mapping[str, Callable[[dict[str, Any]], str]] = {
    ".json": scale_json.render,
    ".md": scale_markdown.render,
    ".html": scale_html.render,
}


@dataclass(frozen=True, slots=True)
class How:
    """Where shards are done and kept, for how many seconds each may be tried, and what becomes of the result."""

    workers: int | None
    executor: str | None
    folder: Path | None
    seconds: float
    reports: tuple[Path, ...]
    quiet: bool


def resumed(folder: Path) -> ScaleSettings:
    """Return what the folder is of; raises HarnessError where nothing was begun there."""
    plan = Kept(folder).plan()
    if plan is None:
        msg = f"nothing to resume in {folder}: memfence scale --users N --folder {folder} begins there"
        raise HarnessError(msg)
    return plan[0]


def scale(settings: ScaleSettings, how: How) -> Verdict:
    """Go through all phases, show and write the result; raises HarnessError."""
    made = how.folder is None
    folder = Path(tempfile.mkdtemp(prefix="memfence-scale-")) if how.folder is None else how.folder.absolute()
    if not how.quiet:
        typer.echo(f"memfence: where it is interrupted: memfence scale --resume {folder}", err=True)
    seam, executor = _seam(how)
    with scale_progress(open_console(stderr=True)) as told:
        scaling = Scaling(settings, folder, seam, Budget(seconds=how.seconds), told, executor)
        try:
            result = scaling()
        finally:
            settings.opens.stop(str(folder), settings.store_url)
    _show(result, how)
    if not result.interrupted and not result.failed:
        _tidy(folder, whole=made, settings=settings)
    return result.verdict


def discard(settings: ScaleSettings, how: How) -> None:
    """Remove what was begun in the folder; raises HarnessError where something stays."""
    assert how.folder is not None  # noqa: S101 - it was resumed
    folder = how.folder.absolute()
    try:
        left = Scaling(settings, folder, Processes(1)).discard()
    finally:
        settings.opens.stop(str(folder), settings.store_url)
    if left:
        msg = f"{left} tables could not be removed"
        raise HarnessError(msg)
    _tidy(folder, whole=False, settings=settings)
    Kept(folder).forget()
    typer.echo(f"memfence: nothing is left of what was begun in {folder}", err=True)


def _seam(how: How) -> tuple[Seam, str]:
    if how.executor is None:
        count = how.workers or os.cpu_count() or 1
        return Processes(count), "1 process" if count == 1 else f"{count} processes"
    if not how.executor.startswith(SCHEME):
        msg = f"--executor is dask://host:port, got {how.executor!r}"
        raise HarnessError(msg)
    return Cluster(how.executor), "Dask"


def _show(result: ScaleResult, how: How) -> None:
    report = scale_as_json(result)
    console = open_console()
    for line in () if how.quiet else lines(report):
        print_line(console, line)
    print_line(console, report["said"], style=STYLES[result.verdict])
    for path in how.reports:
        with writing(path):
            put(path, _WRITERS[path.suffix](report))
        if not how.quiet:
            announce(path)


def _tidy(folder: Path, *, whole: bool, settings: ScaleSettings) -> None:
    """Remove a server's data, which are empty now; of a folder that was made for it, all."""
    if whole:
        shutil.rmtree(folder, ignore_errors=True)
        return
    # A server that is somebody's keeps nothing here.
    for name in () if settings.store_url else settings.opens.files:
        path = folder / name
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
