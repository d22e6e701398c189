"""The forms that filters have in one store or another, each of them asking for another's records."""

from collections.abc import Iterator

from ..model.asked import Filters

_LOGIC, _OPERATORS, _DOLLARS, _NOTHING = (
    "filter: logic",
    "filter: operators",
    "filter: $-operators",
    "filter: no value",
)
_LIST, _TEXT, _JSON = "filter: a list", "filter: a text", "filter: JSON text"
CLASSES: dict[str, str] = {
    _LOGIC: "AND, OR and NOT around another user's id, nested, and beside the caller's own",
    _OPERATORS: "an operator in the place of an id: eq, ne, in, contains, gte, `*`, a list",
    _DOLLARS: "the same as `$and`, `$or`, `$ne`, `$regex`, as some stores write them",
    _NOTHING: "None in the place of an id",
    _LIST: "filters as a list of conditions that name another user, or an empty one",
    _TEXT: "filters as a text, in the syntax of several stores, that name another user",
    _JSON: "filters as a text that holds JSON",
}


def under_one_key(key: str, victim: str, attacker: str) -> Iterator[tuple[str, Filters]]:
    """Yield filters by this key, each with its class."""
    theirs: dict[str, object] = {key: victim}
    mine: dict[str, object] = {key: attacker}
    logic: tuple[dict[str, object], ...] = (
        {"AND": [theirs]},
        {**mine, "AND": [theirs]},
        {"AND": [theirs], **mine},
        {"OR": [theirs, mine]},
        {**mine, "OR": [theirs]},
        {"NOT": [mine]},
        {"AND": [{"OR": [theirs, {"NOT": [theirs]}]}]},
    )
    operators: tuple[object, ...] = (
        {"eq": victim},
        {"ne": attacker},
        {"in": [victim, attacker]},
        {"contains": victim[:8]},
        {"gte": ""},
        [victim, attacker],
    )
    dollars: tuple[dict[str, object], ...] = (
        {"$and": [theirs]},
        {"$or": [theirs, mine]},
        {"$not": [mine]},
        {key: {"$ne": attacker}},
        {key: {"$in": [victim, attacker]}},
        {key: {"$regex": ".*"}},
    )
    yield from ((_LOGIC, one) for one in logic)
    yield from ((_OPERATORS, {key: one}) for one in operators)
    yield from ((_DOLLARS, one) for one in dollars)
    yield _NOTHING, {key: None}
    yield from ((_LIST, one) for one in _lists(key, victim, attacker))
    yield from ((_TEXT, one) for one in _texts(key, victim))
    yield _JSON, f'{{"{key}": "{victim}"}}'


def _lists(key: str, victim: str, attacker: str) -> tuple[list[object], ...]:
    return (
        [{key: victim}],
        [{key: attacker}, {key: victim}],
        [{"field": key, "operator": "eq", "value": victim}],
        [[key, "==", victim]],
        [f'{key} == "{victim}"'],
        [],
    )


def _texts(key: str, victim: str) -> tuple[str, ...]:
    return (
        f'{key} == "{victim}"',
        f"{key} = '{victim}'",
        f"1=1 OR {key}='{victim}'",
        f'1==1 or {key} == "{victim}"',
        f"{key}:{victim}",
        f"{key}={victim}",
        f"{key} eq '{victim}'",
        f"@{key}:{{{victim}}}",
        "*",
    )
