"""What every format asks a report for: its findings, the ones to tell first, and why something is open."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from ..model.audited import Audited
from ..model.findings import Severity, Verdict
from ..model.reasons import Reason, with_advice

Report: TypeAlias = Mapping[str, Any]
# Of scenarios that leave the same open so many are named.
_NAMED = 3


def counted(report: Report) -> list[tuple[Report, Report]]:
    """Return each scenario and finding that counts, the one to tell first at the head.

    New ones come before those that a baseline accepts; what else decides, `model/causes.py` says.
    """
    found = [pair for pair in every(report) if pair[1]["verdict"] != Verdict.HELD]
    return sorted(found, key=lambda pair: (pair[1]["known"], pair[1]["place"]))


def kinds(report: Report) -> list[list[tuple[Report, Report]]]:
    """Return what `counted` does, by cause: violations or doubts, known or not."""
    alike: dict[tuple[object, ...], list[tuple[Report, Report]]] = {}
    for pair in counted(report):
        key = tuple(pair[1][name] for name in ("known", "verdict", "cause"))
        alike.setdefault(key, []).append(pair)
    return list(alike.values())


def cause_of(report: Report, finding: Report) -> Report:
    """Return the cause that a finding shows."""
    cause: Report = next(one for one in report["causes"] if one["name"] == finding["cause"])
    return cause


def worst(found: Sequence[tuple[Report, Report]]) -> str:
    """Return the gravest severity of findings."""
    return max((Severity(one["severity"]) for _, one in found), key=list(Severity).index)


def in_short(finding: Report) -> str:
    """Return what a finding is: `leak, high, CWE-668`."""
    cwe = "" if finding["cwe"] is None else f", CWE-{finding['cwe']}"
    return f"{finding['class']}, {finding['severity']}{cwe}"


def told_of(found: Sequence[tuple[Report, Report]]) -> str:
    """Return findings of one scenario in a line: `canary_leak by search, get_all (high); tampering by delete`."""
    alike: dict[tuple[str, str], list[str]] = {}
    for _, finding in found:
        mark = ", known" if finding["known"] else ", left open" if finding["verdict"] == Verdict.INCONCLUSIVE else ""
        alike.setdefault((finding["oracle"], f"{finding['severity']}{mark}"), []).append(finding["channel"])
    told = (f"{oracle} by {', '.join(dict.fromkeys(by))} ({marks})" for (oracle, marks), by in alike.items())
    return "; ".join(told)


def every(report: Report) -> Iterator[tuple[Report, Report]]:
    """Yield each scenario with each of its findings, in the report's order."""
    for scenario in report["scenarios"]:
        for finding in scenario["findings"]:
            yield scenario, finding


def by_verdict(report: Report) -> dict[str, list[str]]:
    """Return the scenarios' names by verdict, the worst first; `not exercised` is the last."""
    verdicts = [str(one["verdict"] or "not exercised") for one in report["scenarios"]]
    order = (Verdict.VIOLATED, Verdict.INCONCLUSIVE, Verdict.HELD, "not exercised")
    return {
        str(verdict): [one["name"] for one, said in zip(report["scenarios"], verdicts, strict=True) if said == verdict]
        for verdict in order
        if verdict in verdicts
    }


def open_questions(report: Report) -> Iterator[tuple[str, str]]:
    """Yield what makes the verdict inconclusive beside findings: where, and why."""
    what = Audited(report.get("what", Audited.MEMORY))
    if report["disposable_unsaid"]:
        yield Reason.UNSAID.parted(what, **wiping(report["target"], report["settings"]))
    alike: dict[str, list[str]] = {}
    for scenario in report["scenarios"]:
        if scenario["verdict"] == Verdict.INCONCLUSIVE:
            accepted_by = " (open, accepted by baseline)" if scenario["open_accepted"] else ""
            said = with_advice(scenario["inconclusive_because"], scenario["to_do"])
            alike.setdefault(f"{said}{accepted_by}", []).append(scenario["name"])
    for said, names in alike.items():
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        yield ", ".join(names[:_NAMED]) + more, said
    if report["required_not_exercised"]:
        yield Reason.NOT_JUDGED.parted(what, channels=", ".join(report["required_not_exercised"]))
    if report["interrupted"]:
        yield Reason.SO_FAR.parted(what)


def factory(target: str) -> str:
    """Return what a target by `module:name` is called in the user's code."""
    return target.partition(":")[2] or "make_memory"


def wiping(target: str, settings: object) -> dict[str, str]:
    """Return the lines that say whether the store may be wiped, in the user's code or in the application's file."""
    app = settings.get("app") if isinstance(settings, Mapping) else None
    if app:
        return {"disposable": f"`disposable = true` in {app}", "lasting": "`disposable = false`"}
    return {
        word: f"`{factory(target)}.disposable = {said}`" for word, said in (("disposable", True), ("lasting", False))
    }


def cautions(report: Report) -> Iterator[str]:
    """Yield what somebody has to know or to do, whatever the verdict is."""
    yield from (f"warning: {warning}" for warning in report["warnings"])
    if report["left_behind"]:
        yield (
            f"left behind: {report['left_behind']} records of tenants named {report['tenant_prefix']}*: they could "
            "not be deleted by id. Clean up, and take another seed until then"
        )


def against_baseline(report: Report) -> Iterator[str]:
    """Yield what a baseline says of the findings, line by line; nothing where there is none."""
    if report["baseline"] is not None:
        yield f"baseline: {accepted(report)}"
        yield from (f"vanished: {one}" for one in report["baseline"]["vanished"])
        if report["baseline"]["elsewhere"]:
            yield f"baseline: it also holds findings in {', '.join(report['baseline']['elsewhere'])}"


def accepted(report: Report) -> str:
    """Return how many violations a baseline accepts, and how many it does not."""
    found = [one["known"] for _, one in every(report) if one["verdict"] == Verdict.VIOLATED]
    known = "1 finding" if sum(found) == 1 else f"{sum(found)} findings"
    return f"{known} known, accepted by baseline; {len(found) - sum(found)} new"
