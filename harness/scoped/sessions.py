"""ScopedSessions: what a server keeps for each signed-in user between requests, bound to the user and the session."""

import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from hashlib import blake2b
from typing import Any

from ..base.refusals import SessionEnded
from .entries import entries_of
from .own_entries import OwnEntries, check_seconds
from .session_rows import OpenSession, SessionRows
from .user_ids import check_id

_BYTES = 32
_LENGTH = len(secrets.token_urlsafe(_BYTES))
# It is asked for in place of an unknown session, so that this answer comes no sooner than others. No token opens it.
_NOBODY = ("nobody", "none")


class ScopedSession(OwnEntries):
    """The data of one session of one user: a mapping, each call of which raises SessionEnded once the session is over.

    Two sessions of a user are two mappings. A store that is a mapping keeps any value, diskcache what can be pickled,
    Redis str and bytes.
    """

    __slots__ = ("_user_id",)

    def __init__(self, user_id: str, data: OpenSession) -> None:
        """Bind user and session; `ScopedSessions.of` makes one."""
        super().__init__(data, data.prefix)
        self._user_id = user_id

    @property
    def user_id(self) -> str:
        """The user who has signed in."""
        return self._user_id

    def __repr__(self) -> str:
        """Show whose it is, and nothing that opens it."""
        return f"{type(self).__name__}({self._user_id!r})"


class ScopedSessions:
    """The sessions of all users in one store: a dict or another mapping, a `diskcache.Cache` or a `redis.Redis`.

    A session is over `lifetime` seconds after it was opened, however often it is renewed, and where `idle` is given,
    so many seconds after `of` last found it. `clock` returns seconds, the same in each process that shares the store. A
    token is 32 random bytes and needs no secret; the store has its digest alone: who reads the store cannot sign in.
    diskcache and Redis let go of a session by themselves once its lifetime is over; with a mapping call `expire` from
    time to time. To end a session reads all keys of a mapping or a diskcache, and asks Redis for its own with SCAN.
    Each application needs a store of its own: a token that one has issued opens its session in another that shares it.
    """

    __slots__ = ("_rows",)

    def __init__(
        self,
        store: Any,  # noqa: ANN401 - what it may be is said above
        *,
        lifetime: float,
        idle: float | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Take the store; raises TypeError for what is none, TypeError or ValueError for times that are none."""
        check_seconds(lifetime, "lifetime", "8 hours are 28_800")
        if idle is not None:
            check_seconds(idle, "idle", "leave it out to keep a session open that is not used")
        self._rows = SessionRows(entries_of(store), lifetime=lifetime, idle=idle, clock=clock)

    def open(self, user_id: str, carrying: str | None = None) -> str:
        """Open a session for a user who has just signed in, and return its token, always a new one.

        `carrying` is the token with which the request came, None for none: that session is ended, whoever opened it,
        and nothing of it is taken over. Raises ScopeError or TypeError for an id that ScopedMemory refuses, too.
        """
        user = check_id(user_id, "user_id")
        self.end(carrying)
        session_id = secrets.token_urlsafe(16)
        self._rows.begin(user, session_id)
        return self._token(user, session_id)

    def of(self, token: str | None) -> ScopedSession:
        """Return the session that is open under a token; raises SessionEnded where none is."""
        user, session_id = self._found(token)
        self._rows.use(user, session_id)
        return ScopedSession(user, OpenSession(self._rows, user, session_id))

    def renew(self, token: str | None) -> str:
        """Return a new token for the session, whose data is kept; the old one opens nothing any more.

        Do so where a user gains rights within a session. Raises SessionEnded where none is open, and for all but one
        who renew it at the same moment.
        """
        user, session_id = self._found(token)
        try:
            self._rows.take(_digest(token))
        except KeyError:
            raise SessionEnded from None
        return self._token(user, session_id)

    def end(self, token: str | None) -> None:
        """End a session and remove its data; where none is open under the token, nothing is to be done."""
        with suppress(SessionEnded):
            self._close(token, self._found(token))

    def end_all(self, user_id: str) -> int:
        """End all sessions of a user, as after a new password, and return how many there were."""
        user = check_id(user_id, "user_id")
        return sum([self._rows.remove(user, session_id) for session_id in self._rows.of_user(user)])

    def expire(self) -> None:
        """Remove all that is left of sessions that are over; reads every key of the store."""
        self._rows.sweep()

    def _token(self, user: str, session_id: str) -> str:
        token = secrets.token_urlsafe(_BYTES)
        self._rows.give(_digest(token), user, session_id, self._left_of(user, session_id))
        return token

    def _found(self, token: str | None) -> tuple[str, str]:
        """Return whose session a token opens, and which; raises SessionEnded."""
        owner = self._rows.owner(_digest(token))
        left = self._rows.left(*(owner or _NOBODY))
        if owner is not None and left > 0:
            return owner
        if owner is not None:
            # What is over is not kept until somebody sweeps.
            self._close(token, owner)
        raise SessionEnded

    def _close(self, token: str | None, owner: tuple[str, str]) -> None:
        self._rows.remove(*owner)
        with suppress(KeyError):
            self._rows.take(_digest(token))

    def _left_of(self, user: str, session_id: str) -> float:
        # It may have ended since; a store that keeps times wants one above 0.
        left = self._rows.left(user, session_id)
        if left <= 0:
            raise SessionEnded
        return left


def _digest(token: str | None) -> str:
    """Return what is kept of a token; of what can be none, what no token has."""
    if token is not None and not isinstance(token, str):
        msg = f"token must be a str, got {type(token).__name__}"
        raise TypeError(msg)
    text = "" if token is None else str.__str__(token)
    # Anybody may send a longer one: it is not read through.
    text = text if len(text) == _LENGTH else ""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=32, person=b"memfence.session").hexdigest()
