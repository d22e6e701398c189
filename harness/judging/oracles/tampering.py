"""Another tenant's record is gone."""

from collections.abc import Iterator

from ...model.findings import Finding, FindingClass, Severity
from ...model.observations import Step
from ...model.operations import Delete, DeleteAll, Update
from ..attribution import Attributor
from ..oracles import Judge, oracle
from ..sightings import Sightings


@oracle(
    Update,
    Delete,
    DeleteAll,
    advice=(
        "One user changed or deleted another's record.",
        "Look at `update`, `delete` and `delete_all`: at how they find the record, and at the id that they send.",
        "A right version reads the record first, and goes on only where its `user_id` is that of the caller.",
    ),
)
def tampering(attributor: Attributor) -> Judge:
    """A fact that its owner had found was gone after another tenant's update or delete.

    Cannot see: a loss whose owner never looked before, which is `lost`.
    """
    sightings = Sightings(attributor)

    def judge(step: Step) -> Iterator[Finding]:
        miss = sightings.see(step)
        if miss is None or miss.culprit is None:
            return
        owner = step.operation.principal
        culprit = miss.culprit.operation
        yield Finding(
            oracle="tampering",
            klass=FindingClass.INTEGRITY,
            severity=Severity.CRITICAL,
            observer=culprit.principal,
            owner=owner,
            step=miss.culprit,
            evidence=(
                f"after {culprit.principal.told}'s {culprit.way} it is gone: {miss.fact.canary}",
                f"{owner.handle} had found it before",
            ),
            witness=(miss.planted, culprit, step.operation),
            look=miss.look,
            otherwise=miss.otherwise,
        )

    return judge
