"""The matrix as JSON, with each audit's whole report."""

import json
from datetime import UTC, datetime
from typing import Any

from .cells import LEGEND, Cell
from .tables import Matrix

SCHEMA_VERSION = 1


def matrix_json(matrix: Matrix, made: datetime | None = None) -> str:
    """Return it whole; `made` is now unless said otherwise."""
    return json.dumps(matrix_as_json(matrix, made or datetime.now(UTC)), indent=1) + "\n"


def matrix_as_json(matrix: Matrix, made: datetime) -> dict[str, Any]:
    """Return the matrix as plain values; the time is in seconds."""
    said = matrix.settings
    return {
        "schema_version": SCHEMA_VERSION,
        "repeat": said.command(),
        "made": f"{made:%Y-%m-%dT%H:%M:%SZ}",
        "seed": said.seed,
        "interrupted": matrix.interrupted,
        "legend": LEGEND,
        "left_out": matrix.left_out,
        "rows": [
            {
                "store": row.store,
                "embedder": row.embedder,
                "wrapper": row.wrapper,
                "mem0": row.mem0 or row.report.get("versions", {}).get("mem0ai", ""),
                "own_environment": bool(row.mem0),
                "failure": row.failure,
                "channels": {name: _cell(cell) for name, cell in row.channels.items()},
                "scenarios": {name: _cell(cell) for name, cell in row.scenarios.items()},
                "report": row.report,
            }
            for row in matrix.rows
        ],
        "times": {"seconds": round(matrix.seconds, 1)},
    }


def _cell(cell: Cell) -> dict[str, object]:
    return {
        "words": list(cell.words),
        "scenario": cell.scenario,
        "reproduce": list(cell.reproduce),
        "repeat": cell.repeat,
    }
