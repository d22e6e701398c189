"""A baseline: findings that are known, by fingerprint. New ones fail, vanished ones are named."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, TypeAlias

from ..base.errors import HarnessError
from ..model.findings import Verdict

SCHEMA_VERSION = 1
Report: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True, order=True)
class Known:
    """One finding that is accepted; `finding` says to a reader what it is, `audited` in what it was found."""

    audited: str
    scenario: str
    finding: str
    fingerprint: str


def load(path: Path) -> tuple[Known, ...]:
    """Return what a baseline holds; raises HarnessError where the file is none."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        if "scenarios" in said:
            msg = f"{path} is a report: accept what it found with memfence baseline update {path}"
            raise HarnessError(msg)
        if said["schema_version"] != SCHEMA_VERSION:
            msg = f"{path} is a baseline of another version: write it anew with memfence baseline update"
            raise HarnessError(msg)
        names = [one.name for one in fields(Known)]
        return tuple(Known(**{name: str(one[name]) for name in names}) for one in said["findings"])
    except FileNotFoundError as error:
        msg = f"there is no baseline {path}: write it with memfence baseline update REPORT.json --baseline {path}"
        raise HarnessError(msg) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        msg = f"{path} is there, and is no baseline: name another file"
        raise HarnessError(msg) from error


def text_of(known: Iterable[Known]) -> str:
    """Return a baseline as the text of a file, sorted, so that a reviewer sees in a diff what was accepted."""
    said = {"schema_version": SCHEMA_VERSION, "findings": [asdict(one) for one in sorted(set(known))]}
    return json.dumps(said, indent=2) + "\n"


def compared(report: Report, known: Iterable[Known]) -> dict[str, Any]:
    """Return the report with each violation that is known marked so, and with those that have vanished.

    Vanished is only what could have been found: its scenario was exercised, and left no question open. `elsewhere` is
    what else the baseline was made of, in which this report says nothing.
    """
    listed = tuple(known)
    accepted = {one.fingerprint for one in listed}
    scenarios = [
        {
            **scenario,
            "findings": [
                {**one, "known": one["verdict"] == Verdict.VIOLATED and one["fingerprint"] in accepted}
                for one in scenario["findings"]
            ],
        }
        for scenario in report["scenarios"]
    ]
    gone = [f"{one.finding} in {one.audited}" for one in sorted(_gone(report, listed))]
    elsewhere = sorted({one.audited for one in listed} - {report["audited"]})
    return {**report, "scenarios": scenarios, "baseline": {"vanished": gone, "elsewhere": elsewhere}}


def verdict(report: Report) -> Verdict:
    """Return what is left of the verdict when known findings are accepted.

    Only violations are: what a scenario left open stays open, and where nothing was judged nothing has held.
    """
    if report["baseline"] is None:
        return Verdict(report["verdict"])
    verdicts = [_left(scenario) for scenario in report["scenarios"] if scenario["verdict"] is not None]
    if report["interrupted"] or report["required_not_exercised"]:
        verdicts.append(Verdict.INCONCLUSIVE)
    return Verdict.worst(verdicts)


def updated(report: Report, known: Iterable[Known]) -> tuple[Known, ...]:
    """Return the baseline with what the report found, and without what has vanished; the rest stays."""
    listed = set(known) - set(_gone(report, tuple(known)))
    found = {one.fingerprint: one for one in _violations(report)}
    kept = [one for one in listed if one.fingerprint not in found]
    return tuple(sorted([*kept, *found.values()]))


def _left(scenario: Report) -> Verdict:
    violations = [one for one in scenario["findings"] if one["verdict"] == Verdict.VIOLATED]
    if scenario["verdict"] != Verdict.VIOLATED or not all(one["known"] for one in violations):
        return Verdict(scenario["verdict"])
    doubts = any(one["verdict"] == Verdict.INCONCLUSIVE for one in scenario["findings"])
    return Verdict.INCONCLUSIVE if scenario["inconclusive_because"] or doubts else Verdict.HELD


def _gone(report: Report, known: Iterable[Known]) -> Iterator[Known]:
    found = {one.fingerprint for one in _violations(report)}
    judged = {
        scenario["name"]
        for scenario in report["scenarios"]
        if scenario["verdict"] is not None and not scenario["inconclusive_because"] and not report["interrupted"]
    }
    for one in known:
        if one.audited == report["audited"] and one.scenario in judged and one.fingerprint not in found:
            yield one


def _violations(report: Report) -> Iterator[Known]:
    for scenario in report["scenarios"]:
        for one in scenario["findings"]:
            if one["verdict"] == Verdict.VIOLATED and scenario["verdict"] == Verdict.VIOLATED:
                under = f" under {one['family']}" if one.get("family") else ""
                kind = f"{one['oracle']} ({one['class']}) by {one['channel']} in {scenario['name']}{under}"
                yield Known(report["audited"], scenario["name"], kind, one["fingerprint"])
