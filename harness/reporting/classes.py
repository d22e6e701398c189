"""Which classes of attack a campaign tried, and which, by name, it did not."""

from collections.abc import Iterator, Mapping
from typing import Any

from ..model import credentials
from ..model.results import CampaignResult
from ..plans import hostile_keys
from ..plans.attack_classes import ATTACK_CLASSES

_OF_MEMORIES = ("scope: ", "client: ", "filter: ", "key: ", "question: ", "timing: ")
# So many names a terminal shows.
_NAMED = 4


def classes(result: CampaignResult) -> dict[str, Any]:
    """Return as plain values the classes that were `tried`, each with what became of its probes, and those `not_tried`.

    A class outside the catalogue, as of a scope key that was learnt, was tried all the same.
    """
    tried = result.attacks
    return {
        "tried": [
            {
                "name": name,
                "said": ATTACK_CLASSES.get(name, ""),
                "probes": tally.probes,
                "returned": tally.returned,
                "refused": tally.refused,
                "crashed": tally.crashed,
            }
            for name, tally in sorted(tried.items())
        ],
        "not_tried": [
            {"name": name, "said": said}
            for name, said in ATTACK_CLASSES.items()
            if name not in tried and _fits(name, result)
        ],
    }


def _fits(name: str, result: CampaignResult) -> bool:
    """Tell whether a class is for targets of this kind."""
    if name in credentials.CLASSES and not result.sessions:
        return False
    if result.keys:
        return name in hostile_keys.CLASSES or not name.startswith(_OF_MEMORIES)
    return name not in hostile_keys.CLASSES


def lines(told: Mapping[str, Any], *, every: bool = False) -> Iterator[str]:
    """Yield it as sentences; of those not tried a few by name, or `every` one."""
    tried, left = told["tried"], [one["name"] for one in told["not_tried"]]
    if not tried:
        return
    refused = sum(one["refused"] == one["probes"] for one in tried)
    always = f", {refused} of them refused each time" if refused else ""
    yield f"classes of attack: {len(tried)} of {len(tried) + len(left)} were tried{always}"
    broken = [one["name"] for one in tried if one["crashed"] == one["probes"]]
    if broken:
        yield f"crashed each time, so nothing is known of them: {'; '.join(broken)}"
    shown = left if every else left[:_NAMED]
    more = f" and {len(left) - len(shown)} more (--verbose)" if len(left) > len(shown) else ""
    if left:
        yield f"not tried: {'; '.join(shown)}{more}"
