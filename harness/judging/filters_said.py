"""What a filter says of a record, where all stores that know it mean the same by it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

_Metadata: TypeAlias = Mapping[str, object]
_AND, _OR, _NOT = "AND", "OR", "NOT"
_RANGES: Mapping[str, Callable[[Any, Any], bool]] = {
    "gt": lambda found, bound: found > bound,
    "gte": lambda found, bound: found >= bound,
    "lt": lambda found, bound: found < bound,
    "lte": lambda found, bound: found <= bound,
}
# A record that lacks the field has none of these values.
_MEMBERS = frozenset({"eq", "in", "contains", "icontains"})
# mem0 takes it for any value.
_ANYTHING = "*"


def includes(filters: Mapping[str, object], metadata: _Metadata) -> bool | None:
    """Tell whether the filter takes in a record with these metadata; None where stores may differ.

    They do over a field that the record lacks where it must not have a value, over values of two types, over the case
    and the parts of words, and over what is no filter of mem0's language.
    """
    return _both(_holds(key, said, metadata, lacking=False) for key, said in filters.items())


def fields_of(filters: Mapping[str, object]) -> Iterator[str]:
    """Yield the names of the fields that a filter asks about; those of its logic are none."""
    for key, said in filters.items():
        if key in (_AND, _OR, _NOT) and isinstance(said, list):
            for one in said:
                yield from fields_of(one) if isinstance(one, Mapping) else (key,)
        else:
            yield key


def words_of(filters: Mapping[str, object]) -> Iterator[str]:
    """Yield the operators and the logic that a filter is made of; a value alone needs no word."""
    for key, said in filters.items():
        if key in (_AND, _OR, _NOT) and isinstance(said, list):
            yield key
            for one in said:
                yield from words_of(one) if isinstance(one, Mapping) else ()
        elif isinstance(said, Mapping):
            yield from map(str, said)


def _holds(key: str, said: object, metadata: _Metadata, *, lacking: bool | None) -> bool | None:
    """Tell whether one condition holds; `lacking` is what is said of a record that lacks the field."""
    if key in (_AND, _OR, _NOT):
        if not isinstance(said, list) or not said or not all(isinstance(one, Mapping) and one for one in said):
            return None
        # A record that lacks the field is not one that has another value: some stores take it in, some leave it out.
        lacking = None if key == _NOT else lacking
        each = [_both(_holds(name, one, metadata, lacking=lacking) for name, one in part.items()) for part in said]
        if key == _NOT:
            return _opposite(_either(each))
        return _both(each) if key == _AND else _either(each)
    conditions = said if isinstance(said, Mapping) else {"eq": said}
    if not conditions:
        return None
    return _both(_is(metadata, key, operator, operand, lacking=lacking) for operator, operand in conditions.items())


def _is(metadata: _Metadata, key: str, operator: str, operand: object, *, lacking: bool | None) -> bool | None:
    if key not in metadata:
        return lacking if operator in _MEMBERS or operator in _RANGES else None
    found = metadata[key]
    match operator, operand:
        case "eq", _:
            return _equal(found, operand)
        case "ne", _:
            return _opposite(_equal(found, operand))
        case "in", list():
            return _either(_equal(found, one) for one in operand)
        case "nin", list():
            return _opposite(_either(_equal(found, one) for one in operand))
        case "contains" | "icontains", str():
            return _contains(found, operand)
        case _ if operator in _RANGES and _is_number(found) and _is_number(operand):
            return _RANGES[operator](found, operand)
        case _:
            return None


def _equal(found: object, wanted: object) -> bool | None:
    alike = type(found) is type(wanted) and isinstance(wanted, (str, int, float)) and wanted != _ANYTHING
    if not alike:
        return None
    folded = isinstance(found, str) and isinstance(wanted, str) and found.casefold() == wanted.casefold()
    return found == wanted or (None if folded else False)


def _contains(found: object, wanted: str) -> bool | None:
    if not isinstance(found, str):
        return None
    if wanted.casefold() not in found.casefold():
        return False
    # A word of it: who looks for parts of words, and who looks for whole ones, sees it.
    return wanted in found.split() or None


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _both(each: Iterable[bool | None]) -> bool | None:
    found = list(each)
    return False if False in found else None if None in found else True


def _either(each: Iterable[bool | None]) -> bool | None:
    found = list(each)
    return True if True in found else None if None in found else False


def _opposite(one: bool | None) -> bool | None:  # noqa: FBT001 - it is what is turned round
    return None if one is None else not one
