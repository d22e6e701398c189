"""Why findings belong together: what is wrong in one place shows in many scenarios, and is told once."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from .channels import Channel
from .findings import FindingClass, FindingGroup, Severity, Verdict
from .operations import Add, Chat, GetAll, Search, Update, is_probe
from .pairs import Fate
from .scenario_results import ScenarioResult

Found: TypeAlias = tuple[ScenarioResult, FindingGroup]

_ID_SCENARIOS = frozenset(
    {
        "aliased_ids",
        "confusable_ids",
        "empty_scope_is_refused",
        "hostile_scopes",
        "injected_ids",
        "wildcard_delete_all",
        "wildcard_ids",
    }
)
# As `plans/casting.py` calls them.
_ID_FAMILIES = frozenset(
    {
        "wildcard ids",
        "ids with blanks",
        "ids spelled otherwise",
        "look-alike ids",
        "ids that fold to one",
        "ids that are a query",
        "no id",
    }
)
# As `plans` call the classes of attack that hang on an id.
_ID_CLASSES = ("id: ", "scope: no user id", "scope: a hostile")
_GRAVEST = (Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW)
_WORST = (Verdict.VIOLATED, Verdict.INCONCLUSIVE, Verdict.HELD)
_OVERRIDDEN = "overridden scope"
_BY_ID = frozenset({Channel.GET, Channel.UPDATE, Channel.DELETE, Channel.HISTORY})


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing that is wrong: a sentence, and the lines of Python that mend it.

    `scenarios` show it best. `of_ids`: it hangs on the ids under which users sign up. `leads`: nothing is isolated, so
    it is told before what is graver by itself.
    """

    name: str
    said: str
    mend: tuple[str, ...]
    scenarios: tuple[str, ...]
    shows: Callable[[ScenarioResult, FindingGroup], bool]
    of_ids: bool = False
    leads: bool = False


def is_odd(group: FindingGroup) -> bool:
    """Tell whether it hangs on an id that is an attack: ordinary users never have one."""
    told = group.example
    return any(one.hostile for one in (told.observer, told.owner, *(one.principal for one in told.witness)))


def _is_of_another(group: FindingGroup) -> bool:
    """Tell whether it is between two tenants: what one has erased and sees again is another matter."""
    told = group.example
    between = told.klass in (FindingClass.INTERFERENCE, FindingClass.INTEGRITY)
    return between or told.observer.index != told.owner.index


def _shows_user_ids(scenario: ScenarioResult, group: FindingGroup) -> bool:
    named = group.family in _ID_FAMILIES or group.family.startswith(_ID_CLASSES)
    tried = scenario.name in _ID_SCENARIOS or named
    return tried and is_odd(group) and _is_of_another(group)


def _shows_record_ids(_: ScenarioResult, group: FindingGroup) -> bool:
    asked = group.example.step.operation
    by_id = group.example.channel in _BY_ID and is_probe(asked)
    return by_id and not is_odd(group) and _is_of_another(group)


def _shows_overrides(_: ScenarioResult, group: FindingGroup) -> bool:
    witness = group.example.witness
    narrowed = any(isinstance(one, Search | GetAll) and one.filters is not None for one in witness)
    claimed = any(isinstance(one, Add | Update) and one.into is not None for one in witness)
    # Who narrows its own in vain has left nobody's scope.
    return (narrowed or claimed) and _is_of_another(group) and group.example.oracle != "filter_ignored"


def _shows_no_scope(_: ScenarioResult, group: FindingGroup) -> bool:
    """Tell whether one planted, another asked, and no more was needed: so it was seen when it was played again."""
    seen = group.retold is not None and not group.retold.why
    match group.example.witness:
        case (Add(metadata=None) | Chat(), Search(filters=None) | GetAll(filters=None)):
            return seen and not is_odd(group) and _is_of_another(group)
        case _:
            return False


def _shows_kept_answers(_: ScenarioResult, group: FindingGroup) -> bool:
    """Tell whether it took the owner's own question, in the same words, to be shown its record: seen when played."""
    told = group.example
    seen = group.retold is not None and not group.retold.why and not is_odd(group)
    match told.witness:
        case (*before, Search(query=query)) if seen and told.observer.index != told.owner.index:
            asked = [one for one in before if isinstance(one, Search) and one.query == query]
            return any(one.principal.index == told.owner.index for one in asked)
        case _:
            return False


