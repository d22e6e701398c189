"""The matrix as one HTML file, made of its JSON: cell by cell, each with its witness."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from ..model.channels import OF_A_MEMORY, Channel
from .html_page import page
from .matrix_json import matrix_as_json
from .tables import Matrix

_TITLE = "How each store isolates"
_TOLD = ("repeat", "made", "seed", "interrupted", "legend", "left_out", "times")
_KEPT = ("store", "embedder", "wrapper", "mem0", "own_environment", "failure")


def matrix_html(matrix: Matrix, made: datetime | None = None) -> str:
    """Return the page whole; `made` is now unless said otherwise."""
    return render(matrix_as_json(matrix, made or datetime.now(UTC)))


def render(matrix: Mapping[str, Any]) -> str:
    """Return the page of a JSON matrix (`matrix_json`): of the rows' reports it holds what the witnesses need."""
    reports = [row["report"] for row in matrix["rows"] if row["report"]]
    witnesses = _Witnesses()
    had = {name for row in matrix["rows"] for name in row["channels"]} or {*OF_A_MEMORY}
    rows = [
        {name: row[name] for name in _KEPT} | {part: witnesses.cells(row[part]) for part in ("channels", "scenarios")}
        for row in matrix["rows"]
    ]
    survey = {name: matrix[name] for name in _TOLD} | {
        "rows": rows,
        "witnesses": witnesses.told,
        "channels": {channel: channel.meaning for channel in Channel if channel in had},
        "summaries": {one["name"]: one["summary"] for report in reports for one in report["scenarios"]},
        "notes": list(dict.fromkeys(note for report in reports for note in report["notes"])),
        "settings": reports[0]["settings"] if reports else {},
        "versions": _versions(matrix["rows"]),
    }
    stores = ", ".join(dict.fromkeys(row["store"] for row in rows))
    return page(f"{_TITLE}: {stores}", {"survey": survey}, ("survey.css", "witness.js", "survey.js"))


def _versions(rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return what was installed: each store's audit names its own client beside what all of them use."""
    versions: dict[str, str] = {}
    for row in rows:
        if row["report"] and not row["own_environment"]:
            versions |= row["report"]["versions"]
    return versions


class _Witnesses:
    """Each witness once: a channel and a scenario often have the same, and a page is to be small."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []
        self._places: dict[tuple[str, ...], int] = {}

    def cells(self, cells: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
        """Return the words of each cell and the place of its witness, or None where it has none."""
        return {
            name: {"words": cell["words"], "witness": self._place(cell["scenario"], cell["repeat"], cell["reproduce"])}
            for name, cell in cells.items()
        }

    def _place(self, scenario: str, repeat: str, reproduce: Iterable[str]) -> int | None:
        if not scenario:
            return None
        key = (scenario, repeat, *reproduce)
        if key not in self._places:
            self._places[key] = len(self.told)
            self.told.append({"scenario": scenario, "repeat": repeat, "reproduce": list(key[2:])})
        return self._places[key]
