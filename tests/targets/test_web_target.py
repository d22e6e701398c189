"""An application over HTTP as a target: in this process, and on a real port of loopback."""

import asyncio
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="pip install 'memfence[server]'")

from web_app import BY_COOKIE, BY_FORMS, BY_TOKEN, Notes, answering, create_app, saying

from memfence.base.errors import TargetError
from memfence.model.credentials import MISTAKES
from memfence.performing.contract import adapt
from memfence.performing.credentials import NotTriedError
from memfence.performing.offers import offered
from memfence.performing.replies import read_reply, record_ids
from memfence.targets.standin.serving import Server
from memfence.targets.web.app_file import parse
from memfence.targets.web.in_process import InProcess
from memfence.targets.web.over_http import OverHttp
from memfence.targets.web.replies import NotAnAnswerError, RefusedByApplicationError
from memfence.targets.web.target import WebTarget

ANN, BOB = "mf12345678-ann-0", "mf12345678-bob-1"


@contextmanager
def opened(said: str = BY_COOKIE, app: Any = None, **more: Any) -> Iterator[WebTarget]:
    """Open the application in this process."""
    served = app or create_app()
    target = WebTarget(parse(tomllib.loads(said)), partial(InProcess, served), **more)
    try:
        yield target
    finally:
        target.close()


@contextmanager
def over_http(said: str = BY_COOKIE, app: Any = None, **more: Any) -> Iterator[WebTarget]:
    """Serve it, and open what is served."""
    server = Server(app or create_app())
    target = WebTarget(parse(tomllib.loads(said)), partial(OverHttp, server.host), **more)
    try:
        yield target
    finally:
        target.close()
        server.close()


WAYS = [opened, over_http]


def texts(reply: object) -> list[str]:
    return [record.text for record in read_reply(reply, str).records]


def first_id(reply: object) -> str:
    return record_ids(reply)[0]


@pytest.mark.parametrize("said", [BY_COOKIE, BY_TOKEN], ids=["cookie", "bearer"])
@pytest.mark.parametrize("way", WAYS)
def test_each_operation_does_what_its_line_says(way: Callable[..., Any], said: str) -> None:
    with way(said) as target:
        ann, bob = target.make_memory(ANN), target.make_memory(BOB)

        name = first_id(ann.add("I like tea"))
        bob.add("I like milk")

        assert (texts(ann.get_all()), texts(bob.get_all())) == (["I like tea"], ["I like milk"])
        assert (texts(ann.search("tea")), texts(bob.search("tea"))) == (["I like tea"], [])
        assert texts(ann.get(name)) == ["I like tea"]
        ann.update(name, "I like juice")
        assert texts(ann.export()) == ["I like juice"]
        assert "I like juice" in ann.page()
        with pytest.raises(RefusedByApplicationError, match="HTTP 404"):
            bob.delete(name)
        ann.delete(name)
        assert texts(ann.get_all()) == []
        bob.delete_all()
        assert texts(bob.get_all()) == []


def test_forms_and_pages_are_spoken_to_as_a_browser_does() -> None:
    with opened(BY_FORMS) as target:
        ann, bob = target.make_memory(ANN), target.make_memory(BOB)

        ann.add("I like <tea> & 'milk'")

        (record,) = read_reply(ann.get_all(), str).records
        assert record.text == "I like <tea> & 'milk'"
        assert texts(bob.get_all()) == []
        assert "I like <tea> & 'milk'" in ann.page()
        assert record.id is not None
        with pytest.raises(RefusedByApplicationError):
            bob.delete(record.id)
        ann.delete(record.id)
        assert texts(ann.get_all()) == []


def test_what_the_file_does_not_name_the_memory_cannot_do() -> None:
    with opened(
        "sign_in = 'POST /session {user, password}'\nget_all = 'GET /notes'\nsign_up = 'POST /users {user, password}'"
    ) as target:
        found = adapt(target, "notes")
        memory = target.make_memory(ANN)

        assert (found.start, found.sign_out, found.expire, found.disposable) == (None, None, None, None)
        assert {"get_all", "sign_in", "guest", "claim", "spelling"} <= offered(found, memory)
        assert not {"add", "search", "delete", "page", "export"} & offered(found, memory)


@pytest.mark.parametrize("said", [BY_COOKIE, BY_TOKEN], ids=["cookie", "bearer"])
def test_a_memory_acts_through_exactly_the_credential_that_it_was_given(said: str) -> None:
    with opened(said) as target:
        held = target.sign_in(ANN)
        target.bearing(held).add("I like tea")

        altered = {where: text[:-1] + "!" for where, text in held.items()}

        assert texts(target.bearing(held).get_all()) == ["I like tea"]
        for other in (altered, {}, dict.fromkeys(held, "")):
            with pytest.raises(RefusedByApplicationError, match="HTTP 401"):
                target.bearing(other).get_all()
        target.sign_out(held)
        with pytest.raises(RefusedByApplicationError, match="HTTP 401"):
            target.bearing(held).get_all()


