"""Session data that can be audited: users sign in, and what they put lies in the session that they have opened."""

from collections.abc import Callable
from typing import Any, TypeAlias

from .back_ends import BackEnd
from .keyed.sessions import Sessions
from .keyed_target import KeyedTarget
from .web_sessions import Credential

# From a back end's place to what signs users in.
Wrap: TypeAlias = Callable[[Any], Sessions]


class SessionsTarget(KeyedTarget):
    """Our own disposable sessions: each that is opened is a place of its own, of one user."""

    def __init__(self, wrap: Wrap, back_end: BackEnd) -> None:
        """Take what stands between a user and the place, and what the place lies in."""
        super().__init__(self._begin, back_end)
        self._wrap_sessions = wrap
        self._sessions: Sessions | None = None

    def sign_in(self, user_id: Any, *, carrying: Credential | None = None) -> Credential:  # noqa: ANN401 - an id may be an attack
        """Open a session for a user whose client came with `carrying`, and return what it then holds."""
        return self._world().sign_in(user_id, carrying or {})

    def bearing(self, credential: Credential) -> Any:  # noqa: ANN401 - a resource of the wrapper's own
        """Return the data that the credential opens; each call finds out whether it does."""
        return self._world().bearing(credential)

    def sign_out(self, credential: Credential) -> None:
        """End the session."""
        self._world().sign_out(credential)

    def guest(self) -> Credential:
        """Return what somebody holds who has only come by."""
        return self._world().guest()

    def _begin(self, place: Any) -> Callable[..., Any]:  # noqa: ANN401 - a back end's own object
        sessions = self._sessions = self._wrap_sessions(place)
        return lambda user_id: sessions.bearing(sessions.sign_in(user_id, {}))

    def _world(self) -> Sessions:
        if self._sessions is None:
            self.start()
        assert self._sessions is not None  # noqa: S101 - `start` has made them
        return self._sessions
