"""The target contract: what can be audited.

A target is a function from user id to memory, or an object that says more. Foreign objects are read here once and
become a `Target`; nothing else in the harness probes them for attributes.
"""

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from .errors import TargetError
from .operations import Channel

# A user's memory: any object with some of the contract's methods. Only replies.py and executor.py look inside.
Memory: TypeAlias = Any

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

    `start` opens a fresh empty world; without it all scenarios share one. `close` ends the target.
    """

    name: str
    make_memory: Callable[[str], Memory]
    start: Callable[[], object] | None = None
    close: Callable[[], object] | None = None
    disposable: bool = False
    refusals: tuple[type[BaseException], ...] = ()
    settle: float = 0.0
    packages: frozenset[str] = field(default_factory=lambda: frozenset({"mem0"}))


def adapt(thing: object, name: str) -> Target:
    """Read the user's target: a function from user id to memory, or an object or class with `make_memory`.

    Raises TargetError where it is neither.
    """
    if isinstance(thing, type) and callable(getattr(thing, "make_memory", None)):
        thing = thing()
    make_memory = getattr(thing, "make_memory", thing)
    if not callable(make_memory):
        msg = (
            f"{name} is no target: give a function from user id to memory, "
            f"or an object with make_memory(user_id); got {type(thing).__name__}"
        )
        raise TargetError(msg)
    return Target(
        name=name,
        make_memory=make_memory,
        start=_method(thing, "start"),
        close=_method(thing, "close"),
        disposable=bool(getattr(thing, "disposable", False)),
        refusals=_refusals(getattr(thing, "refusals", ()), name),
        settle=_settle(getattr(thing, "settle", 0.0), name),
        packages=frozenset({"mem0", _package(make_memory), *getattr(thing, "packages", ())}),
    )


def methods(memory: Memory) -> frozenset[Channel]:
    """Return the operations that the memory has a method for."""
    return frozenset(channel for channel in METHODS if callable(getattr(memory, channel.value, None)))


def _method(thing: object, name: str) -> Callable[[], object] | None:
    method = getattr(thing, name, None)
    return method if callable(method) else None


def _package(make_memory: object) -> str:
    module = inspect.getmodule(make_memory) or inspect.getmodule(type(make_memory))
    return (module.__name__ if module else "").partition(".")[0]


def _refusals(listed: Iterable[type[BaseException]], name: str) -> tuple[type[BaseException], ...]:
    refusals = tuple(listed)
    if not all(isinstance(kind, type) and issubclass(kind, BaseException) for kind in refusals):
        msg = f"{name}.refusals must list exception classes, got {refusals!r}"
        raise TargetError(msg)
    return refusals


def _settle(seconds: object, name: str) -> float:
    if not isinstance(seconds, (int, float)) or seconds < 0:
        msg = f"{name}.settle must be a number of seconds, got {seconds!r}"
        raise TargetError(msg)
    return float(seconds)
