"""The report as JSON: the source of all others. Everything in it but times is a function of target and seed."""

import json
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any

from ..base.locations import Location
from ..base.masking import masked_values
from ..base.wording import printable
from ..judging.oracles import Oracle
from ..model.audited import Audited
from ..model.causes import BY_NAME, Found, shapes
from ..model.findings import Finding, FindingGroup
from ..model.results import CampaignResult
from ..model.scenario_results import ScenarioResult
from ..model.statistics import CONFIDENCE, Bound
from ..model.tallies import Tally
from ..model.weaknesses import WEAKNESSES, weaknesses_of
from . import advice, story
from .hints import losses
from .picture import sightings
from .plainly import plainly
from .steps import steps
from .unasked import unasked

SCHEMA_VERSION = 3


def render(report: Mapping[str, Any]) -> str:
    """Return the report as the text of a file; ASCII, so that no text in it can break the encoding."""
    return json.dumps(report, indent=2) + "\n"


def as_json(result: CampaignResult, oracles: Iterable[Oracle] = ()) -> dict[str, Any]:
    """Return the report as plain values, secrets masked; times are in seconds. `oracles` are those that judged."""
    channels = result.channels
    told = result.told
    places = {id(group): place for place, group in enumerate((one for _, found in told for _, one in found), 1)}
    names = {id(group): cause for cause, found in told for _, group in found}
    report = {
        "schema_version": SCHEMA_VERSION,
        "command": "audit",
        "title": story.title(result),
        "verdict": result.verdict,
        "said": "".join(story.verdict(result)),
        "target": result.target,
        "audited": story.audited(result),
        "what": result.what,
        "location": _location(result.location),
        "seed": result.seed,
        "repeat": result.repeat,
        "settings": dict(result.settings),
        "versions": dict(result.versions),
        "interrupted": result.interrupted,
        "channels": {channel: channels.get(channel, "not exercised") for channel in result.all_channels},
        "probes": {channel: _tally(tally) for channel, tally in result.tallies.items()},
        "bounds": {channel: _bound(bound) for channel, bound in result.bounds.items()},
        "bound": {**_bound(result.bound), "said": story.bound(result)},
        "disposable_unsaid": result.unsaid,
        "required_not_exercised": list(result.missing),
        "unasked": unasked(result),
        "methods_missing": list(result.methods_missing),
        "warnings": list(result.warnings),
        "notes": [
            *story.foremost(result),
            *story.recall(result),
            *advice.notes(result),
            *result.notes,
            *losses(result),
        ],
        "foremost": story.foremost(result),
        "left_behind": result.left_behind,
        "tenant_prefix": result.tenant_prefix,
        "oracles": {
            one.name: {"meaning": one.meaning, "advice": list(one.advice), "cwes": list(weaknesses_of(one.name))}
            for one in oracles
        },
        "weaknesses": {str(number): name for number, name in WEAKNESSES.items()},
        "baseline": None,
        "causes": [_cause(cause, found, result.what) for cause, found in told],
        "scenarios": [_scenario(result, scenario, places, names) for scenario in result.scenarios],
        "sightings": sightings(result),
        "times": {
            "seconds": round(result.seconds, 3),
            "inside_target": round(result.inside, 3),
            "scenarios": {one.name: round(one.seconds, 3) for one in result.scenarios},
        },
    }
    return {key: masked_values(value) for key, value in report.items()}


def _cause(name: str, found: Sequence[Found], what: Audited) -> dict[str, object]:
    known = BY_NAME.get(name)
    return {
        "name": name,
        "said": known.said if known else "",
        "mend": list(known.mending(what)) if known else [],
        "ids": shapes(found) if known and known.of_ids else [],
    }


