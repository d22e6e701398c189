"""A principal notices that others are there."""

import math
from collections import Counter
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ...base.wording import printable
from ...model.findings import Finding, FindingClass, Severity
from ...model.observations import Crashed, Observation, Record, Refused, Returned, Step
from ...model.operations import (
    Add,
    Crowd,
    Delete,
    DeleteAll,
    GetAll,
    Operation,
    Update,
    asks_for_the_unknown,
    is_of_a_feed,
    is_spelt,
    records_named,
)
from ...model.tenants import Tenant
from ..answers import names_unmistakably, proves_nothing, refusal, without_ids
from ..attribution import Attributor
from ..oracles import Judge, oracle

# One alone world cannot tell what is random.
_ENOUGH = 2
# Alone worlds must agree more closely than the others' presence must differ: what jitters is then never a finding.
# Beyond 1 they are relative: of the seconds since 1970 some hours are nothing.
_AGREE, _DIFFER = 1e-6, 1e-5
# What a reader compares is told whole; a text of many pages is not.
_LONGEST = 1000
_SLIGHT = frozenset({"order", "scores", "numbers beside the records"})


@dataclass(frozen=True, slots=True)
class _Difference:
    aspect: str
    together: str
    alone: str

    def __str__(self) -> str:
        return f"{self.aspect}: {_short(self.together)} with the others present, {_short(self.alone)} alone"


@oracle(
    alone=True,
    advice=(
        "A user sees something else when other users are there.",
        "Look at what is counted, ranked or limited before the filter by user: pages, scores, totals, caches.",
        "A right version filters by user first, so that the answer is the same with others and without.",
    ),
)
def noninterference(attributor: Attributor) -> Judge:
    """A principal sees something else than it does alone: an outcome, records, their order or scores, texts, numbers.

    Judged is only what two or more fresh worlds without the others agree on; of orders, only that of records whose
    scores differ, or that a search ranked: a listing comes as the store's pages have it. Cannot see: whatever is
    random, such as which records a small page keeps among equals; ids, times and numbers inside texts; scores that
    differ by less than 0.00001; what the id of a foreign or an erased record answers where the target's ids are no
    UUIDs, or where it is spelt otherwise, for alone something else may stand under it.
    """
    latest: dict[int, Add] = {}
    crowds: list[Crowd] = []
    # Adds whose records' ids are UUIDs, such as stand in for them alone; others may be each user's own numbers.
    unmistakable: set[int] = set()
    # Principals who may have changed a record of their own by the number of another's.
    muddled: set[int] = set()
    # Adds whose records their owners erased, and each owner's Adds: a store may give the number to the next record.
    erased: set[int] = set()
    adds: dict[int, list[int]] = {}

    def judge(step: Step) -> Iterator[Finding]:
        operation = step.operation
        principal = operation.principal
        before = latest.get(principal.index)
        crowds.extend([operation] if isinstance(operation, Crowd) else ())
        if isinstance(operation, Add):
            latest[principal.index] = operation
            adds.setdefault(principal.index, []).append(step.index)
            if names_unmistakably(step.observation):
                unmistakable.add(step.index)
        foreign = _foreign_step(operation, erased)
        vague = bool(foreign) and (foreign not in unmistakable or is_spelt(operation))
        # Alone no id may be known of which one that no record has takes its shape.
        vague = vague or (asks_for_the_unknown(operation) and not unmistakable)
        if vague and isinstance(operation, Update | Delete) and isinstance(step.observation, Returned):
            muddled.add(principal.index)
        if isinstance(operation, DeleteAll):
            erased.update(adds.get(principal.index, ()))
        elif isinstance(operation, Delete):
            erased.add(operation.record.step)
        # A credential that is forged from another's is another one where that is not there, and what has come by a feed
        # hangs on the moment of the look.
        vague = vague or principal.index in muddled or principal.opens_nothing or is_of_a_feed(operation)
        seen = (step.observation, *step.alone)
        if len(step.alone) < _ENOUGH or vague or any(proves_nothing(principal, one) for one in seen):
            return
        differences = list(_differences(step, attributor))
        if not differences:
            return
        slight = all(difference.aspect in _SLIGHT for difference in differences)
        yield Finding(
            oracle="noninterference",
            klass=FindingClass.INTERFERENCE,
            severity=Severity.LOW if slight else Severity.MEDIUM,
            observer=principal,
            owner=principal,
            step=step,
            evidence=tuple(map(str, differences)),
            witness=(*crowds[-1:], *([before] if before else []), operation),
            shown=", ".join(difference.aspect for difference in differences),
        )

    return judge


