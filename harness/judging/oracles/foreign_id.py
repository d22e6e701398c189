"""Another tenant's id was seen."""

from collections.abc import Iterator
from unicodedata import normalize

from ...model.findings import Finding, FindingClass, Severity
from ...model.observations import Returned, Step, visible_texts
from ...model.operations import Add, Chat, GetAll, Operation, RecordRef, Search, Update, records_named, sent_text
from ..attribution import Attributor
from ..oracles import Judge, oracle


@oracle(
    advice=(
        "A user was told the id of another.",
        "Look at fields beside the records, at error texts and at debug output.",
        "A right version names no user but the one who asks.",
    ),
)
def foreign_id(attributor: Attributor) -> Judge:
    """A principal was told another tenant's id, beside the records or in an error: who else is there.

    Not where the principal has named that tenant before: in a query, a text, filters or metadata, beside its
    credential, by posing under an id that is made of it, or by a record's id that holds the id it was stored under. A
    record that is labelled with the id is `foreign_record`'s. Cannot see: ids of another spelling than the campaign's.
    """
    named: set[tuple[int, int]] = set()
    # Adds that were answered with a record id such as `user/7`.
    telling: set[int] = set()
    # By Add: whom the id holds that the record was stored under. It may be an attack, made of a third tenant's id.
    stored_under: dict[int, tuple[int, ...]] = {}

    def judge(step: Step) -> Iterator[Finding]:
        operation = step.operation
        principal = operation.principal
        named.update((principal.index, owner) for text in _said(operation) for owner in attributor.ids(text))
        if principal.hostile or any(_names(record, telling) for record in records_named(operation)):
            named.add((principal.index, operation.owner))
        for record in records_named(operation):
            if record.names_owner:
                named.update((principal.index, owner) for owner in stored_under.get(record.step, ()))
        if isinstance(operation, Add | Chat):
            stored_under[step.index] = tuple(attributor.ids(str(principal.id)))
        if isinstance(operation, Add) and any(attributor.ids(known) for known in _record_ids(step)):
            telling.add(step.index)
        for text in (*visible_texts(step.observation), *_said_by_keys(attributor, step)):
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


def _said_by_keys(attributor: Attributor, step: Step) -> Iterator[str]:
    """Yield what a keyed resource gives for a record, and holds nobody's fact: a folder's name, or its content."""
    if step.operation.principal.keys and isinstance(step.observation, Returned):
        yield from (record.text for record in step.observation.records if not attributor.content(record.text))


def _names(record: RecordRef, telling: set[int]) -> bool:
    """Tell whether whoever sends this id sends its owner's with it."""
    return record.step in telling or record.names_owner


def _record_ids(step: Step) -> Iterator[str]:
    if isinstance(step.observation, Returned):
        yield from (record.id for record in step.observation.records if record.id is not None)


def _said(operation: Operation) -> Iterator[str]:
    """Yield the texts in which a principal may name somebody."""
    if operation.principal.hostile:
        # As it is, too: a tab before the id is a `t` in its repr. And as a store folds it, which may say so.
        said = str(operation.principal.id)
        yield from (repr(operation.principal.id), said, normalize("NFKC", said).casefold())
    yield from (value for _, value in operation.principal.within)
    credential = operation.principal.credential
    if credential is not None and credential.of is not None:
        # It stands in what is said beside the credential, or in the credential itself.
        yield str(credential.of_id)
    yield sent_text(operation)
    if isinstance(operation, GetAll) and operation.prefix:
        yield operation.prefix
    match operation:
        case Search(filters=named) | GetAll(filters=named) | Add(metadata=named) | Update(metadata=named) if named:
            yield repr(named)
        case _:
            pass
