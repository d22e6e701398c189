"""The target contract: what can be audited.

A target is a function from user id to memory, or an object that says more. Foreign objects are read here once and
become a `Target`; nothing else in the harness probes them for attributes.
"""

import asyncio
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeAlias, cast

from ..base.errors import TargetError
from ..base.locations import Location, locate
from ..base.wording import in_one_line
from ..model.channels import Channel
from ..model.keys import FLAT, FORMS, form_of
from ..plans import id_forms
from .signing_in import own_memory

# A user's memory: any object with some of the contract's methods. Only replies.py and executor.py look inside.
Memory: TypeAlias = Any

# What foreign code may raise without ending the audit; Ctrl-C and a generator's end are not the target's.
FAILURES = (Exception, SystemExit, asyncio.CancelledError)

# How somebody signs in, and what goes with it; what was said over the wire is told without that, too.
_OF_THE_WIRE = ("told", "around")
_SESSIONS = ("sign_in", "bearing", "sign_out", "guest", "others", *_OF_THE_WIRE)
# What makes one user's memory, or keyed resource.
_MAKERS = ("make_memory", "make_resource")

METHODS = (
    Channel.ADD,
    Channel.SEARCH,
    Channel.GET_ALL,
    Channel.GET,
    Channel.UPDATE,
    Channel.DELETE,
    Channel.DELETE_ALL,
    Channel.HISTORY,
)


@dataclass(frozen=True, slots=True)
class Target:
    """A target, normalised. `settle` is in seconds; `packages` names the code whose plain ValueErrors mean no.

    `start` opens a fresh empty world; without it all scenarios share one. `reopen` closes the world and opens it
    again; a `start` that names `durable` is told when that will be wanted. `flush` lets go of old answers, and is
    called before a tenant looks for what it has just stored; `may_forget`: it drops records in time. `storage` returns
    pairs of a place and its content (a path, bytes, a str or a list of str), `prompts` the texts that the extraction
    LLM was sent so far in this world. `make_async_memory` is the same world through the asynchronous client. `reset`
    and `async_reset` are the own resets of the two clients, in a world that stays. `load` takes (user id, text) pairs
    at once. `spent` returns why no further operation may be begun, None as long as one may. `disposable`: everything in
    it may be wiped, None where nobody said so or not. `close` ends the target; `notes` are sentences for the report,
    `foremost` those that even the shortest tells, `remedy` is a setting of the store's with which no tenant loses its
    own among others; `location` is the line that isolation hangs on. `never_wiped`: not even where the user allows it.
    `mem0`: mem0 is there, so hints about it are of use. `shows_errors`: errors' texts are kept whole, though it may not
    be wiped. `id_form` is how ids are written there: the name of a form, or a function that writes a number as an id.
    `scope_keys` are the names by which its records say whose they are, beside `user_id`. `keys`: it is a keyed
    resource, spoken to so, as in `model/keys.py`; `expire` lets what was put for a time run out. `caches` returns a
    cache that stands beside the memories, or several by name. `by_file`: it is an application, asked by a file's lines.
    `separate`: each process that opens it has a store of its own. `sign_in`: it has sessions; from a user id to a
    credential: texts by where they go, or a text, which `bearing` is given as `{"token": text}`; `carrying` is what the
    client carried before. `bearing` returns the memory behind a credential, said with a `claim` beside it or in another
    `spelling` where it names these. `sign_out` ends a session, `guest` is what somebody holds who has not signed in,
    `others` the tokens of a credential's user for other purposes, by name. `told` returns the lines that tell what was
    said over the wire since it was last asked, by this thread; `around` returns what stood around the answers since
    then, each an `Around`.
    """

    name: str
    make_memory: Callable[..., Memory]
    start: Callable[..., object] | None = None
    reopen: Callable[[], object] | None = None
    flush: Callable[[], object] | None = None
    close: Callable[[], object] | None = None
    storage: Callable[[], Any] | None = None
    prompts: Callable[[], Any] | None = None
    make_async_memory: Callable[..., Memory] | None = None
    load: Callable[..., object] | None = None
    reset: Callable[[], object] | None = None
    async_reset: Callable[[], object] | None = None
    spent: Callable[[], str | None] | None = None
    notes: tuple[str, ...] = ()
    foremost: tuple[str, ...] = ()
    remedy: str = ""
    disposable: bool | None = None
    never_wiped: bool = False
    may_forget: bool = False
    refusals: tuple[type[BaseException], ...] = ()
    settle: float = 0.0
    packages: frozenset[str] = field(default_factory=lambda: frozenset({"mem0"}))
    location: Location | None = None
    mem0: bool = False
    shows_errors: bool = False
    id_form: str | Callable[[int], str] = "name"
    scope_keys: tuple[str, ...] = ()
    keys: str = ""
    expire: Callable[[], object] | None = None
    caches: Callable[[], Any] | None = None
    separate: bool = False
    by_file: bool = False
    sign_in: Callable[..., Any] | None = None
    bearing: Callable[..., Memory] | None = None
    sign_out: Callable[..., object] | None = None
    guest: Callable[[], Any] | None = None
    others: Callable[..., Any] | None = None
    told: Callable[[], Any] | None = None
    around: Callable[[], Any] | None = None

    @property
    def sessions(self) -> bool:
        """Whether users sign in there."""
        return self.sign_in is not None


