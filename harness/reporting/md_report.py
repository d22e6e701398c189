"""A report as Markdown, for a pull request: the verdict, how much was exercised, and each finding with its calls."""

import re
from collections.abc import Iterator

from ..base.wording import printable
from ..model.channels import Channel
from ..model.findings import Verdict
from .reading import Report, accepted, by_verdict, cautions, counted, in_short, kinds, open_questions, plainly, times
from .unasked import DOUBT, lines

# So many kinds of finding a reviewer reads, and so many places of each; other kinds are folded.
_OPEN, _PLACES = 3, 12


def render(report: Report) -> str:
    """Return the text of the file."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield f"## memfence: {report['said']}"
    yield ""
    yield f"{_code(report['title'])}"
    if report["verdict"] == Verdict.HELD and not report["unasked"]["thorough"]:
        yield f"\n**{DOUBT}**"
    yield from (f"\n**{plainly(one)}**" for _, one in counted(report)[:1] if not one["known"])
    if report["baseline"] is not None:
        yield ""
        yield f"**{accepted(report)}**"
        yield from (f"- vanished: {_code(one)}" for one in report["baseline"]["vanished"])
        yield from (
            f"- also made of {_code(one)}, of which this says nothing" for one in report["baseline"]["elsewhere"]
        )
    yield ""
    yield from _exercised(report)
    found = kinds(report)
    for alike in found[:_OPEN]:
        yield from _finding(alike, report["repeat"])
    if found[_OPEN:]:
        yield "<details>"
        yield f"<summary>{len(found) - _OPEN} further kinds of finding</summary>"
        yield ""
        for alike in found[_OPEN:]:
            yield from _finding(alike, report["repeat"])
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
        names = [name for name in Channel if report["channels"][name] == verdict]
        if names:
            yield f"- channels {verdict}: {', '.join(names)}"
    yield f"- {report['bound']['said']}"
    yield ""


def _finding(alike: list[tuple[Report, Report]], whole: str) -> Iterator[str]:
    """Yield findings of one kind: the first with its calls, of the others where they are.

    `whole` is the command of the whole campaign, which stands at the end.
    """
    (scenario, finding), *others = alike
    known = ", known, accepted by baseline" if finding["known"] else ""
    yield f"### {finding['oracle']} ({in_short(finding)}){known}"
    yield ""
    yield f"In `{scenario['name']}` by `{finding['channel']}`, {times(finding['count'])}:"
    yield ""
    width = max(len(told["what"]) for told in finding["told"])
    yield from _block([f"{told['what']:<{width}}  {told['text']}" for told in finding["told"]], "text")
    yield f"{finding['reproduce_as'][0].upper()}{finding['reproduce_as'][1:]}:"
    yield ""
    yield from _block(finding["reproduce"], "python")
    if finding["repeat"] != whole:
        yield f"Repeat: {_code(finding['repeat'])}"
        yield ""
    places: dict[str, list[str]] = {}
    for where, one in others:
        places.setdefault(where["name"], []).append(one["channel"])
    if places:
        told = [f"`{name}` ({', '.join(channels)})" for name, channels in places.items()]
        rest = f" and {len(told) - _PLACES} more" if len(told) > _PLACES else ""
        yield f"Also in {', '.join(told[:_PLACES])}{rest}."
        yield ""


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
