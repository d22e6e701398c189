"""Adds up the results of shards: sums and examples, no lists of users."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ...model.scaled import ScaleResult, Sweep

# How many of a kind are told whole.
_EXAMPLES = 5
_MOD = 1 << 64


def add_sweep(sweep: Sweep, sums: dict[int, list[int]], one: Mapping[str, Any]) -> None:
    """Add what a part of the store held."""
    for name in ("rows", "right", "mislabelled", "unlabelled", "foreign"):
        setattr(sweep, name, getattr(sweep, name) + one[name])
    add_sums(sums, one["sums"])
    for example in one["examples"]:
        if sum(known["kind"] == example["kind"] for known in sweep.examples) < _EXAMPLES:
            sweep.examples.append(example)


def lasting(found: Iterable[Mapping[str, Any]]) -> float:
    """Return in how many seconds at least one of these shards was done: a pause, until it is resumed, is none."""
    seconds, until = 0.0, -math.inf
    for began, ended in sorted((one["started"], one["started"] + one["seconds"]) for one in found):
        seconds += max(0.0, ended - max(began, until))
        until = max(until, ended)
    return seconds


def add_times(result: ScaleResult, phase: str, found: Sequence[Mapping[str, Any]]) -> None:
    """Add what a batch of shards of a phase took."""
    began = min(one["started"] for one in found)
    ended = max(one["started"] + one["seconds"] for one in found)
    result.spans.append((began, ended))
    result.lasted[phase] = result.lasted.get(phase, 0.0) + lasting(found)
    result.busy[phase] = result.busy.get(phase, 0.0) + sum(one["seconds"] for one in found)
    result.peaks[phase] = max(result.peaks.get(phase, 0), *(one["peak_bytes"] for one in found))


def differing(wanted: Mapping[int, list[int]], sums: Mapping[int, list[int]]) -> list[int]:
    """Return the blocks whose facts are not those that were planted, each once."""
    return [block for block, said in sorted(wanted.items()) if sums.get(block, [0, 0]) != said]


def add_sums(sums: dict[int, list[int]], told: Iterable[Sequence[int]]) -> None:
    """Add what facts there are of each block."""
    for block, count, total in told:
        known = sums.setdefault(block, [0, 0])
        known[0] += count
        known[1] = (known[1] + total) % _MOD


def add_door(result: ScaleResult, one: Mapping[str, Any]) -> None:
    """Add what was seen through each door."""
    for door, told in one["doors"].items():
        channels = result.doors.setdefault(door, {})
        for channel, tally in told["channels"].items():
            known = channels.setdefault(channel, {})
            for name, count in tally.items():
                known[name] = known.get(name, 0) + count
        own = result.recall.setdefault(door, [0, 0])
        own[0] += told["found"]
        own[1] += told["looked"]
        if told["crashes"] and len(result.open) < _EXAMPLES:
            result.open.append(f"{door}: {told['crashes'][0]}")
        if told["unattributed"]:
            result.open.append(f"{door}: {told['unattributed']} records were shown that are nobody's")
        for found in told["findings"]:
            _add_finding(result.findings, found)
    for control in one.get("controls", ()):
        result.silent = result.silent and control["silent"]
        for channel, seen in control["seen"].items():
            counts = result.controls.setdefault(f"{channel} ({control['door']})", [0, 0])
            counts[0] += seen
            counts[1] += 1


def _add_finding(known: list[dict[str, Any]], found: dict[str, Any]) -> None:
    kind = ("door", "oracle", "class", "verdict", "channel", "stray")
    same = next((one for one in known if all(one[name] == found[name] for name in kind)), None)
    if same is None:
        known.append(dict(found))
    else:
        same["count"] += found["count"]
