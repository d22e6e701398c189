"""What every format asks a report for: its findings, the ones to tell first, and why something is open."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from ..model.findings import FindingClass, Severity, Verdict
from ..model.reasons import Reason

Report: TypeAlias = Mapping[str, Any]
_GRAVE = (Severity.HIGH, Severity.CRITICAL)


def counted(report: Report) -> list[tuple[Report, Report]]:
    """Return each scenario and finding that counts, the one to tell first at the head.

    New ones before those that a baseline accepts, violations before doubts, grave ones before others, short stories
    before long ones.
    """
    found = [pair for pair in every(report) if pair[1]["verdict"] != Verdict.HELD]
    return sorted(found, key=_telling)


def kinds(report: Report) -> list[list[tuple[Report, Report]]]:
    """Return what `counted` does, by kind of finding: the same oracle, class, severity and weakness, known or not."""
    alike: dict[tuple[object, ...], list[tuple[Report, Report]]] = {}
    for pair in counted(report):
        key = tuple(pair[1][name] for name in ("known", "oracle", "class", "severity", "cwe"))
        alike.setdefault(key, []).append(pair)
    return list(alike.values())


def in_short(finding: Report) -> str:
    """Return what a finding is: `leak, high, CWE-668`."""
    cwe = "" if finding["cwe"] is None else f", CWE-{finding['cwe']}"
    return f"{finding['class']}, {finding['severity']}{cwe}"


def plainly(finding: Report) -> str:
    """Return a violation as a sentence for who knows none of our words: `what is ann_1's was within bob_2's reach`."""
    observer, owner = finding["names"]["observer"], finding["names"]["owner"]
    match finding["class"]:
        case FindingClass.LEAK if observer != owner:
            told = f"what is {owner}'s was within {observer}'s reach"
        case FindingClass.LEAK | FindingClass.RESIDUE:
            told = f"what {owner} had erased was still there"
        case FindingClass.INTEGRITY:
            told = f"what is {owner}'s was changed, removed or mislabelled by {observer}"
        case FindingClass.INTERFERENCE:
            told = f"what {owner} saw hung on what others had stored or done"
        case _:
            told = f"{owner} could not find its own"
    return f"{told} ({finding['channel']})"


def times(count: int) -> str:
    """Return `once`, or `3 times`."""
    return "once" if count == 1 else f"{count} times"


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
    for scenario in report["scenarios"]:
        if scenario["verdict"] == Verdict.INCONCLUSIVE:
            yield scenario["name"], "; ".join(scenario["inconclusive_because"])
    if report["required_not_exercised"]:
        yield Reason.NOT_JUDGED.parted(channels=", ".join(report["required_not_exercised"]))
    if report["interrupted"]:
        yield Reason.SO_FAR.parted()


def cautions(report: Report) -> Iterator[str]:
    """Yield what somebody has to know or to do, whatever the verdict is."""
    yield from (f"warning: {warning}" for warning in report["warnings"])
    if report["left_behind"]:
        yield (
            f"left behind: {report['left_behind']} records of tenants named {report['tenant_prefix']}-*: they could "
            "not be deleted by id. Clean up, and take another seed until then"
        )


def against_baseline(report: Report) -> Iterator[str]:
    """Yield what a baseline says of the findings, line by line; nothing where there is none."""
    if report["baseline"] is not None:
        yield f"baseline: {accepted(report)}"
        yield from (f"vanished: {one}" for one in report["baseline"]["vanished"])
        if report["baseline"]["elsewhere"]:
            yield f"baseline: also made of {', '.join(report['baseline']['elsewhere'])}, of which this says nothing"


def accepted(report: Report) -> str:
    """Return how many violations a baseline accepts, and how many it does not."""
    found = [one["known"] for _, one in every(report) if one["verdict"] == Verdict.VIOLATED]
    known = "1 finding" if sum(found) == 1 else f"{sum(found)} findings"
    return f"{known} known, accepted by baseline; {len(found) - sum(found)} new"


def _telling(pair: tuple[Report, Report]) -> tuple[bool, bool, bool, bool, int, int]:
    scenario, finding = pair
    return (
        finding["known"],
        finding["verdict"] != Verdict.VIOLATED,
        finding["severity"] not in _GRAVE,
        bool(finding["played_again"]) and not finding["played_again"]["shown"],
        len(finding["reproduce"]),
        scenario["operations"],
    )
