"""The credentials that are held in one world, and what is made of them."""

import threading
from typing import Any

from ..model.credentials import (
    ABSENT,
    CLOSED,
    EMPTY,
    EXPIRED,
    GUESSED,
    KEPT,
    LEFT,
    MADE_UP,
    MISTAKEN,
    MISTAKES,
    OWN,
    PURPOSE,
    Credential,
)
from .awaiting import Awaiter
from .contract import Memory, Target
from .forging import Held, forged, guessed, made_up
from .signing_in import held

# What tells whether a token counts: several, one after the other.
_CONSECUTIVE = 3
# Whose session it is, by the user id and the device.
_Session = tuple[str, int]


class NotTriedError(Exception):
    """There is no such credential: nothing was sent."""


class Credentials:
    """Signs users in to a target, keeps what they hold, and returns memories that come through it or what it becomes.

    Each user has a session for each device, opened when it is first wanted.
    """

    def __init__(self, target: Target, wait: Awaiter) -> None:
        """Take a target that has `sign_in` and `bearing`."""
        self._target = target
        self._wait = wait
        self._lock = threading.RLock()
        self._held: dict[_Session, Held] = {}
        self._former: dict[tuple[_Session, str], Held] = {}
        self._planted: dict[tuple[str, str], Held] = {}

    def memory(self, user_id: Any, through: Credential | None = None) -> Memory:  # noqa: ANN401 - an id may be an attack
        """Return what comes through this credential, by default its own; raises NotTriedError, or as the target."""
        credential = through or Credential()
        with self._lock:
            held = self._made(user_id, credential)
        more: dict[str, Any] = {}
        if credential.claim is not None:
            more["claim"] = (*credential.claim, str(credential.of_id))[:3]
        if credential.spelling:
            more["spelling"] = credential.spelling
        return self._asked(self._target.bearing, dict(held), **more)

    def sign_in(self, user_id: Any, *, device: int = 0, carrying: str = "", left_by: Any = None) -> None:  # noqa: ANN401 - as memory
        """Open a new session for a user's device, which carries what somebody planted there, where that is said.

        `left_by` is whose last session the same browser held, where `carrying` is `left`. Raises NotTriedError where it
        is open and nobody else may sign in over it: many applications lead whoever is signed in away from the login.
        """
        with self._lock:
            more: dict[str, Any] = {}
            open_still: Held | None = None
            if carrying == KEPT:
                more["carrying"] = held(self._asked(self._target.guest))
            elif carrying == MADE_UP:
                more["carrying"] = made_up(self._own(user_id, device))
            elif carrying == LEFT:
                session = _session(left_by, device)
                open_still = self._held.get(session)
                more["carrying"] = open_still or self._former.get((session, CLOSED)) or self._own(left_by, device)
            if carrying in (KEPT, MADE_UP):
                self._planted[repr(user_id), carrying] = more["carrying"]
            signed_in = held(self._asked(self._target.sign_in, user_id, **more))
            if signed_in == open_still:
                msg = "the session that the browser held is still the one that it holds"
                raise NotTriedError(msg)
            self._held[_session(user_id, device)] = signed_in

    def sign_out(self, user_id: Any, *, device: int = 0) -> None:  # noqa: ANN401 - as memory
        """End the session of a user's device; what it held is kept as closed."""
        with self._lock:
            held = self._own(user_id, device)
            self._end(_session(user_id, device), CLOSED)
            self._asked(self._target.sign_out, dict(held))

    def account_closed(self, user_id: Any) -> None:  # noqa: ANN401 - as memory
        """Take it that all sessions of the user were ended with its account."""
        with self._lock:
            for session in [one for one in self._held if one[0] == repr(user_id)]:
                self._end(session, CLOSED)

    def expired(self) -> None:
        """Take it that the time of all sessions is over."""
        with self._lock:
            for session in list(self._held):
                self._end(session, EXPIRED)

    def _end(self, session: _Session, how: str) -> None:
        self._former[session, how] = self._held.pop(session)

    def _own(self, user_id: Any, device: int) -> Held:  # noqa: ANN401 - as memory
        session = _session(user_id, device)
        if session not in self._held:
            self._held[session] = held(self._asked(self._target.sign_in, user_id))
        return self._held[session]

    def _made(self, user_id: Any, credential: Credential) -> Held:  # noqa: ANN401 - as memory
        """Return what is sent."""
        whose = user_id if credential.of is None else credential.of_id
        form, found = credential.form, None
        if form == OWN:
            found = self._own(user_id, credential.device)
        elif form == ABSENT:
            found = {}
        elif form == EMPTY:
            found = dict.fromkeys(self._own(user_id, credential.device), "")
        elif form in (CLOSED, EXPIRED):
            found = self._former.get((_session(whose, credential.device), form))
        elif form in (MADE_UP, KEPT):
            found = self._planted.get((repr(whose), form))
        elif form == MISTAKEN:
            found = held(self._asked(self._target.sign_in, whose, mistake=MISTAKES[credential.number]))
        else:
            found = self._variant(user_id, whose, credential)
        if found is None:
            msg = f"there is no such credential here: {credential.form}"
            raise NotTriedError(msg)
        return found

    def _variant(self, user_id: Any, whose: Any, credential: Credential) -> Held | None:  # noqa: ANN401 - as memory
        """Return the variant of this number of what a form makes of one's own credential, None where there is none."""
        own = self._own(user_id, credential.device)
        made: list[Held]
        if credential.form == PURPOSE:
            others = held(self._asked(self._target.others, dict(own)))
            made = [dict.fromkeys(own, text) for text in others.values()]
        elif credential.form == GUESSED:
            # The one that is to be guessed is issued among these.
            self._own(whose, credential.device)
            made = guessed([held(self._asked(self._target.sign_in, user_id)) for _ in range(_CONSECUTIVE)])
            made = [one for one in made if one not in self._held_by(user_id)]
        else:
            made = forged(credential.form, own, user=str(user_id), other=str(whose))
        return made[credential.number] if credential.number < len(made) else None

    def _held_by(self, user_id: Any) -> list[Held]:  # noqa: ANN401 - as memory
        return [held for (whose, _), held in self._held.items() if whose == repr(user_id)]

    def _asked(self, function: Any, *arguments: Any, **more: Any) -> Any:  # noqa: ANN401 - the target's own
        if function is None:
            msg = "the target has no such method"
            raise NotTriedError(msg)
        return self._wait(function(*arguments, **more))


def _session(user_id: object, device: int) -> _Session:
    return repr(user_id), device
