"""What lies in a store of sessions: which are open, whose they are, which token opens which, and their data.

Three kinds of entries, beside others of the store's. Under the digest of a token: whose session it opens, and which.
Under a `scoped_key` of the user: that the session is open; it is written once, when the session is opened, so that a
request that is under way while the session ends cannot bring it back. Under longer keys: its data.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, ClassVar

from ..base.refusals import SessionEnded
from .entries import Entries
from .keys import read_text, scoped_key

# No user's id holds this sign, so no key of a user's begins so.
_TOKENS = "~memfence.session/"
_PART = "memfence.session"


class SessionRows:
    """The entries of all sessions in one store; `session_id` never leaves the server, a `digest` stands for a token."""

    __slots__ = ("_clock", "_idle", "_lifetime", "entries")

    def __init__(self, entries: Entries, *, lifetime: float, idle: float | None, clock: Callable[[], float]) -> None:
        """Take the store, and for how many seconds a session is open at most, and without a use."""
        self.entries = entries
        self._lifetime = lifetime
        self._idle = idle
        self._clock = clock

    def begin(self, user_id: str, session_id: str) -> None:
        """Write that a session is open, from now on."""
        self.put(_row(user_id, session_id), repr(float(self._clock())), self._lifetime)
        self.use(user_id, session_id)

    def use(self, user_id: str, session_id: str) -> None:
        """Write that a session is used now."""
        if self._idle is not None:
            self.put(_used(user_id, session_id), repr(float(self._clock())), self._lifetime)

    def left(self, user_id: str, session_id: str) -> float:
        """Return how many seconds of its lifetime a session has left; 0 and less where it is over, or there is none.

        `idle` takes nothing off, for each use begins it anew: what a store keeps for that long alone would be gone from
        a session that is in use.
        """
        now = self._clock()
        try:
            left = float(self.entries.get(_row(user_id, session_id))) + self._lifetime - now
            if self._idle is not None and float(self.entries.get(_used(user_id, session_id))) + self._idle <= now:
                return 0.0
        except KeyError:
            return 0.0
        return left

    def remove(self, user_id: str, session_id: str) -> bool:
        """Remove a session, first what makes it open, and tell whether it was there."""
        row, there = _row(user_id, session_id), True
        try:
            self.entries.remove(row)
        except KeyError:
            there = False
        self.entries.clear(f"{row}/")
        return there

    def of_user(self, user_id: str) -> set[str]:
        """Return the ids of a user's sessions."""
        own = scoped_key(user_id, _PART) + "/"
        return {read_text(key.removeprefix(own).partition("/")[0]) for key in self.entries.keys(own)}

    def owner(self, digest: str) -> tuple[str, str] | None:
        """Return the user and the id of the session that a token was given out for, None where none was."""
        try:
            user_id, session_id = self.entries.get(_TOKENS + digest).split(" ")
        except KeyError:
            return None
        return user_id, session_id

    def give(self, digest: str, user_id: str, session_id: str, seconds: float) -> None:
        """Let a token open a session."""
        self.put(_TOKENS + digest, f"{user_id} {session_id}", seconds)

    def take(self, digest: str) -> None:
        """Let a token open nothing any more; raises KeyError where it already does, also for who comes second."""
        self.entries.remove(_TOKENS + digest)

    def sweep(self) -> None:
        """Remove all that is left of sessions that are over."""
        for key in self.entries.keys(""):
            user_id, _, rest = key.partition("/")
            if key.startswith(_TOKENS):
                digest = key.removeprefix(_TOKENS)
                if not self._is_open(self.owner(digest)):
                    with suppress(KeyError):
                        self.take(digest)
            elif rest.startswith(f"s:{_PART}/"):
                session_id = read_text(rest.split("/")[1])
                if not self._is_open((user_id, session_id)):
                    self.remove(user_id, session_id)

    def put(self, key: str, value: Any, seconds: float) -> None:  # noqa: ANN401 - whatever the store keeps
        """Write an entry, for so many seconds where the store can."""
        self.entries.put(key, value, seconds if self.entries.timed else None)

    def _is_open(self, owner: tuple[str, str] | None) -> bool:
        return owner is not None and self.left(*owner) > 0


class OpenSession:
    """A store as one session sees it: each call first asks whether the session is open, or raises SessionEnded."""

    __slots__ = ("_rows", "_session_id", "_user_id", "prefix")

    timed: ClassVar[bool] = False

    def __init__(self, rows: SessionRows, user_id: str, session_id: str) -> None:
        """Bind the session; each key of its data begins with `prefix`."""
        self._rows = rows
        self._user_id = user_id
        self._session_id = session_id
        self.prefix = f"{_row(user_id, session_id)}/"

    def get(self, key: str) -> Any:  # noqa: ANN401 - as above
        """See `Entries.get`."""
        self._seconds()
        return self._rows.entries.get(key)

    def put(self, key: str, value: Any, _ttl: float | None) -> None:  # noqa: ANN401 - as above
        """See `Entries.put`; it stays no longer than the session."""
        self._rows.put(key, value, self._seconds())

    def remove(self, key: str) -> None:
        """See `Entries.remove`."""
        self._seconds()
        self._rows.entries.remove(key)

    def keys(self, prefix: str) -> Iterator[str]:
        """See `Entries.keys`."""
        self._seconds()
        return self._rows.entries.keys(prefix)

    def clear(self, prefix: str) -> None:
        """See `Entries.clear`; what else lies below the session is no data, and stays."""
        self._seconds()
        self._rows.entries.clear(f"{prefix}s:")

    def _seconds(self) -> float:
        left = self._rows.left(self._user_id, self._session_id)
        if left <= 0:
            raise SessionEnded
        return left


def _row(user_id: str, session_id: str) -> str:
    return scoped_key(user_id, _PART, session_id)


def _used(user_id: str, session_id: str) -> str:
    # No data lies under a key that is no str.
    return scoped_key(user_id, _PART, session_id, None)
