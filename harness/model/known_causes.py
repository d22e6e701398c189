"""What may be wrong in one place, how a finding shows it, and the lines that mend it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

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


OVERRIDDEN = "overridden scope"
# What only a path has, as `plans/hostile_keys.py` writes keys: so written, encoded, of another system, of full width,
# and the file's own as the storage has it.
_OF_PATHS = ("..", "/", "%2", "\\", "\uff0e", "\u2025", "{climb}", "{file}")
_BEGUN = ("id: begun", "id: longer", "id: shorter")


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


def acts(group: FindingGroup) -> Iterator[Operation]:
    """Yield what was done in the story of a finding."""
    yield from (group.example.step.operation, *group.example.witness)


def _shows_swaps(_: ScenarioResult, group: FindingGroup) -> bool:
    """Tell whether a link came between the look at a file and its opening."""
    return _is_of_another(group) and any(isinstance(one, PlantLink) and one.opening for one in acts(group))


def _shows_paths(_: ScenarioResult, group: FindingGroup) -> bool:
    """Tell whether a key or a prefix was written as a path, or a link led to another's file."""
    led = any(isinstance(one, PlantLink) for one in acts(group))
    return _is_of_another(group) and (led or _climbs(group))


def _climbs(group: FindingGroup) -> bool:
    keyed = [one for one in acts(group) if one.principal.keys]
    written = [record.spelt for one in keyed for record in records_named(one)]
    prefixes = [one.prefix for one in keyed if isinstance(one, GetAll) and one.prefix is not None]
    # A part of one's own key may have a slash in it.
    written += [one for one in prefixes if one.startswith("/") or "/" not in one or ".." in one]
    return any(sign in one for one in written for sign in _OF_PATHS)


def _shows_beginnings(_: ScenarioResult, group: FindingGroup) -> bool:
    """Tell whether it takes an id that begins as another's does: of a folder, of a key, of what is cleared.

    What was seen again under ordinary ids does not take it, whichever the scenario.
    """
    told = group.example
    begun = any(one.kind in _BEGUN for one in (told.observer, told.owner, *(act.principal for act in acts(group))))
    return bool(told.observer.keys) and begun and _is_of_another(group)


def _shows_joints(_: ScenarioResult, group: FindingGroup) -> bool:
    told = group.example
    joined = any(one.kind.endswith(": joint") for one in (told.observer, *(act.principal for act in acts(group))))
    return joined and bool(told.observer.keys) and _is_of_another(group)


def _shows_shared_keys(scenario: ScenarioResult, group: FindingGroup) -> bool:
    return bool(group.example.observer.keys) and _shows_record_ids(scenario, group)


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
            return seen and not is_odd(group) and not _climbs(group) and _is_of_another(group)
        case _:
            return False


def _shows_kept_answers(_: ScenarioResult, group: FindingGroup) -> bool:
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


def _shows_a_cache(_: ScenarioResult, group: FindingGroup) -> bool:
    """Tell whether a cache that many share gave what was seen, or the cookie that it was seen by; or may do so."""
    told = group.example
    given = any(around.kept for around in told.step.around) and _is_of_another(group)
    return told.oracle == "cacheable" or (given and told.observer.index != told.owner.index)


# As ScopedMemory checks them: no store that we know gives a meaning to such an id.
CHECK_USER_ID = (
    'if not isinstance(user_id, str) or not re.fullmatch(r"[A-Za-z0-9._@:+-]{1,128}", user_id):',
    '    raise ValueError(f"this is no user id: {user_id!r}")',
)
# The first that a finding shows is its cause, where no credential is.
STORED_CAUSES: tuple[Cause, ...] = (
    Cause(
        "answers that caches may share",
        "An answer of one user's, or one that sets a cookie, may be kept by a cache on the way and given to others.",
        (
            "# On each answer that is a user's, and on each that sets a cookie; public ones set none.",
            'response.headers["Cache-Control"] = "no-store"  # or "private, no-cache"; and "Vary: Cookie"',
        ),
        ("public_answers", "list_all"),
        _shows_a_cache,
    ),
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
        "beginnings taken for the whole",
        "A check, a listing or a clear looks at how a text begins, and takes one user's id for another's.",
        (
            "# Wherever ids, folders or keys are compared: whole names, never startswith.",
            "path.is_relative_to(self.folder)  # keys of scoped_key: compare with user_prefix(user_id)",
        ),
        ("begun_folders",),
        _shows_beginnings,
    ),
    Cause(
        "files looked at, then opened",
        "A file is looked at, and then opened by its name: a link that takes its place in between is followed.",
        (
            "# Open each folder from the one before it, and the file, without following a link; or use ScopedFiles.",
            "folder = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)",
            "file = os.open(name, os.O_RDONLY | os.O_NOFOLLOW, dir_fd=folder)  # an OSError is a no",
        ),
        ("swapped_links",),
        _shows_swaps,
    ),
    Cause(
        "keys taken for paths",
        "A key is used as a path as it is: `..` in it, or a link, leads into another user's folder.",
        (
            "# Before each call: make the key a path, links and all, then look at it; or use ScopedFiles.",
            "path = (self.folder / key).resolve()  # this user's own folder, not the root of all",
            "if not path.is_relative_to(self.folder.resolve()):  # by whole names; startswith takes ann-x for ann",
            '    raise ValueError("a key leads out of this user\'s folder")',
        ),
        ("hostile_keys", "linked_keys", "copied_keys"),
        _shows_paths,
    ),
    Cause(
        "keys joined to ids",
        "A user's id and a key are joined to one text, and two users come out with the same.",
        ("from memfence import scoped_key", "key = scoped_key(self.user_id, key)  # no two users have one in common"),
        ("joined_keys",),
        _shows_joints,
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
        "keys without their user",
        "A key is enough: what one user has put under it lies there for others, too.",
        ("from memfence import scoped_key", "key = scoped_key(self.user_id, key)  # on each call: put, get, delete"),
        ("same_key", "get_by_foreign_id"),
        _shows_shared_keys,
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
        OVERRIDDEN,
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
