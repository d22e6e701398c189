"""Who is signed in at the reference application, and until when."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import httpx
import jwt
import pytest
from visitors import STRENGTH, Visitor, application, bearing

from memfence.scoped.wrappers.scoped import ScopedMemory
from memfence.targets.application.accounts import Accounts, RefusedNameError
from memfence.targets.application.clock import Clock
from memfence.targets.application.records import Records
from memfence.targets.application.session_table import SessionTable
from memfence.targets.application.sessions import LIFETIME
from memfence.targets.application.tokens import API, UNSUBSCRIBE, Tokens

MINE = "I am vegetarian."


def test_two_people_see_each_their_own() -> None:
    app = application()
    alice, bob = Visitor(app, "alice").sign_up(), Visitor(app, "bob").sign_up()

    alice.say(MINE)

    assert (alice.texts(), bob.texts()) == ([MINE], [])


def test_who_has_not_signed_in_is_told_so_by_the_api_and_led_to_the_sign_in_page_by_pages() -> None:
    guest = Visitor(application())

    assert guest.get("/api/memories").status_code == 401
    assert (guest.get("/you").status_code, guest.get("/you").headers["location"]) == (303, "/sign-in")


@pytest.mark.parametrize(("user", "password"), [("alice", "wrong"), ("nobody", "wrong"), ("nobody", ""), ("", "")])
def test_a_wrong_name_or_password_gets_the_same_no(user: str, password: str) -> None:
    app = application()
    Visitor(app, "alice").sign_up()

    told = Visitor(app).post("/api/session", json={"user": user, "password": password})

    assert (told.status_code, told.json()) == (401, {"detail": "the name or the password is wrong"})


def test_a_session_has_a_new_id_after_sign_in_and_the_old_one_opens_nothing() -> None:
    app = application()
    alice = Visitor(app, "alice").sign_up()
    alice.say(MINE)
    guest = Visitor(app, "alice")
    guest.get("/sign-in")
    before = guest.cookie

    guest.sign_in()

    assert before
    assert guest.cookie != before
    guest.cookie = before
    assert guest.get("/api/memories").status_code == 401


def test_an_id_that_the_server_never_gave_is_not_taken_over() -> None:
    guest = Visitor(application())
    guest.cookie = "planted"

    told = guest.get("/sign-in")

    assert "planted" not in told.headers["set-cookie"]


def test_who_signs_in_where_another_was_signed_in_is_not_that_other_and_the_others_session_is_over() -> None:
    app = application()
    alice = Visitor(app, "alice").sign_up()
    Visitor(app, "bob").sign_up()
    before = alice.cookie

    alice.name = "bob"
    alice.sign_in()

    assert alice.get("/api/session").json() == {"user": "bob"}
    alice.cookie = before
    assert alice.get("/api/session").status_code == 401


def test_after_sign_out_the_cookie_opens_nothing() -> None:
    alice = Visitor(application(), "alice").sign_up()
    before = alice.cookie

    assert alice("DELETE", "/api/session").status_code == 204

    alice.cookie = before
    assert alice.get("/api/memories").status_code == 401


def test_ending_one_session_does_not_end_another_of_the_same_user() -> None:
    app = application()
    phone, desk = Visitor(app, "alice").sign_up(), Visitor(app, "alice").sign_in()
    phone.say(MINE)

    phone("DELETE", "/api/session")

    assert (phone.get("/api/memories").status_code, desk.texts()) == (401, [MINE])


def test_a_session_runs_out() -> None:
    app = application()
    alice = Visitor(app, "alice").sign_up()

    app.clock.forward(LIFETIME)

    assert alice.get("/api/memories").status_code == 401


def test_an_answer_that_was_under_way_while_its_session_ended_does_not_bring_it_back() -> None:
    table = SessionTable(Clock())

    async def ended_meanwhile() -> bytes:
        await table.write("id", b"alice", 60, 60)
        await table.remove("id")
        await table.write("id", b"alice", 60, 60)
        return await table.read("id", 60)

    assert asyncio.run(ended_meanwhile()) == b""


def test_what_has_run_out_is_let_go() -> None:
    clock = Clock()
    table = SessionTable(clock)

    async def later() -> None:
        await table.write("first", b"alice", 60, 60)
        clock.forward(61)
        await table.write("second", b"bob", 60, 60)

    asyncio.run(later())

    assert len(table.kept) == 1


def test_the_table_holds_no_id_that_opens_a_session() -> None:
    app = application()
    alice = Visitor(app, "alice").sign_up()

    assert alice.cookie not in str(app.sessions.table.kept)


def test_a_bearer_token_is_its_users_until_it_is_ended() -> None:
    app = application()
    alice = Visitor(app, "alice").sign_up()
    alice.say(MINE)
    phone, token = Visitor(app), alice.take_token()

    assert phone.texts(**bearing(token)) == [MINE]
    assert phone("DELETE", "/api/session", **bearing(token)).status_code == 204
    assert phone.get("/api/memories", **bearing(token)).status_code == 401
    assert alice.texts() == [MINE]


def test_a_bearer_token_runs_out() -> None:
    app = application()
    token = Visitor(app, "alice").sign_up().take_token()

    app.clock.forward(3600)

    assert Visitor(app).get("/api/memories", **bearing(token)).status_code == 401


def test_tokens_that_are_altered_or_for_another_purpose_open_nothing() -> None:
    app = application()
    alice = Visitor(app, "alice").sign_up()
    token = alice.take_token()
    said = jwt.decode(token, options={"verify_signature": False}, audience=API)
    account = app.accounts.named("alice")
    assert account is not None
    forged = {
        "unsigned": jwt.encode(said, "", algorithm="none"),
        "signed by another": jwt.encode(said, "another secret, of 32 bytes or more", algorithm="HS256"),
        "cut": token.rpartition(".")[0] + ".",
        "for a letter": app.tokens.issue(account, UNSUBSCRIBE),
        "of another account": app.tokens.issue(replace(account, number=2), API),
        "nothing": "",
        "no token": "alice",
    }

    told = {name: Visitor(app).get("/api/memories", **bearing(one)).status_code for name, one in forged.items()}

    assert told == dict.fromkeys(forged, 401)


def test_a_token_that_lacks_its_end_is_none() -> None:
    tokens = Tokens(Clock(), b"s" * 32)
    endless = jwt.encode({"sub": "alice", "number": 1, "aud": API, "jti": "1"}, tokens.secret, algorithm="HS256")

    assert tokens.claim_of(endless, API) is None
    assert tokens.has_expired({"exp": None})


def test_a_cookie_beside_a_wrong_token_does_not_help() -> None:
    alice = Visitor(application(), "alice").sign_up()

    assert alice.get("/api/memories", **bearing("wrong")).status_code == 401


def test_a_closed_account_leaves_nothing_for_who_takes_its_name() -> None:
    app = application()
    desk, phone = Visitor(app, "alice").sign_up(), Visitor(app, "alice").sign_in()
    desk.say(MINE)
    token = desk.take_token()

    assert desk("DELETE", "/api/account").status_code == 204
    new = Visitor(app, "alice").sign_up()

    assert (new.texts(), new.get("/api/export").json()) == ([], {"user": "alice", "memories": []})
    assert [one.get("/api/memories").status_code for one in (desk, phone)] == [401, 401]
    assert new.get("/api/memories", **bearing(token)).status_code == 401


class Failing(Records):
    """Cannot erase until it is mended."""

    mended = False

    def erase(self, memory: ScopedMemory) -> None:
        if not self.mended:
            msg = "the store is away"
            raise ConnectionError(msg)
        super().erase(memory)


@pytest.mark.parametrize(
    "close", [lambda who: who("DELETE", "/api/account"), lambda who: who.fill("/you", "/you/close")]
)
def test_an_account_whose_records_could_not_be_erased_is_still_open_and_can_be_closed_again(
    close: Callable[[Visitor], httpx.Response],
) -> None:
    app = application(records=Failing)
    desk, phone = Visitor(app, "alice").sign_up(), Visitor(app, "alice").sign_in()
    desk.say(MINE)
    token = desk.take_token()

    with pytest.raises(ConnectionError):
        close(desk)

    assert [one.texts() for one in (desk, phone, Visitor(app, "alice").sign_in())] == [[MINE]] * 3
    assert phone.texts(**bearing(token)) == [MINE]
    assert Visitor(app).post("/api/users", json=desk.credentials).status_code == 422
    app.records.mended = True
    assert close(desk).status_code in (204, 303)
    assert phone.get("/api/memories").status_code == 401
    assert Visitor(app, "alice").sign_up().texts() == []


def test_while_an_account_is_closed_its_name_is_taken_and_opens_nothing() -> None:
    accounts = Accounts()
    accounts.strength = STRENGTH
    alice = accounts.sign_up("alice", "vegetarian")

    with accounts.closing(alice), accounts.closing(alice):
        assert accounts.known(alice.claim) is accounts.matching("alice", "vegetarian") is None
        with pytest.raises(RefusedNameError, match="taken"):
            accounts.sign_up("alice", "another")

    assert accounts.sign_up("alice", "another").number == 2


@pytest.mark.parametrize("length", [0, 1025, 100_000])
def test_a_password_that_is_too_long_is_refused_in_words_and_opens_nothing(length: int) -> None:
    app = application()
    password = "é" * 1024
    assert Visitor(app).post("/api/users", json={"user": "alice", "password": password}).status_code == 201

    told = Visitor(app).post("/api/users", json={"user": "bob", "password": "é" * length})
    shown = Visitor(app).fill("/sign-in", "/sign-up", user="bob", password="é" * length)
    tried = Visitor(app).post("/api/session", json={"user": "alice", "password": "é" * length})
    page = Visitor(app).fill("/sign-in", "/sign-in", user="alice", password="é" * length)

    assert (told.status_code, told.json()["detail"]) == (422, "a password has 1 to 1024 characters")
    assert (shown.status_code, "a password has 1 to 1024 characters" in shown.text) == (422, True)
    assert (tried.status_code, page.status_code) == (401, 401)
    assert Visitor(app).post("/api/session", json={"user": "alice", "password": password}).status_code == 200


@pytest.mark.parametrize("name", ["", "a b", "a:2", "a/b", "*", "é", "x" * 101])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    told = Visitor(application()).post("/api/users", json={"user": name, "password": "password"})

    assert (told.status_code, told.json()["detail"]) == (422, "a name has 1 to 100 letters, digits and . _ @ + -")


def test_a_name_that_is_taken_is_refused() -> None:
    app = application()
    Visitor(app, "alice").sign_up()

    told = Visitor(app).post("/api/users", json={"user": "alice", "password": "another"})

    assert (told.status_code, told.json()["detail"]) == (422, "this name is taken")
