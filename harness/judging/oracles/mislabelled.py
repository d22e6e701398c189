"""A record's label and its content name different owners."""

from collections.abc import Iterator

from ...model.findings import Attribution, Finding, FindingClass, Severity
from ...model.observations import Record, Returned, Step
from ...model.operations import Add, Get, GetAll, History, Search
from ..attribution import Attributor, Labels, is_own_alias
from ..echoes import Echoes
from ..oracles import Judge, oracle


@oracle(
    Search,
    GetAll,
    Get,
    History,
    advice=(
        "A record with one user's text carries another user's id.",
        "Look at where `add` and `update` take the id from: an argument, metadata, or a variable that requests share.",
        "A right version takes the owner from the constructor, or who is signed in, and never changes it afterwards.",
    ),
)
def mislabelled(attributor: Attributor) -> Judge:
    """A record is labelled as one tenant's and holds another's fact: one of the two is wrong, and which is not guessed.

    Not where the tenant that the label names has said the same itself, nor where the fact's owner, or the reader who
    has said it, has given that label in metadata: a store may show these as they were given. Cannot see: labels that
    name nobody.
    """
    labels = Labels(attributor)
    echoes = Echoes(attributor)
    planted: dict[tuple[int, int | None], Add] = {}

    def judge(step: Step) -> Iterator[Finding]:
        operation = step.operation
        echoes.note(operation)
        if isinstance(operation, Add):
            planted[operation.principal.index, operation.fact.number] = operation
        if not isinstance(step.observation, Returned):
            return
        principal = operation.principal
        for record in step.observation.records:
            labels.learn(principal.index, record)
        for position, record in enumerate(step.observation.records):
            owner = None if record.label is None else labels.owner(record.label)
            sightings = attributor.content(record.text)
            said = {sighting.owner for sighting in sightings}
            if owner is None or not said or owner in said or is_own_alias(record.label, principal):
                continue
            if any(_is_said(one, owner, principal.index, record) for one in sightings):
                continue
            one = sightings[0]
            first = attributor.tenant(one.owner)
            add = planted.get((first.index, one.fact))
            yield Finding(
                oracle="mislabelled",
                klass=FindingClass.INTEGRITY,
                severity=Severity.MEDIUM,
                observer=principal,
                owner=first,
                step=step,
                evidence=(
                    f"record {position + 1} is labelled user_id={record.label!r}, {attributor.tenant(owner).handle}",
                    f"it holds {one.evidence}: {first.handle}'s fact {one.fact}{one.by}",
                ),
                witness=(*([] if add is None else [add]), operation),
                shown=record.text,
            )

    def _is_said(one: Attribution, owner: int, reader: int, record: Record) -> bool:
        label = record.label or ""
        writers = (one.owner, reader)
        return echoes.explains(owner, one, record.text) or any(
            echoes.wrote(writer, label, one, record.text) for writer in writers
        )

    return judge
