"""`memfence report`: a JSON report once more, in other formats."""

import json
from pathlib import Path
from typing import Any

from ..base.errors import HarnessError
from ..reporting.console import announce
from ..reporting.files import check_reports
from ..reporting.formats import suffixes, write
from ..reporting.json_report import SCHEMA_VERSION


def render(file: Path, to: list[Path]) -> None:
    """Write the report in the format of each path's suffix; raises HarnessError where it is none, or cannot be."""
    paths = check_reports(to, suffixes())
    report = read(file)
    try:
        write(report, paths)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise HarnessError(_no_report(file)) from error
    for path in paths:
        announce(path)


def read(file: Path) -> dict[str, Any]:
    """Return a report that --report has written as JSON; raises HarnessError where the file is none."""
    if file.suffix in suffixes() and file.suffix != ".json":
        msg = f"{file} cannot be read again: give the report that was written as .json"
        raise HarnessError(msg)
    try:
        report = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        msg = f"{file} cannot be read: {error.strerror}"
        raise HarnessError(msg) from error
    except ValueError as error:
        raise HarnessError(_no_report(file)) from error
    if isinstance(report, dict) and {"schema_version", "findings"} == report.keys():
        msg = f"{file} is a baseline: give the report of an audit, such as memfence.json"
        raise HarnessError(msg)
    if not isinstance(report, dict) or not {"schema_version", "verdict", "scenarios"} <= report.keys():
        raise HarnessError(_no_report(file))
    if report["schema_version"] != SCHEMA_VERSION:
        found = report["schema_version"]
        msg = f"{file} has schema_version {found}, and this memfence reads {SCHEMA_VERSION}: repeat the audit"
        raise HarnessError(msg)
    return report


def _no_report(file: Path) -> str:
    return f"{file} is no report of memfence: memfence audit --report memfence.json writes one"
