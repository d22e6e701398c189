"""The report as JSON: the source of all others. Everything in it but times is a function of target and seed."""

import json
from pathlib import Path

from ..channels import Channel
from ..findings import Finding, FindingGroup
from ..results import CampaignResult, ScenarioResult
from ..statistics import CONFIDENCE, Bound
from ..tallies import Tally
from . import story
from .picture import sightings
from .steps import steps

SCHEMA_VERSION = 1


def write_json(result: CampaignResult, path: Path) -> None:
    """Write the report; raises OSError where the path cannot be written."""
    path.write_text(json.dumps(as_json(result), indent=2) + "\n", encoding="ascii")


def as_json(result: CampaignResult) -> dict[str, object]:
    """Return the report as plain values; times are in seconds."""
    channels = result.channels
    return {
        "schema_version": SCHEMA_VERSION,
        "verdict": result.verdict,
        "target": result.target,
        "seed": result.seed,
        "repeat": result.repeat,
        "settings": dict(result.settings),
        "versions": dict(result.versions),
        "interrupted": result.interrupted,
        "channels": {channel: channels.get(channel, "not exercised") for channel in Channel},
        "probes": {channel: _tally(tally) for channel, tally in result.tallies.items()},
        "bounds": {channel: _bound(bound) for channel, bound in result.bounds.items()},
        "bound": {**_bound(result.bound), "said": story.bound(result)},
        "required_not_exercised": list(result.missing),
        "methods_missing": list(result.methods_missing),
        "warnings": list(result.warnings),
        "notes": list(result.notes),
        "left_behind": result.left_behind,
        "scenarios": [_scenario(result, scenario) for scenario in result.scenarios],
        "sightings": sightings(result),
        "times": {"seconds": round(result.seconds, 3), "inside_target": round(result.inside, 3)},
    }


def _scenario(result: CampaignResult, scenario: ScenarioResult) -> dict[str, object]:
    control = scenario.control
    return {
        "name": scenario.name,
        "summary": scenario.summary,
        "verdict": scenario.verdict,
        "not_exercised": scenario.not_exercised,
        "inconclusive_because": scenario.reasons if scenario.not_exercised is None else [],
        "operations": scenario.operations,
        "unattributed_records": scenario.unattributed,
        "channels": {channel: _tally(tally) for channel, tally in scenario.tallies.items()},
        "verdicts": dict(scenario.channels),
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
        "findings": [_group(result, scenario, group) for group in scenario.findings],
    }


def _tally(tally: Tally) -> dict[str, int]:
    return {
        "probes": tally.probes,
        "returned": tally.returned,
        "refused": tally.refused,
        "crashed": tally.crashed,
        "distinct_pairs": len(tally.pairs),
    }


def _bound(bound: Bound) -> dict[str, object]:
    return {"pairs": bound.trials, "leaked": bound.failures, "rate_below": bound.limit, "confidence": CONFIDENCE}


def _group(result: CampaignResult, scenario: ScenarioResult, group: FindingGroup) -> dict[str, object]:
    told: Finding = group.example
    return {
        "id": f"{scenario.name}.{told.oracle}.{told.channel}.{told.klass}",
        "verdict": told.verdict,
        "oracle": told.oracle,
        "class": told.klass,
        "severity": told.severity,
        "cwe": scenario.weakness(group),
        "channel": told.channel,
        "count": group.count,
        "observer": _plain(told.observer.id),
        "owner": _plain(told.owner.id),
        "names": {"observer": told.observer.handle, "owner": told.owner.handle},
        "first_operation": group.earliest,
        "operation": told.step.index,
        "shown": told.shown,
        "evidence": list(told.evidence),
        "story": steps(result, group),
        "reproduce": story.calls(result, group),
        "repeat": story.repeat(result, scenario),
    }


def _plain(user_id: object) -> object:
    """Return an id as JSON has it; one that is an attack may be anything."""
    return user_id if isinstance(user_id, (str, int, float, bool, type(None))) else repr(user_id)
