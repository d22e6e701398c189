"""What Hypothesis may draw: ordinary and hostile ids, facts and filters; `memfence.strategies` is the door to it."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import hypothesis.strategies as st

from ...model.canaries import FACTS
from ...model.tenants import Fact
from ...plans.hostile_ids import TRUTHS, expressions, look_alikes, padded, patterns, respelled, twins
from ...plans.overrides import widening
from ...plans.population import Population
from ...scoped.user_ids import MAX_LENGTH

_T = TypeVar("_T")
# As many as make a crowd, and so few that one of them comes up again.
_OWNERS = range(10)


# Composites throughout: a value that `map` or `builds` made is reported as the call that made it, not as what it is.
@st.composite
def _filled(draw: st.DrawFn, pattern: str, *parts: st.SearchStrategy[object]) -> str:
    return pattern.format(*[draw(part) for part in parts])


_NAMES = st.sampled_from(("alice", "bob", "carol", "dave", "erin", "mallory", "peggy", "trent"))
_DOMAINS = st.sampled_from(("example.com", "mail.example.org"))
# The plainest first: a counterexample shrinks to "alice" wherever that will do.
_TENANT_IDS: st.SearchStrategy[str] = st.one_of(
    _NAMES,
    _filled("{}{}{}", _NAMES, st.sampled_from(("", "_", "-", ".")), st.integers(1, 99)),
    _filled("{}", st.integers(1, 10**9)),
    _filled("{}:{}", st.sampled_from(("acme", "globex", "org-7")), _NAMES),
    _filled("{}{}@{}", _NAMES, st.sampled_from(("", ".smith", "+news")), _DOMAINS),
    _filled("{}", st.uuids()),
)


def tenant_ids() -> st.SearchStrategy[str]:
    """Draw user ids as applications make them; they shrink to `"alice"`.

    Shapes: `"alice"`, `"bob_7"`, `"1042"`, `"acme:carol"`, `"dave+news@example.com"`, and UUIDs. Each is safe in every
    store that compares ids character by character, those that fold case included. A store that compares word by
    word takes `a.b` for `a-b`: there draw from `tenant_ids().filter(str.isalnum)`.

    Two draws may be equal, and one may begin with the other. For two users say
    `st.lists(tenant_ids(), min_size=2, max_size=2, unique=True)`.
    """
    return _TENANT_IDS


def confusable_pairs(victim: str | None = None) -> st.SearchStrategy[tuple[str, object]]:
    r"""Draw pairs of a victim's id and a different one that some store may take for it; they shrink to case.

    Shapes: `("alice", "ALICE")`, `("alice", "alice\u200b")`, `("alice", "alice ")`, `("alice", "*")`, `("7", 7)`. They
    differ in case, script, accents, blanks, type, or behind a long common prefix, or the second is a pattern.

    The first is `victim` where you give one. Otherwise it is one of `tenant_ids()`, or an id that has a double of its
    own: `"alice-stra\u00dfe"`, `"True"`, one of 512 characters. The second is not always a `str`: `7` beside `"7"`.

    A memory does well to refuse either of a pair, or to keep the two apart. `ScopedMemory` refuses most, but not
    `"ALICE"` where the store tells it from `"alice"`, nor `"007"`: somebody's name may be that. Raises TypeError or
    ValueError for a victim that is no id.
    """
    if victim is not None:
        own = _checked(victim, "victim")
        return st.sampled_from([pair for pair in _pairs(own) if pair[0] == own and _differ(pair)])
    return _of_anybody(_pairs).filter(_differ)


def injected_ids(victim: str | None = None) -> st.SearchStrategy[str]:
    r"""Draw ids that end a string and go on in a store's language, most of them to reach the victim.

    Shapes: `"'OR'1'='1"`, `'x"in["alice'`, `'{"$ne":"x"}'`, `"x&user_id=alice"`, `"alice\x00"`; the languages are SQL,
    Milvus's, OData, RediSearch's, JSON, and joined keys. `victim` is whose records they ask for, one of `tenant_ids()`
    where you give none. `ScopedMemory` refuses all of them. A memory that takes one as an id like any other is right,
    too, as long as nobody else's record comes back. Raises TypeError or ValueError for a victim that is no id.
    """
    if victim is not None:
        return st.sampled_from(expressions(_checked(victim, "victim")))
    return _of_anybody(expressions)


def facts(*, seed: int = 0, owners: Sequence[int] | None = None) -> st.SearchStrategy[Fact]:
    """Draw facts: sentences whose code and name tell whose they are; they shrink to the first of the first owner.

    `fact.text` is what to store, `fact.owner` the index of whose it is, `fact.bare` and `fact.about` what to search
    for. They are those of `memfence.Population` with this `seed`. `owners` are the indices to draw from, 0 to 9 unless
    you say otherwise: `facts(owners=[1])` are one user's. Under which user id it is stored is up to you.

    Two draws may be the same fact: for several say `st.lists(facts(), unique=True)`. `owners_of` reads the codes, and
    the names.
    """
    return _facts(Population(seed, 1), _OWNERS if owners is None else owners)


def owners_of(text: str, *, seed: int = 0) -> tuple[int, ...]:
    """Return the index of each owner whose facts stand in the text, once, in order.

    For what `facts` draws with the same `seed`; those of another seed are nobody's. Any text will do, such as the
    `str()` of an answer: `owners_of(str(memory.search(fact.bare)))`. A code or a name that was cut is nobody's,
    so `()` says that no whole one was seen, not that nothing was.
    """
    return tuple(dict.fromkeys(owner for owner, _, _, _ in Population(seed, 1).marks.decode(text)))


def filters(victim: str, attacker: str) -> st.SearchStrategy[dict[str, object]]:
    """Draw filters with which the attacker may try to reach the victim's records; they shrink to the victim's id.

    Shapes: `{"user_id": "alice"}`, `{"user_id": "bob", "OR": [{"user_id": "alice"}]}`, `{"NOT": [{"user_id": "bob"}]}`,
    `{"user_id": {"in": ["alice", "bob"]}}`, `{"user_id": None}`. None of them only narrows. Each draw is a dict of its
    own, so a memory that changes its argument changes no other.

    A memory does well to refuse them, as `ScopedMemory` does, or to answer with the attacker's own. Raises TypeError or
    ValueError for what is no id, and where the two are one: nothing would be widened.
    """
    if _checked(victim, "victim") == _checked(attacker, "attacker"):
        msg = f"victim and attacker are both {victim!r}; give two different ids"
        raise ValueError(msg)
    return _anew(lambda: widening(victim, attacker))


@st.composite
def _of_anybody(draw: st.DrawFn, hostile: Callable[[str], Sequence[_T]]) -> _T:
    """Draw a victim and one of what there is for it.

    That is equally many for everybody: as the victim shrinks, what it is a victim of stays the same.
    """
    own = draw(_TENANT_IDS)
    members = hostile(own)
    return members[draw(st.integers(0, len(members) - 1))]


@st.composite
def _anew(draw: st.DrawFn, make: Callable[[], Sequence[_T]]) -> _T:
    """Draw one of what is made each time."""
    members = make()
    return members[draw(st.integers(0, len(members) - 1))]


@st.composite
def _facts(draw: st.DrawFn, population: Population, owners: Sequence[int]) -> Fact:
    return population.fact(draw(st.sampled_from(owners)), draw(st.integers(0, FACTS - 1)))


def _pairs(own: str) -> tuple[tuple[str, object], ...]:
    """Return pairs of this id and another, then pairs of others; not all differ: "7" has no case."""
    aliases = (*look_alikes(own), *padded(own), *patterns(own))
    # int() itself refuses some thousands of digits.
    number = int(own) if own.isascii() and own.isdecimal() and len(own) <= MAX_LENGTH else 7
    return (*[(own, alias) for alias in aliases], *respelled(number), *twins(own), *TRUTHS)


def _differ(pair: tuple[str, object]) -> bool:
    """Tell whether the two differ, and the other is an id at all: "a" without its last letter is none."""
    own, alias = pair
    return alias not in {own, ""}


def _checked(value: str, name: str) -> str:
    if not isinstance(value, str):
        msg = f"{name} must be a str, got {type(value).__name__}"
        raise TypeError(msg)
    if not value:
        msg = f"{name} is empty: nobody has that id"
        raise ValueError(msg)
    return value
