"""What a target is before it is attacked: what it offers, what it answers, and what an audit of it would lack."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum

from .channels import Channel
from .gaps import Gap


class Came(Enum):
    """What came back of a call that looks for one's own new fact."""

    FOUND = "the fact"
    BESIDE = "the fact, in no record"
    OTHERS = "records without the fact"
    NOTHING = "no record"
    UNREADABLE = "nothing that can be read"
    REFUSED = "a no"
    CRASHED = "an error"


@dataclass(frozen=True, slots=True)
class Call:
    """One ordinary call, tried once or a few times by a user of the harness's own.

    `told` is the type of the answer where that could not be read, the error where there was one. `seconds` is the
    shortest time that it took, `later` the shortest after `Diagnosis.piled` more records were there.
    """

    channel: Channel
    came: Came
    told: str = ""
    seconds: float = 0.0
    later: float = 0.0


class Answer(Enum):
    """What a target did with an id that nobody should have; `OWN`: an error of its own came, which may mean no."""

    REFUSED = "refused"
    OWN = "own error"
    BROKE = "broke"
    ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class IdTried:
    """An id that nobody should have: how it is shown, what became of it, and which call or error said so.

    `own` is the class of an error of the target's own.
    """

    shown: str
    answer: Answer
    told: str = ""
    own: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of code that attacks wait for.

    `choice` are the methods and arguments of which one is enough, empty where it is a permission that they lack.
    """

    choice: tuple[str, ...]
    gap: Gap
    attacks: tuple[str, ...]


class Want(StrEnum):
    """What stands between an audit and a full answer."""

    ADD = "add"
    READ = "read"
    IDS = "ids"
    REQUIRED = "required"
    NOTHING = "nothing"
    OWN_ERRORS = "own errors"
    DISPOSABLE = "disposable"


class Kind(Enum):
    """How a target was given, and so where a line for it belongs: `FILE` is that of an application."""

    FUNCTION = "function"
    CLASS = "class"
    OBJECT = "object"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What was seen of a target without attacking it.

    `methods` are its operations with the named arguments that the harness knows of, `offers` what the target itself
    says beside `make_memory`. `disposable` is None where nobody said it, `said_by` who did; `destroys`: what deletes
    will be tried. `attacks` will run, `lines` are what the others wait for, `allowed` those on what is meant to be;
    `judged` are the channels by which those that run reach for others' records. `ids_told` counts the new records
    whose id became known, of `stored`; `labelled`: its records name their user. `ids` and `unknown` are what became
    of users' and of records' ids that nobody has, `refusals` the exceptions that it says mean no. `operations` and
    `seconds` are about what an audit would take. `left_behind` records could not be removed, of users whose names
    begin with `prefix`. `uncalled` are its public methods that nothing will call. `keys`: how it spells
    keys, where callers choose these.
    """

    target: str
    kind: Kind
    methods: Mapping[Channel, tuple[str, ...]]
    offers: tuple[str, ...]
    disposable: bool | None
    said_by: str
    destroys: bool
    never_wiped: bool
    mem0: bool
    attacks: tuple[str, ...]
    lines: tuple[Line, ...]
    allowed: tuple[str, ...]
    judged: tuple[Channel, ...]
    histories: int
    required: tuple[Channel, ...]
    calls: tuple[Call, ...] = ()
    add_told: str = ""
    stored: int = 0
    ids_told: int = 0
    labelled: bool = False
    piled: int = 0
    ids: tuple[IdTried, ...] = ()
    unknown: tuple[IdTried, ...] = ()
    refusals: tuple[str, ...] = ()
    operations: int = 0
    seconds: float = 0.0
    left_behind: int = 0
    prefix: str = ""
    wants: tuple[Want, ...] = field(default=())
    uncalled: tuple[str, ...] = ()
    keys: str = ""

    @property
    def own_errors(self) -> dict[str, list[str]]:
        """Each class of errors of the target's own that may mean no, and what got it."""
        found: dict[str, list[str]] = {}
        for one in (*self.ids, *self.unknown):
            if one.own:
                found.setdefault(one.own, []).append(one.shown)
        return found

    @property
    def ready(self) -> bool:
        """Whether an audit can give a full answer."""
        return not self.wants
