"""What a target offers: methods, the arguments that they name, and what stands beside them."""

import inspect
from functools import lru_cache

from ..model.channels import OF_AN_APPLICATION, Ability, Channel
from ..model.keys import PATH
from .arguments import forms
from .contract import FAILURES, METHODS, Memory, Target

# What a scenario may want to pass, by the method that must name it in its signature.
_ARGUMENTS = {
    Channel.ADD: (Ability.METADATA, Ability.INFER, Ability.TTL),
    Channel.SEARCH: (Ability.FILTERS,),
    Channel.GET_ALL: (Ability.FILTERS, Ability.PREFIX),
    Channel.UPDATE: (Ability.METADATA,),
}
# What ends a memory, or belongs to a library.
_ENDS = frozenset({"close", "aclose", "flush", "open", "connect", "disconnect"})
_NOT_THE_USERS = frozenset({"builtins", "memfence", "mem0"})
_IDS = (Ability.AGENT_ID, Ability.RUN_ID, Ability.APP_ID)


def methods(memory: Memory) -> frozenset[Channel]:
    """Return the operations that the memory has a method for."""
    return frozenset(channel for channel in METHODS if _offers(memory, channel.value))


def uncalled(memory: Memory) -> tuple[str, ...]:
    """Return the public methods of the user's own class that are none of the operations: nothing will call them."""
    kind = type(memory)
    own = [one for one in kind.__mro__ if one.__module__.partition(".")[0] not in _NOT_THE_USERS]
    found = {name for one in own for name in vars(one) if not name.startswith("_") and name not in _ENDS}
    functions = {name for name in found if inspect.isfunction(inspect.getattr_static(kind, name))}
    return tuple(sorted(functions - {*METHODS, *OF_AN_APPLICATION}))


def offered(target: Target, memory: Memory, beside: Memory | None = None) -> frozenset[str]:
    """Return all that the target offers, in the words of `Operation.requires` and `Ability`.

    `beside` is the same tenant's memory through the asynchronous client, where the target has one.
    """
    found: set[str] = {*methods(memory)}
    for channel, arguments in _ARGUMENTS.items():
        takes = named(getattr(memory, channel)) if channel in found else frozenset()
        for argument in arguments:
            if argument in takes:
                found |= {argument, *_named_forms(channel, argument, getattr(memory, channel))}
    found |= {name for name in _IDS if name in named(target.make_memory)}
    if takes_no_user(target.make_memory):
        found.add(Ability.GUESTS)
    found |= {
        ability
        for ability, function in (
            (Ability.START, target.start),
            (Ability.REOPEN, target.reopen),
            (Ability.STORAGE, target.storage or target.caches),
            (Ability.LOAD, target.load),
            (Ability.RESET, target.reset),
            (Ability.ASYNC_RESET, target.async_reset),
            (Ability.ASYNC, target.make_async_memory),
            (Ability.BOTH_CLIENTS, target.make_async_memory),
            (Ability.EXPIRE, target.expire),
            (Ability.SIGN_IN, target.sign_in),
            (Ability.SIGN_OUT, target.sign_out),
            (Ability.GUEST, target.guest),
            (Ability.OTHERS, target.others),
            (Ability.AROUND, target.around),
            (Ability.KEYS, target.keys or None),
            (Ability.PATHS, target.keys.startswith(PATH) or None),
        )
        if function is not None
    }
    found |= {name for name in (Ability.CLAIM, Ability.SPELLING) if name in named(target.bearing)}
    found |= {Ability.MISTAKE} & named(target.sign_in)
    if target.sessions:
        # A memory's own `page` or `export` may mean something else.
        found |= {name for name in OF_AN_APPLICATION if _offers(memory, name)}
    if target.keys:
        found |= {name for name in (Ability.COPY, Ability.MOVE, Ability.LINK) if _offers(memory, name)}
        found |= memory.other_ways
    if any(inspect.iscoroutinefunction(getattr(memory, channel)) for channel in methods(memory)):
        found.add(Ability.ASYNC)
    through = memory if beside is None else beside
    found |= {f"{Ability.ASYNC}.{channel}" for channel in methods(through) if Ability.ASYNC in found}
    if target.prompts is not None and Ability.INFER in found:
        found.add(Ability.PROMPTS)
    return frozenset(found)


def _named_forms(channel: Channel, argument: Ability, method: object) -> frozenset[str]:
    """Return the argument as operations require it; of filters, in each form that the method takes."""
    name = f"{channel}.{argument}"
    if argument is not Ability.FILTERS:
        return frozenset({name})
    return frozenset(name if form == "dict" else f"{name}.{form}" for form in forms(method, argument))


def named(function: object) -> frozenset[str]:
    """Return the parameters that a function's or method's signature takes by name."""
    function = getattr(function, "__func__", function)
    try:
        return _parameters(function)
    except FAILURES:
        # It cannot be hashed, so what it takes cannot be remembered.
        return _parameters.__wrapped__(function)


def takes_no_user(make_memory: object) -> bool:
    """Tell whether the first parameter, the user id, may be None by its signature: by its default or its annotation."""
    try:
        first = next(iter(inspect.signature(make_memory, follow_wrapped=False).parameters.values()))  # type: ignore[arg-type]  # any callable will do
    except (*FAILURES, StopIteration):
        return False
    written = first.annotation if isinstance(first.annotation, str) else repr(first.annotation)
    said = first.annotation is not inspect.Parameter.empty and ("None" in written or "Optional" in written)
    return first.default is None or said


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
