"""A record that belongs to another tenant was seen."""

from collections.abc import Iterator

from ..attribution import Attributor, Labels
from ..findings import Finding, FindingClass, Severity
from ..observations import Returned, Step
from ..operations import Add, Update
from . import Judge


def foreign_record(attributor: Attributor) -> Judge:
    """A principal was given a record labelled with another tenant's id, whatever its text says.

    A record whose content is that same tenant's is `canary_leak`'s finding, and so is an own record that metadata gave
    to another. Cannot see: labels that name nobody.
    """
    labels = Labels(attributor)
    # Who has claimed a record of its own for whom: a store may show such metadata as they were given.
    claims: set[tuple[int, int]] = set()

    def judge(step: Step) -> Iterator[Finding]:
        operation = step.operation
        if isinstance(operation, Add | Update) and operation.into is not None:
            claims.add((operation.principal.index, operation.into))
        if not isinstance(step.observation, Returned):
            return
        principal = step.operation.principal
        # The whole reply first: a label that this principal's own record carries too is shared.
        for record in step.observation.records:
            labels.learn(principal.index, record)
        for position, record in enumerate(step.observation.records):
            if record.label is None:
                continue
            owner = labels.owner(record.label)
            owners = {sighting.owner for sighting in attributor.content(record.text)}
            if owner is None or owner == principal.index or owner in owners:
                continue
            if owners == {principal.index} and (principal.index, owner) in claims:
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
                    f"its content names {'another owner' if owners else 'nobody'}",
                ),
                witness=(Add(tenant, tenant.facts[0]), step.operation),
                shown=record.text,
            )

    return judge