def _foreign_step(operation: Operation, erased: Container[int]) -> int | None:
    """Return the Add of the record that the operation names, where alone another one may stand under its id.

    That is so of another tenant's, in whose place an unknown id stands, and of one that was erased.
    """
    own = operation.principal.index
    named = (record for record in records_named(operation) if record.owner != own or record.step in erased)
    # The one that is spelt otherwise, where a copy names two.
    return next((record.step for record in sorted(named, key=lambda one: not one.spelt)), None)


def _differences(step: Step, attributor: Attributor) -> Iterator[_Difference]:
    """Yield each aspect that the alone worlds agree on and in which the step differs, in a fixed order."""
    if all(_alike(step.observation, alone) for alone in step.alone):
        return
    seen = (step.observation, *step.alone)
    outcomes = [_outcome(observation) for observation in seen]
    if _differs(outcomes):
        yield _Difference("outcome", outcomes[0], outcomes[1])
    replies = [observation for observation in seen if isinstance(observation, Returned)]
    if len(replies) < len(seen):
        return
    principal = step.operation.principal
    members = [[_member(record, principal, attributor) for record in reply.records] for reply in replies]
    counts = [len(one) for one in members]
    if _differs(counts):
        yield _Difference("count of records", str(counts[0]), str(counts[1]))
    multisets = [Counter(one) for one in members]
    if _differs(multisets):
        yield _apart("membership", multisets)
    same_members = _equal(multisets)
    if same_members:
        listing = isinstance(step.operation, GetAll)
        yield from _in_order(
            members, [[record.score for record in reply.records] for reply in replies], listing=listing
        )
    # Beside records that are not the same other texts may stand.
    texts = [Counter(map(without_ids, _texts(reply, of_records=same_members))) for reply in replies]
    if _differs(texts):
        yield _apart("texts beside the records", texts)
    yield from _numbers([_by_key(reply) for reply in replies])


def _alike(one: Observation, other: Observation) -> bool:
    """Tell whether they are the same but for records' ids: most are, and to compare them by aspects takes long."""
    if not (isinstance(one, Returned) and isinstance(other, Returned)):
        return False
    return (
        len(one.records) == len(other.records)
        and (one.aside, one.numbers) == (other.aside, other.numbers)
        and all(map(_same, one.records, other.records))
    )


def _same(one: Record, other: Record) -> bool:
    return one.text == other.text and one.label == other.label and one.score == other.score and one.aside == other.aside


def _outcome(observation: Observation) -> str:
    match observation:
        case Returned():
            return "returned"
        case Refused():
            return f"refused ({refusal(observation)})"
        case Crashed():
            return f"crashed ({observation.kind})"


def _member(record: Record, principal: Tenant, attributor: Attributor) -> str:
    """Say what a record is, in the same words in each world: its own id is another one in each."""
    facts = {(sighting.owner, sighting.fact) for sighting in attributor.content(record.text)}
    named = [f"{attributor.tenant(owner).handle}'s fact {fact}" for owner, fact in sorted(facts, key=str)]
    said = " and ".join(named) or repr(without_ids(record.text))
    if record.label is None:
        return said
    owner = attributor.label(record.label)
    if record.label == str(principal.id) or owner == principal.index:
        return f"{said} under its own id"
    # A wrapper may number its users: alone, the same one has another number.
    return f"{said} under {record.label if owner is not None else without_ids(record.label)!r}"