def test_each_sign_in_is_a_session_of_its_own_and_the_user_signs_up_once() -> None:
    app = create_app()
    with opened(BY_TOKEN, app) as target:
        first, second = target.sign_in(ANN), target.sign_in(ANN)

        target.sign_out(first)

        assert first != second
        assert list(app.state.notes.users) == [ANN]
        assert texts(target.bearing(second).get_all()) == []


def test_what_runs_out_is_let_run_out_where_the_file_names_how() -> None:
    with opened() as target:
        held = target.sign_in(ANN)

        assert target.expire is not None
        target.expire()

        with pytest.raises(RefusedByApplicationError):
            target.bearing(held).get_all()


def test_a_world_is_fresh_where_the_application_is_made_anew() -> None:
    target = WebTarget(parse(tomllib.loads(BY_COOKIE)), lambda: InProcess(create_app()), fresh=True)
    assert target.start is not None
    target.start()
    target.make_memory(ANN).add("I like tea")

    target.start()

    assert texts(target.make_memory(ANN).get_all()) == []
    target.close()


def test_a_user_who_is_refused_is_a_no_and_says_why() -> None:
    with (
        opened() as target,
        pytest.raises(RefusedByApplicationError, match=r"wrong name.*to sign up: POST /users answered HTTP 422"),
    ):
        target.make_memory(" ann ")


def test_a_claim_is_said_in_each_request_beside_the_credential() -> None:
    seen: list[tuple[str, str]] = []
    app = create_app()

    @app.middleware("http")
    async def note(request: Any, onward: Any) -> Any:
        body = (await request.body()).decode()
        seen.append((f"{request.url.query}|{request.headers.get('x-user', '')}|{request.cookies.get('uid', '')}", body))
        return await onward(request)

    with opened(BY_TOKEN, app) as target:
        held = target.sign_in(ANN)
        seen.clear()
        for claim in (("query", "user", BOB), ("header", "X-User", BOB), ("cookie", "uid", BOB), ("body", "user", BOB)):
            target.bearing(held, claim=claim).add("I like tea")

    assert [(first, "bob" in body) for first, body in seen] == [
        (f"user={BOB}||", False),
        (f"|{BOB}|", False),
        (f"||{BOB}", False),
        ("||", True),
    ]


@pytest.mark.parametrize(
    ("spelling", "method", "path"),
    [
        ("doubled slash", "GET", b"//notes"),
        ("trailing slash", "GET", b"/notes/"),
        ("dot segment", "GET", b"/%2e/notes"),
        ("upper case", "GET", b"/NOTES"),
        ("suffix", "GET", b"/notes.css"),
        ("head", "HEAD", b"/notes"),
        ("method override", "POST", b"/notes"),
    ],
)
@pytest.mark.parametrize("way", WAYS)
def test_a_request_is_spelt_as_it_is_asked_for(
    way: Callable[..., Any], spelling: str, method: str, path: bytes
) -> None:
    seen: list[tuple[str, bytes]] = []
    app = create_app()

    async def noting(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            seen.append((scope["method"], scope["raw_path"]))
        await app(scope, receive, send)

    with way(BY_COOKIE, noting) as target:
        held = target.sign_in(ANN)
        seen.clear()
        with suppress(RefusedByApplicationError, NotAnAnswerError):
            target.bearing(held, spelling=spelling).get_all()

    assert seen[0] == (method, path)


LOGIN = '<form action="/login"><input name="user"><input type="password" name="p"></form>'


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (saying(200, LOGIN), "GET /notes answered HTTP 200 with a page to sign in"),
        (saying(302, "", Location="/login?next=/notes"), "GET /notes answered HTTP 302 and leads to /login"),
        (
            saying(302, "", Location="https://sso.example.com/authorize"),
            "HTTP 302 and leads to https://sso.example.com",
        ),
        (saying(403, '{"detail": "not yours"}', "application/json"), 'HTTP 403: {"detail": "not yours"}'),
        (saying(403, "CSRF verification failed"), "say csrf = ... in the application's file"),
        (saying(200, '{"ok": false}', "application/json"), 'HTTP 200, and says no: {"ok": false}'),
    ],
)
def test_a_page_to_sign_in_and_a_no_are_refusals(reply: Any, said: str) -> None:
    with opened(app=answering(reply)) as target, pytest.raises(RefusedByApplicationError) as raised:
        target.make_memory(ANN).get_all()

    assert said in str(raised.value)
    assert raised.value.status_code in range(400, 500)


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (saying(500, "<h1>Oops</h1>"), "GET /notes answered HTTP 500: <h1>Oops</h1>"),
        (saying(200, "<h1>Oops</h1>"), "GET /notes answered with an HTML page: write '-> page li'"),
        (saying(200, "{", "application/json"), "GET /notes answered with JSON that is none: {"),
        (saying(200, '{"found": 1}', "application/json"), "GET /notes answered without /notes"),
        (saying(302, "", Location="https://elsewhere.example.com/"), "leads to https://elsewhere.example.com/"),
        (saying(302, "", Location="/notes"), "leads from one address to the next"),
        (saying(503, "down"), "GET /notes answered HTTP 503: down"),
    ],
)
def test_a_failure_is_no_refusal_and_is_told_with_its_request(reply: Any, said: str) -> None:
    with opened(app=answering(reply)) as target, pytest.raises(NotAnAnswerError) as raised:
        target.make_memory(ANN).get_all()

    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_page_for_whatever_is_not_there_is_no_answer() -> None:
    app = create_app()

    @app.get("/{whatever:path}")
    async def everything(whatever: str) -> Any:
        del whatever
        return await saying(200, "<div id=app></div>")(None)  # type: ignore[arg-type]  # it does not look

    with opened(BY_COOKIE, app) as target, pytest.raises(RefusedByApplicationError, match="whatever is not there"):
        target.bearing(target.sign_in(ANN), spelling="suffix").page()


