"""A report as JUnit's XML: a case for each scenario and channel.

A failure was violated, an error is inconclusive; skipped is what was not exercised, or what a baseline accepts.
"""

from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from ..base.wording import printable
from ..model.audited import Audited
from ..model.findings import Verdict
from ..model.reasons import Reason
from .reading import Report, accepted

_COUNTED = ("failure", "error", "skipped")


def render(report: Report) -> str:
    """Return the text of the file."""
    cases = list(_cases(report))
    counts = {"tests": len(cases)} | {
        name if name == "skipped" else f"{name}s": sum(case.find(name) is not None for case in cases)
        for name in _COUNTED
    }
    numbers = {name: str(count) for name, count in counts.items()} | {"time": str(report["times"]["seconds"])}
    suites = Element("testsuites", {"name": "memfence", **numbers})
    suite = SubElement(suites, "testsuite", {"name": _text(report["title"]), **numbers})
    properties = SubElement(suite, "properties")
    for name in ("verdict", "said", "repeat", "seed"):
        SubElement(properties, "property", name=name, value=_text(report[name]))
    if report["baseline"] is not None:
        SubElement(properties, "property", name="baseline", value=accepted(report))
    suite.extend(cases)
    indent(suites)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(suites, encoding="unicode")}\n'


def _cases(report: Report) -> Iterator[Element]:
    for scenario in report["scenarios"]:
        if scenario["not_exercised"] is not None:
            case = _case(report, scenario["name"], scenario["name"])
            SubElement(case, "skipped", message=_text(f"not exercised: {scenario['not_exercised']}"))
            yield case
            continue
        for channel, told in scenario["channels"].items():
            yield _judged(report, scenario, channel, told["verdict"])
        if not scenario["channels"]:
            yield _judged(report, scenario, scenario["name"], scenario["verdict"])
    for channel in report["required_not_exercised"]:
        told = Reason.NOT_JUDGED.told(channels=channel)
        yield _open(
            _case(report, "required", channel), [told, told.todo_for(Audited(report.get("what", Audited.MEMORY)))]
        )
    if report["interrupted"]:
        yield _open(_case(report, "interrupted", "interrupted"), [Reason.SO_FAR.told()])


def _judged(report: Report, scenario: Report, channel: str, verdict: str) -> Element:
    case = _case(report, scenario["name"], channel)
    violations = [
        one for one in scenario["findings"] if one["channel"] == channel and one["verdict"] == Verdict.VIOLATED
    ]
    # Where a canary that was never planted was found, its findings are not trusted.
    if scenario["verdict"] == Verdict.VIOLATED and violations:
        new = [one for one in violations if not one["known"]]
        if new:
            failure = SubElement(case, "failure", type=new[0]["oracle"], message=_text(new[0]["headline"]))
            failure.text = _text_of(new)
        else:
            names = ", ".join(one["headline"] for one in violations)
            SubElement(case, "skipped", message=_text(f"known, accepted by baseline: {names}"))
    elif verdict != Verdict.HELD:
        todo = filter(None, [scenario["to_do"]])
        return _open(case, [*(scenario["inconclusive_because"] or [Reason.UNANSWERED.told()]), *todo])
    return case


def _case(report: Report, scenario: str, channel: str) -> Element:
    return Element("testcase", classname=_text(f"memfence.{report['target']}.{scenario}"), name=channel)


def _open(case: Element, reasons: Iterable[str]) -> Element:
    error = SubElement(case, "error", type="inconclusive", message="inconclusive")
    error.text = "\n".join(map(_text, reasons))
    return case


def _text_of(findings: Iterable[Report]) -> str:
    lines: list[str] = []
    for one in findings:
        lines += [one["headline"], *(f"  {told['what']:<18}  {told['text']}" for told in one["told"])]
        lines += [
            f"  {one['reproduce_as']}",
            *(f"    {call}" for call in one["reproduce"]),
            f"  repeat: {one['repeat']}",
        ]
    return "\n".join(map(_text, lines))


def _text(value: object) -> str:
    """Return a text as XML may hold it: not every character, not even as an escape."""
    return printable(str(value))
