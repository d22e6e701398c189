"""The report as plain lines, for those who print in their own way: a failing test's text, and a summary."""

from collections.abc import Iterator
from dataclasses import replace

from ..base.wording import printable
from ..model.causes import BY_NAME
from ..model.findings import FindingGroup, Verdict
from ..model.reasons import Reason
from ..model.results import CampaignResult
from ..model.scenario_results import ScenarioResult
from . import story, unasked
from .hints import losses


def failure_text(result: CampaignResult) -> str:
    """Return why a campaign did not hold: the first finding's story, or what leaves the question open."""
    lines = _violated(result) if result.verdict is Verdict.VIOLATED else _inconclusive(result)
    return "\n".join(map(printable, lines))


def summary(result: CampaignResult) -> list[str]:
    """Return what was found in short: findings, what is inconclusive or was not exercised, and how much that says."""
    lines = [story.in_short(scenario, groups) for scenario, groups in _counted(result)]
    tried = replace(result, scenarios=[one for one in result.scenarios if one.not_exercised is None])
    lines += [f"{', '.join(names)}: {reason}" for reason, names in story.reasons(tried).items()]
    lines += [f"warning: {warning}" for warning in result.warnings]
    if result.left_behind:
        lines.append(
            f"left behind: {result.left_behind} records of tenants named {result.tenant_prefix}*: they could not be "
            "deleted by id"
        )
    if result.interrupted:
        lines.append(": ".join(Reason.SO_FAR.parted(result.what)))
    lines += story.left_open(result)
    lines.append(story.bound(result))
    lines += [*unasked.lines(unasked.unasked(result)), *unasked.doubt(result)]
    return list(map(printable, lines))


def verdict_line(result: CampaignResult) -> str:
    """Return the last line: `HELD on 3 of 11 channels (seed 42)`."""
    return "".join(story.verdict(result))


def _violated(result: CampaignResult) -> Iterator[str]:
    told = result.told
    if not told:
        return
    cause, found = told[0]
    scenario, group = found[0]
    yield story.headline(scenario, group)
    known = BY_NAME.get(cause)
    if known:
        yield f"  {known.said}"
    paragraphs = list(story.paragraphs(group))
    width = max(len(what) for what, _ in paragraphs)
    for what, text in paragraphs:
        yield f"  {what:<{width}}  {text}"
    place = result.place(group.example)
    if place:
        yield f"  your code: {place.file}:{place.line}"
    yield f"  {story.reproducing(group)}"
    for call in story.calls(result, group):
        yield f"    {call}"
    if known:
        yield "  mend"
        yield from (f"    {line}" for line in known.mending(result.what))
    yield "  repeat"
    yield f"    {story.repeat(result, scenario)}"
    for other, groups in _counted(result):
        further = [one for one in groups if one is not group]
        if further:
            yield f"also in {story.in_short(other, further)}"
    yield from filter(None, map(story.by_id, result.scenarios))


def _inconclusive(result: CampaignResult) -> Iterator[str]:
    for reason, names in story.reasons(result).items():
        yield f"{', '.join(names)}: {reason}"
    for scenario, groups in _counted(result):
        yield story.in_short(scenario, groups)
    yield from story.left_open(result)
    yield from (f"note: {hint}" for hint in losses(result))
    yield f"repeat: {result.repeat}"


def _counted(result: CampaignResult) -> Iterator[tuple[ScenarioResult, list[FindingGroup]]]:
    """Yield each scenario that has findings that count, with these, the one to tell first at the head."""
    found: dict[int, tuple[ScenarioResult, list[FindingGroup]]] = {}
    for scenario, group in (pair for _, pairs in result.told for pair in pairs):
        if group.example.verdict is not Verdict.HELD:
            found.setdefault(id(scenario), (scenario, []))[1].append(group)
    yield from found.values()
