"""JSON pointers (RFC 6901): where in an answer something lies."""

from collections.abc import Mapping
from typing import Any

MISSING = object()


def steps(pointer: str) -> tuple[str, ...]:
    """Return the keys and positions of a pointer such as `/notes/0/id`; of `/` and of nothing none: the whole."""
    parts = pointer.strip("/").split("/") if pointer.strip("/") else []
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in parts)


def found(whole: Any, pointer: str) -> Any:  # noqa: ANN401 - JSON
    """Return what lies there, MISSING where nothing does."""
    for step in steps(pointer):
        if isinstance(whole, Mapping) and step in whole:
            whole = whole[step]
        elif isinstance(whole, list) and step.isdecimal() and int(step) < len(whole):
            whole = whole[int(step)]
        else:
            return MISSING
    return whole


def without(whole: Any, pointer: str) -> Any:  # noqa: ANN401 - as above
    """Return the whole without what lies there, and without what is empty then; None where nothing is left."""
    return _without(whole, steps(pointer))


def _without(whole: Any, path: tuple[str, ...]) -> Any:  # noqa: ANN401 - as above
    if not path:
        return None
    first, *rest = path
    if isinstance(whole, Mapping):
        left = {key: _without(value, tuple(rest)) if key == first else value for key, value in whole.items()}
        return {key: value for key, value in left.items() if value is not None} or None
    if isinstance(whole, list):
        left_over = [_without(value, tuple(rest)) if str(at) == first else value for at, value in enumerate(whole)]
        return [value for value in left_over if value is not None] or None
    return whole or None