def test_a_server_that_is_busy_is_asked_again_after_as_long_as_it_says() -> None:
    left = [("2", 429), ("0.5", 503)]
    slept: list[float] = []

    async def busy(_: Any) -> Any:
        if left:
            after, status = left.pop(0)
            return await saying(status, "later", Retry_After=after)(_)
        return await saying(200, '{"notes": []}', "application/json")(_)

    with opened(app=answering(busy), sleep=slept.append) as target:
        found = target.make_memory(ANN).get_all()

    assert (texts(found), slept) == ([], [2.0, 0.5])


def test_a_server_that_stays_busy_has_said_nothing() -> None:
    with (
        opened(app=answering(saying(429, "no")), sleep=lambda _: None) as target,
        pytest.raises(NotAnAnswerError) as raised,
    ):
        target.make_memory(ANN).get_all()

    assert raised.value.status_code == 429


def test_a_server_that_is_not_there_is_told_in_one_line() -> None:
    server = Server(create_app())
    server.close()
    target = WebTarget(parse(tomllib.loads(BY_COOKIE)), lambda: OverHttp(server.host))

    with pytest.raises(NotAnAnswerError, match=r"POST /users: nothing answers at .*: start the application first"):
        target.make_memory(ANN)


def test_an_application_that_does_not_start_is_told_in_one_line() -> None:
    async def broken(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await receive()
            await send({"type": "lifespan.startup.failed", "message": "Traceback\nKeyError: 'DATABASE_URL'\n"})

    with opened(app=broken) as target, pytest.raises(TargetError, match="could not be started: KeyError"):
        target.make_memory(ANN)


def test_an_application_whose_start_never_ends_is_told_with_what_to_look_at(monkeypatch: pytest.MonkeyPatch) -> None:
    async def waits(scope: Any, receive: Any, send: Any) -> None:
        del scope, send
        await receive()
        await asyncio.Event().wait()

    monkeypatch.setattr("memfence.targets.web.in_process.SECONDS", 0.2)

    with opened(app=waits) as target, pytest.raises(TargetError, match="look at what it waits for, such as a database"):
        target.make_memory(ANN)


def test_why_an_application_fails_is_told_to_nobody_outside() -> None:
    async def failing(scope: Any, receive: Any, send: Any) -> None:
        del receive, send
        if scope["type"] == "http":
            msg = "Bob's locker code is 7QK2"
            raise KeyError(msg)

    with opened(app=failing) as target, pytest.raises(NotAnAnswerError) as raised:
        target.make_memory(ANN)

    assert str(raised.value) == "POST /users answered HTTP 500: Internal Server Error"
    assert raised.value.status_code == 500


def test_a_name_that_the_application_does_not_have_cannot_be_called() -> None:
    with opened(BY_COOKIE.replace("state.notes.expire", "state.clock.expire")) as target:
        assert target.expire is not None
        with pytest.raises(TargetError, match=r"state.clock.expire\(\) of the application failed"):
            target.expire()


def test_a_password_is_anothers_for_each_spelling_of_a_name() -> None:
    class Stripping(Notes):
        def sign_in(self, user: object, password: str) -> str:
            return super().sign_in(str(user).strip(), password)

    with opened(BY_COOKIE, create_app(Stripping())) as target:
        target.make_memory("ann").add("I like tea")

        with pytest.raises(RefusedByApplicationError):
            target.make_memory("ann ")


def test_who_has_closed_the_account_signs_up_again() -> None:
    with opened() as target:
        held = target.sign_in(ANN)
        memory = target.bearing(held)
        memory.add("I like tea")

        memory.close_account()

        with pytest.raises(RefusedByApplicationError, match="HTTP 401"):
            target.bearing(held).get_all()
        assert texts(target.make_memory(ANN).get_all()) == []


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_name_opens_nothing_without_its_password(mistake: str) -> None:
    with opened(BY_COOKIE, create_app()) as target:
        target.sign_in(ANN)

        with pytest.raises(RefusedByApplicationError, match="wrong name or password"):
            target.sign_in(ANN, mistake=mistake)


def test_where_nobody_has_a_password_none_can_be_wrong() -> None:
    file = BY_COOKIE.replace("sign_in = 'POST /session {user, password}'", "sign_in = 'POST /session {user}'")

    with opened(file, create_app()) as target, pytest.raises(NotTriedError):
        target.sign_in(ANN, mistake=MISTAKES[0])
