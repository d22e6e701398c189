"""What was found and leaves the verdict alone: deleted text that nothing serves, and what only a time tells."""

from collections.abc import Iterator

from ..model.findings import FindingClass, FindingGroup, Verdict
from ..model.results import CampaignResult
from . import story
from .plainly import plainly

# So many places that hold deleted text are named.
_PLACES = 3


def spared(result: CampaignResult) -> Iterator[str]:
    """Yield it as sentences, with the option that makes it fail."""
    yield from _residue(result)
    for group in _of(result, FindingClass.TIMING):
        told = plainly(group.example)
        yield f"{told[:1].upper()}{told[1:]}: {group.example.evidence[0]}. `--fail-on timing` makes this fail."


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
