"""All operations as one closed union, and what can be said of any of them.

Each operation knows its channel (the way information may cross) and its `owner`: the index of the tenant whose
records it reaches for. Where that is not the principal, the operation is a probe. `requires` names what the target
must offer for it.
"""

from dataclasses import dataclass
from typing import TypeAlias, get_args

from .asked import Extra, Filters, RecordRef
from .channels import FEEDS, Channel
from .memory_calls import Add, Chat, Copy, Delete, DeleteAll, Get, GetAll, History, Search, Update
from .store_calls import Anew, Crowd, Expire, PlantLink, ReadStorage, Reopen, Reset, SignIn, SignOut

__all__ = [
    "BY_ID",
    "OF_THE_STORE",
    "OPERATIONS",
    "Add",
    "Anew",
    "Chat",
    "Copy",
    "Crowd",
    "Delete",
    "DeleteAll",
    "Expire",
    "Extra",
    "Filters",
    "Get",
    "GetAll",
    "History",
    "Operation",
    "PlantLink",
    "ReadStorage",
    "RecordRef",
    "Reopen",
    "Reset",
    "Search",
    "SignIn",
    "SignOut",
    "Together",
    "Update",
    "asks_for_the_unknown",
    "is_of_a_feed",
    "is_probe",
    "is_prompted",
    "is_spelt",
    "records_named",
    "sent_text",
]

Operation: TypeAlias = (
    Add
    | Chat
    | Search
    | GetAll
    | Get
    | Update
    | Delete
    | DeleteAll
    | History
    | Copy
    | ReadStorage
    | Reopen
    | Reset
    | Crowd
    | Expire
    | PlantLink
    | Anew
    | SignIn
    | SignOut
)
OPERATIONS: tuple[type[Operation], ...] = get_args(Operation)
# What is nobody's own call.
OF_THE_STORE = (ReadStorage, Reopen, Reset, Crowd, Expire, PlantLink, Anew, SignIn, SignOut)
# What names a record.
BY_ID = (Get, Update, Delete, History, Copy)


@dataclass(frozen=True, slots=True)
class Together:
    """Operations that begin at the same moment, each in a thread or a task of its own."""

    operations: tuple[Operation, ...]

    def __post_init__(self) -> None:
        """Check that there are any; raises ValueError."""
        if not self.operations:
            msg = "Together needs at least one operation"
            raise ValueError(msg)


def is_probe(operation: Operation) -> bool:
    """Tell whether the operation reaches for another tenant's records, or for its own that were erased.

    So does whoever comes through a credential that must open nothing.
    """
    if operation.owner != operation.principal.index:
        return True
    if operation.principal.opens_nothing and not isinstance(operation, OF_THE_STORE):
        return True
    beside = isinstance(operation, OF_THE_STORE) and not isinstance(operation, ReadStorage)
    return operation.principal.erased and not (beside or isinstance(operation, Add | DeleteAll))


def asks_for_the_unknown(operation: Operation) -> bool:
    """Tell whether the operation names a record that does not exist."""
    return isinstance(operation, (*BY_ID, Search)) and any(one.is_unknown for one in records_named(operation)[:1])


def is_prompted(operation: Operation) -> bool:
    """Tell whether an LLM is sent something for it: what was said, or a question that is answered in words."""
    return isinstance(operation, Chat) or (isinstance(operation, Search) and operation.how == Channel.ASK)


def is_of_a_feed(operation: Operation) -> bool:
    """Tell whether the operation looks at what has come by a feed: what came before is not there, nor taken away."""
    return isinstance(operation, GetAll) and operation.how in FEEDS


def is_spelt(operation: Operation) -> bool:
    """Tell whether the operation names records otherwise than the store does: by a spelt id, by a prefix."""
    if isinstance(operation, GetAll):
        return operation.prefix is not None
    return any(record.spelt for record in records_named(operation))


def records_named(operation: Operation) -> tuple[RecordRef, ...]:
    """Return the records that an operation names, by id or by key."""
    if isinstance(operation, Search):
        return () if operation.record is None else (operation.record,)
    if isinstance(operation, Copy):
        return operation.record, operation.to
    return (operation.record,) if isinstance(operation, BY_ID) else ()


def sent_text(operation: Operation) -> str:
    """Return the text that the operation itself carries to the store; an echo of it is no leak."""
    match operation:
        case Add():
            return operation.sent
        case Chat():
            return operation.fact.text
        case Search():
            return operation.query
        case Update():
            return operation.text
        case _:
            return ""
