"""Small applications into which users sign in: one that is right, and one for each of the usual mistakes."""

import base64
import hmac
import itertools
import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from memfence.model.around import Around

SECRET = b"of a test"


class NobodyError(PermissionError):
    """Nobody is signed in."""


def signed(claims: dict[str, Any], alg: str = "HS256") -> str:
    """Return a token of three parts, as JWTs have them."""
    head, body = (_part(json.dumps(one).encode()) for one in ({"alg": alg}, claims))
    seal = _part(hmac.digest(SECRET, f"{head}.{body}".encode(), "sha256"))
    return f"{head}.{body}.{seal}"


def _part(inside: bytes) -> str:
    return base64.urlsafe_b64encode(inside).decode().rstrip("=")


def _inside(part: str) -> dict[str, Any]:
    return dict(json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))))


class Application:
    """Signed tokens over a table of sessions; a mistake is a subclass that replaces one method."""

    disposable = True
    refusals = (NobodyError,)
    # What answers say to caches.
    caching = "no-store"

    def __init__(self) -> None:
        """Begin empty."""
        self.start()

    def start(self) -> None:
        """Begin empty."""
        self.records: dict[str, tuple[str, str]] = {}
        self.sessions: dict[str, str] = {}
        self.numbers = itertools.count(1)
        self.over: set[str] = set()
        self.feeds: dict[str, tuple[str, list[dict[str, str]]]] = {}
        self.answers: list[Around] = []

    def around(self) -> list[Around]:
        """Return what stood around the answers since this was last asked."""
        answers, self.answers = self.answers, []
        return answers

    def feeds_of(self, user: str) -> list[list[dict[str, str]]]:
        """Return the feeds that are told what this user stores."""
        return [events for of, events in self.feeds.values() if of == user]

    def sign_in(self, user_id: Any, *, carrying: dict[str, str] | None = None, mistake: str = "") -> dict[str, str]:
        """Open a session; raises NobodyError where a mistake is made with the password."""
        if mistake and not self.forgives(mistake):
            message = "wrong name or password"
            raise NobodyError(message)
        if not isinstance(user_id, str) or not user_id or user_id != user_id.strip():
            message = "this is no user id"
            raise ValueError(message)
        session = self.new_id(carrying)
        self.sessions[session] = user_id
        return {"cookie session": self.token(session, user_id)}

    def forgives(self, mistake: str) -> bool:
        """Tell whether somebody is let in all the same."""
        del mistake
        return False

    def guest(self) -> dict[str, str]:
        """Open a session that is nobody's."""
        session = self.new_id(None)
        self.sessions[session] = ""
        return {"cookie session": self.token(session, "")}

    def sign_out(self, credential: dict[str, str]) -> None:
        """End a session."""
        self.sessions.pop(self.session_of(credential["cookie session"]), None)

    def others(self, credential: dict[str, str]) -> dict[str, str]:
        """Return a link of this user's to unsubscribe by."""
        session = self.session_of(credential["cookie session"])
        return {"unsubscribe": signed({"sub": self.sessions[session], "sid": session, "for": "unsubscribe"})}

    def expire(self) -> None:
        """Let all sessions run out."""
        self.over |= set(self.sessions)

    def bearing(
        self, credential: dict[str, str], *, claim: tuple[str, str, str] | None = None, spelling: str = ""
    ) -> "Requests":
        """Return what comes through this credential, however it is spelt."""
        del spelling
        return Requests(self, credential, claim)

    def new_id(self, carrying: dict[str, str] | None) -> str:
        """Return the id of a new session."""
        del carrying
        return f"s{hmac.digest(SECRET, str(next(self.numbers)).encode(), 'sha256').hex()}"

    def token(self, session: str, user_id: str) -> str:
        """Return what the client holds."""
        return signed({"sub": user_id, "sid": session, "for": "login"})

    def session_of(self, token: str) -> str:
        """Return the session that a token names; raises NobodyError where it is none of ours."""
        try:
            _, body, _ = token.split(".")
            claims = _inside(body)
            if self.is_sealed(token) and self.is_meant(claims):
                return str(claims["sid"])
        except (ValueError, KeyError):
            pass
        message = "sign in first"
        raise NobodyError(message)

    def is_sealed(self, token: str) -> bool:
        """Tell whether we have signed it."""
        return hmac.compare_digest(token, signed(_inside(token.split(".")[1])))

    def is_meant(self, claims: dict[str, Any]) -> bool:
        """Tell whether it was issued for this."""
        return claims["for"] == "login"

    def is_over(self, session: str) -> bool:
        """Tell whether its time is over."""
        return session in self.over

    def user_of(self, credential: dict[str, str], claim: tuple[str, str, str] | None) -> str:
        """Return whose request it is; raises NobodyError."""
        del claim
        session = self.session_of(credential.get("cookie session", ""))
        user = self.sessions.get(session, "")
        if not user or self.is_over(session):
            message = "sign in first"
            raise NobodyError(message)
        return user

    def end_all(self, user: str) -> None:
        """End all sessions of a user."""
        for session in [one for one, of in self.sessions.items() if of == user]:
            del self.sessions[session]

    def owner(self, user: str, claim: tuple[str, str, str] | None) -> str:
        """Return whose a new record is."""
        del claim
        return user


