"""What a user of the reference application can do with what is stored, and what a neighbour cannot."""

import asyncio
from collections.abc import Callable

import pytest
from visitors import Visitor, application

from memfence.performing.contract import adapt
from memfence.targets.application import create_app
from memfence.targets.application.accounts import Account
from memfence.targets.application.feeds import Feeds, Subscription
from memfence.targets.application.visited import VisitedApplication
from memfence.targets.built_in.app import sound

MINE = "I am vegetarian."


def both() -> tuple[Visitor, Visitor]:
    app = application()
    return Visitor(app, "alice").sign_up(), Visitor(app, "bob").sign_up()


def test_a_record_is_read_changed_and_deleted_by_its_owner() -> None:
    alice, _ = both()
    record_id = alice.say(MINE)

    assert alice.get(f"/api/memories/{record_id}").json()["text"] == MINE
    assert alice("PUT", f"/api/memories/{record_id}", json={"text": "I eat fish."}).json()["text"] == "I eat fish."
    assert alice.get(f"/api/memories/{record_id}/history").json() == {"earlier": [{"text": MINE}]}
    assert alice("DELETE", f"/api/memories/{record_id}").status_code == 204
    assert alice.texts() == []


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/api/memories/{}", None),
        ("GET", "/api/memories/{}/history", None),
        ("PUT", "/api/memories/{}", {"text": "I eat fish."}),
        ("DELETE", "/api/memories/{}", None),
    ],
)
def test_anothers_record_is_answered_as_one_that_is_not_there(method: str, path: str, body: object) -> None:
    alice, bob = both()
    record_id = alice.say(MINE)

    foreign = bob(method, path.format(record_id), json=body)
    unknown = bob(method, path.format("00000000-0000-4000-8000-000000000000"), json=body)

    assert (foreign.status_code, foreign.json()) == (unknown.status_code, unknown.json())
    assert foreign.status_code == 404
    assert alice.texts() == [MINE]


def test_a_question_is_answered_from_the_askers_memory_alone() -> None:
    alice, bob = both()
    alice.say(MINE)

    asked = {"json": {"question": "Am I vegetarian?"}}

    assert alice.post("/api/ask", **asked).json() == {"answer": f"You told me: “{MINE}”"}
    assert bob.post("/api/ask", **asked).json() == {"answer": "You have not told me anything about that."}


def test_the_prompts_hold_what_is_known_to_the_question_and_the_question() -> None:
    app = application()
    app.assistant.prompts = []
    alice = Visitor(app, "alice").sign_up()
    alice.say(MINE)

    alice.post("/api/ask", json={"question": "Am I vegetarian?"})

    (prompt,) = app.assistant.prompts
    assert MINE in prompt
    assert prompt.endswith("The user asks: Am I vegetarian?")


def test_an_owner_that_a_request_names_is_refused() -> None:
    alice, bob = both()

    told = alice.post("/api/memories", json={"text": MINE, "user_id": "bob"})

    assert (told.status_code, bob.texts()) == (422, [])


def test_the_export_has_everything_and_the_earlier_texts_of_what_was_changed() -> None:
    alice, _ = both()
    ids = [alice.say(f"Fact {number}.") for number in range(45)]
    alice("PUT", f"/api/memories/{ids[0]}", json={"text": "Fact zero."})

    told = alice.get("/api/export")

    memories = told.json()["memories"]
    assert told.headers["content-disposition"] == 'attachment; filename="your-data.json"'
    assert [one["text"] for one in memories] == ["Fact zero.", *(f"Fact {number}." for number in range(1, 45))]
    assert memories[0]["earlier"] == ["Fact 0."]


def test_delete_all_is_of_ones_own_alone() -> None:
    alice, bob = both()
    alice.say(MINE)
    bob.say("I take the window seat.")

    alice("DELETE", "/api/memories")

    assert (alice.texts(), bob.texts()) == ([], ["I take the window seat."])


def test_whatever_is_a_users_is_kept_by_no_cache_and_what_is_public_is_kept_without_its_cookie() -> None:
    alice, _ = both()

    private = ("/api/memories", "/api/export", "/you", "/", "/sign-in")
    assert {alice.get(path).headers["cache-control"] for path in private} == {"no-store"}
    for _ in range(2):
        public = alice.get("/about")
        assert public.headers["cache-control"] == "public, max-age=60"
        assert "set-cookie" not in public.headers


def test_what_another_sites_page_sends_is_refused() -> None:
    alice, _ = both()
    body = {"json": {"text": MINE}}

    told = [
        alice.post("/api/memories", headers=headers, **body).status_code
        for headers in (
            {"Origin": "http://evil.example"},
            {"Origin": "null"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
        )
    ]

    assert told == [403] * 4
    assert alice.post("/api/memories", headers={"Origin": "http://127.0.0.1:8000"}, **body).status_code == 201


def test_a_body_that_is_no_json_is_refused() -> None:
    alice, _ = both()

    assert alice.post("/api/memories", content='{"text": "x"}', headers={"Content-Type": "text/plain"}).is_client_error
    assert alice.post("/api/memories", json={"text": ""}).is_client_error
    assert alice.post("/api/memories", content=b'{"text": "\\ud800"}').is_client_error


def test_an_application_is_made_without_anything() -> None:
    assert Visitor(create_app()).get("/about").status_code == 200


class Leaving(str):
    """A user's id; who is compared with it leaves meanwhile, as a browser does that is closed."""

    __slots__ = ("leaves",)
    leaves: Callable[[], None]

    def __eq__(self, other: object) -> bool:
        self.leaves()
        return str(self) == other

    __hash__ = str.__hash__


def test_a_subscriber_is_told_though_another_leaves_meanwhile() -> None:
    feeds = Feeds()
    alice = Account("alice", 1, b"", b"", 2)

    async def told() -> list[str]:
        loop = asyncio.get_running_loop()
        gone, compared, leaving = Subscription("bob", loop), Subscription("alice", loop), Leaving("bob")
        leaving.leaves = lambda: feeds.open.remove(gone)
        feeds.open = [gone, Subscription(leaving, loop), compared]
        return [one.user_id for one in feeds.of(alice)]

    assert asyncio.run(told()) == ["alice"]


class Noted:
    """A memory that ranks everybody's records, and says so."""

    notes = ("it is let in one at a time",)
    remedy = "another store"

    def start(self) -> None:
        """Nothing is there."""

    def load(self, records: object) -> object:
        """Take none."""
        return records

    def storage(self) -> dict[str, str]:
        """Return nothing."""
        return {}


def test_what_there_is_to_know_of_a_store_is_known_of_the_application_over_it() -> None:
    target = adapt(VisitedApplication(sound, lambda _: Noted()), "app")

    assert (target.notes, target.remedy) == (Noted.notes, Noted.remedy)
