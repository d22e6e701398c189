"""mem0's filters over metadata, each condition for itself: what the reference does not know it refuses."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

_Metadata: TypeAlias = Mapping[str, object]
_Fits: TypeAlias = Callable[[_Metadata], bool]

_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": lambda found, said: bool(found == said),
    "ne": lambda found, said: bool(found != said),
    "gt": lambda found, said: bool(found > said),
    "gte": lambda found, said: bool(found >= said),
    "lt": lambda found, said: bool(found < said),
    "lte": lambda found, said: bool(found <= said),
    "in": lambda found, said: found in said,
    "nin": lambda found, said: found not in said,
    "contains": lambda found, said: said in found,
    "icontains": lambda found, said: said.casefold() in found.casefold(),
}
_LOGIC: Mapping[str, Callable[[list[bool]], bool]] = {"AND": all, "OR": any, "NOT": lambda each: not any(each)}


def conditions(filters: Mapping[str, object]) -> _Fits:
    """Return a function that tells whether metadata fit all conditions; raises ValueError for what is none."""
    each = [_condition(key, said) for key, said in filters.items()]
    if not each:
        return lambda _: True
    return lambda metadata: all(fits(metadata) for fits in each)


def _condition(key: str, said: object) -> _Fits:
    if key in _LOGIC:
        if not isinstance(said, list) or not said or not all(isinstance(one, Mapping) for one in said):
            msg = f"{key} takes a list of filters, got {said!r}"
            raise ValueError(msg)
        parts, logic = [conditions(one) for one in said], _LOGIC[key]
        return lambda metadata: logic([fits(metadata) for fits in parts])
    if not isinstance(said, Mapping):
        return lambda metadata: key in metadata and metadata[key] == said
    unknown = set(said) - set(_OPERATORS)
    if unknown or not said:
        msg = f"{key} takes {', '.join(_OPERATORS)}, got {said!r}"
        raise ValueError(msg)
    return lambda metadata: key in metadata and all(_fits(name, metadata[key], one) for name, one in said.items())


def _fits(operator: str, found: object, said: object) -> bool:
    """Tell whether a value fits; one of another type does not."""
    try:
        return _OPERATORS[operator](found, said)
    except (TypeError, AttributeError):
        return False
