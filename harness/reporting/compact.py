"""A violation on one screen: the finding to look at first, and how far it goes; `--verbose` has the rest."""

from collections.abc import Iterator
from textwrap import wrap

from ..base.wording import printable
from ..model.findings import Verdict
from ..model.pairs import Fate
from . import unasked
from .reading import (
    Report,
    against_baseline,
    by_verdict,
    cause_of,
    cautions,
    counted,
    in_short,
    kinds,
    open_questions,
    told_of,
    worst,
)
from .story import times

# Of more violated scenarios than these it is told by cause.
_SCENARIOS = 12


def lines(report: Report, width: int) -> Iterator[str]:
    """Yield the lines but for the last, which is the verdict's; those to copy are not wrapped, and may be longer."""
    yield f"memfence {report['command']} of {report['audited']}"
    yield from _story(report, *counted(report)[0], width)
    yield from _violated(report, width)
    counts = [f"{len(names)} {verdict}" for verdict, names in by_verdict(report).items()]
    yield f"scenarios: {', '.join(counts)} (--verbose has them all)"
    is_new = any(pair[1]["verdict"] == Verdict.VIOLATED and not pair[1]["known"] for pair in counted(report))
    scenarios = {one["name"] for one in report["scenarios"]}
    for where, why in open_questions(report):
        # What a scenario left open beside a violation, --verbose has; where all else is accepted it is what is left.
        if not is_new or where.partition(",")[0].partition(" ")[0] not in scenarios:
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


def _story(report: Report, scenario: Report, finding: Report, width: int) -> Iterator[str]:
    known = ", known" if finding["known"] else ""
    kind = f"{finding['oracle']} ({in_short(finding)}{known})"
    yield f"{kind} in {scenario['name']} by {finding['channel']}: {times(finding['count'])}"
    cause = cause_of(report, finding)
    yield from wrap(cause["said"], width, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)
    column = max(len(told["what"]) for told in finding["told"])
    for told in finding["told"]:
        said = wrap(printable(told["text"]), max(width - column - 4, 20), break_on_hyphens=False) or [""]
        yield f"  {told['what']:<{column}}  {said[0]}"
        yield from (f"  {'':<{column}}  {more}" for more in said[1:])
    if finding["location"]:
        yield f"  your code: {finding['location']['file']}:{finding['location']['line']}"
    yield f"  {finding['reproduce_as']}"
    yield from (f"    {call}" for call in finding["reproduce"])
    if cause["mend"]:
        yield "  mend"
        yield from (f"    {line}" for line in cause["mend"])
    yield f"  repeat: {finding['repeat']}"


def _violated(report: Report, width: int) -> Iterator[str]:
    """Yield a line for each scenario in which something was found or, where these are many, for each cause."""
    found = counted(report)
    by_scenario: dict[str, list[tuple[Report, Report]]] = {}
    for scenario, finding in found:
        by_scenario.setdefault(scenario["name"], []).append((scenario, finding))
    if len(found) == 1:
        return
    if len(by_scenario) > _SCENARIOS:
        told = [_cause(report, alike) for alike in kinds(report)]
    else:
        told = [f"{name}: {told_of(one)}{_ids(one[0][0])}" for name, one in by_scenario.items()]
    where = "1 scenario" if len(by_scenario) == 1 else f"{len(by_scenario)} scenarios"
    yield f"found in {where}, in the order to mend them:"
    for line in told:
        yield from wrap(printable(line), width, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)


def _ids(scenario: Report) -> str:
    """Return the hostile ids that did it, where any did."""
    bad = {str(Fate.LEAKED), str(Fate.DESTROYED)}
    shapes = [shape for shape, fates in scenario["ids"].items() if bad & fates.keys()]
    return f"; ids: {', '.join(shapes)}" if shapes else ""


def _cause(report: Report, alike: list[tuple[Report, Report]]) -> str:
    first = alike[0][1]
    oracles = ", ".join(dict.fromkeys(finding["oracle"] for _, finding in alike))
    scenarios = ", ".join(dict.fromkeys(scenario["name"] for scenario, _ in alike))
    known = ", known" if first["known"] else ""
    open_ = "" if first["verdict"] == Verdict.VIOLATED else ", left open"
    cause = cause_of(report, first)
    by = f" ({oracles})" if cause["said"] else ""
    ids = f"; ids: {', '.join(cause['ids'])}" if cause["ids"] else ""
    return f"{cause['name']}, {worst(alike)}{known}{open_}{by}: {scenarios}{ids}"
