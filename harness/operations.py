"""What a principal asks of its memory.

Each operation knows its channel (the way information may cross) and its `owner`: the index of the tenant whose
records it reaches for. Where that is not the principal, the operation is a probe.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, TypeAlias

from .tenants import Fact, Tenant


class Channel(StrEnum):
    """A way in which information may cross from one tenant to another."""

    ADD = "add"
    SEARCH = "search"
    GET_ALL = "get_all"
    GET = "get"
    UPDATE = "update"
    DELETE = "delete"
    DELETE_ALL = "delete_all"
    HISTORY = "history"
    ERRORS = "errors"
    PROMPTS = "prompts"
    STORAGE = "storage"

    @property
    def meaning(self) -> str:
        """What crosses here, in one line."""
        return _MEANINGS[self]


_MEANINGS = {
    Channel.ADD: "adding a record shows, changes or displaces another tenant's",
    Channel.SEARCH: "a search finds another tenant's record",
    Channel.GET_ALL: "a listing holds another tenant's record",
    Channel.GET: "a record id reads another tenant's record",
    Channel.UPDATE: "a record id changes another tenant's record",
    Channel.DELETE: "a record id removes another tenant's record",
    Channel.DELETE_ALL: "deleting one's own records removes another tenant's",
    Channel.HISTORY: "a record id reads another tenant's earlier texts",
    Channel.ERRORS: "an error's text quotes another tenant",
    Channel.PROMPTS: "another tenant's text is sent to the extraction LLM",
    Channel.STORAGE: "erased text is still in the store's files or tables",
}


@dataclass(frozen=True, slots=True)
class RecordRef:
    """Points at the record that the Add at trace index `step` stored for the tenant with index `owner`.

    Step 0 is no Add's: such a reference stands for a well-formed id that no record has.
    """

    step: int
    owner: int

    @property
    def is_unknown(self) -> bool:
        """Whether no record has this id."""
        return self.step == 0


def _expect(value: object, kind: type, role: str) -> None:
    """Catch an author's mistake where it is made, not as a crash of the target."""
    if not isinstance(value, kind):
        hint = "; `step = yield Add(...)`, then `step.record`" if kind is RecordRef else ""
        msg = f"{role} must be a {kind.__name__}, got {type(value).__name__}{hint}"
        raise TypeError(msg)


@dataclass(frozen=True, slots=True)
class Add:
    """The principal stores a fact."""

    principal: Tenant
    fact: Fact

    channel: ClassVar[Channel] = Channel.ADD

    def __post_init__(self) -> None:
        """Check the operands; raises TypeError."""
        _expect(self.principal, Tenant, "the principal")
        _expect(self.fact, Fact, "what is added")

    @property
    def owner(self) -> int:
        """The principal: adding reaches for nobody's records."""
        return self.principal.index


@dataclass(frozen=True, slots=True)
class Search:
    """The principal searches; `seeks` is the fact that the query is after, its own or another's."""

    principal: Tenant
    query: str
    seeks: Fact

    channel: ClassVar[Channel] = Channel.SEARCH

    def __post_init__(self) -> None:
        """Check the operands; raises TypeError."""
        _expect(self.principal, Tenant, "the principal")
        _expect(self.seeks, Fact, "what it seeks")

    @property
    def owner(self) -> int:
        """Whose fact it seeks."""
        return self.seeks.owner


@dataclass(frozen=True, slots=True)
class GetAll:
    """The principal lists all of its records; `seeks` is the fact that is looked for in the list."""

    principal: Tenant
    seeks: Fact

    channel: ClassVar[Channel] = Channel.GET_ALL

    def __post_init__(self) -> None:
        """Check the operands; raises TypeError."""
        _expect(self.principal, Tenant, "the principal")
        _expect(self.seeks, Fact, "what it seeks")

    @property
    def owner(self) -> int:
        """Whose fact it seeks."""
        return self.seeks.owner


@dataclass(frozen=True, slots=True)
class _ById:
    principal: Tenant
    record: RecordRef

    def __post_init__(self) -> None:
        """Check the operands; raises TypeError."""
        _expect(self.principal, Tenant, "the principal")
        _expect(self.record, RecordRef, "the record")

    @property
    def owner(self) -> int:
        """Whose record it is."""
        return self.record.owner


@dataclass(frozen=True, slots=True)
class Get(_ById):
    """The principal reads a record by its id."""

    channel: ClassVar[Channel] = Channel.GET


@dataclass(frozen=True, slots=True)
class Update(_ById):
    """The principal replaces a record's text."""

    text: str

    channel: ClassVar[Channel] = Channel.UPDATE


@dataclass(frozen=True, slots=True)
class Delete(_ById):
    """The principal removes a record by its id."""

    channel: ClassVar[Channel] = Channel.DELETE


@dataclass(frozen=True, slots=True)
class History(_ById):
    """The principal reads a record's earlier texts by its id."""

    channel: ClassVar[Channel] = Channel.HISTORY


@dataclass(frozen=True, slots=True)
class DeleteAll:
    """The principal removes all of its own records; `owner` is the tenant whose records must survive that."""

    principal: Tenant
    owner: int

    channel: ClassVar[Channel] = Channel.DELETE_ALL

    def __post_init__(self) -> None:
        """Check the operands; raises TypeError."""
        _expect(self.principal, Tenant, "the principal")
        _expect(self.owner, int, "the owner (an index)")


Operation: TypeAlias = Add | Search | GetAll | Get | Update | Delete | DeleteAll | History
OPERATIONS = (Add, Search, GetAll, Get, Update, Delete, DeleteAll, History)


def is_probe(operation: Operation) -> bool:
    """Tell whether the operation reaches for another tenant's records."""
    return operation.owner != operation.principal.index


def asks_for_the_unknown(operation: Operation) -> bool:
    """Tell whether the operation names a record that does not exist."""
    return isinstance(operation, Get | Update | Delete | History) and operation.record.is_unknown


def sent_text(operation: Operation) -> str:
    """Return the text that the operation itself carries to the store; an echo of it is no leak."""
    match operation:
        case Add():
            return operation.fact.text
        case Search():
            return operation.query
        case Update():
            return operation.text
        case _:
            return ""
