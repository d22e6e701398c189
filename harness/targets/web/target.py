"""An application behind HTTP as a target: it makes memories of users who sign in, and says what else the file names."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ...base.errors import TargetError
from ...base.wording import printable
from ...model.around import Around
from ...model.keys import FLAT
from ...performing.contract import Memory
from .app_file import AppFile
from .client import Client
from .csrf import guards
from .door import Door, Session, as_it_is_now
from .lines import Line
from .memory import memory_class
from .mistakes import password_for
from .pointers import found
from .replies import NotAnAnswerError, RefusedByApplicationError, as_json, check
from .requests import Carried, Claim, carried_of
from .signing import SignIn, basic, filled
from .telling import Book, Saved
from .tokens import looks_like_a_token, most_alike, token_of
from .wire import Cache, Wire, needs

# What a line names of its user.
_OF_A_USER = frozenset({"user", "password"})


class WebTarget:
    """Makes each user's memory by signing in; users are signed up when they are first met.

    `open_wire` opens the way to the application, and with `fresh` each `start` opens it anew.
    """

    # What it lacks belongs into the file, and not into code.
    by_file = True

    def __init__(
        self,
        file: AppFile,
        open_wire: Callable[[], Wire],
        *,
        fresh: bool = False,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        """Take the file; the application is opened when it is first needed."""
        self.disposable = file.disposable
        self.settle = file.settle
        self.keys = FLAT if file.keyed else ""
        self._file = file
        self._open_wire = open_wire
        self._fresh = fresh
        self._sleep = sleep
        self._memory = memory_class(file)
        self._opening = threading.RLock()
        self._door: Door | None = None
        self._before: Callable[[Wire], Wire] = lambda wire: wire
        self.caches: Callable[[], Any] | None = None
        # What the file does not name the target does not have.
        self.start = self._start if fresh or file.reset is not None else None
        self.expire = self._expire if file.expire is not None else None
        self.sign_out = self._sign_out if file.sign_out is not None else None
        self.others = self._others if file.others else None
        self._forget()

    def stand_behind_cache(self) -> None:
        """Put a shared cache between users and the application; raises TargetError where its package is missing."""
        try:
            from .shared_cache import SharedCache  # noqa: PLC0415 - hishel is an extra
        except ImportError as error:
            raise needs(str(error.name)) from error
        self._before = SharedCache
        self.caches = self._kept

    def make_memory(self, user_id: Any) -> Memory:  # noqa: ANN401 - an id may be an attack
        """Return this user's memory through a session of its own."""
        return self.bearing(self.sign_in(user_id))

    def sign_in(
        self, user_id: object, *, carrying: Mapping[str, str] | None = None, mistake: str = ""
    ) -> dict[str, str]:
        """Open a new session and return what the client then holds; a new user is signed up first.

        `carrying` is the credential that the client had before, `mistake` is made with the password. Raises
        RefusedByApplicationError where the application does not let the user in, NotAnAnswerError where it fails.
        """
        door = self._opened()
        refused = self._signed_up(door, user_id)
        label = door.book.session(user_id)
        signing = self.signing_of(user_id)
        values = {"user": user_id, "password": password_for(door, self._file, user_id, mistake)}
        held = {f"header {name}": one for name, one in filled(signing.fixed, values).items()}
        if signing.line is None:
            if signing.is_basic:
                door.book.say_basic(label, user_id)
            return self._issued(held, user_id, label, basic(values) if signing.is_basic else "")
        before = carried_of(carrying or {})
        fixed = filled((*signing.fixed, *signing.headers), values)
        client = Client(
            door, Carried(before.cookies, {**before.headers, **fixed}, before.query), jar=label, user=user_id
        )
        saving = None if signing.token is None else Saved(label, signing.token.where, whole=signing.token.in_header)
        try:
            answer = client.send(signing.line, values, saving=saving)
            check(signing.line, answer, signing.path)
        except RefusedByApplicationError as error:
            if refused is None:
                raise
            msg = f"{error} (and to sign up: {refused})"
            raise RefusedByApplicationError(msg, error.status_code) from None
        token = None if signing.token is None else token_of(signing.line, signing.token, answer)
        if token is not None and signing.token is not None:
            held[f"{signing.token.place} {signing.token.name}"] = signing.token.template.replace("{token}", token)
        if signing.cookies:
            held |= {f"cookie {name}": one for name, one in client.carried.cookies.items() if not guards(name)}
        if not held:
            said = f"{signing.line.shown} answered HTTP {answer.status}"
            msg = f"{said} and set no cookie: say behind it where its token lies (-> /{looks_like_a_token(answer)})"
            raise NotAnAnswerError(msg)
        return self._issued(held, user_id, label, token or "")

    def signing_of(self, user_id: Any) -> SignIn:  # noqa: ANN401 - as above
        """Return how this user signs in: an application may have several ways."""
        del user_id
        return self._file.sign_in

    def bearing(self, credential: Mapping[str, str], *, claim: Claim | None = None, spelling: str = "") -> Memory:
        """Return a memory that acts through exactly this credential; `claim` is said beside it in each request."""
        user = self._whose(credential, *self._file.operations.values())
        return self._memory(self.client_of(credential, claim, spelling), user)

    def client_of(self, credential: Mapping[str, str], claim: Claim | None, spelling: str) -> Client:
        """Return a new client that holds this credential."""
        session = self._sessions.get(_key(credential))
        carried = as_it_is_now(carried_of(self._templated(credential)), session)
        carried = replace(carried, claim=claim, spelling=spelling)
        return Client(self._opened(), carried, session, pinned=frozenset(carried.cookies))

    def guest(self) -> dict[str, str]:
        """Return what somebody holds after a first visit, who has not signed in."""
        door = self._opened()
        client = Client(door, jar=door.book.session("guest"))
        client.send(self._file.guest or Line("guest", "GET", "/"), {})
        return {f"cookie {name}": one for name, one in client.carried.cookies.items()}

    def told(self) -> list[str]:
        """Return the lines of what this thread has said over the wire since it was last asked."""
        return [] if self._door is None else self._door.book.told()

    def around(self) -> list[Around]:
        """Return what stood around the answers since this thread was last asked."""
        return [] if self._door is None else self._door.surroundings.taken()

    def close(self) -> None:
        """Let go of the application."""
        with self._opening:
            door, self._door = self._door, None
        if door is not None:
            door.end_feeds()
            door.wire.close()

    def _start(self) -> None:
        if self._fresh:
            self.close()
        door = self._opened()
        if self._file.reset is not None:
            self._world(door, "reset", self._file.reset)
        if isinstance(door.wire, Cache):
            door.wire.forget()
        door.end_feeds()
        self._forget()
        door.book.forget()

    def _expire(self) -> None:
        door = self._opened()
        if self._file.expire is not None:
            self._world(door, "expire", self._file.expire)
        for session in list(self._sessions.values()):
            session.live = False

    def _sign_out(self, credential: Mapping[str, str]) -> None:
        """End the session that this credential opened."""
        line = self._file.sign_out
        if line is None:
            return
        door = self._opened()
        session = self._sessions.get(_key(credential))
        user = self._whose(credential, line)
        try:
            Client(door, as_it_is_now(carried_of(credential), session), session).perform(line, {"user": user})
        finally:
            if session is not None:
                session.live = False

    def _others(self, credential: Mapping[str, str]) -> dict[str, str]:
        """Return tokens that this user is given for another purpose, by name."""
        client = Client(self._opened(), carried_of(credential), self._sessions.get(_key(credential)))
        tokens: dict[str, str] = {}
        for name, line in self._file.others.items():
            answer = client.send(line, {"user": self._whose(credential, line)})
            token = found(as_json(answer), line.where) if line.where else answer.text.strip()
            if isinstance(token, str) and token:
                tokens[name] = token
                self._purposes.add(token)
        return tokens

    def _kept(self) -> Mapping[str, Any]:
        """Return what lies in the shared cache, by address."""
        return {"of shared answers": wire.kept()} if isinstance(wire := self._opened().wire, Cache) else {}

    def _world(self, door: Door, name: str, what: Line | str) -> None:
        """Ask the application itself; raises TargetError where it does not do it."""
        if isinstance(what, Line):
            try:
                check(what, Client(door).send(what, {}), "")
            except (RefusedByApplicationError, NotAnAnswerError) as error:
                msg = f"{name} = '{what.shown}' does not work: {printable(str(error))}"
                raise TargetError(msg) from None
            return
        called = getattr(door.wire, "call_named", None)
        if called is None:
            msg = f"{name} = {what!r} is a name in the application, which only --asgi can call: write a request"
            raise TargetError(msg)
        called(what)
        door.book.say(f"# in the application: {what}()")

    def _signed_up(self, door: Door, user_id: Any) -> str | None:  # noqa: ANN401 - as above
        """Sign a user up who is new; return why the application refused, who may have known the user before."""
        line = self._file.sign_up
        if line is None:
            return None
        with self._opening:
            signing, refusal = self._known.setdefault(repr(user_id), (threading.Lock(), []))
        with signing:
            if not refusal:
                refusal.append(None)
                values = {"user": user_id, "password": door.password(user_id)}
                client = Client(door, jar=f"{door.book.session(user_id)}_new" if self._file.csrf else "")
                try:
                    client.perform(line, values)
                except RefusedByApplicationError as error:
                    refusal[0] = str(error)
                except BaseException:
                    refusal.clear()
                    raise
        return refusal[0]

    def _left(self, user: object) -> None:
        """Take it that a user's account is closed: who comes under that name again signs up again."""
        with self._opening:
            self._known.pop(repr(user), None)
            for session in list(self._sessions.values()):
                session.live = session.live and session.user != user

    def _issued(self, credential: dict[str, str], user: Any, label: str, token: str = "") -> dict[str, str]:  # noqa: ANN401 - as above; none
        self._sessions[_key(credential)] = Session(user, label, token)
        return credential

    def _whose(self, credential: Mapping[str, str], *lines: Line) -> object:
        """Return the user who stands in a request that names one: also for what was made of that user's credential."""
        session = self._sessions.get(_key(credential))
        if session is None and any(_is_of_a_user(line) for line in lines):
            # Others sign in meanwhile.
            sessions = self._sessions.copy()
            session = sessions.get(most_alike(credential, sessions) or frozenset())
        return "" if session is None else session.user

    def _templated(self, credential: Mapping[str, str]) -> Mapping[str, str]:
        """Return a token for another purpose as the sign-in's own is sent, such as behind `Bearer`."""
        token = self._file.sign_in.token
        where = "" if token is None else f"{token.place} {token.name}"
        if token is None or credential.get(where) not in self._purposes:
            return credential
        return {**credential, where: token.template.replace("{token}", credential[where])}

    def _opened(self) -> Door:
        with self._opening:
            if self._door is None:
                wire = self._before(self._open_wire())
                self._door = Door(wire, self._file, Book(wire.base), self._sleep, left=self._left)
            return self._door

    def _forget(self) -> None:
        self._sessions: dict[frozenset[tuple[str, str]], Session] = {}
        self._purposes: set[str] = set()
        self._known: dict[str, tuple[threading.Lock, list[str | None]]] = {}


def _is_of_a_user(line: Line) -> bool:
    return line.name == "close_account" or not line.names.isdisjoint(_OF_A_USER)


def _key(credential: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    return frozenset(credential.items())