def _scenario(
    result: CampaignResult, scenario: ScenarioResult, places: Mapping[int, int], names: Mapping[int, str]
) -> dict[str, object]:
    control = scenario.control
    return {
        "name": scenario.name,
        "summary": scenario.summary,
        "verdict": scenario.verdict,
        "not_exercised": scenario.not_exercised,
        "inconclusive_because": scenario.reasons if scenario.not_exercised is None else [],
        "open_accepted": False,
        "to_do": next((one.todo_for(result.what) for one in scenario.reasons if scenario.not_exercised is None), ""),
        "operations": scenario.operations,
        "unattributed_records": scenario.unattributed,
        "replays": {"made": scenario.repeats.alone, "at_most": scenario.repeats.alone_at_most},
        "recall": {
            "looked_for": len(scenario.recall.looked_for),
            "found": len(scenario.recall.found),
            "codes": len(scenario.recall.codes),
            "names": len(scenario.recall.names),
        },
        "channels": {
            channel: {**_tally(scenario.tallies.get(channel, Tally())), "verdict": verdict}
            for channel, verdict in ({} if scenario.not_exercised else scenario.channels).items()
        },
        "ids": {
            shape: {str(fate): count for fate, count in sorted(fates.items())}
            for shape, fates in scenario.pairs.shapes.items()
        },
        "control": control
        and {
            "name": control.name,
            "caught_by": control.caught_by,
            "unplanted_canary_silent": control.negative_silent,
        },
        "findings": [
            {"cause": names[id(group)], "place": places[id(group)], **_group(result, scenario, group)}
            for group in sorted(scenario.findings, key=lambda one: places[id(one)])
        ],
    }


def _location(place: Location | None) -> dict[str, object] | None:
    return None if place is None else {"file": place.file, "line": place.line}


def _tally(tally: Tally) -> dict[str, int]:
    return {
        "probes": tally.probes,
        "returned": tally.returned,
        "refused": tally.refused,
        "crashed": tally.crashed,
        "refused_by_accident": tally.accidents,
        "distinct_pairs": len(tally.pairs),
    }


def _bound(bound: Bound) -> dict[str, object]:
    return {"pairs": bound.trials, "leaked": bound.failures, "rate_below": bound.limit, "confidence": CONFIDENCE}


def _group(result: CampaignResult, scenario: ScenarioResult, group: FindingGroup) -> dict[str, object]:
    told: Finding = group.example
    return {
        "fingerprint": fingerprint(result, scenario.name, told, group.family),
        "headline": story.headline(scenario, group),
        "oracle": told.oracle,
        "class": told.klass,
        "verdict": told.verdict,
        "known": False,
        "severity": told.severity,
        "cwe": scenario.weakness(group),
        "channel": told.channel,
        "family": group.family,
        "count": group.count,
        "observer": _plain(told.observer.id),
        "owner": _plain(told.owner.id),
        "plainly": plainly(told),
        "location": _location(result.place(told)),
        "ids": {"observer": told.observer.alias, "owner": told.owner.alias},
        "names": {"observer": told.observer.handle, "owner": told.owner.handle},
        "first_operation": group.earliest,
        "operation": told.step.index,
        "shown": told.shown,
        "evidence": list(told.evidence),
        "told": [{"what": what, "text": printable(text)} for what, text in story.paragraphs(group)],
        "story": steps(result, group),
        "reproduce": story.calls(result, group),
        "reproduce_as": story.reproducing(group),
        "played_again": group.retold
        and {
            "shown": not group.retold.why,
            "calls": len(group.retold.operations),
            "of": group.retold.whole,
            "why_not": group.retold.why or None,
        },
        "repeat": story.repeat(result, scenario),
    }


def fingerprint(result: CampaignResult, scenario: str, told: Finding, family: str = "") -> str:
    """Return what stays the same from seed to seed: the class of the finding and where it was, no id, text or count.

    A `family` of ids tells apart what generated histories found.
    """
    return fingerprint_in(story.audited(result), scenario, told, family)


def fingerprint_in(audited: str, scenario: str, told: Finding, family: str = "") -> str:
    """Return the same from what `story.audited` says of the result."""
    parts = (audited, scenario, told.oracle, told.klass, told.channel, *filter(None, (family,)))
    return sha256("\n".join(parts).encode("utf-8", "backslashreplace")).hexdigest()[:32]


def _plain(user_id: object) -> object:
    """Return an id as JSON has it; one that is an attack may be anything."""
    return user_id if isinstance(user_id, (str, int, float, bool, type(None))) else repr(user_id)
