"""A violation on one screen: the finding to look at first, and how far it goes; `--verbose` has the rest."""

from collections.abc import Iterator
from textwrap import wrap

from ..findings import Verdict
from ..wording import printable
from .reading import Report, accepted, by_verdict, cautions, counted, open_questions

# So many lines of findings of other kinds, and names in a list.
_KINDS, _NAMED = 4, 3


def lines(report: Report, width: int) -> Iterator[str]:
    """Yield the lines but for the last, which is the verdict's; those to copy are not wrapped, and may be longer."""
    yield report["title"]
    found = counted(report)
    yield from _story(*found[0], width)
    yield from _further(found[1:], found[0])
    for verdict, names in by_verdict(report).items():
        yield f"{len(names)} of {len(report['scenarios'])} scenarios {verdict}{_named(verdict, names)}"
    for where, why in open_questions(report):
        if where == "interrupted" or where.startswith("required"):
            yield f"{where}: {why}"
    yield from cautions(report)
    yield report["bound"]["said"]
    if report["baseline"] is not None:
        yield f"baseline: {accepted(report)}"
        yield from (f"vanished: {one}" for one in report["baseline"]["vanished"])


def _story(scenario: Report, finding: Report, width: int) -> Iterator[str]:
    known = " (known, accepted by baseline)" if finding["known"] else ""
    yield f"{_short(finding)} in {scenario['name']} by {finding['channel']}: {_times(finding['count'])}{known}"
    column = max(len(told["what"]) for told in finding["told"])
    for told in finding["told"]:
        text = wrap(printable(told["text"]), max(width - column - 4, 20)) or [""]
        yield f"  {told['what']:<{column}}  {text[0]}"
        yield from (f"  {'':<{column}}  {more}" for more in text[1:])
    yield "  reproduce, in short"
    yield from (f"    {call}" for call in finding["reproduce"])
    yield "  repeat"
    yield f"    {finding['repeat']}"


def _further(found: list[tuple[Report, Report]], told: tuple[Report, Report]) -> Iterator[str]:
    """Yield one line for each kind of further finding, the gravest first as they come."""
    kinds: dict[str, list[tuple[Report, Report]]] = {}
    for pair in found:
        kinds.setdefault(_short(pair[1]) + (", known" if pair[1]["known"] else ""), []).append(pair)
    for kind, pairs in list(kinds.items())[:_KINDS]:
        names = list(dict.fromkeys(scenario["name"] for scenario, _ in pairs))
        others = [name for name in names if name != told[0]["name"]] or names
        yield f"also {kind}: in {_several(others)}"
    if len(kinds) > _KINDS:
        yield f"also {len(kinds) - _KINDS} further kinds of finding"


def _named(verdict: str, names: list[str]) -> str:
    return f": {_several(names)}" if verdict == Verdict.INCONCLUSIVE else ""


def _several(names: list[str]) -> str:
    rest = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + rest


def _short(finding: Report) -> str:
    cwe = "" if finding["cwe"] is None else f", CWE-{finding['cwe']}"
    return f"{finding['oracle']} ({finding['class']}, {finding['severity']}{cwe})"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
