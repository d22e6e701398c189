"""A report as Markdown, for a pull request: the verdict, how much was exercised, and each finding with its calls."""

import re
from collections.abc import Iterator

from ..base.wording import printable
from ..model.findings import Verdict
from .reading import (
    Report,
    accepted,
    by_verdict,
    cause_of,
    cautions,
    counted,
    in_short,
    kinds,
    open_questions,
    told_of,
)
from .story import times
from .unasked import DOUBT, asked, lines

# So many causes a reviewer reads; others are folded.
_OPEN = 3


def render(report: Report) -> str:
    """Return the text of the file."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield f"## memfence: {report['said']}"
    yield ""
    yield f"{_code(report['title'])}"
    if report["verdict"] == Verdict.HELD and not report["unasked"]["thorough"]:
        yield f"\n**{DOUBT}**; see {_code(asked(report['target'], report['settings']))}"
    yield from (f"\n**{printable(one['plainly'])}**" for _, one in counted(report)[:1] if not one["known"])
    if report["baseline"] is not None:
        yield ""
        yield f"**{accepted(report)}**"
        yield from (f"- vanished: {_code(one)}" for one in report["baseline"]["vanished"])
        yield from (f"- the baseline also holds findings in {_code(one)}" for one in report["baseline"]["elsewhere"])
    yield ""
    yield from _exercised(report)
    found = kinds(report)
    for alike in found[:_OPEN]:
        yield from _finding(report, alike)
    if found[_OPEN:]:
        yield "<details>"
        yield f"<summary>{len(found) - _OPEN} further causes</summary>"
        yield ""
        for alike in found[_OPEN:]:
            yield from _finding(report, alike)
        yield from ("</details>", "")
    reasons = [f"- {_code(where)}: {_code(why)}" for where, why in open_questions(report)]
    if reasons:
        yield "### Left open"
        yield ""
        yield from [*reasons, ""]
    tried, *gaps = [*lines(report["unasked"], None)] or [""]
    if gaps:
        yield "### Not tried"
        yield ""
        yield from (f"{tried}:", "", *(f"- {one}" for one in gaps), "")
    for caution in (*cautions(report), *(f"note: {note}" for note in report["notes"])):
        yield f"- {_code(caution)}"
    yield ""
    yield f"Repeat: {_code(report['repeat'])}"
    yield ""


def _exercised(report: Report) -> Iterator[str]:
    scenarios = ", ".join(f"{len(names)} {verdict}" for verdict, names in by_verdict(report).items())
    yield f"- scenarios: {scenarios or 'none'}"
    for verdict in (*reversed(Verdict), "not exercised"):
        names = [name for name, said in report["channels"].items() if said == verdict]
        if names:
            yield f"- channels {verdict}: {', '.join(names)}"
    yield f"- {report['bound']['said']}"
    yield ""


def _finding(report: Report, alike: list[tuple[Report, Report]]) -> Iterator[str]:
    """Yield findings of one cause: the first with its calls, what mends it, and of the others where they are."""
    scenario, finding = alike[0]
    cause = cause_of(report, finding)
    known = ", known, accepted by baseline" if finding["known"] else ""
    yield f"### {cause['name'] if cause['said'] else finding['oracle']} ({in_short(finding)}){known}"
    yield ""
    if cause["said"]:
        yield from (cause["said"], "")
    where = f"`{finding['oracle']}` in `{scenario['name']}`" if cause["said"] else f"In `{scenario['name']}`"
    yield f"{where} by `{finding['channel']}`, {times(finding['count'])}:"
    yield ""
    width = max(len(told["what"]) for told in finding["told"])
    yield from _block([f"{told['what']:<{width}}  {told['text']}" for told in finding["told"]], "text")
    if finding["location"]:
        yield f"Your code: {_code('{file}:{line}'.format(**finding['location']))}"
        yield ""
    yield f"{finding['reproduce_as'][0].upper()}{finding['reproduce_as'][1:]}:"
    yield ""
    is_shell = any("curl -s" in line for line in finding["reproduce"])
    yield from _block(finding["reproduce"], "sh" if is_shell else "python")
    if finding["repeat"] != report["repeat"]:
        yield f"Repeat: {_code(finding['repeat'])}"
        yield ""
    advice = report["oracles"].get(finding["oracle"], {"advice": []})["advice"]
    if advice:
        yield from (" ".join(advice), "")
    if cause["mend"]:
        yield from ("Mend:", "")
        yield from _block(cause["mend"], "python")
    if cause["ids"]:
        yield f"Ids that did it: {', '.join(map(_code, cause['ids']))}."
        yield ""
    yield from _places(alike)


def _places(alike: list[tuple[Report, Report]]) -> Iterator[str]:
    by_scenario: dict[str, list[tuple[Report, Report]]] = {}
    for pair in alike[1:]:
        by_scenario.setdefault(pair[0]["name"], []).append(pair)
    if by_scenario:
        yield from ("Also in:", "", *(f"- `{name}`: {told_of(found)}" for name, found in by_scenario.items()), "")


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
