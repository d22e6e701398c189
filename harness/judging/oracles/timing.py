"""The time of an answer tells of another tenant."""

from collections.abc import Iterator
from dataclasses import replace

from ...model.findings import Finding, FindingClass, Severity
from ...model.observations import Step
from ...model.operations import Add, Get, RecordRef, Search
from ...model.timings import QUESTION, RECORD, ROUNDS, difference
from ..attribution import Attributor
from ..oracles import Judge, oracle


@oracle(
    Get,
    Search,
    advice=(
        "How long an answer takes tells whether a record exists, or whether somebody has asked that question.",
        "Look at what is done before the check of the owner, and at caches that all users share.",
        "A right version checks the owner first, and keeps what it remembers for each user.",
    ),
)
def timing(attributor: Attributor) -> Judge:
    """Another's record, or a question that another has asked, takes longer or less than an unknown one.

    Judged are pairs that a principal asks under the classes of attack for it, one after the other, when there are
    enough; it never makes the verdict by itself. Cannot see: a difference below 0.1 ms.
    """
    asked: dict[str, int] = {}
    halves: dict[tuple[str, int, bool], Step] = {}
    pairs: dict[str, list[tuple[Step, Step]]] = {RECORD: [], QUESTION: []}

    def judge(step: Step) -> Iterator[Finding]:
        operation = step.operation
        by, kind = operation.principal.index, operation.principal.kind
        match operation:
            case Get(record=record):
                theirs = not record.is_unknown
            case Search(query=query):
                theirs = asked.setdefault(query, by) != by
            case _:
                return
        if kind not in pairs:
            return
        other = halves.pop((kind, by, not theirs), None)
        if other is None:
            halves[kind, by, theirs] = step
            return
        pairs[kind].append((step, other) if theirs else (other, step))
        if len(pairs[kind]) == ROUNDS:
            yield from _judged(attributor, pairs[kind])

    return judge


def _judged(attributor: Attributor, pairs: list[tuple[Step, Step]]) -> Iterator[Finding]:
    found = difference([(theirs.seconds, nobodys.seconds) for theirs, nobodys in pairs])
    if found is None:
        return
    step = pairs[-1][0]
    owner = attributor.tenant(step.operation.owner)
    asked = step.operation
    what = "another's record" if isinstance(asked, Get) else "a question that another had asked"
    if isinstance(asked, Get):
        # As the witness has it, whose first operation plants the record.
        asked = replace(asked, record=RecordRef(1, owner.index))
    yield Finding(
        oracle="timing",
        klass=FindingClass.TIMING,
        severity=Severity.LOW,
        observer=step.operation.principal,
        owner=owner,
        step=step,
        evidence=(f"{what} took {found.told}",),
        witness=(Add(owner, owner.facts[0]), asked),
    )