def adapt(thing: object, name: str) -> Target:
    """Read the user's target: a function from user id to memory, or an object or class with `make_memory`.

    With `make_resource` in its place, or a function of that name, it is a keyed resource; so it is where it says
    `keys`. A class without either is itself the function. Raises TargetError where `thing` is neither, where it cannot
    be made, and where what it says of itself makes no sense.
    """
    if isinstance(thing, type) and any(callable(_read(thing, one, None, name)) for one in (*_MAKERS, "bearing")):
        try:
            thing = thing()
        except FAILURES as error:
            msg = f"{name} could not be made: {in_one_line(error, _packages(thing))}"
            raise TargetError(msg) from error
    make_resource = _read(thing, "make_resource", None, name)
    # Who cannot act through a credential has no use for the rest.
    signed_in = all(_method(thing, one, name) for one in _SESSIONS[:2])
    sessions: dict[str, Any] = {one: _method(thing, one, name) for one in (_SESSIONS if signed_in else _OF_THE_WIRE)}
    first = partial(own_memory, sessions) if signed_in else thing
    make_memory = _read(thing, "make_memory", first, name) if make_resource is None else make_resource
    if not callable(make_memory):
        msg = (
            f"{name} is no target: give a function from user id to memory, "
            f"or an object with make_memory(user_id); got {type(thing).__name__}"
        )
        raise TargetError(msg)
    return Target(
        name=name,
        make_memory=make_memory,
        start=_method(thing, "start", name),
        reopen=_method(thing, "reopen", name),
        flush=_method(thing, "flush", name),
        close=_method(thing, "close", name),
        storage=_method(thing, "storage", name),
        prompts=_method(thing, "prompts", name),
        make_async_memory=_method(thing, "make_async_memory", name),
        load=_method(thing, "load", name),
        reset=_method(thing, "reset", name),
        async_reset=_method(thing, "async_reset", name),
        remedy=str(_read(thing, "remedy", "", name)),
        spent=cast("Callable[[], str | None] | None", _method(thing, "spent", name)),
        notes=_sentences(_read(thing, "notes", (), name), f"{name}.notes"),
        foremost=_sentences(_read(thing, "foremost", (), name), f"{name}.foremost"),
        disposable=_said(thing, "disposable", name),
        never_wiped=_truth(thing, "never_wiped", name),
        may_forget=_truth(thing, "may_forget", name),
        refusals=_refusals(_read(thing, "refusals", (), name), name),
        settle=_settle(_read(thing, "settle", 0.0, name), name),
        packages=frozenset(
            {
                "mem0",
                *_packages(make_memory if make_memory is not first else thing),
                *_named(_read(thing, "packages", (), name), name),
            }
        ),
        location=locate(make_memory),
        mem0="mem0" in sys.modules,
        id_form=_id_form(thing, name),
        keys=_keys(thing, name, named=make_resource is not None or getattr(thing, "__name__", "") == "make_resource"),
        expire=_method(thing, "expire", name),
        caches=_method(thing, "caches", name),
        separate=_read(thing, "separate", None, name) is True,  # a class may have a method of that name
        by_file=_read(thing, "by_file", None, name) is True,
        **sessions,
        scope_keys=_sentences(_read(thing, "scope_keys", (), name), f"{name}.scope_keys", "names of keys"),
    )


