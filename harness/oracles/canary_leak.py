"""Another tenant's content was seen."""

from collections.abc import Iterator

from ..attribution import Attributor, Labels, fact_of
from ..echoes import Echoes
from ..findings import Attribution, Finding, FindingClass, Severity
from ..observations import Returned, Step, visible_texts
from ..operations import Add
from . import Judge


def canary_leak(attributor: Attributor) -> Judge:
    """A principal saw another tenant's content: in a record, beside one, or in an error's text.

    What the principal's own requests have carried explains itself, unless the record is labelled as another's.
    Cannot see: content that was rephrased until the canary is gone; `foreign_record` may.
    """
    echoes = Echoes(attributor)
    labels = Labels(attributor)

    def judge(step: Step) -> Iterator[Finding]:
        principal = step.operation.principal.index
        echoes.note(step.operation)
        records = step.observation.records if isinstance(step.observation, Returned) else ()
        for record in records:
            labels.learn(principal, record)
        for position, record in enumerate(records):
            own = record.label is None or labels.owner(record.label) == principal
            label = "carries no user_id" if record.label is None else f"is labelled user_id={record.label!r}"
            where = f"record {position + 1} of {len(records)} {label}"
            for sighting in _foreign(record.text, principal):
                if not (own and echoes.explains(principal, sighting, record.text)):
                    yield _finding(attributor, step, sighting, record.text, where)
        for text in visible_texts(step.observation):
            for sighting in _foreign(text, principal):
                if not echoes.explains(principal, sighting, text):
                    kind = type(step.observation).__name__.lower()
                    yield _finding(attributor, step, sighting, text, f"it stood beside the records ({kind})")

    def _foreign(text: str, principal: int) -> list[Attribution]:
        return [sighting for sighting in attributor.content(text) if sighting.owner != principal]

    return judge


def _finding(attributor: Attributor, step: Step, sighting: Attribution, shown: str, place: str) -> Finding:
    owner = attributor.tenant(sighting.owner)
    fact = fact_of(attributor, sighting)
    return Finding(
        oracle="canary_leak",
        klass=FindingClass.LEAK,
        severity=Severity.HIGH,
        observer=step.operation.principal,
        owner=owner,
        step=step,
        evidence=(f"its content holds {sighting.evidence}: that is {owner.handle}'s fact {sighting.fact}", place),
        witness=((Add(owner, fact),) if fact else ()) + (step.operation,),
        shown=shown,
    )
