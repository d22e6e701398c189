"""Erased content is still there."""

from collections.abc import Iterator

from ..attribution import Attributor
from ..erasures import Erasure, Erasures
from ..findings import Attribution, Finding, FindingClass, Severity
from ..observations import Returned, Step, visible_texts
from ..operations import ReadStorage, sent_text
from . import Judge


def residue(attributor: Attributor) -> Judge:
    """A fact that its owner erased, or whose add failed, is served again, or still lies in the store's files.

    What only lies there is of class residue, which leaves the verdict alone. What others are shown is `canary_leak`'s
    finding. Cannot see: files and tables that the target does not declare, and what is compressed or encrypted.
    """
    erasures = Erasures(attributor)

    def judge(step: Step) -> Iterator[Finding]:
        operation = step.operation
        if isinstance(operation, ReadStorage):
            for outside in step.outside:
                for sighting in attributor.content(outside.text):
                    sought = (sighting.owner, sighting.fact) == (operation.owner, operation.seeks.number)
                    if sought and (erasure := erasures.of(sighting)) is not None:
                        yield _finding(attributor, step, sighting, erasure, outside.text, place=outside.place)
            return
        erasures.note(step)
        records = step.observation.records if isinstance(step.observation, Returned) else ()
        quoted = attributor.content(sent_text(operation))
        told: set[int | None] = set()
        for text in (*(record.text for record in records), *visible_texts(step.observation)):
            for sighting in attributor.content(text):
                own = sighting.owner == operation.principal.index and sighting.fact not in told
                erasure = erasures.of(sighting)
                if own and erasure is not None and not any(sighting.fact == said.fact for said in quoted):
                    told.add(sighting.fact)
                    yield _finding(attributor, step, sighting, erasure, text)

    return judge


def _finding(
    attributor: Attributor, step: Step, sighting: Attribution, erasure: Erasure, shown: str, place: str = ""
) -> Finding:
    owner = attributor.tenant(sighting.owner)
    channel = step.operation.channel
    # A failed add is both what planted it and why it ought to be gone.
    cause = () if erasure.by.operation is erasure.planted else (erasure.by.operation,)
    return Finding(
        oracle="residue",
        klass=FindingClass.RESIDUE if place else FindingClass.LEAK,
        severity=Severity.LOW if place else Severity.MEDIUM,
        observer=step.operation.principal,
        owner=owner,
        step=step,
        evidence=(
            f"it holds {sighting.evidence}, {owner.handle}'s fact {sighting.fact}: {erasure.story}",
            f"no call showed it, it lies in: {place}" if place else f"it was served by {channel}",
        ),
        witness=(erasure.planted, *cause, step.operation),
        shown=shown,
    )
