"""The target contract: what can be audited.

A target is a function from user id to memory, or an object that says more. Foreign objects are read here once and
become a `Target`; nothing else in the harness probes them for attributes.
"""

import asyncio
import inspect
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any, TypeAlias, cast

from ..base.errors import TargetError
from ..base.locations import Location, locate
from ..base.wording import in_one_line
from ..model.channels import Ability, Channel

# A user's memory: any object with some of the contract's methods. Only replies.py and executor.py look inside.
Memory: TypeAlias = Any

# What foreign code may raise without ending the audit; Ctrl-C and a generator's end are not the target's.
FAILURES = (Exception, SystemExit, asyncio.CancelledError)

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


# What a scenario may want to pass, by the method that must name it in its signature.
_ARGUMENTS = {
    Channel.ADD: (Ability.METADATA, Ability.INFER),
    Channel.SEARCH: (Ability.FILTERS,),
    Channel.GET_ALL: (Ability.FILTERS,),
    Channel.UPDATE: (Ability.METADATA,),
}
_IDS = (Ability.AGENT_ID, Ability.RUN_ID, Ability.APP_ID)


@dataclass(frozen=True, slots=True)
class Target:
    """A target, normalised. `settle` is in seconds; `packages` names the code whose plain ValueErrors mean no.

    `start` opens a fresh empty world; without it all scenarios share one. `reopen` closes the world and opens it
    again; a `start` that names `durable` is told when that will be wanted. `flush` lets go of old answers, and is
    called before a tenant looks for what it has just stored; `may_forget`: it drops records in time. `storage` returns
    pairs of a place and its content (a path, bytes, a str or a list of str), `prompts` the texts that the extraction
    LLM was sent so far in this world. `make_async_memory` is the same world through the asynchronous client. `load`
    takes (user id, text) pairs of many others at once. `spent` returns why no further operation may be begun, None as
    long as one may.
    `close` ends the target; `notes` are sentences for the report, `foremost` those
    that even the shortest tells, `remedy` is a setting of the store's with which no
    tenant loses its own among others; `location` is the line that isolation hangs on. `never_wiped`: not even where the
    user allows it. `mem0`: mem0 is there, so hints about it are of use.
    `shows_errors`: errors' texts are kept whole, though it may not be wiped.
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
    spent: Callable[[], str | None] | None = None
    notes: tuple[str, ...] = ()
    foremost: tuple[str, ...] = ()
    remedy: str = ""
    disposable: bool = False
    never_wiped: bool = False
    may_forget: bool = False
    refusals: tuple[type[BaseException], ...] = ()
    settle: float = 0.0
    packages: frozenset[str] = field(default_factory=lambda: frozenset({"mem0"}))
    location: Location | None = None
    mem0: bool = False
    shows_errors: bool = False


def adapt(thing: object, name: str) -> Target:
    """Read the user's target: a function from user id to memory, or an object or class with `make_memory`.

    A class without `make_memory` is itself the function. Raises TargetError where `thing` is neither, where it cannot
    be made, and where what it says of itself makes no sense.
    """
    if isinstance(thing, type) and callable(_read(thing, "make_memory", None, name)):
        try:
            thing = thing()
        except FAILURES as error:
            msg = f"{name} could not be made: {in_one_line(error, _packages(thing))}"
            raise TargetError(msg) from error
    make_memory = _read(thing, "make_memory", thing, name)
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
        remedy=str(_read(thing, "remedy", "", name)),
        spent=cast("Callable[[], str | None] | None", _method(thing, "spent", name)),
        notes=_sentences(_read(thing, "notes", (), name), f"{name}.notes"),
        foremost=_sentences(_read(thing, "foremost", (), name), f"{name}.foremost"),
        disposable=_truth(thing, "disposable", name),
        never_wiped=_truth(thing, "never_wiped", name),
        may_forget=_truth(thing, "may_forget", name),
        refusals=_refusals(_read(thing, "refusals", (), name), name),
        settle=_settle(_read(thing, "settle", 0.0, name), name),
        packages=frozenset({"mem0", *_packages(make_memory), *_named(_read(thing, "packages", (), name), name)}),
        location=locate(make_memory),
        mem0="mem0" in sys.modules,
    )


def check_allowed(target: Target, *, allow_destructive: bool) -> None:
    """Raise TargetError where the user allows what the target never does."""
    if target.never_wiped and allow_destructive:
        msg = f"{target.name} holds others' records and is never wiped: leave out --allow-destructive"
        raise TargetError(msg)


def methods(memory: Memory) -> frozenset[Channel]:
    """Return the operations that the memory has a method for."""
    return frozenset(channel for channel in METHODS if _offers(memory, channel.value))


def offered(target: Target, memory: Memory, beside: Memory | None = None) -> frozenset[str]:
    """Return all that the target offers, in the words of `Operation.requires` and `Ability`.

    `beside` is the same tenant's memory through the asynchronous client, where the target has one.
    """
    found: set[str] = {*methods(memory)}
    for channel, arguments in _ARGUMENTS.items():
        takes = named(getattr(memory, channel)) if channel in found else frozenset()
        for argument in arguments:
            if argument in takes:
                found |= {argument, f"{channel}.{argument}"}
    found |= {name for name in _IDS if name in named(target.make_memory)}
    found |= {
        ability
        for ability, function in (
            (Ability.START, target.start),
            (Ability.REOPEN, target.reopen),
            (Ability.STORAGE, target.storage),
            (Ability.LOAD, target.load),
            (Ability.ASYNC, target.make_async_memory),
            (Ability.BOTH_CLIENTS, target.make_async_memory),
        )
        if function is not None
    }
    if any(inspect.iscoroutinefunction(getattr(memory, channel)) for channel in methods(memory)):
        found.add(Ability.ASYNC)
    through = memory if beside is None else beside
    found |= {f"{Ability.ASYNC}.{channel}" for channel in methods(through) if Ability.ASYNC in found}
    if target.prompts is not None and Ability.INFER in found:
        found.add(Ability.PROMPTS)
    return frozenset(found)


def named(function: object) -> frozenset[str]:
    """Return the parameters that a function's or method's signature takes by name."""
    function = getattr(function, "__func__", function)
    try:
        return _parameters(function)
    except FAILURES:
        # It cannot be hashed, so what it takes cannot be remembered.
        return _parameters.__wrapped__(function)


@lru_cache(maxsize=256)
def _parameters(function: object) -> frozenset[str]:
    try:
        # What a decorator wraps may take other arguments than what it puts in its place.
        signature = inspect.signature(function, follow_wrapped=False)  # type: ignore[arg-type]  # any callable will do
    except FAILURES:
        return frozenset()
    by_name = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    return frozenset(parameter.name for parameter in signature.parameters.values() if parameter.kind in by_name)


def _offers(memory: Memory, name: str) -> bool:
    try:
        return callable(getattr(memory, name, None))
    except FAILURES:
        return False


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


def _sentences(listed: object, name: str) -> tuple[str, ...]:
    sentences = (listed,) if isinstance(listed, str) else _listed(listed)
    if sentences is None or not all(isinstance(sentence, str) for sentence in sentences):
        msg = f"{name} must list sentences, got {_shown(listed)}"
        raise TargetError(msg)
    return sentences


def _truth(thing: object, attribute: str, name: str) -> bool:
    answer = _read(thing, attribute, False, name)  # noqa: FBT003 - getattr's default
    # It decides whether data may be wiped: what is merely true-ish is not enough.
    if not isinstance(answer, bool):
        msg = f"{name}.{attribute} must be True or False, got {_shown(answer)}"
        raise TargetError(msg)
    return answer


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
