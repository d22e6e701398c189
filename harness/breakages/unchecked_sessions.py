"""The plain sessions in which breakages are planted: they isolate by themselves."""

import secrets
from collections.abc import Iterator, MutableMapping
from typing import Any, TypeAlias

from ..base.refusals import SessionEnded
from ..scoped.user_ids import check_id
from ..targets.back_ends.session_dict import LIFETIME, SessionDict
from ..targets.keyed.sessions import PLACE, Looked
from ..targets.web_sessions import Credential

# What the shared dict holds: each open session, and each value under its shelf and key.
OPEN, DATA = "open", "data"
Shelf: TypeAlias = tuple[object, ...]


class UncheckedSessions:
    """All sessions in one dict. A breakage replaces one of its methods.

    `new_id` makes an id, `shelf` tells where a session's data lies; `owner` finds whose session it is, and `is_over`
    whether its time is over.
    """

    def __init__(self, place: SessionDict) -> None:
        """Take the dict."""
        self.place = place

    def __call__(self, user_id: Any) -> Looked:  # noqa: ANN401 - an id may be an attack
        """Return the data of a new session of this user."""
        return self.bearing(self.sign_in(user_id, {}))

    def new_id(self, carried: str | None) -> str:
        """Return the id of a new session, for a client that came with another one, or with none."""
        del carried
        return secrets.token_hex(16)

    def shelf(self, user_id: str, session: str) -> Shelf:
        """Return what the keys of a session's data begin with."""
        return user_id, session

    def is_over(self, opened: float) -> bool:
        """Tell whether the time of a session is over."""
        return self.place.now - opened >= LIFETIME

    def owner(self, session: str | None) -> str:
        """Return whose session it is; raises SessionEnded where it is nobody's."""
        user_id, opened = self.place.get((OPEN, session), ("", 0.0))
        if not user_id or self.is_over(opened):
            raise SessionEnded
        return str(user_id)

    def begin(self, session: str, user_id: str) -> None:
        """Open a session for a user, or for a guest."""
        self.place[OPEN, session] = user_id, self.place.now

    def end(self, session: str | None) -> None:
        """Remove a session and its data."""
        user_id, _ = self.place.pop((OPEN, session), ("", 0.0))
        if session is not None and user_id:
            self.data_of(user_id, session).clear()

    def data_of(self, user_id: str, session: str) -> "Data":
        """Return a session's data."""
        return Data(self.place, (DATA, self.shelf(user_id, session)))

    def find(self, session: str | None) -> "Data":
        """Return the data of the session that is open under an id; raises SessionEnded."""
        return self.data_of(self.owner(session), session or "")

    def guest(self) -> Credential:
        """Open a session that is nobody's."""
        session = self.new_id(None)
        self.begin(session, "")
        return {PLACE: session}

    def sign_in(self, user_id: Any, carrying: Credential) -> Credential:  # noqa: ANN401 - an id may be an attack
        """End the session that the client came with, and open a new one."""
        user, carried = check_id(user_id, "user_id"), carrying.get(PLACE)
        self.end(carried)
        session = self.new_id(carried)
        self.begin(session, user)
        return {PLACE: session}

    def sign_out(self, credential: Credential) -> None:
        """End the session."""
        self.end(credential.get(PLACE))

    def bearing(self, credential: Credential) -> Looked:
        """Return the data of the session that a credential opens."""
        return Looked(self.find, credential.get(PLACE))


class Data(MutableMapping[str, str]):
    """The values of one session."""

    def __init__(self, place: SessionDict, shelf: Shelf) -> None:
        """Take the dict of all values, and where those of this session lie."""
        self._place = place
        self._shelf = shelf

    def __getitem__(self, key: str) -> str:
        """Return a value; raises KeyError where there is none."""
        return str(self._place[*self._shelf, key])

    def __setitem__(self, key: str, value: str) -> None:
        """Put a value."""
        self._place[*self._shelf, key] = value

    def __delitem__(self, key: str) -> None:
        """Remove a value; raises KeyError where there is none."""
        del self._place[*self._shelf, key]

    def __iter__(self) -> Iterator[str]:
        """Yield the keys."""
        return iter([key[-1] for key in self._place if key[:-1] == self._shelf])

    def __len__(self) -> int:
        """Count the values."""
        return sum(1 for _ in self)

    def clear(self) -> None:
        """Remove all values."""
        for key in list(self):
            del self[key]
