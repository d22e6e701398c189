"""A record that belongs to another tenant was seen."""

from collections.abc import Iterator

from ...model.findings import Finding, FindingClass, Severity
from ...model.observations import Returned, Step
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
        "One user was given a record that is labelled as another's.",
        "Look at the id that the call sends, and at the place where labels are written.",
        "A right version gives back a record only where its `user_id` is that of the caller.",
    ),
)
def foreign_record(attributor: Attributor) -> Judge:
    """A principal was given a record labelled with another tenant's id, whatever its text says.

    A record whose content is that same tenant's is `canary_leak`'s finding, and one whose content is somebody else's is
    `mislabelled`'s, unless that tenant has itself said it. A label that the principal has itself given in metadata
    is its own word. Cannot see: labels that name nobody.
    """
    labels = Labels(attributor)
    echoes = Echoes(attributor)

    def judge(step: Step) -> Iterator[Finding]:
        echoes.note(step.operation)
        if not isinstance(step.observation, Returned):
            return
        principal = step.operation.principal
        # The whole reply first: a label that this principal's own record carries too is shared.
        for record in step.observation.records:
            labels.learn(principal.index, record)
        for position, record in enumerate(step.observation.records):
            owner = None if record.label is None else labels.owner(record.label)
            if owner is None or owner == principal.index or is_own_alias(record.label, principal):
                continue
            if echoes.gave(principal.index, record.label):
                continue
            sightings = attributor.content(record.text)
            if sightings and not any(echoes.explains(owner, sighting, record.text) for sighting in sightings):
                continue
            tenant = attributor.tenant(owner)
            yield Finding(
                oracle="foreign_record",
                klass=FindingClass.LEAK,
                severity=Severity.HIGH,
                observer=principal,
                owner=tenant,
                step=step,
                evidence=(
                    f"record {position + 1} is labelled user_id={record.label!r}, which is {tenant.handle}",
                    f"its content is {tenant.handle}'s word, too" if sightings else "its content names nobody",
                ),
                witness=(Add(tenant, tenant.facts[0]), step.operation),
                shown=record.text,
            )

    return judge
