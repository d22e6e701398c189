"""What stands before the lines that show a finding, so that they run as they are pasted."""

import inspect
import sys
from collections.abc import Iterator

from ..performing.contract import Target
from ..targets.web.addresses import is_address


def preamble(target: Target) -> tuple[str, ...]:
    """Return the lines that make `make_memory` and `target` what the audit had; none for a target that is built in.

    Of one that is spoken to over a wire, the line says what must be there.
    """
    module, colon, name = target.name.partition(":")
    if colon and target.by_file:
        return (_served(target.name),)
    return tuple(_lines(target, module, name)) if colon else ()


def _served(name: str) -> str:
    """Return what must answer, as a comment: a shell takes it for one, too."""
    if is_address(name):
        return f"# the application at {name}, with nothing stored in it"
    made = name.removesuffix("()")
    return f"# beside it: uvicorn {'--factory ' if made != name else ''}{made} --port 8000"


def _lines(target: Target, module: str, name: str) -> Iterator[str]:
    first, *parts = name.split(".")
    thing: object = sys.modules.get(module)
    for part in (first, *parts):
        thing = getattr(thing, part, None)
    maker = "make_resource" if target.keys else "make_memory"
    # A function, or a class whose objects are memories, is itself what makes them.
    holds = thing is not target.make_memory
    called = "target" if holds and not isinstance(thing, type) else maker
    if parts or (holds and called == maker):
        yield f"from {module} import {first}"
        yield f"{'target' if holds else maker} = {name}{'()' if holds and isinstance(thing, type) else ''}"
    else:
        yield f"from {module} import {name}{'' if name == called else f' as {called}'}"
    owner = "target" if holds else maker
    if holds:
        yield f"{maker} = target.{maker if hasattr(thing, maker) else 'make_memory'}"
    if target.start is not None:
        start = f"{owner}.start()"
        yield f"awaited({start})" if inspect.iscoroutinefunction(target.start) else start
    if not holds:
        yield f"target = {maker}"
    if target.make_async_memory is not None:
        yield "make_async_memory = target.make_async_memory"