def _read(thing: object, attribute: str, default: object, name: str) -> Any:  # noqa: ANN401 - a stranger's attribute
    try:
        return getattr(thing, attribute, default)
    except FAILURES as error:
        msg = f"{name}.{attribute} cannot be read: {in_one_line(error, _packages(thing))}"
        raise TargetError(msg) from error


def _method(thing: object, attribute: str, name: str) -> Callable[[], object] | None:
    if isinstance(thing, type):
        # It is itself the function: its methods are those of one user's memory, and unbound here.
        return None
    method = _read(thing, attribute, None, name)
    return method if callable(method) else None


def _id_form(thing: object, name: str) -> str | Callable[[int], str]:
    form = _read(thing, "id_form", id_forms.NAME, name)
    if isinstance(form, str) or callable(form):
        # Whether there is such a form, and what the function makes of a number, is said where ids are made.
        return cast("str | Callable[[int], str]", form)
    msg = f"{name}.id_form must be one of {', '.join(id_forms.FORMS)}, or a function of a number, got {_shown(form)}"
    raise TargetError(msg)


def _keys(thing: object, name: str, *, named: bool) -> str:
    form = _read(thing, "keys", FLAT if named else "", name)
    # A class that is itself the function may have a method of that name, as a mapping has.
    if callable(form):
        return FLAT if named else ""
    if form in ("", *FORMS):
        return form_of(str(form), as_bytes=_takes_bytes(thing, name))
    msg = f"{name}.keys must be one of {', '.join(FORMS)}, got {_shown(form)}"
    raise TargetError(msg)


def _takes_bytes(thing: object, name: str) -> bool:
    kind = _read(thing, "values", "text", name)
    if callable(kind) or kind == "text":
        return False
    if kind == "bytes":
        return True
    msg = f"{name}.values must be 'text' or 'bytes', got {_shown(kind)}"
    raise TargetError(msg)


def _packages(code: object) -> frozenset[str]:
    """Return the package that a function, a class or an object was written in, where that is known."""
    while isinstance(code, partial):
        code = code.func
    try:
        module = getattr(code, "__module__", None)
    except FAILURES:
        module = None
    return frozenset({module.partition(".")[0]} if isinstance(module, str) else ())


def _named(listed: object, name: str) -> frozenset[str]:
    packages = (listed,) if isinstance(listed, str) else _listed(listed)
    if packages is None or not all(isinstance(package, str) for package in packages):
        msg = f"{name}.packages must list names of packages, got {_shown(listed)}"
        raise TargetError(msg)
    return frozenset(packages)


def _sentences(listed: object, name: str, what: str = "sentences") -> tuple[str, ...]:
    sentences = (listed,) if isinstance(listed, str) else _listed(listed)
    if sentences is None or not all(isinstance(sentence, str) for sentence in sentences):
        msg = f"{name} must list {what}, got {_shown(listed)}"
        raise TargetError(msg)
    return sentences


def _truth(thing: object, attribute: str, name: str) -> bool:
    return _said(thing, attribute, name) or False


def _said(thing: object, attribute: str, name: str) -> bool | None:
    answer = _read(thing, attribute, None, name)
    # It decides whether data may be wiped: truthy is not enough.
    if answer is None or isinstance(answer, bool):
        return answer
    msg = f"{name}.{attribute} must be True or False, got {_shown(answer)}"
    raise TargetError(msg)


def _refusals(listed: object, name: str) -> tuple[type[BaseException], ...]:
    refusals = (listed,) if isinstance(listed, type) else _listed(listed)
    if refusals is None or not all(isinstance(kind, type) and issubclass(kind, BaseException) for kind in refusals):
        msg = f"{name}.refusals must list exception classes, got {_shown(listed)}"
        raise TargetError(msg)
    return refusals


def _settle(seconds: object, name: str) -> float:
    # nan is below nothing and above nothing, so it fails here too.
    if not isinstance(seconds, (int, float)) or not 0 <= seconds <= sys.float_info.max:
        msg = f"{name}.settle must be a number of seconds, got {_shown(seconds)}"
        raise TargetError(msg)
    return float(seconds)


def _listed(values: object) -> tuple[Any, ...] | None:
    try:
        return tuple(cast("Iterable[object]", values))
    except FAILURES:
        return None


def _shown(value: object) -> str:
    try:
        return repr(value)
    except FAILURES:
        return f"a {type(value).__name__}"
