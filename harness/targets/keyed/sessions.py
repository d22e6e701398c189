"""Data of one user's session: as most write it, ScopedSessions, and a library that has its own way."""

import secrets
from collections.abc import MutableMapping
from typing import Any, Protocol, TypeAlias

from ...base.refusals import SessionEnded
from ...scoped.sessions import ScopedSession, ScopedSessions
from ..back_ends.session_dict import LIFETIME, SessionDict
from ..web_sessions import Credential

# The method `list` hides the type from the class.
_Keys: TypeAlias = list[str]
PLACE = "token"


class Sessions(Protocol):
    """What signs users in and out, and finds the data of a session by what the client holds."""

    def guest(self) -> Credential:
        """Return what somebody holds after a first visit."""

    def sign_in(self, user_id: Any, carrying: Credential) -> Credential:  # noqa: ANN401 - an id may be an attack
        """Return what the client holds once it has signed in, having come with `carrying`."""

    def sign_out(self, credential: Credential) -> None:
        """End the session."""

    def bearing(self, credential: Credential) -> Any:  # noqa: ANN401 - a resource of the wrapper's own
        """Return the session's data: each call asks anew whose session it is, as each request does."""


class Looked:
    """The data of the session that is open under a token, looked up for each call."""

    def __init__(self, look: Any, token: str | None) -> None:  # noqa: ANN401 - from a token to a mapping
        """Take what finds the data, and the token."""
        self._look = look
        self._token = token

    def put(self, key: str, value: str) -> None:
        """Put a value."""
        self._look(self._token)[key] = value

    def get(self, key: str) -> Any:  # noqa: ANN401 - what was put
        """Return a value; raises KeyError where there is none."""
        return self._look(self._token)[key]

    def list(self, prefix: str = "") -> _Keys:
        """List the keys that begin with the prefix."""
        return sorted(key for key in self._look(self._token) if key.startswith(prefix))

    def delete(self, key: str) -> None:
        """Remove a value; raises KeyError where there is none."""
        del self._look(self._token)[key]

    def clear(self) -> None:
        """Remove all values."""
        self._look(self._token).clear()


class OurSessions:
    """ScopedSessions over a dict whose clock can be set."""

    def __init__(self, place: SessionDict) -> None:
        """Take the store."""
        self._sessions = ScopedSessions(place, lifetime=LIFETIME, clock=lambda: place.now)

    def guest(self) -> Credential:
        """Return nothing: a session is opened for who has signed in."""
        return {}

    def sign_in(self, user_id: Any, carrying: Credential) -> Credential:  # noqa: ANN401 - as above
        """Open a session."""
        return {PLACE: self._sessions.open(user_id, carrying.get(PLACE))}

    def sign_out(self, credential: Credential) -> None:
        """End the session."""
        self._sessions.end(credential.get(PLACE))

    def bearing(self, credential: Credential) -> Looked:
        """Return the session's data."""
        return Looked(self._of, credential.get(PLACE))

    def _of(self, token: str | None) -> ScopedSession:
        return self._sessions.of(token)


class PlainSessions:
    """Sessions as a careful colleague writes them: a random id, a dict for each, and in it who has signed in.

    A first visit opens one, and who signs in goes on with it.
    """

    def __init__(self, place: SessionDict) -> None:
        """Take the store."""
        self._place = place

    def guest(self) -> Credential:
        """Open a session for somebody who is not signed in."""
        return {PLACE: self._begun()}

    def sign_in(self, user_id: Any, carrying: Credential) -> Credential:  # noqa: ANN401 - as above
        """Write the user into the session that the client has, or into a new one."""
        token = carrying.get(PLACE)
        if token is None or self._found(token) is None:
            token = self._begun()
        self._place[token] |= {"user": user_id}
        return {PLACE: token}

    def sign_out(self, credential: Credential) -> None:
        """Remove the session."""
        self._place.pop(credential.get(PLACE), None)

    def bearing(self, credential: Credential) -> Looked:
        """Return the session's data."""
        return Looked(self._data, credential.get(PLACE))

    def _begun(self) -> str:
        token = secrets.token_hex(16)
        self._place[token] = {"until": self._place.now + LIFETIME, "data": {}}
        return token

    def _found(self, token: str | None) -> dict[str, Any] | None:
        session: dict[str, Any] | None = self._place.get(token)
        return None if session is None or session["until"] <= self._place.now else session

    def _data(self, token: str | None) -> MutableMapping[str, str]:
        session = self._found(token)
        if session is None or "user" not in session:
            raise SessionEnded
        data: dict[str, str] = session["data"]
        return data


def plain_sessions(place: Any) -> Sessions:  # noqa: ANN401 - a back end's own object
    """Return what signs users in."""
    return PlainSessions(place) if isinstance(place, SessionDict) else place


def scoped_sessions(place: Any) -> Sessions:  # noqa: ANN401 - as above
    """Return what signs users in; a library keeps its sessions in its own way."""
    return OurSessions(place) if isinstance(place, SessionDict) else place