class Requests:
    """The requests of one client, each of which is checked."""

    def __init__(self, app: Application, credential: dict[str, str], claim: tuple[str, str, str] | None) -> None:
        """Hold what they carry."""
        self.app, self.credential, self.claim = app, credential, claim

    def _user(self) -> str:
        return self.app.user_of(self.credential, self.claim)

    def _own(self) -> Iterator[dict[str, str]]:
        user = self._user()
        answer = Around("GET", "/records", 200, by=frozenset({"cookie"}), origin="https://elsewhere.invalid")
        self.app.answers.append(answer.saying(cache_control=self.app.caching))
        return ({"id": key, "memory": text} for key, (of, text) in self.app.records.items() if of == user)

    def add(self, text: str) -> dict[str, str]:
        """Store a text."""
        key = f"r{len(self.app.records)}-{next(self.app.numbers)}"
        user = self._user()
        self.app.records[key] = (self.app.owner(user, self.claim), text)
        for events in self.app.feeds_of(user):
            events.append({"id": key, "memory": text})
        return {"id": key}

    def events(self) -> list[dict[str, str]]:
        """Return what the user has stored since this session has subscribed."""
        user, session = self._user(), self.credential["cookie session"]
        return self.app.feeds.setdefault(session, (user, []))[1][:]

    def get_all(self) -> list[dict[str, str]]:
        """List the user's own."""
        return list(self._own())

    def search(self, query: str) -> list[dict[str, str]]:
        """Return the user's own that share a word."""
        words = set(query.lower().split())
        return [one for one in self._own() if words & set(one["memory"].lower().split())]

    def get(self, key: str) -> dict[str, str] | None:
        """Return one of the user's own."""
        return next((one for one in self._own() if one["id"] == key), None)

    def delete(self, key: str) -> None:
        """Remove one of the user's own."""
        if self.get(key) is not None:
            del self.app.records[key]

    def delete_all(self) -> None:
        """Remove all of the user's own."""
        for one in self.get_all():
            del self.app.records[one["id"]]

    def page(self) -> str:
        """Return all of the user's own, as a page."""
        rows = [f"<li>{one['memory']}</li>" for one in self._own()]
        return f"<ul>{''.join(rows)}</ul>"

    def export(self) -> list[dict[str, str]]:
        """Return all of the user's own."""
        return self.get_all()

    def close_account(self) -> None:
        """Remove the user, its records and sessions."""
        user = self._user()
        self.delete_all()
        self.app.end_all(user)


class SignatureUnchecked(Application):
    """A token is read and not verified."""

    def is_sealed(self, token: str) -> bool:
        """Believe it."""
        return bool(token)

    def user_of(self, credential: dict[str, str], claim: tuple[str, str, str] | None) -> str:
        """Believe what the token says of its user, too."""
        super().user_of(credential, claim)
        return str(_inside(credential["cookie session"].split(".")[1])["sub"])


class ExpiryUnchecked(Application):
    """A session has no end."""

    def is_over(self, session: str) -> bool:
        """Forget the time."""
        del session
        return False


class LogoutForgotten(Application):
    """Signing out clears the client's cookie only."""

    def sign_out(self, credential: dict[str, str]) -> None:
        """Leave the session."""


class IdKept(Application):
    """A session id that the client brings is kept at login."""

    def new_id(self, carrying: dict[str, str] | None) -> str:
        """Take the client's."""
        try:
            return self.session_of(carrying["cookie session"]) if carrying else super().new_id(None)
        except NobodyError:
            return super().new_id(None)


class IdTaken(Application):
    """A session id that the client has made up is taken over."""

    def new_id(self, carrying: dict[str, str] | None) -> str:
        """Take the client's."""
        return carrying["cookie session"] if carrying else super().new_id(None)

    def token(self, session: str, user_id: str) -> str:
        """Give the bare id."""
        del user_id
        return session

    def session_of(self, token: str) -> str:
        """Return the bare id."""
        return token


class Numbered(Application):
    """Who signs in gets a number beside the token, which opens nothing without that: no mistake."""

    def start(self) -> None:
        """Begin empty."""
        super().start()
        self.numbered: dict[str, str] = {}

    def sign_in(self, user_id: Any, *, carrying: dict[str, str] | None = None, mistake: str = "") -> dict[str, str]:
        """Open a session."""
        held = super().sign_in(user_id, carrying=carrying, mistake=mistake)
        number = self.numbered[held["cookie session"]] = f"{1000 + len(self.numbered)}"
        return {**held, "cookie number": number}

    def user_of(self, credential: dict[str, str], claim: tuple[str, str, str] | None) -> str:
        """Return whose both are; raises NobodyError."""
        if self.numbered.get(credential.get("cookie session", "")) != credential.get("cookie number"):
            message = "sign in first"
            raise NobodyError(message)
        return super().user_of(credential, claim)


