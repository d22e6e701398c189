"""Only the last net held."""

from collections.abc import Iterator

from ...model.findings import Finding, FindingClass, Severity
from ...model.observations import Refused, Step
from ...model.operations import Add, GetAll, Search, is_probe
from ..attribution import Attributor
from ..oracles import Judge, oracle


@oracle(
    advice=(
        "The store gave back a record of another user, and only your last check withheld it.",
        "Look at the filter that the call sends, and at the store's own filter.",
        "A right version sends a filter that the store obeys; the last check then never speaks.",
    ),
)
def contained(attributor: Attributor) -> Judge:
    """The store answered with a record outside the scope, and the wrapper withheld it (an IsolationError).

    Nothing reached the principal, yet the store's own filter failed. Cannot see: whose the record was.
    """
    planted: list[Add] = []

    def judge(step: Step) -> Iterator[Finding]:
        operation = step.operation
        if isinstance(operation, Add):
            # Two plantings of different tenants are enough to have a foreign one for each principal.
            planted[:] = [*[add for add in planted if add.principal.index != operation.principal.index][-1:], operation]
        if not (isinstance(step.observation, Refused) and step.observation.contained):
            return
        foreign = [add for add in planted if add.principal.index != operation.principal.index]
        if isinstance(operation, Search | GetAll) and is_probe(operation):
            foreign = [Add(attributor.tenant(operation.owner), operation.seeks)]
        yield Finding(
            oracle="contained",
            klass=FindingClass.LEAK,
            severity=Severity.MEDIUM,
            observer=operation.principal,
            owner=attributor.tenant(operation.owner),
            step=step,
            evidence=("the wrapper withheld the reply: a record in it lay outside the bound scope",),
            witness=(*foreign[-1:], operation),
            shown=step.observation.message,
        )

    return judge
