import json
import shutil
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import cachetools
import diskcache
import pytest
import redis
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, rule

from memfence import KeyNotFoundError, ScopedCache, ScopedSession, ScopedSessions, ScopeError, SessionEnded
from memfence.real_mem0.private_redis import COMMAND, PrivateRedis

HOUR = 3_600.0
USERS = ["al", "al-", "alice", "Alice", "nobody"]
SERVER = next((name for name in ("redis-server", COMMAND) if shutil.which(name)), None)


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Redis of our own."""
    if SERVER is None:
        pytest.skip("neither redis-server nor redis-stack-server is on the PATH")
    server = PrivateRedis(tmp_path_factory.mktemp("redis"), name=SERVER)
    yield server.url
    server.stop()


@pytest.fixture(params=["dict", "TTLCache", "diskcache", "redis", "redis of texts"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    """What all sessions share."""
    match request.param:
        case "dict":
            yield {}
        case "TTLCache":
            yield cachetools.TTLCache(1_000, ttl=60)
        case "diskcache":
            with diskcache.Cache(str(tmp_path)) as opened:
                yield opened
        case name:
            texts = name == "redis of texts"
            url = request.getfixturevalue("redis_url")
            with redis.Redis.from_url(url, decode_responses=texts) as client:
                client.flushdb()
                yield client


@pytest.fixture
def sessions(store: Any, clock: Clock) -> ScopedSessions:
    return ScopedSessions(store, lifetime=HOUR, clock=clock)


def kept(store: Any) -> list[str]:
    """Return all keys that lie in a store."""
    keys = store.scan_iter() if isinstance(store, redis.Redis) else list(store)
    return sorted(key.decode() if isinstance(key, bytes) else key for key in keys)


# What a session is.


def test_what_is_put_into_a_session_comes_back_under_its_token(sessions: ScopedSessions) -> None:
    token = sessions.open("alice")

    sessions.of(token)["cart/ü *?"] = "2 apples"

    session = sessions.of(token)
    assert session.user_id == "alice"
    assert (session["cart/ü *?"], list(session), len(session), "cart" in session) == (
        "2 apples",
        ["cart/ü *?"],
        1,
        False,
    )
    session.delete("cart/ü *?")
    assert session.list() == []
    with pytest.raises(KeyNotFoundError):
        session.get("cart/ü *?")


def test_two_sessions_of_a_user_and_those_of_others_are_apart(sessions: ScopedSessions) -> None:
    tokens = {(user, number): sessions.open(user) for user in USERS for number in range(2)}
    for (user, number), token in tokens.items():
        sessions.of(token)["k"] = f"{user} {number}"

    sessions.of(tokens["al", 0]).clear()
    sessions.end(tokens["al-", 0])

    left = {one: token for one, token in tokens.items() if one not in (("al", 0), ("al-", 0))}
    assert {one: sessions.of(token)["k"] for one, token in left.items()} == {
        (user, number): f"{user} {number}" for user, number in left
    }
    assert list(sessions.of(tokens["al", 0])) == []


def test_who_signs_in_gets_a_new_token_and_what_it_carried_opens_nothing(sessions: ScopedSessions) -> None:
    carried = sessions.open("guest-1")
    sessions.of(carried)["cart"] = "2 apples"

    token = sessions.open("alice", carrying=carried)

    assert token != carried
    assert list(sessions.of(token)) == []
    with pytest.raises(SessionEnded):
        sessions.of(carried)


@pytest.mark.parametrize("carried", ["chosen-by-the-client", "", "A" * 43])
def test_a_token_that_the_client_chose_is_never_taken_over(sessions: ScopedSessions, carried: str) -> None:
    token = sessions.open("alice", carrying=carried)

    assert token != carried
    with pytest.raises(SessionEnded):
        sessions.of(carried)


def test_a_renewed_session_keeps_its_data_and_the_old_token_opens_nothing(sessions: ScopedSessions) -> None:
    old = sessions.open("alice")
    held = sessions.of(old)
    held["cart"] = "2 apples"

    new = sessions.renew(old)

    assert sessions.of(new)["cart"] == held["cart"] == "2 apples"
    for call in (sessions.of, sessions.renew):
        with pytest.raises(SessionEnded):
            call(old)


def test_an_ended_session_is_over_for_who_still_holds_it_and_leaves_nothing(
    sessions: ScopedSessions, store: Any
) -> None:
    token = sessions.open("alice")
    session = sessions.of(token)
    session["cart"] = "2 apples"

    sessions.end(token)
    sessions.end(token)

    assert kept(store) == []
    calls: list[Callable[[], Any]] = [
        lambda: session["cart"],
        lambda: session.put("cart", "x"),
        lambda: session.delete("cart"),
        session.list,
        session.clear,
        lambda: "cart" in session,
        lambda: len(session),
    ]
    for call in calls:
        with pytest.raises(SessionEnded):
            call()
    assert kept(store) == []


def test_all_sessions_of_a_user_end_at_once_and_nobody_elses(sessions: ScopedSessions) -> None:
    tokens = [sessions.open("al") for _ in range(3)]
    sessions.end(tokens.pop())
    other = sessions.open("al-")

    assert sessions.end_all("al") == 2

    assert sessions.end_all("al") == 0
    assert sessions.of(other).user_id == "al-"
    for token in tokens:
        with pytest.raises(SessionEnded):
            sessions.of(token)


# Time.


def test_a_session_is_over_at_the_end_of_its_life_however_often_it_is_renewed(
    sessions: ScopedSessions, store: Any, clock: Clock
) -> None:
    token = sessions.open("alice")
    held = sessions.of(token)
    held["cart"] = "2 apples"
    clock.now += HOUR - 1
    token = sessions.renew(token)
    assert sessions.of(token)["cart"] == "2 apples"

    clock.now += 1

    with pytest.raises(SessionEnded):
        held.get("cart")
    with pytest.raises(SessionEnded):
        sessions.of(token)
    assert kept(store) == []


def test_a_session_that_is_not_used_is_over_sooner(store: Any, clock: Clock) -> None:
    sessions = ScopedSessions(store, lifetime=HOUR, idle=60, clock=clock)
    used, left = sessions.open("alice"), sessions.open("bob")

    for _ in range(3):
        clock.now += 59
        sessions.of(used)["k"] = "x"

    assert list(sessions.of(used)) == ["k"]
    sessions.of(used).clear()
    assert sessions.of(used).user_id == "alice"
    with pytest.raises(SessionEnded):
        sessions.of(left)


def test_a_store_that_keeps_times_does_not_end_a_session_that_is_in_use(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("diskcache.core.time", SimpleNamespace(time=clock))
    with diskcache.Cache(str(tmp_path)) as store:
        sessions = ScopedSessions(store, lifetime=HOUR, idle=60, clock=clock)
        token = sessions.renew(sessions.open("alice"))
        sessions.of(token)["cart"] = "2 apples"

        for _ in range(3):
            clock.now += 59
            assert sessions.of(token)["cart"] == "2 apples"

        clock.now += 60
        with pytest.raises(SessionEnded):
            sessions.of(token)


def test_expire_removes_what_is_over_and_what_it_left_and_nothing_else(
    sessions: ScopedSessions, store: Any, clock: Clock
) -> None:
    cache = ScopedCache("alice", cache=store)
    cache["memfence.session"] = "mine"
    old = sessions.open("alice")
    sessions.of(old)["cart"] = "2 apples"
    clock.now += HOUR / 2
    new = sessions.open("alice")
    sessions.of(new)["cart"] = "3 pears"
    sessions.open("bob")
    sessions.end_all("bob")
    clock.now += HOUR / 2

    sessions.expire()

    assert len(kept(store)) == 4
    assert (sessions.of(new)["cart"], cache["memfence.session"]) == ("3 pears", "mine")


def test_a_store_that_keeps_times_lets_go_of_a_session_by_itself(tmp_path: Path) -> None:
    with diskcache.Cache(str(tmp_path)) as store:
        sessions = ScopedSessions(store, lifetime=HOUR)
        sessions.of(sessions.open("alice"))["cart"] = "2 apples"

        times = [store.get(key, expire_time=True)[1] for key in store]

        assert len(times) == 3
        assert all(times)


# Tokens.


@pytest.mark.parametrize(
    "change", ["cut", "longer", "case", "sign", "blank", "quoted", "digest", "empty", "none", "long"]
)
def test_an_altered_token_opens_nothing_and_each_gets_the_same_answer(store: Any, clock: Clock, change: str) -> None:
    sessions = ScopedSessions(store, lifetime=HOUR, clock=clock)
    token = sessions.open("alice")
    (digest,) = (key.partition("/")[2] for key in kept(store) if key.startswith("~"))
    altered = {
        "cut": token[:-1],
        "longer": token + "=",
        "case": token.swapcase(),
        "sign": ("B" if token[0] == "A" else "A") + token[1:],
        "blank": f" {token}",
        "quoted": f'"{token}"',
        "digest": digest,
        "empty": "",
        "none": None,
        "long": "\udc80" * 1_000_000,
    }[change]

    with pytest.raises(SessionEnded) as refused:
        sessions.of(altered)

    assert str(refused.value) == "no session is open under this token: sign in again"
    assert isinstance(refused.value, PermissionError)
    assert refused.value.__cause__ is None
    sessions.end(altered)
    assert sessions.of(token).user_id == "alice"


def test_no_token_lies_in_the_store_or_is_shown(sessions: ScopedSessions, store: Any) -> None:
    token = sessions.open("alice")
    session = sessions.of(token)

    assert repr(session) == "ScopedSession('alice')"
    assert token not in json.dumps([kept(store), repr(sessions)])
    assert not any(token in str(store.get(key)) for key in kept(store))


def test_a_token_that_is_no_text_is_told() -> None:
    with pytest.raises(TypeError, match="token must be a str, got bytes"):
        ScopedSessions({}, lifetime=HOUR).of(b"x")  # type: ignore[arg-type]  # what the test is about


def test_a_session_that_ends_while_it_is_renewed_stays_ended(clock: Clock) -> None:
    class Late(dict[str, Any]):
        """Ends the session when its token has been found."""

        ending: Callable[[], object] | None = None

        def __delitem__(self, key: str) -> None:
            ending, self.ending = self.ending, None
            super().__delitem__(key)
            if ending is not None:
                ending()

    store = Late()
    sessions = ScopedSessions(store, lifetime=HOUR, clock=clock)
    token = sessions.open("alice")
    store.ending = lambda: sessions.end_all("alice")

    with pytest.raises(SessionEnded):
        sessions.renew(token)

    with pytest.raises(SessionEnded):
        sessions.of(token)


def test_of_several_who_renew_a_session_at_once_one_has_it(sessions: ScopedSessions) -> None:
    old = sessions.open("alice")
    begin = threading.Barrier(4)

    def renewed() -> str | None:
        begin.wait()
        try:
            return sessions.renew(old)
        except SessionEnded:
            return None

    with ThreadPoolExecutor(4) as pool:
        found = [one.result() for one in [pool.submit(renewed) for _ in range(4)]]

    (new,) = filter(None, found)
    assert sessions.of(new).user_id == "alice"


# What is refused.


@pytest.mark.parametrize("user", ["*", "a[lb]", "", "al ice", "a/b"])
def test_a_user_id_is_refused_as_scoped_memory_refuses_it(user: str) -> None:
    sessions = ScopedSessions({}, lifetime=HOUR)

    for call in (sessions.open, sessions.end_all):
        with pytest.raises(ScopeError, match="user_id"):
            call(user)


@pytest.mark.parametrize(("name", "value"), [("lifetime", 0), ("lifetime", float("inf")), ("idle", -1)])
def test_a_time_that_is_none_is_refused(name: str, value: float) -> None:
    with pytest.raises(ValueError, match=f"{name} must be a number of seconds above 0"):
        ScopedSessions({}, **({"lifetime": HOUR} | {name: value}))  # type: ignore[arg-type]  # by name


def test_how_long_a_session_lives_has_no_default() -> None:
    with pytest.raises(TypeError, match="lifetime"):
        ScopedSessions({})  # type: ignore[call-arg]  # what the test is about


# All of it, in any order.


class AnyOrder(RuleBasedStateMachine):
    """Opens, renews, ends and lets run out in any order; each token opens what it was given out for, or nothing."""

    tokens = Bundle("tokens")

    @initialize(idle=st.sampled_from([None, 40.0]))
    def begin(self, idle: float | None) -> None:
        self.clock = Clock()
        self.idle = idle
        self.store: dict[str, Any] = {}
        self.sessions = ScopedSessions(self.store, lifetime=100, idle=idle, clock=self.clock)
        # By token: the user, the number of the session, when it was opened and used.
        self.open: dict[str, tuple[str, int]] = {}
        self.times: dict[int, list[float]] = {}
        self.dead: dict[str, str] = {}
        self.data: dict[int, dict[str, str]] = {}

    def lives(self, token: str) -> bool:
        if token not in self.open:
            return False
        opened, used = self.times[self.open[token][1]]
        return self.clock.now < opened + 100 and (self.idle is None or self.clock.now < used + self.idle)

    def kill(self, token: str) -> None:
        self.dead[token] = self.open.pop(token)[0]

    @rule(target=tokens, user=st.sampled_from(USERS), carried=st.none() | tokens)
    def open_one(self, user: str, carried: str | None) -> str:
        token = self.sessions.open(user, carried)
        assert token not in self.open
        assert token not in self.dead
        if carried in self.open:
            self.kill(carried)
        number = len(self.times)
        self.open[token] = user, number
        self.times[number] = [self.clock.now, self.clock.now]
        self.data[number] = {}
        return token

    @rule(target=tokens, token=tokens)
    def renew(self, token: str) -> str:
        if not self.lives(token):
            with pytest.raises(SessionEnded):
                self.sessions.renew(token)
            return token
        new = self.sessions.renew(token)
        self.open[new] = self.open[token]
        self.kill(token)
        return new

    @rule(token=tokens)
    def end(self, token: str) -> None:
        self.sessions.end(token)
        if token in self.open:
            self.kill(token)

    @rule(user=st.sampled_from(USERS))
    def end_all(self, user: str) -> None:
        self.sessions.end_all(user)
        for token in [token for token, (owner, _) in self.open.items() if owner == user]:
            self.kill(token)

    @rule(seconds=st.sampled_from([1.0, 39.0, 61.0]))
    def wait(self, seconds: float) -> None:
        self.clock.now += seconds

    @rule()
    def expire(self) -> None:
        self.sessions.expire()

    @rule(token=tokens, key=st.sampled_from(["k", "n:", "a/b"]))
    def put(self, token: str, key: str) -> None:
        if self.lives(token):
            user, number = self.open[token]
            self.sessions.of(token)[key] = self.data[number][key] = f"{user} {number}"
            self.times[number][1] = self.clock.now

    @rule(token=tokens)
    def clear(self, token: str) -> None:
        if self.lives(token):
            self.sessions.of(token).clear()
            number = self.open[token][1]
            self.data[number].clear()
            self.times[number][1] = self.clock.now

    @rule(token=consumes(tokens))
    def look(self, token: str) -> None:
        self.see(token)

    @invariant()
    def nobody_opens_anothers(self) -> None:
        for token in [*getattr(self, "open", {}), *getattr(self, "dead", {})]:
            if self.idle is None:
                self.see(token)

    def see(self, token: str) -> None:
        if not self.lives(token):
            with pytest.raises(SessionEnded):
                self.sessions.of(token)
            return
        session: ScopedSession = self.sessions.of(token)
        user, number = self.open[token]
        assert session.user_id == user
        assert dict(session) == self.data[number]
        self.times[number][1] = self.clock.now

    def teardown(self) -> None:
        self.clock.now += 1_000
        self.sessions.expire()
        assert self.store == {}


AnyOrder.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
TestNoTokenOfOneUserEverOpensAnothers = AnyOrder.TestCase
