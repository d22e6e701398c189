"""A baseline: findings that are known, by fingerprint. New ones fail, vanished ones are named.

The report of another audit is one, too: with the last one of the main branch a change fails for what it adds. What a
scenario leaves open is accepted by that scenario's name alone.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeAlias

from ..base.errors import HarnessError
from ..model.findings import Verdict
from .json_report import SCHEMA_VERSION as REPORTS

SCHEMA_VERSION = 1
Report: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True, order=True)
class Known:
    """One finding that is accepted; `finding` says to a reader what it is, `audited` in what it was found."""

    audited: str
    scenario: str
    finding: str
    fingerprint: str


def load(path: Path, *, to_write: bool = False) -> tuple[Known, ...]:
    """Return what a baseline holds, or what a report found; raises HarnessError where the file is neither.

    `to_write`: the baseline takes the file's place, so it may be no report.
    """
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        if "scenarios" in said:
            return _reported(path, said, to_write=to_write)
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
            "open_accepted": bool(_reasons(scenario)) and _open(report, scenario).fingerprint in accepted,
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

    What a scenario left open stays open unless that is accepted by its name, and where nothing was judged nothing has
    held.
    """
    if report["baseline"] is None:
        return Verdict(report["verdict"])
    verdicts = [_left(scenario) for scenario in report["scenarios"] if scenario["verdict"] is not None]
    judged = any(scenario["verdict"] in (Verdict.HELD, Verdict.VIOLATED) for scenario in report["scenarios"])
    missing = report["required_not_exercised"] or report["disposable_unsaid"]
    if report["interrupted"] or missing or not judged:
        verdicts.append(Verdict.INCONCLUSIVE)
    return Verdict.worst(verdicts)


def updated(report: Report, known: Iterable[Known], accept_open: Iterable[str] = ()) -> tuple[Known, ...]:
    """Return the baseline with what the report found, and without what has vanished; the rest stays.

    `accept_open` names scenarios that may stay open. Raises HarnessError where one of them is not.
    """
    listed = set(known) - set(_gone(report, tuple(known)))
    left = {scenario["name"]: scenario for scenario in report["scenarios"] if _reasons(scenario)}
    for name in accept_open:
        if name not in left:
            msg = f"{name} left nothing open in this report: accept one of {', '.join(left) or 'none'}"
            raise HarnessError(msg)
    found = {one.fingerprint: one for one in _violations(report)}
    found |= {one.fingerprint: one for one in (_open(report, left[name]) for name in accept_open)}
    kept = [one for one in listed if one.fingerprint not in found]
    return tuple(sorted([*kept, *found.values()]))


def _reported(path: Path, report: Report, *, to_write: bool) -> tuple[Known, ...]:
    if to_write:
        msg = f"{path} is a report, and stays one: name another file for the baseline"
        raise HarnessError(msg)
    if report["schema_version"] != REPORTS:
        msg = f"{path} is a report of another version of memfence: audit the main branch again"
        raise HarnessError(msg)
    return tuple(sorted(set(_violations(report))))


def _left(scenario: Report) -> Verdict:
    violations = [one for one in scenario["findings"] if one["verdict"] == Verdict.VIOLATED]
    if scenario["verdict"] == Verdict.VIOLATED and not all(one["known"] for one in violations):
        return Verdict.VIOLATED
    return Verdict.INCONCLUSIVE if _reasons(scenario) and not scenario.get("open_accepted") else Verdict.HELD


def _reasons(scenario: Report) -> list[str]:
    """Return why it is open, where it is: also beside a violation."""
    doubts = [one["headline"] for one in scenario["findings"] if one["verdict"] == Verdict.INCONCLUSIVE]
    return [*scenario["inconclusive_because"], *doubts]


def _open(report: Report, scenario: Report) -> Known:
    """Return that a scenario is open as what may be accepted; the reason is for a reader, and may change."""
    parts = (report["audited"], scenario["name"], "open")
    fingerprint = sha256("\n".join(parts).encode("utf-8", "backslashreplace")).hexdigest()[:32]
    return Known(report["audited"], scenario["name"], f"left open: {_reasons(scenario)[0]}", fingerprint)


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