# As ScopedMemory checks them: no store that we know gives a meaning to such an id.
CHECK_USER_ID = (
    'if not isinstance(user_id, str) or not re.fullmatch(r"[A-Za-z0-9._@:+-]{1,128}", user_id):',
    '    raise ValueError(f"this is no user id: {user_id!r}")',
)
# The first that a finding shows is its cause.
CAUSES: tuple[Cause, ...] = (
    Cause(
        "unscoped calls",
        "Search and listings show everybody's records: the user id does not reach the store, or the store ignores it.",
        (
            "# On each call, from the id that the constructor was given.",
            'self._client.search(query, filters={"user_id": self.user_id})',
            'self._client.get_all(filters={"user_id": self.user_id})',
        ),
        ("cross_search", "list_all"),
        _shows_no_scope,
        leads=True,
    ),
    Cause(
        "answers kept for all",
        "An answer that one user was given goes to the next who asks the same: it is kept without the user's id.",
        (
            "# Wherever answers are kept, as in a cache: the user is part of the key.",
            "key = (self.user_id, query)",
        ),
        ("cross_search", "busy_neighbours"),
        _shows_kept_answers,
    ),
    Cause(
        "unchecked user ids",
        "User ids are not checked, or changed on their way: some are taken for another user's id, or for everybody's.",
        (
            "# In the constructor, before anything else; `import re` at the top.",
            *CHECK_USER_ID,
            "self.user_id = user_id  # and to the store as it is: no lower(), strip() or cut",
        ),
        ("wildcard_ids", "aliased_ids"),
        _shows_user_ids,
        of_ids=True,
    ),
    Cause(
        "unchecked record ids",
        "A record's id is enough: nobody checks whose record it is.",
        (
            "# In get, update, delete and history, before the call; `_client` is mem0's.",
            "record = self._client.get(memory_id)",
            'if record is None or record.get("user_id") != self.user_id:',
            "    return None  # as for an id that no record has",
        ),
        ("get_by_foreign_id", "history_by_foreign_id", "delete_by_foreign_id", "update_by_foreign_id"),
        _shows_record_ids,
    ),
    Cause(
        _OVERRIDDEN,
        "A caller's filters or metadata name another user, and they win over the memory's own user id.",
        (
            '# Before each call to the client; MINE holds the names that your app filters by, such as {"category"}.',
            "if not set(filters or {}) <= MINE or not set(metadata or {}) <= MINE:",
            '    raise ValueError("only your own keys may stand in filters and metadata")',
        ),
        ("scope_override_by_filter", "scope_override_by_metadata"),
        _shows_overrides,
    ),
)
BY_NAME = {cause.name: cause for cause in CAUSES}


def causes(found: Iterable[Found]) -> list[str]:
    """Return the cause of each finding by its name; where none is known, its oracle and its channel.

    What shows under ordinary ids is no matter of ids: the same under odd ones is put to it. Where nothing is scoped,
    the same by other calls says nothing more.
    """
    listed = [(scenario, group, _cause(scenario, group)) for scenario, group in found]
    ordinary = {
        _kind(group): cause
        for _, group, cause in listed
        if not is_odd(group) and not _is_guessed(group) and cause != _OVERRIDDEN
    }
    leading = {kind: cause for kind, cause in ordinary.items() if cause in BY_NAME and BY_NAME[cause].leads}
    return [(ordinary if is_odd(group) else leading).get(_kind(group), cause) for _, group, cause in listed]


def in_order(found: Iterable[Found]) -> list[tuple[str, list[Found]]]:
    """Return the findings by cause, the one to tell first at the head.

    Violations before doubts, ordinary ids before odd ones, calls that were seen to show it before others, grave ones
    before others; of one cause the shortest story.
    """
    listed = list(found)
    alike: dict[tuple[str, object], list[Found]] = {}
    for cause, pair in zip(causes(listed), listed, strict=True):
        alike.setdefault((cause, pair[1].example.verdict), []).append(pair)
    ordered = [(cause, sorted(pairs, key=_of(cause))) for (cause, _), pairs in alike.items()]
    return sorted(ordered, key=lambda one: _gravity(*one))


def shapes(found: Sequence[Found]) -> list[str]:
    """Return the odd ids under which something leaked or was destroyed: `'*'`, `'<victim> '`."""
    told = [
        shape
        for scenario in {id(scenario): scenario for scenario, _ in found}.values()
        for shape, fates in scenario.pairs.shapes.items()
        if fates and max(fates) >= Fate.LEAKED
    ]
    return list(dict.fromkeys(told or [ascii(group.example.observer.id) for _, group in found if is_odd(group)]))


def _cause(scenario: ScenarioResult, group: FindingGroup) -> str:
    told = group.example
    # A time is a matter of its own; what is seen otherwise, and was not seen again, hangs on whatever went before.
    apart = told.klass is FindingClass.TIMING or (told.klass is FindingClass.INTERFERENCE and _is_guessed(group))
    known = None if apart else next((cause.name for cause in CAUSES if cause.shows(scenario, group)), None)
    return known or f"{group.example.oracle} by {group.example.channel}"


def _kind(group: FindingGroup) -> tuple[str, Channel]:
    return group.example.oracle, group.example.channel


def _is_guessed(group: FindingGroup) -> bool:
    return group.retold is not None and bool(group.retold.why)


def _of(cause: str) -> Callable[[Found], tuple[object, ...]]:
    best = BY_NAME[cause].scenarios if cause in BY_NAME else ()

    def key(found: Found) -> tuple[object, ...]:
        scenario, group = found
        told = group.example
        grave = told.severity in _GRAVEST[:2]
        shown = (is_odd(group), _is_guessed(group), not grave, scenario.name not in best)
        return (*shown, len(told.witness), scenario.operations)

    return key


def _gravity(cause: str, pairs: Sequence[Found]) -> tuple[object, ...]:
    groups = [group for _, group in pairs]
    first = groups[0].example
    return (
        _WORST.index(first.verdict),
        all(map(is_odd, groups)),
        not (cause in BY_NAME and BY_NAME[cause].leads),
        min(_GRAVEST.index(group.example.severity) for group in groups),
        all(map(_is_guessed, groups)),
        # What somebody was shown, before what somebody lost by it.
        first.klass is not FindingClass.LEAK,
        len(first.witness),
        pairs[0][0].operations,
    )
