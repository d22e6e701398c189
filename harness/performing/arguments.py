"""What is passed to a method beside texts and ids, and in which forms it takes that, by its signature."""

import ast
import inspect
import typing
from collections.abc import Iterator, Mapping
from copy import copy
from functools import lru_cache

from ..model.operations import GetAll, Operation, Search

_LISTS = frozenset({"list", "List", "Sequence", "MutableSequence", "Iterable", "Collection", "tuple", "Tuple"})
_TEXTS = frozenset({"str", "AnyStr", "LiteralString"})
_ANYTHING = frozenset({"Any", "object"})
# What stands in their brackets is meant beside them, not inside of them.
_CHOICES = frozenset({"Optional", "Union", "Annotated"})
_NOTHING = frozenset({"None", ""})
_ALL = frozenset({"dict", "list", "text"})
_FAILURES = (Exception, SystemExit)


def given(**arguments: object) -> dict[str, object]:
    """Return the arguments that are given; mem0 wants plain dicts, and none that others hold."""
    plain = ((name, dict(value) if isinstance(value, Mapping) else copy(value)) for name, value in arguments.items())
    return {name: value for name, value in plain if value is not None}


def is_of_another_kind(operation: Operation) -> bool:
    """Tell whether the operation's filters are no dict: an attempt at what the method may not take at all."""
    return isinstance(operation, Search | GetAll) and isinstance(operation.filters, list | str)


def forms(function: object, parameter: str) -> frozenset[str]:
    """Return those of `dict`, `list` and `text` that the parameter's annotation admits; all where it has none.

    A type of whatever other name is taken for a dict of its own.
    """
    function = getattr(function, "__func__", function)
    try:
        return _forms(function, parameter)
    except _FAILURES:
        # It cannot be hashed, so what it says cannot be remembered.
        return _forms.__wrapped__(function, parameter)


def takes_text_alone(method: object) -> bool:
    """Tell whether a method's first parameter, such as a record's id, is a text by its annotation, and nothing else."""
    try:
        first = next(iter(inspect.signature(method, follow_wrapped=False).parameters), "")  # type: ignore[arg-type]  # any callable will do
    except _FAILURES:
        return False
    return forms(method, first) == {"text"}


@lru_cache(maxsize=256)
def _forms(function: object, parameter: str) -> frozenset[str]:
    try:
        said = inspect.signature(function, follow_wrapped=False).parameters[parameter].annotation  # type: ignore[arg-type]  # any callable will do
    except _FAILURES:
        return frozenset()
    if said is inspect.Parameter.empty:
        return _ALL
    names = set(_names(_resolved(function, parameter, said))) - _NOTHING
    if not names or names & _ANYTHING:
        return _ALL
    found = {"list": names & _LISTS, "text": names & _TEXTS, "dict": names - _LISTS - _TEXTS}
    return frozenset(form for form, known in found.items() if known)


def _resolved(function: object, parameter: str, said: object) -> str:
    """Return the annotation as it is written, with aliases taken for what they are where that can be found out."""
    if isinstance(said, str):
        try:
            said = typing.get_type_hints(function)[parameter]
        except _FAILURES:
            return str(said)
    return inspect.formatannotation(said)


def _names(written: str) -> Iterator[str]:
    """Yield the names of the types that an annotation admits: of `dict[str, Any] | None` it is `dict`, `None`."""
    try:
        waiting: list[ast.expr] = [ast.parse(written, mode="eval").body]
    except (SyntaxError, ValueError):
        return
    while waiting:
        match waiting.pop():
            case ast.BinOp(left=left, right=right):
                waiting += [left, right]
            case ast.Subscript(value=value, slice=inside) if _last(value) in _CHOICES:
                waiting += inside.elts if isinstance(inside, ast.Tuple) else [inside]
            case ast.Subscript(value=value):
                waiting.append(value)
            case ast.Constant(value=str() as quoted):
                yield from _names(quoted)
            case ast.Constant(value=None):
                yield "None"
            case one:
                yield _last(one)


def _last(name: ast.expr) -> str:
    match name:
        case ast.Name(id=last) | ast.Attribute(attr=last):
            return last
        case _:
            return ""
