"""What came of one scenario: its probes counted, its findings grouped, and why it is open where it is."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from .accidents import Accidents
from .audited import Audited
from .channels import Channel
from .control_results import ControlResult
from .findings import Finding, FindingClass, FindingGroup, Verdict, worst_by_channel
from .gaps import Gap
from .observations import Crashed, Record, Refused, Returned, Step
from .odd_questions import OddQuestions
from .operations import GetAll, Operation, Search, asks_for_the_unknown, is_probe
from .own_errors import OwnErrors
from .pairs import Fate, Pairs
from .reasons import Reason, Told
from .recall import Recall
from .repeats import Repeats
from .retold import Retold
from .tallies import Tally
from .weaknesses import weakness
from .wordings import Wordings

# An oracle, a class, a channel and a family of ids: findings of one kind are told once.
Kind: TypeAlias = tuple[str, FindingClass, Channel, str]


def kind_of(finding: Finding, family: str = "") -> Kind:
    """Return what kind of finding it is."""
    return finding.oracle, finding.klass, finding.channel, family


@dataclass(slots=True)
class ScenarioResult:
    """One scenario's outcome; `not_exercised` says why it was not run, `reasons` why it is inconclusive.

    `may_refuse`: a clear no to a probe is a good answer here, for the owner's own call was answered. `reads_errors`,
    `cwe`: as in Scenario. `broken` holds the (observer, owner) of each violation, `kinds` what kinds of operations
    were performed, `attacks` the probes by class of attack; `compared`: tenants were compared with themselves alone.
    `repeat` is its own command, where it has one. `may_forget`: as in Target; `own_found` counts looks for own facts
    that showed them. `words` are the unattributed records that were bare texts. `gap` is what it, or a part of it,
    was not tried for the want of. `seconds` is what all of that took.
    """

    name: str
    summary: str
    not_exercised: str | None = None
    may_refuse: bool = False
    reads_errors: bool = False
    cwe: int = 0
    operations: int = 0
    tallies: dict[Channel, Tally] = field(default_factory=dict)
    attacks: dict[str, Tally] = field(default_factory=dict)
    broken: dict[Channel, set[tuple[int, int]]] = field(default_factory=dict)
    kinds: set[type[Operation]] = field(default_factory=set)
    compared: bool = False
    own_refused: int = 0
    own_crashed: int = 0
    first_crash: Crashed | None = None
    first_own_refusal: Refused | None = None
    accidents: Accidents = field(default_factory=Accidents)
    own_errors: OwnErrors = field(default_factory=OwnErrors)
    oddities: OddQuestions = field(default_factory=OddQuestions)
    may_forget: bool = False
    own_found: int = 0
    unattributed: int = 0
    first_unattributed: str = ""
    words: Wordings = field(default_factory=Wordings)
    groups: dict[Kind, FindingGroup] = field(default_factory=dict)
    pairs: Pairs = field(default_factory=Pairs)
    recall: Recall = field(default_factory=Recall)
    repeats: Repeats = field(default_factory=Repeats)
    control: ControlResult | None = None
    interrupted: bool = False
    failure: Told | None = None
    repeat: str = ""
    gap: Gap | None = None
    seconds: float = 0.0

    def count(self, step: Step) -> None:
        """Count one step; what was not tried is no attempt, and counts by itself."""
        self.accidents.note(step)
        if isinstance(step.observation, Refused) and step.observation.untried:
            return
        self.operations += 1
        self.kinds.add(type(step.operation))
        if isinstance(step.observation, Crashed) and self._is_failure(step.operation):
            self.first_crash = self.first_crash or step.observation
            self.own_errors.note(step.observation, ordinary=_is_ordinary(step.operation))
        kind = step.operation.principal.kind
        if kind and (is_probe(step.operation) or isinstance(step.observation, Refused)):
            self.attacks.setdefault(kind, Tally()).count(step)
        if is_probe(step.operation) and not self.oddities.note(step):
            self.tallies.setdefault(step.operation.way, Tally()).count(step)
            if self.reads_errors and isinstance(step.observation, Refused | Crashed):
                self.tallies.setdefault(Channel.ERRORS, Tally()).count_read(step)
        elif isinstance(step.observation, Returned):
            self.own_found += isinstance(step.operation, Search | GetAll) and any(
                step.operation.seeks.stands_in(record.text) for record in step.observation.records
            )
        elif isinstance(step.observation, Refused):
            if not (step.operation.principal.may_be_refused or asks_for_the_unknown(step.operation)):
                self.own_refused += 1
                self.first_own_refusal = self.first_own_refusal or step.observation
        elif isinstance(step.observation, Crashed):
            self.own_crashed += self._is_failure(step.operation)

    def _is_failure(self, operation: Operation) -> bool:
        """Tell whether a crash of this operation leaves the question open."""
        if is_probe(operation):
            # Where errors are what is read, they are provoked.
            return not (self.reads_errors or operation.principal.asks_oddly)
        # What is malformed on purpose may crash; whether that was harmless, the probes after it tell.
        return not operation.principal.may_be_refused

    def note_unattributed(self, step: Step, records: Iterable[Record]) -> None:
        """Count the records of a step that nobody can be named for."""
        alone = isinstance(step.observation, Returned) and len(step.observation.records) == 1
        for record in records:
            self.unattributed += 1
            self.first_unattributed = self.first_unattributed or record.text
            if not record.structured:
                self.words.note(record.text, step.operation.principal, alone=alone)
            elif record.id and record.label is None:
                self.words.note_copy(record.text, step.operation.principal, record.id)

    def take_for_own(self, wordings: Iterable[str]) -> None:
        """Take these wordings for the target's own, and what each reader has a copy of: there is nobody to name."""
        self.unattributed -= sum(map(self.words.take, wordings)) + self.words.take_copies()
        if self.first_unattributed in {self.words.firsts[said] for said in self.words.taken}:
            self.first_unattributed = next((self.words.firsts[said] for said in self.words.counts), "")

    def note(self, finding: Finding, family: str = "") -> None:
        """Take a finding into its group; `family` are the ids that it was found under, where that tells kinds apart."""
        if finding.verdict is Verdict.VIOLATED:
            self.broken.setdefault(finding.channel, set()).add((finding.observer.index, finding.owner.index))
            self.pairs.found(finding)
        key = kind_of(finding, family)
        if key in self.groups:
            self.groups[key].take(finding)
        else:
            self.groups[key] = FindingGroup(finding, finding.step.index, family=family)

    def retell(self, kind: Kind, finding: Finding, family: str = "", retold: Retold | None = None) -> None:
        """Let a finding be the example of its kind: it tells the same in fewer operations, as `retold` saw it.

        Where that made it one of another kind, as when ordinary ids are enough, the two groups are one.
        """
        old = self.groups.pop(kind, None)
        count = 0 if old is None else old.count
        same = self.groups.get(kind_of(finding, family))
        if same is None:
            group = FindingGroup(finding, finding.step.index, max(count, 1), family, retold)
            self.groups[kind_of(finding, family)] = group
            return
        same.count += count
        if len(finding.witness) <= len(same.example.witness):
            same.example, same.earliest, same.retold = finding, finding.step.index, retold

    def regroup(self) -> None:
        """Let what was made small count as what it is then: where ordinary ids were enough, it took no attack."""
        for kind, group in list(self.groups.items()):
            if group.retold is not None and not group.retold.why and group.example.attack != group.family:
                self.retell(kind, group.example, group.example.attack, group.retold)

    @property
    def findings(self) -> list[FindingGroup]:
        """The groups, violations first, then by their first operation."""
        return sorted(
            self.groups.values(),
            key=lambda group: (group.example.verdict is not Verdict.VIOLATED, group.earliest),
        )

    def total(self, outcome: str) -> int:
        """Return the sum of `probes`, `returned`, `refused` or `crashed` over the channels of the operations."""
        return sum(getattr(tally, outcome) for channel, tally in self.tallies.items() if channel is not Channel.ERRORS)

    def weakness(self, group: FindingGroup) -> int | None:
        """Return the CWE number of a finding of this scenario; an availability one shows no weakness of isolation."""
        told = group.example
        if told.klass is FindingClass.AVAILABILITY:
            return None
        return self.cwe or weakness(told.oracle, told.channel)

    @property
    def reasons(self) -> list[Told]:
        """Why the question is left open, where it is."""
        reasons = [] if self.failure is None else [self.failure]
        if self.interrupted:
            reasons.append(Reason.INTERRUPTED.told())
        examples = [group.example for group in self.groups.values()]
        lost = {one.oracle for one in examples if one.klass is FindingClass.AVAILABILITY}
        if lost == {"filter_ignored"}:
            reasons.append(Reason.NARROWED.told())
        # Who forgets now and then has lost nothing; who forgets everything isolates nothing.
        elif lost and not (self.may_forget and self.own_found):
            reasons.append(self._lost())
        if self.recall.nothing_left:
            reasons.append(Reason.FORGOTTEN.told(tenants=len(self.recall.nothing_left)))
        reasons += self.crashes()
        if self.own_refused and self.first_own_refusal:
            reasons.append(Reason.REFUSED.of_calls(self.own_refused, self.first_own_refusal))
        if self.unattributed:
            reasons.append(Reason.UNATTRIBUTED.told(records=self.unattributed, text=self.first_unattributed))
        said_no = self.may_refuse and self.total("refused")
        if not self.total("returned") and self.own_error is None and not said_no:
            reasons.append((Reason.ALL_REFUSED if self.total("refused") else Reason.UNANSWERED).told())
        if self.control is not None and self.control.caught_by is None:
            told = Reason.MISSED.told(control=self.control.name)
            reasons.append(Told(f"{told} {self.control.missed}".rstrip()))
        if self.control is not None and not self.control.negative_silent:
            reasons.append(Reason.FALSE_ALARM.told())
        return reasons

    @property
    def counts(self) -> bool:
        """Whether something was found that the verdict hangs on: what an own answer shows around it is no attack."""
        return any(group.example.verdict is not Verdict.HELD for group in self.groups.values())

    @property
    def nothing_sent(self) -> str:
        """Why calls could not be sent, the commonest reason; empty where all were: what asked nothing holds nothing."""
        return next((why for why, _ in self.accidents.why.most_common(1)), "")

    @property
    def own_error(self) -> Told | None:
        """What is open because an error of the target's own may mean no: in the same words in each scenario."""
        if not self.own_errors.kinds:
            return None
        told = Reason.OWN_ERROR.told(kinds=" and ".join(self.own_errors.named))
        return Told(told, f"Where it means no, say so: `{self.own_errors.line}`.")

    def _lost(self) -> Told:
        """Return it; where a reply could not be read, that is to mend."""
        told = Reason.LOST.told()
        for group in self.groups.values():
            step = group.example.step
            if group.example.oracle == "lost" and isinstance(step.observation, Returned) and step.observation.unread:
                channel, kind = step.operation.way, step.observation.unread
                return Told(told, f"Let `{channel}` return a list, a dict or a text: it returned {kind}.")
        return told

    def crashes(self) -> Iterator[Told]:
        """Yield what is open because a call broke that should have answered."""
        crashed = self.own_crashed + (0 if self.reads_errors else self.total("crashed")) - self.own_errors.count
        first = self.own_errors.first_other or self.first_crash
        if crashed and first:
            yield self._crashed(crashed, first)
        yield from (told for told in (self.own_error, self.oddities.open) if told is not None)

    def _crashed(self, count: int, first: Crashed) -> Told:
        """Return it; where only ids broke it that are an attack, the constructor is the place to say no."""
        told = Reason.CRASHED.of_calls(count, first)
        broke = [shape for shape, fates in self.pairs.shapes.items() if fates.get(Fate.CRASHED)]
        if self.own_crashed or not broke:
            return told
        at_sign_up = {Audited.APPLICATION: f"Refuse the id {broke[0]} where users sign up (HTTP 422)."}
        return Told(told, f"Refuse the id {broke[0]} in your constructor (`raise ValueError`).", at_sign_up)

    @property
    def channels(self) -> dict[Channel, Verdict]:
        """The verdict on each channel that it exercised."""
        open_ = bool(self.reasons)
        seen = [(group.example.channel, group.example.verdict) for group in self.groups.values()]
        for channel, tally in self.tallies.items():
            judged = self._answered(tally) and not open_
            seen.append((channel, Verdict.HELD if judged else Verdict.INCONCLUSIVE))
        return worst_by_channel(seen)

    def _answered(self, tally: Tally) -> bool:
        """Tell whether the probes of a channel were answered; a no among crashes is no answer to the others."""
        return bool(tally.returned or (self.may_refuse and tally.refused and not tally.crashed))

    @property
    def only_provoked(self) -> frozenset[Channel]:
        """Channels that it asked nothing about: it provoked errors there, and got no more."""
        if not self.reads_errors or self.verdict is not Verdict.HELD:
            return frozenset()
        return frozenset(channel for channel, verdict in self.channels.items() if verdict is Verdict.INCONCLUSIVE)

    @property
    def verdict(self) -> Verdict | None:
        """The scenario's verdict, None where it was not exercised."""
        if self.not_exercised is not None:
            return None
        trusted = self.control is None or self.control.negative_silent
        if trusted and any(group.example.verdict is Verdict.VIOLATED for group in self.groups.values()):
            return Verdict.VIOLATED
        return Verdict.INCONCLUSIVE if self.reasons else Verdict.HELD


def _is_ordinary(operation: Operation) -> bool:
    """Tell whether somebody asked for what is its own."""
    return not (is_probe(operation) or operation.principal.hostile or asks_for_the_unknown(operation))