class Counter(IdTaken):
    """Session ids are counted."""

    def new_id(self, carrying: dict[str, str] | None) -> str:
        """Count."""
        del carrying
        return f"session-{1000 + next(self.numbers)}"


class CountedInThrees(Counter):
    """Session ids are counted, three at a time."""

    def new_id(self, carrying: dict[str, str] | None) -> str:
        """Count."""
        del carrying
        return f"session-{1000 + 3 * next(self.numbers)}"


class EagerRequests(Requests):
    """Requests that do before they check."""

    def delete_all(self) -> None:
        """Remove everything of whoever the token names, and look at the token then."""
        if "." in self.credential.get("cookie session", ""):
            with suppress(ValueError, KeyError):
                user = _inside(self.credential["cookie session"].split(".")[1])["sub"]
                for key in [key for key, (of, _) in self.app.records.items() if of == user]:
                    del self.app.records[key]
        super().delete_all()


class DoneBeforeChecking(Application):
    """Everything is deleted before the token is looked at; the answer is a no."""

    def bearing(
        self, credential: dict[str, str], *, claim: tuple[str, str, str] | None = None, spelling: str = ""
    ) -> Requests:
        """Return what comes through this credential."""
        del spelling
        return EagerRequests(self, credential, claim)


class Guests(Application):
    """Whoever has not signed in has a memory of a moment, with nothing in it: no mistake, where that is meant."""

    def user_of(self, credential: dict[str, str], claim: tuple[str, str, str] | None) -> str:
        """Return a guest that nobody else is."""
        try:
            return super().user_of(credential, claim)
        except NobodyError:
            return f"guest-{next(self.numbers)}"


class PurposeUnchecked(Application):
    """A token for another purpose signs in."""

    def is_meant(self, claims: dict[str, Any]) -> bool:
        """Do not ask."""
        return bool(claims)


class Anonymous(Application):
    """Whoever has not signed in is the default user."""

    def user_of(self, credential: dict[str, str], claim: tuple[str, str, str] | None) -> str:
        """Fall back."""
        try:
            return super().user_of(credential, claim)
        except NobodyError:
            return "default"


class QueryBelieved(Application):
    """A user id in the query wins over the token."""

    def user_of(self, credential: dict[str, str], claim: tuple[str, str, str] | None) -> str:
        """Believe it."""
        user = super().user_of(credential, claim)
        return claim[2] if claim is not None and claim[:2] == ("query", "user_id") else user


class OwnerAssigned(Application):
    """A new record is whose the body says."""

    def owner(self, user: str, claim: tuple[str, str, str] | None) -> str:
        """Believe it."""
        return claim[2] if claim is not None and claim[:2] == ("body", "owner_id") else user


class FirstTokensOfEight(IdTaken):
    """Only the first eight characters of a token are compared."""

    def session_of(self, token: str) -> str:
        """Return the session that begins so."""
        return next((one for one in self.sessions if token and one.startswith(token[:8])), token)


class OneSession(Application):
    """A user has one session: a login ends the one before it."""

    def sign_in(self, user_id: Any, *, carrying: dict[str, str] | None = None, mistake: str = "") -> dict[str, str]:
        """End it; a login that goes wrong ends nothing."""
        if not mistake:
            self.end_all(user_id)
        return super().sign_in(user_id, carrying=carrying, mistake=mistake)


class AccountStaysSignedIn(Application):
    """Closing the account leaves its sessions."""

    def end_all(self, user: str) -> None:
        """Leave them."""


class PublicAnswers(Application):
    """A cache may keep every answer."""

    caching = "public, max-age=60"


class EventsForAll(Application):
    """Every feed is told of everything."""

    def feeds_of(self, user: str) -> list[list[dict[str, str]]]:
        """Return all."""
        del user
        return [events for _, events in self.feeds.values()]


class NameTwice(Application):
    """A name that is signed up again has the new password."""

    def forgives(self, mistake: str) -> bool:
        """Let in who has signed up with another's name."""
        return mistake == "signed up again"


class EmptyPassword(Application):
    """An empty password is compared with nothing."""

    def forgives(self, mistake: str) -> bool:
        """Let in who gives none."""
        return mistake == "no password"


BROKEN = {
    NameTwice: "accepted",
    EmptyPassword: "accepted",
    SignatureUnchecked: "accepted",
    ExpiryUnchecked: "accepted",
    LogoutForgotten: "accepted",
    IdKept: "accepted",
    IdTaken: "accepted",
    Counter: "accepted",
    PurposeUnchecked: "accepted",
    Anonymous: "accepted",
    CountedInThrees: "accepted",
    DoneBeforeChecking: "tampering",
    FirstTokensOfEight: "accepted",
    AccountStaysSignedIn: "accepted",
    QueryBelieved: "canary_leak",
    OwnerAssigned: "canary_leak",
    PublicAnswers: "cacheable",
    EventsForAll: "canary_leak",
}
