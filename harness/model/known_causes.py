"""What may be wrong in one place, how a finding shows it, and the lines that mend it."""

from collections.abc import Callable
from dataclasses import dataclass

from .audited import Audited
from .findings import FindingGroup
from .scenario_results import ScenarioResult
from .symptoms import (
    shows_a_cache,
    shows_beginnings,
    shows_joints,
    shows_kept_answers,
    shows_no_scope,
    shows_overrides,
    shows_pasted_questions,
    shows_paths,
    shows_record_ids,
    shows_shared_keys,
    shows_swaps,
    shows_user_ids,
)

OVERRIDDEN = "overridden scope"


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing that is wrong: a sentence, and the lines of Python that mend it.

    `of_application` are those that mend an application, where these are others. `scenarios` show it best. `of_ids`: it
    hangs on the ids under which users sign up. `leads`: nothing is isolated, so it is told before what is graver by
    itself.
    """

    name: str
    said: str
    mend: tuple[str, ...]
    scenarios: tuple[str, ...]
    shows: Callable[[ScenarioResult, FindingGroup], bool]
    of_ids: bool = False
    leads: bool = False
    of_application: tuple[str, ...] = ()

    def mending(self, what: Audited) -> tuple[str, ...]:
        """Return the lines that mend it, in the words of what is audited."""
        if what is not Audited.APPLICATION:
            return self.mend
        # Who asks is no constructor's argument there.
        return self.of_application or tuple(line.replace("self.user_id", "current_user.id") for line in self.mend)


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
        shows_a_cache,
    ),
    Cause(
        "questions read as conditions",
        "What somebody searches for is read as a condition, which wins over the user id: it is pasted into a query.",
        (
            "# A question is a value, and no part of a query's text; LIKE's own signs are escaped in it.",
            'rows = db.execute("SELECT * FROM notes WHERE owner = ? AND text LIKE ?", (user_id, f"%{question}%"))',
        ),
        ("odd_questions",),
        shows_pasted_questions,
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
        shows_no_scope,
        leads=True,
        of_application=(
            "# In each route that searches or lists: by who is signed in, whatever the request says.",
            "notes = select(Note).where(Note.owner_id == current_user.id)",
            'memory.search(query, filters={"user_id": current_user.id})  # where mem0 keeps them',
        ),
    ),
    Cause(
        "beginnings taken for the whole",
        "A check, a listing or a clear looks at how a text begins, and takes one user's id for another's.",
        (
            "# Wherever ids, folders or keys are compared: whole names, never startswith.",
            "path.is_relative_to(self.folder)  # keys of scoped_key: compare with user_prefix(user_id)",
        ),
        ("begun_folders",),
        shows_beginnings,
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
        shows_swaps,
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
        shows_paths,
    ),
    Cause(
        "keys joined to ids",
        "A user's id and a key are joined to one text, and two users come out with the same.",
        ("from memfence import scoped_key", "key = scoped_key(self.user_id, key)  # no two users have one in common"),
        ("joined_keys",),
        shows_joints,
    ),
    Cause(
        "answers kept for all",
        "An answer that one user was given goes to the next who asks the same: it is kept without the user's id.",
        (
            "# Wherever answers are kept, as in a cache: the user is part of the key.",
            "key = (self.user_id, query)",
        ),
        ("cross_search", "busy_neighbours"),
        shows_kept_answers,
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
        shows_user_ids,
        of_ids=True,
        of_application=(
            "# Where users sign up, before anything else; `import re` at the top.",
            *CHECK_USER_ID,
            "# and to the store as it is: no lower(), strip() or cut there, nor where users sign in",
        ),
    ),
    Cause(
        "keys without their user",
        "A key is enough: what one user has put under it lies there for others, too.",
        ("from memfence import scoped_key", "key = scoped_key(self.user_id, key)  # on each call: put, get, delete"),
        ("same_key", "get_by_foreign_id"),
        shows_shared_keys,
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
        shows_record_ids,
        of_application=(
            "# In each route that has a record's id in its path, its query or its body, before anything is done.",
            "note = notes.get(note_id)",
            "if note is None or note.owner_id != current_user.id:",
            '    raise HTTPException(404, "no such note")  # as for an id that no record has',
        ),
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
        shows_overrides,
        of_application=(
            '# In each route; MINE holds the names that may be said of a record, such as {"category"}.',
            "if not set(body.metadata or {}) <= MINE:",
            '    raise HTTPException(422, "only your own keys may stand in metadata")',
        ),
    ),
)
