"""Where an application leads: what goes along, and what is told of it."""

import pytest

pytest.importorskip("httpx", reason="pip install 'memfence[http]'")

from wired import said, wired

from memfence.performing.replies import read_reply
from memfence.targets.web.lines import read_line
from memfence.targets.web.redirects import onward
from memfence.targets.web.requests import Carried
from memfence.targets.web.wire import Answer, Asked

FILE = """
disposable = true
sign_in = 'POST /login {user, password} -> /token'
add = 'POST /notes {text}'
search = 'GET /search?q={query}'
get_all = 'GET /notes'
get = 'GET /notes/{id}'
"""
IN_PATH = FILE.replace("'GET /notes'", "'GET /of/{user}/notes'")
SECRET = "5f2c9d81a7"  # noqa: S105 - this application's, and nobody else's


def leading(status: int) -> "Leading":
    return Leading(status)


class Leading:
    """Signs everybody in, and sends each request on to its path with a slash behind it."""

    def __init__(self, status: int) -> None:
        self.status = status

    def __call__(self, asked: Asked) -> Answer:
        path, mark, query = asked.target.partition("?")
        if path == "/login":
            return said(200, {"token": SECRET})
        if path.endswith("/"):
            return said(200, [{"id": "7", "text": "tea"}] if asked.method == "GET" else {"id": "7"})
        return said(self.status, location=f"{path}/{mark}{query}")


@pytest.mark.parametrize("status", [302, 307])
def test_a_claim_in_the_path_or_the_query_stays_behind_and_the_answer_is_seen(status: int) -> None:
    target, wire = wired(IN_PATH, leading(status))
    held = target.sign_in("ann")

    for claim in (("path", "user", "bob"), ("query", "user_id", "bob")):
        found = target.bearing(held, claim=claim).get_all()
        assert [record.text for record in read_reply(found, str).records] == ["tea"]

    # The application repeats the query by itself; nothing says it twice.
    assert [asked.target for asked in wire.asked[1:]] == [
        "/of/bob/notes",
        "/of/bob/notes/",
        "/of/ann/notes?user_id=bob",
        "/of/ann/notes/?user_id=bob",
    ]


@pytest.mark.parametrize("status", [301, 308])
def test_a_claim_in_a_header_or_a_cookie_goes_along(status: int) -> None:
    target, wire = wired(FILE, leading(status))
    held = target.sign_in("ann")

    target.bearing(held, claim=("header", "X-User", "bob")).get_all()
    target.bearing(held, claim=("cookie", "uid", "bob")).get_all()

    assert [dict(asked.headers).get("X-User") for asked in wire.asked[1:3]] == ["bob", "bob"]
    assert [dict(asked.headers).get("Cookie") for asked in wire.asked[3:]] == ["uid=bob", "uid=bob"]


def test_a_claim_in_the_body_goes_where_the_body_goes() -> None:
    again, wire_again = wired(FILE, leading(307))
    moved, wire_moved = wired(FILE, leading(303))

    for target in (again, moved):
        target.bearing(target.sign_in("ann"), claim=("body", "user", "bob")).add("tea")

    assert [asked.body for asked in wire_again.asked[1:]] == [b'{"text": "tea", "user": "bob"}'] * 2
    assert [(asked.method, asked.body) for asked in wire_moved.asked[2:]] == [("GET", b"")]


def test_how_a_request_was_spelt_is_not_how_the_next_is_spelt() -> None:
    target, wire = wired(FILE, leading(307))

    target.bearing(target.sign_in("ann"), spelling="method override").get_all()

    first, second = wire.asked[1:]
    assert (first.method, "X-HTTP-Method-Override" in dict(first.headers)) == ("POST", True)
    assert (second.method, "X-HTTP-Method-Override" in dict(second.headers)) == ("GET", False)
    assert target.told()[-1].startswith("curl -s -H 'Authorization: Bearer '")


def test_what_is_sent_again_is_told_with_its_body_and_its_query() -> None:
    target, _ = wired(FILE, leading(307))
    memory = target.make_memory("ann")
    target.told()

    memory.add("my {tea}")
    memory.search("white {tea}")
    added, added_again, searched, searched_again = target.told()

    assert """-X POST""" in added_again
    assert """-d '{"text": "my {tea}"}' http://127.0.0.1:1/notes/ |""" in added_again
    assert added.split(" -d ")[1].split(" http")[0] in added_again
    assert "/search/?q=white%20%7Btea%7D" in searched_again
    assert searched.split("?")[1].split(" ")[0] in searched_again


def test_a_record_keeps_its_name_where_a_request_is_led_on() -> None:
    target, _ = wired(FILE, leading(307))
    memory = target.make_memory("ann")
    memory.add("tea")
    memory.get("7")

    assert [line.partition("http://")[2] for line in target.told()[-2:]] == [
        '127.0.0.1:1/notes/"$id_1"  # 307',
        '127.0.0.1:1/notes/"$id_1"/  # 200',
    ]


def test_a_token_in_the_query_is_told_by_its_name_on_the_way_too() -> None:
    by_query = FILE.replace(
        "sign_in = 'POST /login {user, password} -> /token'",
        "authTemplate = { loginEndpointAuth = { endpoint = '/login', payloadUserPwd = { usernameField = 'user' }, "
        "token = { extractSelector = '/token', sendIn = 'query', sendName = 'key' } } }",
    )
    target, wire = wired(by_query, leading(307))
    target.make_memory("ann").get_all()

    assert [asked.target for asked in wire.asked[1:]] == [f"/notes?key={SECRET}", f"/notes/?key={SECRET}"]
    told = target.told()
    assert [line for line in told if SECRET in line] == []
    assert ["key=" in line and '"$ann"' in line for line in told[-2:]] == [True, True]


@pytest.mark.parametrize(
    ("ident", "path", "told"),
    [
        ("notes", "/notes/notes/", "/notes/{id}/"),
        ("notes", "/v2/notes/notes", "/v2/notes/{id}"),
        ("7", "/v2/notes/7/whole", "/v2/notes/{id}/whole"),
        ("7", "/7/notes/7", "/7/notes/{id}"),
        ("notes", "/notes/notes/whole", "/notes/{id}/whole"),
        ("", "/notes//all", "/notes//all"),
        ("a b", "/v2/a%20b", "/v2/{id}"),
    ],
)
def test_a_step_that_is_called_as_the_record_is_stays_a_step(ident: str, path: str, told: str) -> None:
    line = read_line("get", "GET /notes/{id}")
    asked = Asked("GET", line.target({"id": ident}))

    after = onward(line, {"id": ident}, asked, said(307, location=path), Carried(), "http://127.0.0.1:1")

    assert after is not None
    assert (after.line.path, after.target) == (told, path)
