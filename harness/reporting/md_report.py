"""A report as Markdown, for a pull request: the verdict, how much was exercised, and each finding with its calls."""

import re
from collections.abc import Iterator

from ..channels import Channel
from ..findings import Verdict
from ..wording import printable
from .reading import Report, accepted, by_verdict, cautions, counted, open_questions

# What a reviewer reads; the rest is folded, and beyond that counted.
_OPEN, _FOLDED = 3, 30


def render(report: Report) -> str:
    """Return the text of the file."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield f"## memfence: {report['said']}"
    yield ""
    yield f"{_code(report['title'])}"
    if report["baseline"] is not None:
        yield ""
        yield f"**{accepted(report)}**"
        yield from (f"- vanished: {_code(one)}" for one in report["baseline"]["vanished"])
    yield ""
    yield from _exercised(report)
    found = counted(report)
    for scenario, finding in found[:_OPEN]:
        yield from _finding(scenario, finding)
    if found[_OPEN:]:
        yield from _folded(f"{len(found) - _OPEN} further findings", _further(found[_OPEN:]))
    reasons = [f"- {_code(where)}: {_code(why)}" for where, why in open_questions(report)]
    if reasons:
        yield "### Left open"
        yield ""
        yield from [*reasons, ""]
    for caution in cautions(report):
        yield f"- {_code(caution)}"
    yield f"Repeat: {_code(report['repeat'])}"
    yield ""


def _exercised(report: Report) -> Iterator[str]:
    scenarios = ", ".join(f"{len(names)} {verdict}" for verdict, names in by_verdict(report).items())
    yield f"- scenarios: {scenarios or 'none'}"
    for verdict in (*reversed(Verdict), "not exercised"):
        names = [name for name in Channel if report["channels"][name] == verdict]
        if names:
            yield f"- channels {verdict}: {', '.join(names)}"
    yield f"- {report['bound']['said']}"
    yield ""


def _finding(scenario: Report, finding: Report) -> Iterator[str]:
    known = " (known, accepted by baseline)" if finding["known"] else ""
    yield f"### {finding['oracle']} by {finding['channel']} in {scenario['name']}{known}"
    yield ""
    yield f"{_short(finding)}: {_times(finding['count'])}"
    yield ""
    yield from _block([f"{told['what']:<18}  {told['text']}" for told in finding["told"]], "text")
    yield "Reproduce, in short:"
    yield ""
    yield from _block(finding["reproduce"], "python")
    yield f"Repeat: {_code(finding['repeat'])}"
    yield ""


def _further(found: list[tuple[Report, Report]]) -> Iterator[str]:
    for scenario, one in found[:_FOLDED]:
        known = ", known" if one["known"] else ""
        where = f"{one['oracle']} by {one['channel']} in {scenario['name']}"
        yield f"- {where} ({_short(one)}): {_times(one['count'])}{known}"
    if found[_FOLDED:]:
        yield f"- and {len(found) - _FOLDED} more: see the JSON report"


def _folded(title: str, lines: Iterator[str]) -> Iterator[str]:
    yield from ("<details>", f"<summary>{title}</summary>", "", *lines, "", "</details>", "")


def _block(lines: list[str], language: str) -> Iterator[str]:
    """Yield the lines in a fence that nothing in them ends."""
    shown = [printable(line).rstrip() for line in lines]
    longest = max((len(run) for line in shown for run in re.findall("`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    yield from (f"{fence}{language}", *shown, fence, "")


def _code(text: str) -> str:
    """Return the text as code: markup in it is inert."""
    shown = printable(text)
    tick = "`" * (max((len(run) for run in re.findall("`+", shown)), default=0) + 1)
    pad = " " if "`" in shown else ""
    return f"{tick}{pad}{shown}{pad}{tick}"


def _short(finding: Report) -> str:
    cwe = "" if finding["cwe"] is None else f", CWE-{finding['cwe']}"
    return f"{finding['class']}, {finding['severity']}{cwe}"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
