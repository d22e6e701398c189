"""What a principal asks of its own memory: the calls that a target offers as methods."""

from dataclasses import dataclass, field
from typing import ClassVar

from .asked import Asked, Extra, Filters, RecordRef, expect, needed
from .channels import Ability, Channel, spelt
from .keys import OTHER_WAYS, key_of
from .tenants import Fact, Tenant


@dataclass(frozen=True, slots=True)
class Add(Asked):
    """The principal stores a fact; `text` is what is sent, the fact's own text where None.

    `into` is the index of the tenant in whose memory the `metadata` claims to put it. Where callers choose keys it is
    put under one of its own, or `under` this one; `ttl` is for how many seconds.
    """

    fact: Fact
    text: str | None = None
    metadata: Extra | None = field(default=None, hash=False)
    into: int | None = None
    under: str | None = None
    ttl: float | None = None

    channel: ClassVar[Channel] = Channel.ADD

    def __post_init__(self) -> None:
        """Check the operands; raises TypeError."""
        expect(self.principal, Tenant, "the principal")
        expect(self.fact, Fact, "what is added")

    @property
    def owner(self) -> int:
        """The principal, for adding reaches for nobody's records; or whose memory it claims to be put into."""
        return self.principal.index if self.into is None else self.into

    @property
    def requires(self) -> frozenset[str]:
        """A method that takes the metadata, a key of the caller's and a ttl, where there are some."""
        keyed = frozenset() if self.under is None else frozenset({Ability.KEYS})
        return needed(self.channel, self.principal, metadata=self.metadata, ttl=self.ttl) | keyed

    @property
    def sent(self) -> str:
        """The text that is stored."""
        return self.fact.text if self.text is None else self.text

    @property
    def key(self) -> str:
        """The key that it is put under; empty where the store gives ids."""
        return key_of(self.principal.keys, self.fact.canary) if self.under is None else self.under


@dataclass(frozen=True, slots=True)
class Chat(Asked):
    """The principal says something of which mem0's LLM extracts facts; `seeks` must not be in its prompt."""

    fact: Fact
    seeks: Fact

    channel: ClassVar[Channel] = Channel.PROMPTS

    def __post_init__(self) -> None:
        """Check the operands; raises TypeError."""
        expect(self.principal, Tenant, "the principal")
        expect(self.fact, Fact, "what is said")
        expect(self.seeks, Fact, "what it seeks")

    @property
    def owner(self) -> int:
        """Whose fact it seeks."""
        return self.seeks.owner

    @property
    def requires(self) -> frozenset[str]:
        """An add that extracts, and a view of the prompts."""
        return needed(Channel.ADD, self.principal, infer=True) | {Ability.PROMPTS}


@dataclass(frozen=True, slots=True)
class Search(Asked):
    """The principal searches; `seeks` is the fact that the query is after, its own or another's.

    `how` is the method where it is another: `ask`, of an application that answers in words, or a further one of a
    resource, such as `hybrid`. With a `record`, its id is asked for, as it is spelt: the query is that spelling.
    """

    query: str
    seeks: Fact
    filters: Filters | None = field(default=None, hash=False)
    how: str = ""
    record: RecordRef | None = None

    channel: ClassVar[Channel] = Channel.SEARCH

    def __post_init__(self) -> None:
        """Check the operands; raises TypeError."""
        expect(self.principal, Tenant, "the principal")
        expect(self.seeks, Fact, "what it seeks")

    @property
    def owner(self) -> int:
        """Whose fact it seeks."""
        return self.seeks.owner

    @property
    def requires(self) -> frozenset[str]:
        """A method that takes the filters, where there are some; a further one of a resource takes a text."""
        return needed(self.how or self.channel, self.principal, filters=self.filters) | _form(self.how, "text")

    @property
    def way(self) -> Channel:
        """The channel as reports name it."""
        return _way(self, self.how)


