"""Filters and metadata that name somebody else: arguments with which a caller may try to leave its scope."""

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from ..model.asked import Filters
from ..model.tenants import Tenant
from .filter_forms import CLASSES as FORMS
from .filter_forms import under_one_key
from .scope_keys import COMMON, IDENTITIES, ScopeKey

_SPELLED, _NESTED, _COMMON = "key: spelled otherwise", "key: nested", "key: common names"
CLASSES: dict[str, str] = {
    **FORMS,
    **{f"key: {name}": f"`{name}` names another user, in filters or metadata" for name in (*IDENTITIES, *COMMON)},
    _SPELLED: "a scope key in another spelling (`userId`, `USER_ID`, `metadata.user_id`), in filters or metadata",
    _NESTED: "a scope key inside of metadata that stand in the metadata",
    _COMMON: f"the names that many applications have for it, at once in metadata: {', '.join(COMMON)}",
}
# A name of mem0's, too, which a memory does well to refuse: the others are not to be refused with it.
_REFUSED = "org_id"

# Each with the class that it is of.
Classed: TypeAlias = tuple[str, dict[str, object]]


def widening(victim: str, attacker: str) -> tuple[dict[str, object], ...]:
    """Return filters that try to reach the victim's records, in both orders of their keys."""
    theirs: dict[str, object] = {"user_id": victim}
    mine: dict[str, object] = {"user_id": attacker}
    return (
        theirs,
        {"AND": [theirs]},
        {**mine, "AND": [theirs]},
        {"AND": [theirs], **mine},
        {"OR": [theirs, mine]},
        {**mine, "OR": [theirs]},
        {"NOT": [mine]},
        {"$and": [theirs]},
        {"$or": [theirs, mine]},
        {"$not": [mine]},
        {"user_id": {"ne": attacker}},
        {"user_id": {"in": [victim, attacker]}},
        {"user_id": {"contains": victim[:8]}},
        {"user_id": None},
    )


def claims(victim: str) -> tuple[dict[str, object], ...]:
    """Return metadata that claim a record for the victim."""
    return (
        {"user_id": victim},
        {"user_id": victim, "agent_id": "assistant", "run_id": "1"},
        {"user_id": victim, "actor_id": victim},
        {"metadata": {"user_id": victim}},
    )


def filters_by_class(victim: str, attacker: str, keys: Sequence[ScopeKey] = ()) -> tuple[tuple[str, Filters], ...]:
    """Return filters that try to reach the victim's records, each with its class: as a dict, a list and a text.

    `keys` are the target's own. The common names are tried each by itself: several conditions at once would let
    nothing through.
    """
    return (
        *widening_by_key(victim, keys),
        *(_by_name(name, victim) for name in (*COMMON, *IDENTITIES)),
        *(_by_name(name, "*") for name in IDENTITIES),
        *((_SPELLED, one) for one in _spelled("user_id", victim, attacker)),
        *(
            one
            for name in ("user_id", *(key.name for key in keys[:1]))
            for one in under_one_key(name, victim, attacker)
        ),
    )


def nth_filters(
    which: int, victim: Tenant, attacker: Tenant, keys: Sequence[ScopeKey]
) -> Sequence[tuple[str, Filters]]:
    """Return filters of one kind, any number will do: a form is a kind, as are the target's own keys, and mem0's."""
    kinds: dict[str, list[tuple[str, Filters]]] = {}
    for kind, filters in filters_by_class(str(victim.id), str(attacker.id), keys):
        name = kind.removeprefix("key: ")
        said = kind if kind in (name, _SPELLED) else "mem0's" if name in IDENTITIES else "its own"
        kinds.setdefault(said, []).append((kind, filters))
    return tuple(kinds.values())[which % len(kinds)]


def nth_claim(which: int, victim: Tenant, attacker: Tenant, keys: Sequence[ScopeKey]) -> Classed:
    """Return one of the claims, any number will do."""
    tried = claims_by_class(str(victim.id), str(attacker.id), keys)
    return tried[which % len(tried)]


def widening_by_key(victim: str, keys: Sequence[ScopeKey]) -> tuple[Classed, ...]:
    """Return what names the victim by the target's own keys, as filters and as metadata alike."""
    return tuple(one for key in keys for one in _of_key(key, victim))


def claims_by_class(victim: str, attacker: str, keys: Sequence[ScopeKey] = ()) -> tuple[Classed, ...]:
    """Return metadata that claim a record for the victim, each with its class; `keys` are the target's own.

    The common names are tried at once; what refuses that is asked `one_by_one`.
    """
    *_, nested = known = claims(victim)
    return (
        *widening_by_key(victim, keys),
        (_COMMON, dict[str, object](dict.fromkeys([name for name in COMMON if name != _REFUSED], victim))),
        *(_by_name(name, victim) for name in (_REFUSED, *IDENTITIES)),
        *(("key: user_id", one) for one in known[1:-1]),
        (_NESTED, nested),
        *((_SPELLED, one) for one in _spelled("user_id", victim, attacker)),
    )


def one_by_one(kind: str, given: dict[str, object]) -> tuple[Classed, ...]:
    """Return what a refusal of several names at once leaves to be tried: each of them alone."""
    return tuple(_by_name(name, value) for name, value in given.items()) if kind == _COMMON else ()


def _by_name(name: str, value: object) -> Classed:
    return f"key: {name}", {name: value}


def _of_key(key: ScopeKey, victim: str) -> Iterator[Classed]:
    """Yield a key of the target's own by its name, and by where it lies."""
    kind, value = f"key: {key.name}", key.value(victim)
    yield kind, {key.name: value}
    *within, name = key.path.removesuffix("[]").split(".")
    if within:
        nested: object = value
        for part in (name, *reversed(within)):
            nested = {part: nested}
        yield kind, dict(nested) if isinstance(nested, dict) else {}


def _spelled(name: str, victim: str, attacker: str) -> tuple[dict[str, object], ...]:
    """Return the key in other spellings, also beside the same key with the caller's own id."""
    camel = "".join([part.title() if place else part for place, part in enumerate(name.split("_"))])
    return (
        {camel: victim},
        {name.upper(): victim},
        {f"metadata.{name}": victim},
        {name: attacker, camel: victim},
        {name: attacker, f"{name} ": victim},
    )
