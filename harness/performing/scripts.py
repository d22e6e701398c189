"""Calls on a client as scripts: written once, run by a synchronous and by an asynchronous wrapper.

A script is a generator that yields calls and receives their results; what a call raises is raised inside it.
"""

import asyncio
import inspect
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

_T = TypeVar("_T")


@dataclass(slots=True)
class Call:
    """One call; `blocking` says that an event loop must give it a thread."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)
    blocking: bool = False


Script: TypeAlias = Generator[Call, Any, _T]


def perform(script: Script[_T]) -> _T:
    """Run a script to its end and return its result."""
    try:
        call = next(script)
        while True:
            try:
                reply = call.function(*call.arguments, **call.options)
            except Exception as error:  # noqa: BLE001 - the script decides what to make of it
                call = script.throw(error)
            else:
                call = script.send(reply)
    except StopIteration as end:
        result: _T = end.value
        return result


async def perform_async(script: Script[_T]) -> _T:
    """Run a script to its end, awaiting what is awaitable, and return its result."""
    try:
        call = next(script)
        while True:
            try:
                if call.blocking:
                    reply = await asyncio.to_thread(call.function, *call.arguments, **call.options)
                else:
                    reply = call.function(*call.arguments, **call.options)
                    if inspect.isawaitable(reply):
                        reply = await reply
            except Exception as error:  # noqa: BLE001 - as above
                call = script.throw(error)
            else:
                call = script.send(reply)
    except StopIteration as end:
        result: _T = end.value
        return result
