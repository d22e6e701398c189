"""The formats of a report, each found by its suffix: `.md` is written by md_report.py; a new one is one file."""

import importlib
import os
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from .files import put, writing

Report: TypeAlias = Mapping[str, Any]
_ENDING = "_report"
# GitHub shows what is appended to this file on the page of the workflow.
_SUMMARY = "GITHUB_STEP_SUMMARY"


def suffixes() -> tuple[str, ...]:
    """Return the suffixes that there is a format for: `.json`, `.md`, ...; nothing is imported."""
    package = importlib.import_module(__package__ or "memfence.reporting")
    names = (info.name for info in pkgutil.iter_modules(package.__path__))
    return tuple(sorted(f".{name.removesuffix(_ENDING)}" for name in names if name.endswith(_ENDING)))


def renderer(suffix: str) -> Callable[[Report], str]:
    """Return the function from a report to the text of a file with this suffix, one of `suffixes()`."""
    name = f".{suffix.removeprefix('.')}{_ENDING}"
    render: Callable[[Report], str] = importlib.import_module(name, __package__).render
    return render


def write(report: Report, paths: Iterable[Path]) -> None:
    """Write the report to each path in the format of its suffix; raises HarnessError where one cannot be written."""
    for path in paths:
        text = renderer(path.suffix)(report)
        with writing(path):
            put(path, text)


def summarise(report: Report) -> None:
    """Append the report to the summary of a GitHub job, where this is one; raises HarnessError as `write` does."""
    file = os.environ.get(_SUMMARY)
    if file:
        path = Path(file)
        with writing(path), path.open("a", encoding="utf-8", errors="backslashreplace", newline="\n") as summary:
            summary.write(renderer(".md")(report))
