"""What a principal could see of one operation, and the trace that such steps make."""

from dataclasses import dataclass, field
from typing import TypeAlias

from .around import Around
from .operations import Add, Operation, RecordRef


@dataclass(frozen=True, slots=True)
class Record:
    """One stored item as it came back: `label` is the `user_id` it carries, `structured` False for a bare string.

    `aside` holds its other texts: metadata, former versions, whatever else the reply shows with it. `fields` are the
    short ones of these by the keys that lead there, a list's marked by `[]`: `("metadata.tenant", "mf-ann-0")`.
    """

    id: str | None
    text: str
    label: str | None = None
    score: float | None = None
    aside: tuple[str, ...] = ()
    structured: bool = True
    fields: tuple[tuple[str, str], ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Returned:
    """The call came back; `aside` holds the texts of the reply that stand in no record.

    `numbers` holds the numbers beside the records, each with its path in the reply: ("meta.total", 57.0). `unread` is
    the type of a reply that holds no records in any shape that is understood.
    """

    records: tuple[Record, ...] = ()
    aside: tuple[str, ...] = ()
    numbers: tuple[tuple[str, float], ...] = ()
    unread: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Refused:
    """The target said no in so many words; `contained` when only the last net held (an IsolationError).

    `by_accident`: it said nothing, but its constructor broke on an id that is an attack, and no memory came into being;
    or a call broke on filters that are a list or a text, as one does that takes none. `untried`: memfence itself did
    not make the call, so the target has said nothing. `at_the_door`: users sign in there, and this one was not let in.
    """

    kind: str
    message: str
    place: str = ""
    contained: bool = False
    by_accident: bool = False
    untried: bool = False
    at_the_door: bool = False


@dataclass(frozen=True, slots=True)
class Crashed:
    """The call failed in a way that is no refusal; `place` is the line of code that raised.

    `own` names its class where the target's own code defines and raises it: it may mean no, and nobody has said so.
    """

    kind: str
    message: str
    place: str
    own: str = field(default="", compare=False)


Observation: TypeAlias = Returned | Refused | Crashed


@dataclass(frozen=True, slots=True)
class Outside:
    """A text that stood outside of any reply: `place` is a file or table, or names a prompt."""

    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Step:
    """One operation and what was seen of it; `index` counts from 1 within the trace, `seconds` is the call's time.

    `outside` is what its doing put into prompts, or what was found in the store's files. `alone` holds what the same
    principal saw of the same operation in fresh worlds without anybody else, where that was tried. `unnamed`: no reply
    told the id of the record that it names, and no listing that was looked at then. `kept` are the entries of caches
    in which what was shown of another's, or of what was erased, lies. `exchange` are the lines that tell what was said
    over the wire, `around` what stood around each answer, the one that was read last; where the target tells it.
    """

    index: int
    operation: Operation
    observation: Observation
    seconds: float = field(default=0.0, compare=False)
    outside: tuple[Outside, ...] = ()
    alone: tuple[Observation, ...] = ()
    unnamed: bool = False
    kept: tuple[Outside, ...] = ()
    exchange: tuple[str, ...] = field(default=(), compare=False)
    around: tuple[Around, ...] = field(default=(), compare=False)

    @property
    def record(self) -> RecordRef:
        """A symbolic reference to the record that this step stored; meant for steps of an Add."""
        key = self.operation.key if isinstance(self.operation, Add) else ""
        return RecordRef(self.index, self.operation.principal.index, key=key)


Trace: TypeAlias = list[Step]


def shown_texts(observation: Observation) -> tuple[str, ...]:
    """Return each text that the principal could read, the records' own first."""
    records = observation.records if isinstance(observation, Returned) else ()
    return (*(record.text for record in records), *visible_texts(observation))


def visible_texts(observation: Observation) -> tuple[str, ...]:
    """Return each text that the principal could read, but for the records' own."""
    match observation:
        case Returned():
            return (*observation.aside, *(text for record in observation.records for text in record.aside))
        case Refused() | Crashed():
            return (observation.message,)
