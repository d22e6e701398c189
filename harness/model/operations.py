"""What a principal asks of its memory.

Each operation knows its channel (the way information may cross) and its `owner`: the index of the tenant whose
records it reaches for. Where that is not the principal, the operation is a probe. `requires` names what the target
must offer for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, TypeAlias

from .channels import Ability, Channel
from .tenants import Fact, Tenant

Extra: TypeAlias = Mapping[str, object]


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
class _Asked:
    principal: Tenant

    channel: ClassVar[Channel]

    @property
    def requires(self) -> frozenset[str]:
        """What the target must offer: the method, and what the principal and the arguments need."""
        return _requires(self.channel, self.principal)


def _requires(method: str, principal: Tenant, **named: object) -> frozenset[str]:
    asynchronous = (Ability.ASYNC, f"{Ability.ASYNC}.{method}") if principal.asynchronous else ()
    within = (name for name, _ in principal.within)
    return frozenset(
        {method, *asynchronous, *within, *(f"{method}.{name}" for name, value in named.items() if value is not None)}
    )


@dataclass(frozen=True, slots=True)
class Add(_Asked):
    """The principal stores a fact; `text` is what is sent, the fact's own text where None.

    `into` is the index of the tenant in whose memory the `metadata` claims to put it.
    """

    fact: Fact
    text: str | None = None
    metadata: Extra | None = field(default=None, hash=False)
    into: int | None = None

    channel: ClassVar[Channel] = Channel.ADD

    def __post_init__(self) -> None:
        """Check the operands; raises TypeError."""
        _expect(self.principal, Tenant, "the principal")
        _expect(self.fact, Fact, "what is added")

    @property
    def owner(self) -> int:
        """The principal, for adding reaches for nobody's records; or whose memory it claims to be put into."""
        return self.principal.index if self.into is None else self.into

    @property
    def requires(self) -> frozenset[str]:
        """A method that takes the metadata, where there are some."""
        return _requires(self.channel, self.principal, metadata=self.metadata)

    @property
    def sent(self) -> str:
        """The text that is stored."""
        return self.fact.text if self.text is None else self.text


@dataclass(frozen=True, slots=True)
class Chat(_Asked):
    """The principal says something of which mem0's LLM extracts facts; `seeks` must not be in its prompt."""

    fact: Fact
    seeks: Fact

    channel: ClassVar[Channel] = Channel.PROMPTS

    def __post_init__(self) -> None:
        """Check the operands; raises TypeError."""
        _expect(self.principal, Tenant, "the principal")
        _expect(self.fact, Fact, "what is said")
        _expect(self.seeks, Fact, "what it seeks")

    @property
    def owner(self) -> int:
        """Whose fact it seeks."""
        return self.seeks.owner

    @property
    def requires(self) -> frozenset[str]:
        """An add that extracts, and a view of the prompts."""
        return _requires(Channel.ADD, self.principal, infer=True) | {Ability.PROMPTS}


@dataclass(frozen=True, slots=True)
class Search(_Asked):
    """The principal searches; `seeks` is the fact that the query is after, its own or another's."""

    query: str
    seeks: Fact
    filters: Extra | None = field(default=None, hash=False)

    channel: ClassVar[Channel] = Channel.SEARCH

    def __post_init__(self) -> None:
        """Check the operands; raises TypeError."""
        _expect(self.principal, Tenant, "the principal")
        _expect(self.seeks, Fact, "what it seeks")

    @property
    def owner(self) -> int:
        """Whose fact it seeks."""
        return self.seeks.owner

    @property
    def requires(self) -> frozenset[str]:
        """A method that takes the filters, where there are some."""
        return _requires(self.channel, self.principal, filters=self.filters)


@dataclass(frozen=True, slots=True)
class GetAll(_Asked):
    """The principal lists all of its records; `seeks` is the fact that is looked for in the list."""

    seeks: Fact
    filters: Extra | None = field(default=None, hash=False)

    channel: ClassVar[Channel] = Channel.GET_ALL

    def __post_init__(self) -> None:
        """Check the operands; raises TypeError."""
        _expect(self.principal, Tenant, "the principal")
        _expect(self.seeks, Fact, "what it seeks")

    @property
    def owner(self) -> int:
        """Whose fact it seeks."""
        return self.seeks.owner

    @property
    def requires(self) -> frozenset[str]:
        """A method that takes the filters, where there are some."""
        return _requires(self.channel, self.principal, filters=self.filters)


