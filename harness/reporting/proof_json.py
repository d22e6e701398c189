"""A proof as JSON. Everything in it but the time is a function of its settings."""

import json
from dataclasses import asdict
from pathlib import Path

from ..model.kills import Clean, Kill, Proof
from ..model.statistics import CONFIDENCE, Bound
from .files import put

SCHEMA_VERSION = 1


def write_proof_json(proof: Proof, path: Path) -> None:
    """Write it; raises OSError where the path cannot be written."""
    put(path, json.dumps(proof_as_json(proof), indent=2) + "\n")


def proof_as_json(proof: Proof) -> dict[str, object]:
    """Return the proof as plain values; the time is in seconds."""
    return {
        "schema_version": SCHEMA_VERSION,
        "proven": proof.proven,
        "on": proof.on,
        "known": proof.known,
        "seed": proof.seed,
        "seeds": proof.seeds,
        "repeat": proof.repeat,
        "settings": dict(proof.settings),
        "versions": dict(proof.versions),
        "interrupted": proof.interrupted,
        "missed": [kill.breakage for kill in proof.missed],
        "breakages": [_kill(kill) for kill in proof.kills],
        "clean": [_clean(clean) for clean in proof.cleans],
        "false_alarms": _bound(proof.clean),
        "as_whole_audits": _bound(proof.whole),
        "explored": [asdict(one) for one in proof.explored],
        "exploration_alarms": _bound(proof.explorations),
        "times": {"seconds": round(proof.seconds, 1)},
    }


def _kill(kill: Kill) -> dict[str, object]:
    return {
        "name": kill.breakage,
        "summary": kill.summary,
        "layer": kill.layer,
        "caught_by": kill.caught_by,
        "caught": kill.caught,
        "doubted": kill.doubted,
        "with_start": dict(kill.fresh),
        "without_start": dict(kill.shared),
        "soonest_in": kill.scenario or None,
        "operations": list(kill.operations),
        "median": kill.median,
        "worst": kill.worst,
        "crash": kill.crash or None,
    }


def _clean(clean: Clean) -> dict[str, object]:
    return {
        "target": clean.target,
        "campaigns": clean.campaigns,
        "scenarios_each": clean.each,
        "scenarios": clean.scenarios,
        "alarmed": clean.alarmed,
        "alarms": list(clean.alarms),
        "inconclusive": clean.inconclusive,
    }


def _bound(bound: Bound) -> dict[str, object]:
    return {
        "trials": bound.trials,
        "alarmed": bound.failures,
        "rate_below": bound.limit,
        "confidence": CONFIDENCE,
    }
