"""How a finding shows what is wrong."""

from collections.abc import Iterator

from .channels import Channel
from .findings import FindingClass, FindingGroup
from .operations import Add, Chat, GetAll, Operation, PlantLink, Search, Update, is_probe, records_named
from .scenario_results import ScenarioResult

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
_BY_ID = frozenset({Channel.GET, Channel.UPDATE, Channel.DELETE, Channel.HISTORY, Channel.PUT_OVER})
# What only a path has, as `plans/hostile_keys.py` writes keys: so written, encoded, of another system, of full width,
# and the file's own as the storage has it.
_OF_PATHS = ("..", "/", "%2", "\\", "\uff0e", "\u2025", "{climb}", "{file}")
# As `plans/questions.py` calls them.
_OF_FILTERS = "question: filters' syntax"
_BEGUN = ("id: begun", "id: longer", "id: shorter")


def is_odd(group: FindingGroup) -> bool:
    """Tell whether it hangs on an id that is an attack: ordinary users never have one."""
    told = group.example
    return any(one.hostile for one in (told.observer, told.owner, *(one.principal for one in told.witness)))


def is_of_another(group: FindingGroup) -> bool:
    """Tell whether it is between two tenants: what one has erased and sees again is another matter."""
    told = group.example
    between = told.klass in (FindingClass.INTERFERENCE, FindingClass.INTEGRITY)
    return between or told.observer.index != told.owner.index


def shows_user_ids(scenario: ScenarioResult, group: FindingGroup) -> bool:
    """Tell whether it hangs on a user id that the store, or what is before it, takes for another."""
    named = group.family in _ID_FAMILIES or group.family.startswith(_ID_CLASSES)
    tried = scenario.name in _ID_SCENARIOS or named
    return tried and is_odd(group) and is_of_another(group)


def acts(group: FindingGroup) -> Iterator[Operation]:
    """Yield what was done in the story of a finding."""
    yield from (group.example.step.operation, *group.example.witness)


def shows_swaps(_: ScenarioResult, group: FindingGroup) -> bool:
    """Tell whether a link came between the look at a file and its opening."""
    return is_of_another(group) and any(isinstance(one, PlantLink) and one.opening for one in acts(group))


def shows_paths(_: ScenarioResult, group: FindingGroup) -> bool:
    """Tell whether a key or a prefix was written as a path, or a link led to another's file."""
    led = any(isinstance(one, PlantLink) for one in acts(group))
    return is_of_another(group) and (led or _climbs(group))


def _climbs(group: FindingGroup) -> bool:
    keyed = [one for one in acts(group) if one.principal.keys]
    written = [record.spelt for one in keyed for record in records_named(one)]
    prefixes = [one.prefix for one in keyed if isinstance(one, GetAll) and one.prefix is not None]
    # A part of one's own key may have a slash in it.
    written += [one for one in prefixes if one.startswith("/") or "/" not in one or ".." in one]
    return any(sign in one for one in written for sign in _OF_PATHS)


def shows_beginnings(_: ScenarioResult, group: FindingGroup) -> bool:
    """Tell whether it takes an id that begins as another's does: of a folder, of a key, of what is cleared.

    What was seen again under ordinary ids does not take it, whichever the scenario.
    """
    told = group.example
    begun = any(one.kind in _BEGUN for one in (told.observer, told.owner, *(act.principal for act in acts(group))))
    return bool(told.observer.keys) and begun and is_of_another(group)


def shows_joints(_: ScenarioResult, group: FindingGroup) -> bool:
    """Tell whether an id and a key were joined to what another id and key are joined to."""
    told = group.example
    joined = any(one.kind.endswith(": joint") for one in (told.observer, *(act.principal for act in acts(group))))
    return joined and bool(told.observer.keys) and is_of_another(group)


def shows_shared_keys(scenario: ScenarioResult, group: FindingGroup) -> bool:
    """Tell whether another's key was enough."""
    return bool(group.example.observer.keys) and shows_record_ids(scenario, group)


def shows_record_ids(_: ScenarioResult, group: FindingGroup) -> bool:
    """Tell whether the id of another's record was enough."""
    asked = group.example.step.operation
    by_id = group.example.channel in _BY_ID and is_probe(asked)
    return by_id and not is_odd(group) and is_of_another(group)


def shows_overrides(_: ScenarioResult, group: FindingGroup) -> bool:
    """Tell whether filters or metadata named another user."""
    witness = group.example.witness
    narrowed = any(isinstance(one, Search | GetAll) and one.filters is not None for one in witness)
    claimed = any(isinstance(one, Add | Update) and one.into is not None for one in witness)
    # Who narrows its own in vain has left nobody's scope.
    return (narrowed or claimed) and is_of_another(group) and group.example.oracle != "filter_ignored"


def shows_no_scope(_: ScenarioResult, group: FindingGroup) -> bool:
    """Tell whether one planted, another asked, and no more was needed: so it was seen when it was played again."""
    seen = group.retold is not None and not group.retold.why
    match group.example.witness:
        case (Add(metadata=None) | Chat(), Search(filters=None) | GetAll(filters=None)):
            return seen and not is_odd(group) and not _climbs(group) and is_of_another(group)
        case _:
            return False


def shows_pasted_questions(_: ScenarioResult, group: FindingGroup) -> bool:
    """Tell whether a question that is a filter somewhere was asked; where any would have done, that is told first."""
    return group.example.observer.kind == _OF_FILTERS and is_of_another(group)


def shows_kept_answers(_: ScenarioResult, group: FindingGroup) -> bool:
    """Tell whether it took the owner's own question, in the same words, to be shown its record: seen when played."""
    told = group.example
    seen = group.retold is not None and not group.retold.why and not is_odd(group)
    seen = seen and told.klass is FindingClass.LEAK
    match told.witness:
        case (*before, Search(query=query)) if seen and told.observer.index != told.owner.index:
            asked = [one for one in before if isinstance(one, Search) and one.query == query]
            return any(one.principal.index == told.owner.index for one in asked)
        case (*before, GetAll(how=how)) if seen and told.observer.index != told.owner.index:
            # What is left of a story that was made small was needed.
            listed = [one for one in before if isinstance(one, GetAll) and one.how == how]
            return any(one.principal.index == told.owner.index for one in listed)
        case _:
            return False


def shows_a_cache(_: ScenarioResult, group: FindingGroup) -> bool:
    """Tell whether a cache that many share gave what was seen, or the cookie that it was seen by; or may do so."""
    told = group.example
    given = any(around.kept for around in told.step.around) and is_of_another(group)
    return told.oracle == "cacheable" or (given and told.observer.index != told.owner.index)