@dataclass(frozen=True, slots=True)
class _ById(_Asked):
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
    """The principal replaces a record's text; `into` is the tenant to whom the `metadata` claim to give it."""

    text: str
    metadata: Extra | None = field(default=None, hash=False)
    into: int | None = None

    channel: ClassVar[Channel] = Channel.UPDATE

    @property
    def owner(self) -> int:
        """Whose record it is, or whose it claims to make it."""
        return self.record.owner if self.into is None else self.into

    @property
    def requires(self) -> frozenset[str]:
        """A method that takes the metadata, where there are some."""
        return _requires(self.channel, self.principal, metadata=self.metadata)


@dataclass(frozen=True, slots=True)
class Delete(_ById):
    """The principal removes a record by its id."""

    channel: ClassVar[Channel] = Channel.DELETE


@dataclass(frozen=True, slots=True)
class History(_ById):
    """The principal reads a record's earlier texts by its id."""

    channel: ClassVar[Channel] = Channel.HISTORY


@dataclass(frozen=True, slots=True)
class DeleteAll(_Asked):
    """The principal removes all of its own records; `owner` is the tenant whose records must survive that."""

    owner: int

    channel: ClassVar[Channel] = Channel.DELETE_ALL

    def __post_init__(self) -> None:
        """Check the operands; raises TypeError."""
        _expect(self.principal, Tenant, "the principal")
        _expect(self.owner, int, "the owner (an index)")


@dataclass(frozen=True, slots=True)
class ReadStorage(_Asked):
    """Somebody with the store's files and tables in hand looks for an erased fact, byte by byte."""

    seeks: Fact

    channel: ClassVar[Channel] = Channel.STORAGE

    def __post_init__(self) -> None:
        """Check the operands; raises TypeError."""
        _expect(self.principal, Tenant, "the principal")
        _expect(self.seeks, Fact, "what it seeks")

    @property
    def owner(self) -> int:
        """Whose fact it seeks."""
        return self.seeks.owner


@dataclass(frozen=True, slots=True)
class _OfTheWorld(_Asked):
    """Done to the whole world; the principal is whoever comes next."""

    channel: ClassVar[Channel] = Channel.STORAGE

    def __post_init__(self) -> None:
        """Check the operands; raises TypeError."""
        _expect(self.principal, Tenant, "the principal")

    @property
    def owner(self) -> int:
        """The principal: it reaches for nobody's records."""
        return self.principal.index


@dataclass(frozen=True, slots=True)
class Reopen(_OfTheWorld):
    """The store is closed and opened again."""

    @property
    def requires(self) -> frozenset[str]:
        """A target that can."""
        return frozenset({Ability.REOPEN})


@dataclass(frozen=True, slots=True)
class Crowd(_OfTheWorld):
    """The records of others, many at once, are put into the store by its own insert; the principal is one of them."""

    adds: tuple[Add, ...]

    channel: ClassVar[Channel] = Channel.ADD

    @property
    def requires(self) -> frozenset[str]:
        """A target that can."""
        return frozenset({Ability.LOAD})


@dataclass(frozen=True, slots=True)
class Reset(_OfTheWorld):
    """The store's own reset: everybody's records are erased."""

    @property
    def requires(self) -> frozenset[str]:
        """A target that can be started afresh."""
        return frozenset({Ability.START})


Operation: TypeAlias = (
    Add | Chat | Search | GetAll | Get | Update | Delete | DeleteAll | History | ReadStorage | Reopen | Reset | Crowd
)
OPERATIONS = (Add, Chat, Search, GetAll, Get, Update, Delete, DeleteAll, History, ReadStorage, Reopen, Reset, Crowd)


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
    """Tell whether the operation reaches for another tenant's records, or for its own that were erased."""
    if operation.owner != operation.principal.index:
        return True
    return operation.principal.erased and not isinstance(operation, Add | DeleteAll | Reopen | Reset | Crowd)


def asks_for_the_unknown(operation: Operation) -> bool:
    """Tell whether the operation names a record that does not exist."""
    return isinstance(operation, Get | Update | Delete | History) and operation.record.is_unknown


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
