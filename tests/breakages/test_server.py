"""Each defect of the reference application, shown by hand: it is there where it is planted, and nowhere else."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import jwt
import pytest
from visitors import STRENGTH, Visitor, application, bearing

from memfence.breakages import Layer
from memfence.campaigns import resolve
from memfence.performing.weak_secrets import signed_by_a_known_secret
from memfence.targets.application.sessions import LIFETIME
from memfence.targets.application.tokens import API, UNSUBSCRIBE
from memfence.targets.application.whole import Application
from memfence.targets.reference_client import ReferenceClient

BREAKAGES = {name: one for name, one in resolve.all_breakages().items() if one.layer is Layer.SERVER}
MINE = "I am vegetarian."
ASKED = {"json": {"question": "Am I vegetarian?"}}
# Whether a defect shows.
Shown = Callable[[Application], bool]
SHOWN: dict[str, Shown] = {}


def shows(case: Shown) -> Shown:
    """Take a function as what shows the breakage of its name."""
    SHOWN[case.__name__] = case
    return case


def both(app: Application) -> tuple[Visitor, Visitor]:
    """Return Alice, who has said something, and Bob, who has not."""
    alice, bob = Visitor(app, "alice").sign_up(), Visitor(app, "bob").sign_up()
    alice.say(MINE)
    return alice, bob


def is_answered(visitor: Visitor, path: str = "/api/memories", **options: Any) -> bool:
    return visitor.get(path, **options).status_code == 200


def claims(token: str) -> dict[str, Any]:
    return dict(jwt.decode(token, options={"verify_signature": False}, audience=API))


@shows
def user_id_from_query(app: Application) -> bool:
    _, bob = both(app)
    return bob.texts("/api/memories?user_id=alice") == [MINE]


@shows
def user_header_believed(app: Application) -> bool:
    _, bob = both(app)
    return bob.texts(headers={"X-Forwarded-User": "alice"}) == [MINE]


@shows
def user_cookie_believed(app: Application) -> bool:
    _, bob = both(app)
    bob.client.cookies.set("user", "alice", domain="127.0.0.1")
    return bob.texts() == [MINE]


@shows
def cookie_opens_what_token_names(app: Application) -> bool:
    _, bob = both(app)
    return bob.get("/api/memories", **bearing("alice")).json().get("memories", []) != []


@shows
def anonymous_is_default_user(app: Application) -> bool:
    return is_answered(Visitor(app))


@shows
def current_user_in_a_global(app: Application) -> bool:
    alice, bob = both(app)

    async def at_once() -> list[httpx.Response]:
        return await asyncio.gather(*(one.client.get("/api/memories") for one in (bob, alice)))

    # Who comes first while the other waits is chance on a busy machine.
    return any(MINE in asyncio.run(at_once())[0].text for _ in range(20))


@shows
def context_not_reset(app: Application) -> bool:
    alice, _ = both(app)
    alice.texts()
    return MINE in Visitor(app).get("/api/memories").text


@shows
def signature_unchecked(app: Application) -> bool:
    _, bob = both(app)
    forged = jwt.encode(claims(bob.take_token()) | {"sub": "alice"}, "of nobody, and long enough for it", "HS256")
    return MINE in Visitor(app).get("/api/memories", **bearing(forged)).text


@shows
def unsigned_token_accepted(app: Application) -> bool:
    _, bob = both(app)
    forged = jwt.encode(claims(bob.take_token()) | {"sub": "alice"}, "", "none")
    return MINE in Visitor(app).get("/api/memories", **bearing(forged)).text


@shows
def token_expiry_unchecked(app: Application) -> bool:
    token = both(app)[0].take_token()
    app.clock.forward(3600)
    return is_answered(Visitor(app), **bearing(token))


@shows
def token_purpose_unchecked(app: Application) -> bool:
    both(app)
    account = app.accounts.named("alice")
    assert account is not None
    return is_answered(Visitor(app), **bearing(app.tokens.issue(account, UNSUBSCRIBE)))


@shows
def token_outlives_sign_out(app: Application) -> bool:
    token = both(app)[0].take_token()
    Visitor(app)("DELETE", "/api/session", **bearing(token))
    return is_answered(Visitor(app), **bearing(token))


@shows
def guest_session_kept_at_login(app: Application) -> bool:
    both(app)
    guest = Visitor(app, "alice")
    guest.get("/sign-in")
    before = guest.cookie
    guest.sign_in()
    guest.cookie = before
    return is_answered(guest)


@shows
def session_id_from_browser(app: Application) -> bool:
    both(app)
    planted, attacker = Visitor(app, "alice"), Visitor(app)
    planted.cookie = attacker.cookie = "f00d"
    planted.sign_in()
    return is_answered(attacker)


@shows
def session_id_counted(app: Application) -> bool:
    _, bob = both(app)
    bob.sign_in()
    later = Visitor(app, "alice").sign_in()
    name, _, number = bob.cookie.rpartition("-")
    if not number.isdecimal():
        return False
    bob.cookie = f"{name}-{int(number) + 1}"
    assert bob.cookie == later.cookie
    return bob.texts() == [MINE]


@shows
def session_found_by_beginning(app: Application) -> bool:
    alice, bob = both(app)
    bob.cookie = alice.cookie[:8]
    return is_answered(bob)


@shows
def sign_out_clears_cookie_only(app: Application) -> bool:
    alice, _ = both(app)
    before = alice.cookie
    alice("DELETE", "/api/session")
    alice.cookie = before
    return is_answered(alice)


@shows
def session_never_expires(app: Application) -> bool:
    alice, _ = both(app)
    app.clock.forward(LIFETIME)
    return is_answered(alice)


@shows
def session_left_to_next_user(app: Application) -> bool:
    alice, _ = both(app)
    alice.name = "bob"
    return alice.sign_in().texts() == [MINE]


@shows
def closed_account_stays_signed_in(app: Application) -> bool:
    alice, _ = both(app)
    phone = Visitor(app, "alice").sign_in()
    alice("DELETE", "/api/account")
    return is_answered(phone)


@shows
def closed_account_keeps_records(app: Application) -> bool:
    alice, _ = both(app)
    alice("DELETE", "/api/account")
    return Visitor(app, "alice").sign_up().texts() == [MINE]


@shows
def answer_cached_by_path(app: Application) -> bool:
    alice, bob = both(app)
    return alice.texts() == bob.texts() == [MINE]


@shows
def cookie_cached(app: Application) -> bool:
    alice, _ = both(app)
    alice.get("/about")
    visitor = Visitor(app)
    visitor.get("/about")
    return MINE in visitor.get("/api/memories").text


@shows
def guard_misses_spellings(app: Application) -> bool:
    both(app)
    return is_answered(Visitor(app), "http://127.0.0.1:8000//api/memories") and not is_answered(Visitor(app))


@shows
def head_not_guarded(app: Application) -> bool:
    both(app)
    return Visitor(app)("HEAD", "/api/memories").status_code == 200 and not is_answered(Visitor(app))


@shows
def export_cut_at_a_page(app: Application) -> bool:
    _, bob = both(app)
    texts = [f"Fact {number}." for number in range(25)]
    for text in texts:
        bob.say(text)
    return [one["text"] for one in bob.get("/api/export").json()["memories"]] != texts


@shows
def owner_field_assigned(app: Application) -> bool:
    alice, _ = both(app)
    alice.post("/api/memories", json={"text": "I eat fish.", "user_id": "bob"})
    return Visitor(app, "bob").sign_in().texts() == ["I eat fish."]


@shows
def record_id_suffices(app: Application) -> bool:
    alice, bob = both(app)
    record_id = alice.say(MINE)
    return MINE in bob.get(f"/api/memories/{record_id}").text


@shows
def neighbour_in_the_prompt(app: Application) -> bool:
    app.assistant.prompts = []
    alice, bob = both(app)
    alice.post("/api/ask", **ASKED)
    bob.post("/api/ask", **ASKED)
    return MINE in app.assistant.prompts[-1]


@shows
def answer_cached_by_question(app: Application) -> bool:
    alice, bob = both(app)
    alice.post("/api/ask", **ASKED)
    return MINE in bob.post("/api/ask", **ASKED).text


def said_to_caches(visitor: Visitor, path: str = "/api/memories") -> str:
    return visitor.get(path).headers["cache-control"]


@shows
def answers_are_public(app: Application) -> bool:
    return "public" in said_to_caches(both(app)[0])


@shows
def answers_vary_by_nothing(app: Application) -> bool:
    alice, _ = both(app)
    return "max-age" in said_to_caches(alice) and "vary" not in alice.get("/api/memories").headers


@shows
def cookie_may_be_cached(app: Application) -> bool:
    alice, _ = both(app)
    answer = alice.get("/about")
    return "public" in answer.headers["cache-control"] and alice.cookie in answer.headers.get("set-cookie", "")


@shows
def any_origin_allowed(app: Application) -> bool:
    answer = both(app)[0].get("/api/memories", headers={"Origin": "https://elsewhere.invalid"})
    return answer.headers.get("access-control-allow-origin") == "https://elsewhere.invalid"


@shows
def tag_of_the_path(app: Application) -> bool:
    alice, bob = both(app)
    tag = alice.get("/api/memories").headers.get("etag", "none")
    return bob.get("/api/memories", headers={"If-None-Match": tag}).status_code == 304


@shows
def events_told_to_all(app: Application) -> bool:
    both(app)
    alice, bob = app.accounts.named("alice"), app.accounts.named("bob")
    assert alice is not None
    assert bob is not None

    async def told() -> bool:
        with app.feeds.subscribed(bob) as of_bob:
            return of_bob in app.feeds.of(alice)

    return asyncio.run(told())


@shows
def feed_outlives_session(app: Application) -> bool:
    return not app.feeds.ends(signed_in=False)


@shows
def secret_of_a_tutorial(app: Application) -> bool:
    token = both(app)[1].take_token()
    return list(signed_by_a_known_secret(token, "bob", "alice")) != []


@shows
def name_signed_up_again(app: Application) -> bool:
    both(app)
    taken = {"user": "alice", "password": "of somebody else"}
    stranger = Visitor(app)
    stranger.post("/api/users", json=taken)
    return stranger.post("/api/session", json=taken).status_code == 200


def broken(name: str) -> Application:
    made = BREAKAGES[name].wrap(ReferenceClient())
    assert isinstance(made, Application)
    made.accounts.strength = STRENGTH
    return made


def test_each_breakage_of_the_application_is_shown_by_hand() -> None:
    assert set(SHOWN) == set(BREAKAGES)
    assert len(BREAKAGES) >= 15


@pytest.mark.parametrize("name", SHOWN)
def test_a_breakage_of_the_application_shows_where_it_is_planted(name: str) -> None:
    assert SHOWN[name](broken(name))


@pytest.mark.parametrize("name", SHOWN)
def test_it_does_not_show_in_the_sound_application(name: str) -> None:
    assert not SHOWN[name](application())


@pytest.mark.parametrize("name", SHOWN)
def test_a_broken_application_serves_its_users_otherwise(name: str) -> None:
    alice = Visitor(broken(name), "alice").sign_up()

    assert alice.get("/about").status_code == 200
    assert alice.say(MINE)
    assert alice.texts() == [MINE]