@dataclass(frozen=True, slots=True)
class GetAll(Asked):
    """The principal lists all of its records; `seeks` is the fact that is looked for in the list.

    With a `prefix`: those whose keys begin with it, where callers choose keys. `how` is the method where it is another
    than a listing: `page` or `export`, of an application that shows its users all that it has of them, or a further one
    of a resource, such as `scroll`, or `count`, which tells how many there are.
    """

    seeks: Fact
    filters: Filters | None = field(default=None, hash=False)
    prefix: str | None = None
    how: str = ""

    channel: ClassVar[Channel] = Channel.GET_ALL

    def __post_init__(self) -> None:
        """Check the operands; raises TypeError."""
        expect(self.principal, Tenant, "the principal")
        expect(self.seeks, Fact, "what it seeks")

    @property
    def owner(self) -> int:
        """Whose fact it seeks."""
        return self.seeks.owner

    @property
    def requires(self) -> frozenset[str]:
        """A method that takes the filters or the prefix, where there are some; a further one that needs nothing."""
        beside = {"filters": self.filters, "prefix": self.prefix is not None or None}
        return needed(self.how or self.channel, self.principal, **beside) | _form(self.how, "all")

    @property
    def way(self) -> Channel:
        """The channel as reports name it."""
        return _way(self, self.how)


def _form(how: str, form: str) -> frozenset[str]:
    """Return in which form a further method of a resource must take what is asked."""
    return frozenset({f"{how}.{form}"} if how in OTHER_WAYS else ())


def _way(look: Search | GetAll, how: str) -> Channel:
    """Return the channel of a look: a further method of a resource is no channel of its own."""
    return Channel(how) if how and how not in OTHER_WAYS else spelt(look.channel, look.principal.keys)


@dataclass(frozen=True, slots=True)
class _ById(Asked):
    record: RecordRef

    def __post_init__(self) -> None:
        """Check the operands; raises TypeError."""
        expect(self.principal, Tenant, "the principal")
        expect(self.record, RecordRef, "the record")

    @property
    def owner(self) -> int:
        """Whose record it is."""
        return self.record.owner


@dataclass(frozen=True, slots=True)
class Copy(_ById):
    """The principal takes what lies under one key to another one; `how` is the method: `copy`, `move` or `link`."""

    to: RecordRef
    how: str = "copy"

    channel: ClassVar[Channel] = Channel.COPY

    @property
    def owner(self) -> int:
        """Whose record it takes; where that is its own, whose place it puts it in."""
        return self.to.owner if self.record.owner == self.principal.index else self.record.owner

    @property
    def requires(self) -> frozenset[str]:
        """The method of that name, where callers choose keys."""
        return needed(self.how, self.principal) | {Ability.KEYS}


@dataclass(frozen=True, slots=True)
class Get(_ById):
    """The principal reads a record by its id; `seeks` is the fact that is looked for under a key of its choice."""

    seeks: Fact | None = None

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
        return needed(self.channel, self.principal, metadata=self.metadata)


@dataclass(frozen=True, slots=True)
class Delete(_ById):
    """The principal removes a record by its id."""

    channel: ClassVar[Channel] = Channel.DELETE


@dataclass(frozen=True, slots=True)
class History(_ById):
    """The principal reads a record's earlier texts by its id."""

    channel: ClassVar[Channel] = Channel.HISTORY


@dataclass(frozen=True, slots=True)
class DeleteAll(Asked):
    """The principal removes all of its own records; `owner` is the tenant whose records must survive that.

    `how` is the method where it is another: `close_account` ends all sessions of the principal, too.
    """

    owner: int
    how: str = ""

    channel: ClassVar[Channel] = Channel.DELETE_ALL

    def __post_init__(self) -> None:
        """Check the operands; raises TypeError."""
        expect(self.principal, Tenant, "the principal")
        expect(self.owner, int, "the owner (an index)")

    @property
    def requires(self) -> frozenset[str]:
        """The method."""
        return needed(self.how or self.channel, self.principal)

    @property
    def way(self) -> Channel:
        """The channel as reports name it."""
        return Channel(self.how) if self.how else spelt(self.channel, self.principal.keys)
