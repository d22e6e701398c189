"""A violation on one screen: the finding to look at first, and how far it goes; `--verbose` has the rest."""

from collections.abc import Iterator
from textwrap import wrap

from ..base.wording import printable
from ..model.findings import Severity, Verdict
from . import unasked
from .reading import Report, against_baseline, by_verdict, cautions, counted, in_short, kinds, open_questions, times

# Of so many oracles it is told what else they found, with so many names in a list.
_ORACLES, _NAMED = 3, 1


def lines(report: Report, width: int) -> Iterator[str]:
    """Yield the lines but for the last, which is the verdict's; those to copy are not wrapped, and may be longer."""
    first, *others = kinds(report)
    yield f"memfence {report['command']} of {report['audited']}"
    yield from _story(*first[0], width)
    also = _further(first[1:], others)
    if also:
        yield from wrap(f"also {also}", width)
    counts = [f"{len(names)} {verdict}" for verdict, names in by_verdict(report).items()]
    yield f"scenarios: {', '.join(counts)} (--verbose has them all)"
    is_new = any(pair[1]["verdict"] == Verdict.VIOLATED and not pair[1]["known"] for pair in counted(report))
    scenarios = {one["name"] for one in report["scenarios"]}
    for where, why in open_questions(report):
        # What a scenario left open beside a violation, --verbose has; where all else is accepted it is what is left.
        if not is_new or where not in scenarios:
            yield f"{where}: {why}"
    yield from cautions(report)
    yield from (f"note: {note}" for note in report["foremost"])
    yield report["bound"]["said"]
    for told in unasked.in_short(report["unasked"]):
        yield from wrap(told, width, break_on_hyphens=False)
    yield from against_baseline(report)


def text(report: Report) -> str:
    """Return the lines of a violation as one text, for who prints in their own way."""
    return "\n".join(map(printable, lines(report, 100)))


def _story(scenario: Report, finding: Report, width: int) -> Iterator[str]:
    known = ", known" if finding["known"] else ""
    kind = f"{finding['oracle']} ({in_short(finding)}{known})"
    yield f"{kind} in {scenario['name']} by {finding['channel']}: {times(finding['count'])}"
    column = max(len(told["what"]) for told in finding["told"])
    for told in finding["told"]:
        # Without a heading of its own it is further evidence; the first is enough.
        if told["what"]:
            text = wrap(printable(told["text"]), max(width - column - 4, 20), break_on_hyphens=False) or [""]
            yield f"  {told['what']:<{column}}  {text[0]}"
            yield from (f"  {'':<{column}}  {more}" for more in text[1:])
    yield f"  {finding['reproduce_as']}"
    yield from (f"    {call}" for call in finding["reproduce"])
    yield f"  repeat: {finding['repeat']}"


def _further(same: list[tuple[Report, Report]], others: list[list[tuple[Report, Report]]]) -> str:
    """Return where the same kind of finding is, and what the other oracles found, the gravest first."""
    told = [_places(same)] if same else []
    by_oracle: dict[str, list[tuple[Report, Report]]] = {}
    for alike in others:
        one = alike[0][1]
        marks = [
            mark
            for mark, holds in (("critical", one["severity"] == Severity.CRITICAL), ("known", one["known"]))
            if holds
        ]
        told_as = f" ({', '.join(marks)})" if marks else ""
        by_oracle.setdefault(f"{one['oracle']}{told_as}", []).extend(alike)
    worst_first = sorted(by_oracle.items(), key=lambda one: one[1][0][1]["severity"] != Severity.CRITICAL)
    told += [f"{oracle} {_places(alike)}" for oracle, alike in worst_first[:_ORACLES]]
    further = len(by_oracle) - _ORACLES
    if further > 0:
        told.append(f"findings by {further} more oracle{'s' if further > 1 else ''}")
    return "; ".join(told)


def _places(found: list[tuple[Report, Report]]) -> str:
    names = list(dict.fromkeys(scenario["name"] for scenario, _ in found))
    rest = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"in {', '.join(names[:_NAMED])}{rest}"
