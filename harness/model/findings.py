"""What an oracle says, and what follows from it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from .channels import Channel
from .marks import Mark
from .observations import Returned, Step, shown_texts
from .operations import Get, GetAll, Operation, Search, is_probe
from .retold import Retold
from .tenants import Tenant


class FindingClass(StrEnum):
    """What kind of harm a finding is: leak, interference and integrity make the verdict violated.

    Availability leaves it inconclusive. Residue that nothing serves, the time that an answer took, and an answer whose
    fields leave open who may be shown it, leave it alone, unless they were told to fail.
    """

    LEAK = "leak"
    INTERFERENCE = "interference"
    INTEGRITY = "integrity"
    AVAILABILITY = "availability"
    RESIDUE = "residue"
    TIMING = "timing"
    EXPOSURE = "exposure"


class Severity(StrEnum):
    """How bad a finding is."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Verdict(StrEnum):
    """Violated beats inconclusive beats held. Never "pass", never "secure"."""

    HELD = "held"
    VIOLATED = "violated"
    INCONCLUSIVE = "inconclusive"

    @property
    def exit_code(self) -> int:
        """0 held, 1 violated, 3 inconclusive; 2 is kept for usage and set-up errors."""
        return {Verdict.HELD: 0, Verdict.VIOLATED: 1, Verdict.INCONCLUSIVE: 3}[self]

    @classmethod
    def worst(cls, verdicts: "Iterable[Verdict]") -> "Verdict":
        """Return the verdict over several; nothing judged is inconclusive."""
        present = set(verdicts)
        for verdict in (cls.VIOLATED, cls.INCONCLUSIVE, cls.HELD):
            if verdict in present:
                return verdict
        return cls.INCONCLUSIVE


def worst_by_channel(said: "Iterable[tuple[Channel, Verdict]]") -> dict[Channel, Verdict]:
    """Return the verdict on each channel over all that was said of it, in the channels' order."""
    verdicts: dict[Channel, list[Verdict]] = {}
    for channel, verdict in said:
        verdicts.setdefault(channel, []).append(verdict)
    return {channel: Verdict.worst(verdicts[channel]) for channel in Channel if channel in verdicts}


@dataclass(frozen=True, slots=True)
class Attribution:
    """Whose a text or label is, and how that is known; `marks` are those of the fact that the text holds."""

    owner: int
    fact: int | None
    evidence: str
    marks: frozenset[Mark] = frozenset()

    @property
    def by(self) -> str:
        """By which mark it is known, as a report says it: the code where both are there."""
        return f", by its {min(self.marks)}" if self.marks else ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One violation, or one loss, with its witness.

    `observer` saw or suffered it, `owner` is the tenant whose record it is about. `evidence` says in sentences why.
    `witness` is the fewest operations that show it; `shown` is what came back, empty where nothing did. `look` is
    the owner's own look that did not show its fact, where the finding hangs on one: it may be repeated. `otherwise` are
    looks in other words, where that one was answered exactly as before the fact was stored: if these show it, the
    answer was old, and nothing is lost. `found_by_its_words`: that look was a search in few words, and a search for the
    whole sentence found it. `fails` makes the verdict violated, whatever the class.
    """

    oracle: str
    klass: FindingClass
    severity: Severity
    observer: Tenant
    owner: Tenant
    step: Step
    evidence: tuple[str, ...]
    witness: tuple[Operation, ...]
    shown: str = ""
    look: Search | GetAll | Get | None = None
    otherwise: tuple[Search | GetAll | Get, ...] = ()
    found_by_its_words: bool = False
    fails: bool = False

    @property
    def channel(self) -> Channel:
        """The way it crossed: that of its operation, or the text of an error."""
        returned = isinstance(self.step.observation, Returned)
        leaked_by_error = self.oracle == "canary_leak" and not returned
        return Channel.ERRORS if leaked_by_error else self.step.operation.way

    @property
    def hides_own(self) -> bool:
        """Whether an answer lacks a fact of the observer's own that it shows whenever nobody else is there."""
        together, alone = shown_texts(self.step.observation), [shown_texts(one) for one in self.step.alone]
        return bool(alone) and any(
            not any(map(fact.stands_in, together)) and all(any(map(fact.stands_in, texts)) for texts in alone)
            for fact in self.observer.facts
        )

    @property
    def attack(self) -> str:
        """The class of attack that it took, empty where it took none: that of whoever acted last under one."""
        acting = (self.step.operation.principal, *(one.principal for one in reversed(self.witness)))
        return next((one.kind for one in acting if one.kind), "")

    @property
    def verdict(self) -> Verdict:
        """What this finding by itself makes of the verdict."""
        if self.fails:
            return Verdict.VIOLATED
        match self.klass:
            case FindingClass.AVAILABILITY:
                return Verdict.INCONCLUSIVE
            case FindingClass.RESIDUE | FindingClass.TIMING | FindingClass.EXPOSURE:
                return Verdict.HELD
            case FindingClass.LEAK | FindingClass.INTERFERENCE | FindingClass.INTEGRITY:
                return Verdict.VIOLATED


@dataclass(slots=True)
class FindingGroup:
    """Findings of one oracle, class, channel and class of attack in one scenario.

    `earliest` is the operation that showed the first of them, `count` how many there were. `example` is the one to
    tell: the first that answers a probe for that very owner, else the first. `retold` is what became of it when it was
    played again, None where that was not tried. `family` is the class of attack that it hangs on; empty where ordinary
    ids and questions are enough.
    """

    example: Finding
    earliest: int
    count: int = 1
    family: str = ""
    retold: Retold | None = None

    def take(self, finding: Finding) -> None:
        """Take one more."""
        self.count += 1
        if _answers_its_probe(finding) and not _answers_its_probe(self.example):
            self.example = finding


def _answers_its_probe(finding: Finding) -> bool:
    operation = finding.step.operation
    return is_probe(operation) and operation.owner == finding.owner.index
