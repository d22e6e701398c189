"""Another tenant's content was seen."""

from collections.abc import Iterator

from ..attribution import Attributor, fact_of, foreign_content, is_echo
from ..findings import Attribution, Finding, FindingClass, Severity
from ..observations import Returned, Step, visible_texts
from ..operations import Add, sent_text
from . import Judge


def canary_leak(attributor: Attributor) -> Judge:
    """A principal saw another tenant's content: in a record, beside one, or in an error's text.

    Cannot see: content that was rephrased until the canary is gone; `foreign_record` may. A text that quotes the
    query back is no leak, but one that quotes an earlier query is taken for one.
    """

    def judge(step: Step) -> Iterator[Finding]:
        if isinstance(step.observation, Returned):
            records = step.observation.records
            for position, sighting in foreign_content(attributor, step.operation, step.observation):
                record = records[position]
                label = "carries no user_id" if record.label is None else f"is labelled user_id={record.label!r}"
                where = f"record {position + 1} of {len(records)}"
                yield _finding(attributor, step, sighting, record.text, f"{where} {label}")
        sent = sent_text(step.operation)
        for text in visible_texts(step.observation):
            for sighting in attributor.content(text):
                foreign = sighting.owner != step.operation.principal.index
                if foreign and not is_echo(attributor, sighting, text, sent):
                    kind = type(step.observation).__name__.lower()
                    yield _finding(attributor, step, sighting, text, f"it stood beside the records ({kind})")

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
