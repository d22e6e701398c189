"""What came of a crowd: rows counted, probes counted, speeds, and the verdict that follows from them."""

import sys
from dataclasses import dataclass, field
from typing import Any

from .findings import FindingClass, Severity, Verdict
from .statistics import Bound

# By id mem0's own client answers anybody.
_BY_ID = "get"
# On these channels it keeps users apart.
_APART = ("search", "get_all")
PLAIN = "plain"
# Behind the name of a door: what was asked there of rows that a sweep had found under a wrong label.
WRONG_LABELS = ": wrong labels"
# One pair in so many is more than a stray one.
_WIDELY = 10
_GRAVEST = (Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW)


@dataclass(slots=True)
class Sweep:
    """One reading of the whole store: `expected` facts should be there, and `differ` are the blocks that are not right.

    `missing`, `doubled` and `left` (there, though erased) were counted where blocks differ. `again`: after an erasure.
    """

    expected: int = 0
    rows: int = 0
    right: int = 0
    mislabelled: int = 0
    unlabelled: int = 0
    foreign: int = 0
    missing: int = 0
    doubled: int = 0
    left: int = 0
    again: bool = False
    differ: list[int] = field(default_factory=list)
    examples: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def said(self) -> str:
        """The counts in one line."""
        names = ("mislabelled", "missing", "doubled", "foreign", "unlabelled", "left")
        odd = ", ".join(f"{getattr(self, name):,} {name}" for name in names)
        return f"{self.rows:,} rows read, {self.right:,} right, {odd}"


