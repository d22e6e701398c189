"""The pages of the reference application, without a browser: forms, links and what is escaped."""

import pytest
from visitors import Visitor, application

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


def signed_in() -> Visitor:
    alice = Visitor(application(), "alice")
    assert alice.fill("/sign-in", "/sign-up", **alice.credentials).headers["location"] == "/"
    return alice


def test_somebody_signs_up_says_something_asks_and_deletes_it() -> None:
    alice = signed_in()

    said = alice.fill("/", "/say", text="I am vegetarian.")
    answer = alice.fill("/", "/ask", question="Am I vegetarian?")
    (record,) = alice.get("/api/memories").json()["memories"]

    assert said.headers["location"] == "/?done=said"
    assert "You told me: “I am vegetarian.”" in answer.text
    assert "I am vegetarian." in alice.get("/you").text
    assert alice.fill("/you", "/you/forget", id=record["id"]).headers["location"] == "/you?done=forgotten"
    assert "Nothing is stored." in alice.get("/you").text


def test_somebody_signs_out_and_in_again() -> None:
    alice = signed_in()

    assert alice.fill("/", "/sign-out").headers["location"] == "/sign-in?done=out"
    assert alice.get("/").headers["location"] == "/sign-in"
    assert alice.fill("/sign-in", "/sign-in", **alice.credentials).headers["location"] == "/"
    assert "Hello, alice" in alice.get("/").text


def test_a_wrong_password_and_a_taken_name_are_said_on_the_page() -> None:
    alice = signed_in()
    guest = Visitor(alice.app)

    wrong = guest.fill("/sign-in", "/sign-in", user="alice", password="guessed")  # noqa: S106 - a wrong one
    taken = guest.fill("/sign-in", "/sign-up", user="alice", password="another")  # noqa: S106 - as above

    assert (wrong.status_code, taken.status_code) == (401, 422)
    assert "The name or the password is wrong." in wrong.text
    assert "this name is taken" in taken.text


def test_before_everything_is_deleted_it_is_said_what_that_is() -> None:
    alice = signed_in()
    alice.say("I am vegetarian.")

    assert "1 memory of alice" in alice.get("/you/erase").text
    assert alice.texts() == ["I am vegetarian."]
    alice.fill("/you/erase", "/you/erase")
    assert alice.texts() == []


def test_an_account_is_closed_by_its_page() -> None:
    alice = signed_in()

    assert "every session" in alice.get("/you/close").text
    assert alice.fill("/you/close", "/you/close").headers["location"] == "/sign-in?done=closed"
    assert alice.get("/you").status_code == 303
    assert alice.post("/api/session", json=alice.credentials).status_code == 401


@pytest.mark.parametrize("path", ["/say", "/ask", "/you/forget", "/you/erase", "/you/close", "/sign-out", "/sign-in"])
@pytest.mark.parametrize("token", ["", "guessed"])
def test_a_form_that_is_not_this_sessions_is_refused(path: str, token: str) -> None:
    alice = signed_in()
    alice.say("I am vegetarian.")

    fields = {"form": token, "text": "x", "question": "x", "id": "x"}

    assert alice.post(path, data=fields).status_code == 403
    assert alice.texts() == ["I am vegetarian."]


def test_a_form_of_ones_neighbour_is_refused() -> None:
    app = application()
    alice, bob = Visitor(app, "alice").sign_up(), Visitor(app, "bob").sign_up()
    page = bob.get("/").text
    token = page.partition('name="form" value="')[2].partition('"')[0]

    assert token
    assert alice.post("/say", data={"form": token, "text": "I am vegetarian."}).status_code == 403


@pytest.mark.parametrize("path", ["/", "/you", "/ask"])
def test_what_users_write_is_escaped_on_each_page(path: str) -> None:
    alice = signed_in()
    alice.say(HOSTILE)

    page = alice.fill("/", path, question=HOSTILE).text if path == "/ask" else alice.get(path).text

    assert "<script" not in page
    assert "<img" not in page


def test_a_page_that_is_not_there_is_told_on_a_page_and_not_sent_on() -> None:
    told = signed_in().get("/nowhere")

    assert told.status_code == 404
    assert "There is no such page, or it is not yours." in told.text


def test_the_link_in_a_letter_stops_letters_and_opens_nothing() -> None:
    alice = signed_in()
    link = alice.get("/you").text.partition('href="/unsubscribe?')[2].partition('"')[0]
    token = link.removeprefix("token=")

    assert "no more letters" in Visitor(alice.app).get(f"/unsubscribe?{link}").text
    assert Visitor(alice.app).get(f"/unsubscribe?token={token}x").status_code == 403
    assert Visitor(alice.app).get("/api/memories", headers={"Authorization": f"Bearer {token}"}).status_code == 401


def test_each_page_says_what_is_broken_where_something_is() -> None:
    app = application()
    app.banner = "A request <without> a session is served."

    pages = [Visitor(app).get(path).text for path in ("/sign-in", "/about", "/nowhere")]

    assert ["A request &lt;without&gt; a session is served." in page for page in pages] == [True] * 3


def test_browsers_are_told_to_run_nothing_and_to_show_it_nowhere_else() -> None:
    told = signed_in().get("/you").headers

    assert "default-src 'none'" in told["content-security-policy"]
    assert "frame-ancestors 'none'" in told["content-security-policy"]
    assert told["x-content-type-options"] == "nosniff"


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites() -> None:
    told = Visitor(application()).get("/sign-in").headers["set-cookie"]

    assert "httponly" in told
    assert "samesite=lax" in told
