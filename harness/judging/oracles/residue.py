"""Erased content is still there."""

from collections.abc import Iterator

from ...model.findings import Attribution, Finding, FindingClass, Severity
from ...model.observations import Returned, Step, visible_texts
from ...model.operations import Add, Delete, DeleteAll, ReadStorage, Reset, is_of_a_feed, sent_text
from ...model.tenants import Fact
from ..attribution import Attributor
from ..echoes import Echoes
from ..erasures import Erasure, Erasures
from ..oracles import Judge, oracle


@oracle(
    Delete,
    DeleteAll,
    Reset,
    Add,
    advice=(
        "What a user deleted, or what failed to be stored, is still there.",
        "Look at histories, message tables and caches that deleting does not touch, and at writes before a check.",
        "A right version removes the text from each place, and undoes a write that fails.",
    ),
)
def residue(attributor: Attributor) -> Judge:
    """A fact that its owner erased, or whose add failed, is served again, or still lies in the store's files.

    What only lies there is of class residue, which leaves the verdict alone. What others are shown is `canary_leak`'s
    finding; what another has stored in the same words may be that one's. Cannot see: files and tables that the target
    does not declare, and what is compressed or encrypted.
    """
    erasures = Erasures(attributor)
    echoes = Echoes(attributor)

    def judge(step: Step) -> Iterator[Finding]:
        echoes.note(step.operation)
        if isinstance(step.operation, ReadStorage):
            found = _stored(attributor, erasures, step, step.operation.seeks)
            yield from (finding for sighting, finding in found if not echoes.stored_by_another(sighting))
            return
        # A delete may return what it deletes: it is gone from the next step on.
        deletes = isinstance(step.operation, Delete | DeleteAll | Reset)
        if not deletes:
            erasures.note(step)
        if not is_of_a_feed(step.operation):
            yield from _served(attributor, erasures, step)
        if deletes:
            erasures.note(step)

    return judge


def _stored(
    attributor: Attributor, erasures: Erasures, step: Step, sought: Fact
) -> Iterator[tuple[Attribution, Finding]]:
    """Yield each place that still holds the fact that is looked for, if that was erased."""
    for outside in step.outside:
        for sighting in attributor.content(outside.text):
            erasure = erasures.of(sighting)
            if (sighting.owner, sighting.fact) == (sought.owner, sought.number) and erasure is not None:
                yield sighting, _finding(attributor, step, sighting, erasure, outside.text, place=outside.place)
                break


def _served(attributor: Attributor, erasures: Erasures, step: Step) -> Iterator[Finding]:
    """Yield each erased fact of its own that the principal was shown, but for what the call itself says."""
    records = step.observation.records if isinstance(step.observation, Returned) else ()
    told = {sighting.fact for sighting in attributor.content(sent_text(step.operation))}
    # In a listing of keys the text is the key; under it a failed write may leave nothing but the name.
    keyed = bool(step.operation.principal.keys)
    keys = {record.text for record in records if keyed and not record.aside}
    for text in (*(record.text for record in records), *visible_texts(step.observation)):
        for sighting in attributor.content(text):
            erasure = erasures.of(sighting)
            if erasure is not None and text in keys and isinstance(erasure.by.operation, Add):
                continue
            if sighting.owner == step.operation.principal.index and sighting.fact not in told and erasure is not None:
                told.add(sighting.fact)
                yield _finding(attributor, step, sighting, erasure, text)


def _finding(
    attributor: Attributor, step: Step, sighting: Attribution, erasure: Erasure, shown: str, place: str = ""
) -> Finding:
    owner = attributor.tenant(sighting.owner)
    channel = step.operation.way
    # A failed add is both what planted it and why it ought to be gone.
    kept = () if place else (f"it lies in {one.place}" for one in step.kept if sighting in attributor.content(one.text))
    cause = () if erasure.by.operation is erasure.planted else (erasure.by.operation,)
    return Finding(
        oracle="residue",
        klass=FindingClass.RESIDUE if place else FindingClass.LEAK,
        severity=Severity.LOW if place else Severity.MEDIUM,
        observer=step.operation.principal,
        owner=owner,
        step=step,
        evidence=(
            f"it holds {sighting.evidence}, {owner.handle}'s fact {sighting.fact}{sighting.by}: {erasure.story}",
            f"no call showed it, it lies in: {place}" if place else f"it was served by {channel}",
            *kept,
        ),
        witness=(erasure.planted, *cause, step.operation),
        shown=shown,
    )