@dataclass(slots=True)
class ScaleResult:
    """`doors` hold the probes by door and channel, `findings` those of all shards by kind, `curves` what was timed.

    `failed` says which shards were given up, and why; `open` what else leaves the question open. `peaks` are bytes of
    the biggest process, by phase. `seconds` are of this process, `busy` those of all shards by phase, `lasted` how long
    its batches took, without pauses; `spans` are when each batch of shards began and ended, in seconds since 1970.
    """

    settings: dict[str, Any]
    command: str
    users: int
    notes: list[str] = field(default_factory=list)
    planted: dict[str, int] = field(default_factory=dict)
    sweeps: list[Sweep] = field(default_factory=list)
    doors: dict[str, dict[str, dict[str, int]]] = field(default_factory=dict)
    recall: dict[str, list[int]] = field(default_factory=dict)
    findings: list[dict[str, Any]] = field(default_factory=list)
    controls: dict[str, list[int]] = field(default_factory=dict)
    silent: bool = True
    erased: int = 0
    left_behind: int | None = None
    curves: list[dict[str, Any]] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    open: list[str] = field(default_factory=list)
    deaths: int = 0
    retried: int = 0
    resumed: int = 0
    shards: int = 0
    peaks: dict[str, int] = field(default_factory=dict)
    busy: dict[str, float] = field(default_factory=dict)
    lasted: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0
    spans: list[tuple[float, float]] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=dict)
    interrupted: bool = False
    executor: str = ""

    @property
    def counted(self) -> list[dict[str, Any]]:
        """The findings that the verdict hangs on, the gravest first: that mem0's client answers any id is known."""
        return [one for one in self.by_gravity if not is_known(one)]

    @property
    def by_gravity(self) -> list[dict[str, Any]]:
        """All findings; first what is audited, what was seen, the gravest."""
        return sorted(self.findings, key=_urgency)

    def bound(self, door: str, channel: str) -> Bound:
        """Return what the pairs that were answered there say of the rate of leaks: nothing where rows were picked."""
        if door.endswith(WRONG_LABELS):
            return Bound(0)
        tally = self.doors.get(door, {}).get(channel, {})
        return Bound(tally.get("pairs", 0), min(tally.get("leaked", 0), tally.get("pairs", 0)))

    @property
    def leaks_widely(self) -> bool:
        """Whether more than a tenth of the pairs leaked by a search or a listing."""
        told = (self.doors.get("audited", {}).get(channel, {}) for channel in _APART)
        return any(_WIDELY * one["leaked"] > one["probes"] for one in told if one)

    @property
    def span(self) -> float:
        """From when the first shard began to when the last one ended, in seconds, with all pauses between."""
        return max(end for _, end in self.spans) - min(begin for begin, _ in self.spans) if self.spans else 0.0

    @property
    def all_erased(self) -> bool:
        """Whether each erasure was answered: what is left of one that broke is no surprise."""
        erasures = self.doors.get("erased", {}).get("delete_all", {})
        return not (erasures.get("crashed", 0) or erasures.get("refused", 0))

    @property
    def reasons(self) -> list[str]:
        """Why the question is open, where it is."""
        told = [f"{name}: {why}" for name, why in self.failed.items()]
        told += self.open
        for number, sweep in enumerate(self.sweeps, 1):
            kinds = ("missing", "doubled", "foreign", "unlabelled")
            for kind in (*kinds, *(() if self.all_erased else ("left",))):
                count = getattr(sweep, kind)
                if count:
                    told.append(f"sweep {number}: {kind}: {_some(count, 'row')}")
        told += [
            f"{one['oracle']} by {one['channel']} through {one['door']}: {_some(one['count'], 'finding')}"
            for one in self.counted
            if one["verdict"] == Verdict.INCONCLUSIVE
        ]
        for channel, (caught, tried) in self.controls.items():
            if caught < tried:
                told.append(f"the planted leak by {channel} was seen in {caught} of {tried} shards")
        if not self.silent:
            told.append("a canary that was never planted was found, so findings cannot be trusted")
        if self.interrupted:
            told.append("it was interrupted")
        return told

    @property
    def violations(self) -> list[str]:
        """What was violated, in a line each."""
        told = []
        # What was missing before anybody was erased is no work of the erasure; where that is not known, all may be.
        before = next((one.missing for one in self.sweeps if not one.again), sys.maxsize)
        for number, sweep in enumerate(self.sweeps, 1):
            if sweep.mislabelled:
                told.append(f"sweep {number}: under another user's id: {_some(sweep.mislabelled, 'row')}")
            if sweep.left and self.all_erased:
                told.append(f"sweep {number}: still stored of users who were erased: {_some(sweep.left, 'fact')}")
            gone = sweep.missing - before
            if sweep.again and gone > 0:
                told.append(f"sweep {number}: gone of users who were not erased: {_some(gone, 'fact')}")
        doors: dict[tuple[str, str], dict[str, int]] = {}
        for one in self.counted:
            if one["verdict"] == Verdict.VIOLATED:
                counts = doors.setdefault((one["oracle"], one["channel"]), {})
                counts[one["door"]] = counts.get(one["door"], 0) + one["count"]
        for (oracle, channel), counts in doors.items():
            where = ", ".join(f"{_some(count, 'finding')} through {door}" for door, count in counts.items())
            told.append(f"{oracle} by {channel}: {where}")
        return told

    @property
    def verdict(self) -> Verdict:
        """Violated beats inconclusive beats held; nothing judged is inconclusive."""
        if self.violations and self.silent:
            return Verdict.VIOLATED
        asked = any(self.bound("audited", channel).trials for channel in _APART)
        judged = bool(self.sweeps) and asked
        return Verdict.INCONCLUSIVE if self.reasons or not judged else Verdict.HELD


def _some(count: int, what: str) -> str:
    return f"1 {what}" if count == 1 else f"{count:,} {what}s"


def _urgency(finding: dict[str, Any]) -> tuple[bool, bool, int]:
    return finding["door"] == PLAIN, finding["class"] != FindingClass.LEAK, _GRAVEST.index(finding["severity"])


def is_known(finding: dict[str, Any]) -> bool:
    """Tell whether a finding is mem0's known way: its client answers any record id to anybody."""
    return bool(finding["door"] == PLAIN and finding["channel"] == _BY_ID)