def _in_order(
    members: Sequence[list[str]], scores: Sequence[list[float | None]], *, listing: bool
) -> Iterator[_Difference]:
    """Compare the order of the same records, and where that is the same, their scores by position."""
    unranked = listing and all(score is None for one in scores for score in one)
    runs = [(0, len(scores[0]))] if unranked else _runs(scores)
    orders = [[sorted(one[start:stop]) for start, stop in runs] for one in members]
    if _differs(orders):
        together, alone = next((a, b) for a, b in zip(orders[0], orders[1], strict=True) if a != b)
        yield _Difference("order", f"{', '.join(together)} first", f"{', '.join(alone)} first")
    if _equal(orders) and _all_close(scores[1:]):
        for position, (together_score, alone_score) in enumerate(zip(scores[0], scores[1], strict=True), 1):
            if not _close(together_score, alone_score, _DIFFER):
                yield _Difference("scores", f"record {position} has {together_score}", f"it has {alone_score}")
                return


def _runs(scores: Sequence[list[float | None]]) -> list[tuple[int, int]]:
    """Return from where to where records may swap places: their scores are all but equal in one of the worlds."""
    size = len(scores[0])
    edges = [0, *(at for at in range(1, size) if not any(_tied(one[at - 1], one[at]) for one in scores)), size]
    return list(pairwise(edges))


def _tied(one: float | None, other: float | None) -> bool:
    return one is not None and _close(one, other, _DIFFER)


def _close(one: float | None, other: float | None, tolerance: float) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=tolerance, abs_tol=tolerance)


def _all_close(rows: Sequence[Sequence[float | None]]) -> bool:
    """Tell whether the alone worlds agree on the numbers; one that is no number (NaN) agrees with none."""
    return all(
        len(row) == len(rows[0]) and all(_close(one, other, _AGREE) for one, other in zip(rows[0], row, strict=True))
        for row in rows
    )


def _texts(reply: Returned, *, of_records: bool) -> Iterator[str]:
    yield from reply.aside
    if of_records:
        for record in reply.records:
            yield from record.aside


def _by_key(reply: Returned) -> dict[str, list[float]]:
    numbers: dict[str, list[float]] = {}
    for key, number in reply.numbers:
        numbers.setdefault(key, []).append(number)
    return numbers


def _numbers(replies: Sequence[dict[str, list[float]]]) -> Iterator[_Difference]:
    """Compare number by number: that one of them is random says nothing of the next."""
    together: list[str] = []
    alone: list[str] = []
    for key in dict.fromkeys(key for reply in replies for key in reply):
        rows = [reply.get(key, []) for reply in replies]
        same = len(rows[0]) == len(rows[1]) and all(map(_close, rows[0], rows[1], [_DIFFER] * len(rows[0])))
        if not same and _all_close(rows[1:]):
            together.append(_numbered(key, rows[0]))
            alone.append(_numbered(key, rows[1]))
    if together:
        yield _Difference("numbers beside the records", ", ".join(together), ", ".join(alone))


def _numbered(key: str, numbers: Sequence[float]) -> str:
    return f"{key or 'the reply'} = {' and '.join(f'{number:g}' for number in numbers) or 'nothing'}"


def _differs(values: Sequence[object]) -> bool:
    """Tell whether the first value, seen together, is another than the rest, seen alone, agree on."""
    return _equal(values[1:]) and values[0] != values[1]


def _equal(values: Sequence[object]) -> bool:
    return all(value == values[0] for value in values)


def _apart(aspect: str, multisets: Sequence[Counter[str]]) -> _Difference:
    """Tell what only the one and only the other holds."""
    together, alone = multisets[0] - multisets[1], multisets[1] - multisets[0]
    return _Difference(aspect, _listed(together), _listed(alone))


def _listed(counted: Counter[str]) -> str:
    return ", ".join(sorted(counted.elements())) or "nothing else"


def _short(text: str) -> str:
    shown = printable(text)
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"
