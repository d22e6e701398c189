"""Another tenant's id was seen."""

from collections.abc import Iterator

from ..attribution import Attributor
from ..findings import Finding, FindingClass, Severity
from ..observations import Step, visible_texts
from ..operations import Add, GetAll, Operation, Search, Update, sent_text
from . import Judge, oracle


@oracle()
def foreign_id(attributor: Attributor) -> Judge:
    """A principal was told another tenant's id, beside the records or in an error: who else is there.

    Not where the principal has named that tenant before, in its own id, a query, a text, filters or metadata. A record
    that is labelled with the id is `foreign_record`'s. Cannot see: ids of another spelling than the campaign's.
    """
    named: set[tuple[int, int]] = set()

    def judge(step: Step) -> Iterator[Finding]:
        operation = step.operation
        principal = operation.principal
        named.update((principal.index, owner) for text in _said(operation) for owner in attributor.ids(text))
        for text in visible_texts(step.observation):
            for owner in attributor.ids(text):
                if owner == principal.index or (principal.index, owner) in named:
                    continue
                tenant = attributor.tenant(owner)
                yield Finding(
                    oracle="foreign_id",
                    klass=FindingClass.LEAK,
                    severity=Severity.LOW,
                    observer=principal,
                    owner=tenant,
                    step=step,
                    evidence=(
                        f"it holds {tenant.id!r}, the id of {tenant.handle}",
                        f"{principal.handle} had never named that tenant",
                    ),
                    witness=(Add(tenant, tenant.facts[0]), operation),
                    shown=text,
                )

    return judge


def _said(operation: Operation) -> Iterator[str]:
    """Yield the texts in which a principal may name somebody."""
    if operation.principal.hostile:
        yield repr(operation.principal.id)
    yield from (value for _, value in operation.principal.within)
    yield sent_text(operation)
    match operation:
        case Search(filters=named) | GetAll(filters=named) | Add(metadata=named) | Update(metadata=named) if named:
            yield repr(named)
        case _:
            pass
