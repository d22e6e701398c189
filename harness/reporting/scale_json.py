"""A crowd's result as JSON, of which the other formats are made. Its counts hang on the settings alone."""

import json
from typing import Any

from ..base.masking import masked_values
from ..model.findings import Verdict
from ..model.scaled import WRONG_LABELS, ScaleResult, Sweep, is_known
from .scale_curves import curves
from .scale_picture import picture
from .scale_story import told

SCHEMA_VERSION = 1


def scale_as_json(result: ScaleResult) -> dict[str, Any]:
    """Return the result as plain values, secrets masked; times are in seconds, sizes in bytes."""
    rows = curves(result.curves)
    report = {
        "schema_version": SCHEMA_VERSION,
        "command": "scale",
        "verdict": result.verdict,
        "said": said(result),
        "repeat": result.command,
        "settings": result.settings,
        "versions": result.versions,
        "notes": result.notes,
        "interrupted": result.interrupted,
        "violations": result.violations,
        "open": result.reasons,
        "planted": result.planted,
        "sweeps": [_sweep(one) for one in result.sweeps],
        "doors": {
            door: {channel: _tally(result, door, channel) for channel in channels}
            for door, channels in result.doors.items()
        },
        "own_recall": {door: {"looked": looked, "found": found} for door, (found, looked) in result.recall.items()},
        "controls": {channel: {"caught": caught, "of": tried} for channel, (caught, tried) in result.controls.items()},
        "unplanted_canary_silent": result.silent,
        "erased": result.erased,
        "left_behind": result.left_behind,
        "findings": [told(one) | {"known": is_known(one)} for one in result.by_gravity],
        "curves": rows,
        "picture": picture(rows),
        "shards": {
            "all": result.shards,
            "resumed": result.resumed,
            "tried_again": result.retried,
            "workers_lost": result.deaths,
            "given_up": result.failed,
        },
        "executor": result.executor,
        "peak_bytes": result.peaks,
        "times": {
            "seconds": round(result.seconds, 1),
            "from_first_to_last": round(result.span, 1),
            "in_shards": {k: round(v, 1) for k, v in result.busy.items()},
            "lasted": {k: round(v, 1) for k, v in result.lasted.items()},
        },
    }
    return {key: masked_values(value) for key, value in report.items()}


def render(report: dict[str, Any]) -> str:
    """Return the report as the text of a file."""
    return json.dumps(report, indent=2) + "\n"


def said(result: ScaleResult) -> str:
    """Return the last line: `HELD 1,000,000 users on pgvector, each of 1,000,000 rows attributed (seed 0)`."""
    settings = result.settings
    read = f", each of {result.sweeps[0].rows:,} rows attributed" if result.sweeps else ""
    why = ""
    if result.verdict is Verdict.VIOLATED:
        why = f": {result.violations[0]}"
    elif result.verdict is Verdict.INCONCLUSIVE:
        why = f": {next(iter(result.reasons), 'nothing was judged')}"
    return (
        f"{result.verdict.upper()} {result.users:,} users on {settings['store']}{read} (seed {settings['seed']}){why}"
    )


def _sweep(sweep: Sweep) -> dict[str, Any]:
    names = ("expected", "rows", "right", "mislabelled", "missing", "doubled", "foreign", "unlabelled", "left")
    return {name: getattr(sweep, name) for name in names} | {
        "said": sweep.said,
        "examples": sweep.examples,
        "seconds": round(sweep.seconds, 1),
    }


def _tally(result: ScaleResult, door: str, channel: str) -> dict[str, Any]:
    bound, tally = result.bound(door, channel), result.doors[door][channel]
    told = "not drawn" if door.endswith(WRONG_LABELS) else bound.told or "no answer"
    return {**tally, "rate_below": bound.limit, "rate_below_said": told}
