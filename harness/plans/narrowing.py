"""Filters that only narrow: over records of one's own, whose metadata each tenant stores itself."""

from collections.abc import Iterator, Mapping

from ..model.asked import Extra

_EQUAL, _RANGE, _IN, _NOT_EQUAL, _CONTAINS = (
    "filter: equality",
    "filter: range",
    "filter: in",
    "filter: not equal",
    "filter: contains",
)
_NOT, _AND, _OR, _SEVERAL = "filter: NOT", "filter: AND", "filter: OR", "filter: several conditions"
CLASSES: Mapping[str, str] = {
    _EQUAL: "a caller's own filter by a text, a number, a truth value, also as eq",
    _RANGE: "a caller's own filter by gt, gte, lt, lte, also by two of them",
    _IN: "a caller's own filter by a list of values",
    _NOT_EQUAL: "a caller's own filter by ne and nin",
    _CONTAINS: "a caller's own filter by a word of a text: contains, icontains",
    _NOT: "a caller's own filter by what a record is not",
    _AND: "a caller's own filter by AND, also of conditions on one field",
    _OR: "a caller's own filter by OR",
    _SEVERAL: "a caller's own filter by several fields, or several operators, at once",
}

# No fraction is asked for by equality, and no truth value by ne: Qdrant says in its manual that it matches neither.
# What each tenant stores beside its records, one after the other; the last has none. Values of one field are of one
# type, and differ by more than their case.
SHELF: tuple[Extra | None, ...] = (
    {"topic": "tea", "rank": 1, "weight": 0.5, "urgent": True, "remark": "green tea with honey"},
    {"topic": "tea", "rank": 5, "weight": 1.5, "urgent": False, "remark": "black coffee at noon"},
    {"topic": "rail", "rank": 5, "weight": 2.5, "urgent": True, "remark": "night train to the coast"},
    {"topic": "road", "rank": 9, "weight": 4.5, "urgent": False, "remark": "an old map of the coast"},
    None,
)
# Each takes in a part of the shelf, or nothing: a filter that takes in all would be followed by who ignores it.
_ASKED: Mapping[str, tuple[Extra, ...]] = {
    _EQUAL: (
        {"topic": "tea"},
        {"rank": 5},
        {"urgent": True},
        {"topic": {"eq": "rail"}},
        {"urgent": {"eq": True}},
        {"topic": "sea"},
    ),
    _RANGE: (
        {"rank": {"gt": 1}},
        {"rank": {"gte": 5}},
        {"rank": {"lt": 5}},
        {"rank": {"lte": 5}},
        {"rank": {"gte": 2, "lte": 6}},
        {"weight": {"gt": 1.0}},
    ),
    _IN: ({"topic": {"in": ["rail", "road"]}}, {"rank": {"in": [1, 9]}}),
    _NOT_EQUAL: ({"topic": {"ne": "tea"}}, {"rank": {"ne": 5}}, {"topic": {"nin": ["tea", "rail"]}}),
    _CONTAINS: ({"remark": {"contains": "coast"}}, {"remark": {"icontains": "coffee"}}),
    _NOT: ({"NOT": [{"topic": "tea"}]}, {"NOT": [{"rank": {"gt": 5}}]}),
    _AND: (
        {"AND": [{"topic": "tea"}, {"rank": 5}]},
        # On one field: where the last replaces the others, the wide one is left.
        {"AND": [{"rank": {"gt": 5}}, {"rank": {"gt": 1}}]},
        {"AND": [{"topic": "tea"}, {"topic": "rail"}]},
    ),
    _OR: ({"OR": [{"topic": "rail"}, {"rank": 1}]}, {"topic": "tea", "OR": [{"rank": 1}, {"rank": 9}]}),
    _SEVERAL: (
        {"topic": "tea", "rank": {"gte": 5}},
        {"topic": "tea", "urgent": True, "rank": 1},
        {"rank": {"in": [1, 5], "ne": 5}},
    ),
}


def narrowing() -> Iterator[tuple[str, Extra]]:
    """Yield all of these filters, each with its class."""
    return ((kind, filters) for kind, several in _ASKED.items() for filters in several)


def one_of_each(turn: int) -> Iterator[tuple[str, Extra]]:
    """Yield a filter of each class; any number will do, the next one asks for the next of each."""
    return ((kind, several[turn % len(several)]) for kind, several in _ASKED.items())


def nth_narrowing(which: int) -> tuple[str, Extra, int]:
    """Return one of these filters with its class, any number will do; and for the how manieth time it comes up."""
    every = list(narrowing())
    kind, filters = every[which % len(every)]
    return kind, filters, which // len(every)


def nth_on_shelf(which: int) -> dict[str, object]:
    """Return metadata of one kind of record, any number will do: what one filter asks for is stored in turns."""
    stored = [one for one in SHELF if one is not None]
    return dict(stored[which // 7 % len(stored)])
