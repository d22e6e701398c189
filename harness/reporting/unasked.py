"""What an audit did not ask: how many attacks were tried, and what lets the others be tried."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from ..campaigns.settings import HISTORIES
from ..model.channels import Channel
from ..model.findings import Verdict
from ..model.gaps import Gap
from ..model.results import CampaignResult
from .classes import classes
from .classes import lines as of_classes

Unasked: TypeAlias = Mapping[str, Any]
# So many ways out a terminal shows, and so many attacks by name in each.
MOST = 6
_NAMED = 3
_NOT_CALLED = (
    "memfence knows no methods of that name, so what they show is not judged. Give them as `search`, `get_all` or "
    "another known name (memfence guide applications)"
)
_OF_KEYS = (
    'memfence calls `put` only where callers choose the keys. Where they do, let the target say `keys = "flat"`, or '
    "call `make_memory` `make_resource` (memfence guide resources)"
)
DOUBT = "held only where it was tried: too much was left out for a green light"


def not_called(names: Sequence[str]) -> str:
    """Return the public methods of a memory that nothing calls, and what to do about them."""
    return f"{', '.join(names)}: {_OF_KEYS if Channel.PUT in names else _NOT_CALLED}"


def unasked(result: CampaignResult) -> dict[str, Any]:
    """Return as plain values how many attacks were `tried`, by which channels, of which classes, and the `gaps`.

    The gravest gap is the first: what wants a permission alone, then what would write to others' records, then what
    holds up most.
    """
    attacks = [scenario for scenario in result.scenarios if scenario.name != HISTORIES]
    left = [scenario for scenario in attacks if scenario.not_exercised is not None]
    alike: dict[str, dict[str, Any]] = {}
    for scenario in left:
        gap = scenario.gap or Gap()
        told = alike.setdefault(
            gap.way_out or str(scenario.not_exercised),
            {"attacks": [], "because": scenario.not_exercised, "unpermitted": gap.unpermitted, "destructive": False},
        )
        told["attacks"].append(scenario.name)
        told["destructive"] |= gap.destructive
    gaps = [{**told, "way_out": way_out} for way_out, told in alike.items()]
    return {
        "thorough": result.thorough,
        "attacks": len(attacks),
        "tried": len(attacks) - len(left),
        "by": [channel.value for channel in result.channels],
        "classes": classes(result),
        "gaps": sorted(gaps, key=lambda one: (not one["unpermitted"], not one["destructive"], -len(one["attacks"]))),
    }


def lines(told: Unasked, most: int | None = MOST) -> Iterator[str]:
    """Yield it as sentences; of more than `most` gaps the rest is counted. Nothing for what tried no attack by name."""
    if not told["attacks"]:
        return
    by = f", by {', '.join(told['by'])}" if told["by"] else ""
    yield f"tried: {told['tried']} of {told['attacks']} attacks{by}"
    yield from of_classes(told["classes"], every=most is None)
    shown = told["gaps"][:most]
    yield from map(sentence, shown)
    rest = sum(len(gap["attacks"]) for gap in told["gaps"][len(shown) :])
    if rest:
        yield f"and {rest} more {'was' if rest == 1 else 'were'} not judged: --verbose"


def in_short(told: Unasked) -> Iterator[str]:
    """Yield what was left out for want of a permission: the gravest gap."""
    yield from (sentence(gap) for gap in told["gaps"][:1] if gap["unpermitted"])


def sentence(gap: Mapping[str, Any]) -> str:
    """Return what was not judged and what to do: `crowded store was not judged: give the target `load``."""
    return f"{few(gap['attacks'])} {'was' if len(gap['attacks']) == 1 else 'were'} not judged: {gap['way_out']}"


def few(attacks: Sequence[str]) -> str:
    """Return attacks by name, of many the first and how many more: `crowded store, erasure, list all and 2 more`."""
    names = [name.replace("_", " ") for name in attacks]
    rest = len(names) - _NAMED
    if rest > 0:
        return f"{', '.join(names[:_NAMED])} and {rest} more"
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def doubt(result: CampaignResult) -> list[str]:
    """Return why what held is no green light, and who says more; nothing where most of what could be asked was."""
    return (
        [f"{DOUBT}; see {asked(result.target, result.settings)}"]
        if result.verdict is Verdict.HELD and not result.thorough
        else []
    )


def asked(target: str, settings: Mapping[str, Any]) -> str:
    """Return the command that says what a target lacks, an application by its file and where it is."""
    said = [word for name in ("app", "asgi") if settings.get(name) for word in (f"--{name}", str(settings[name]))]
    return shlex.join(["memfence", "doctor", *(() if target == settings.get("asgi") else (target,)), *said])
