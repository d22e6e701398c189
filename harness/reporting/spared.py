"""What was found and leaves the verdict alone: deleted text that nothing serves, what a time tells, loose fields."""

from collections.abc import Iterator

from ..model.findings import FindingClass, FindingGroup, Verdict
from ..model.results import CampaignResult
from . import story
from .plainly import plainly

_EXPOSED = {
    "cacheable": "Answers that show a user's own say nothing to caches",
    "cross_origin": "Answers that show a user's own allow any origin",
}
# So many places that hold deleted text are named.
_PLACES = 3


def spared(result: CampaignResult) -> Iterator[str]:
    """Yield it as sentences, with the option that makes it fail."""
    yield from _residue(result)
    for group in _of(result, FindingClass.TIMING):
        told = plainly(group.example)
        yield f"{told[:1].upper()}{told[1:]}: {group.example.evidence[0]}. `--fail-on timing` makes this fail."
    yield from _exposure(result)


def _exposure(result: CampaignResult) -> Iterator[str]:
    """Yield one sentence for each oracle, however many channels it spoke of."""
    told: dict[str, list[FindingGroup]] = {}
    for group in _of(result, FindingClass.EXPOSURE):
        told.setdefault(group.example.oracle, []).append(group)
    for oracle, groups in told.items():
        ways = ", ".join(dict.fromkeys(str(group.example.channel) for group in groups))
        count = story.times(sum(group.count for group in groups))
        why = groups[0].example.evidence[-1]
        yield f"{_EXPOSED[oracle]} ({ways}; {count}): {why}. `--fail-on exposure` makes this fail."


def _residue(result: CampaignResult) -> Iterator[str]:
    places: dict[str, int] = {}
    for group in _of(result, FindingClass.RESIDUE):
        place = group.example.evidence[-1].rpartition("it lies in: ")[2]
        places[place] = places.get(place, 0) + group.count
    if places:
        most = sorted(places, key=lambda place: -places[place])[:_PLACES]
        rest = f" and {len(places) - len(most)} more places" if places.keys() - set(most) else ""
        yield (
            f"Deleted text is still in {', '.join(most)}{rest} ({story.times(sum(places.values()))}). "
            "No call returns it. `--fail-on residue` makes this fail."
        )


def _of(result: CampaignResult, klass: FindingClass) -> Iterator[FindingGroup]:
    """Yield the findings of a class that the verdict does not count."""
    for scenario in result.scenarios:
        for group in scenario.findings:
            if group.example.verdict is Verdict.HELD and group.example.klass is klass:
                yield group
