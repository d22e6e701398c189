"""A client of an application does what a browser does: cookies, redirects, tokens of forms."""

import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="pip install 'memfence[server]'")

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from memfence.performing.replies import read_reply, record_ids
from memfence.targets.standin.serving import Server
from memfence.targets.web.app_file import parse
from memfence.targets.web.in_process import InProcess
from memfence.targets.web.over_http import OverHttp
from memfence.targets.web.replies import NotAnAnswerError, RefusedByApplicationError
from memfence.targets.web.target import WebTarget

SIGN_IN = "sign_in = 'POST /login {user, password}'\nget_all = 'GET /notes'\n"


@contextmanager
def opened(said: str, app: Any) -> Iterator[WebTarget]:
    target = WebTarget(parse(tomllib.loads(said)), partial(InProcess, app))
    try:
        yield target
    finally:
        target.close()


def signing_in(answer: Callable[[Response], object]) -> FastAPI:
    """Return an application that signs everybody in, with these cookies, and tells which it was sent."""
    app = FastAPI()

    @app.post("/login")
    async def login(response: Response) -> None:
        answer(response)

    @app.get("/notes")
    async def notes(request: Request) -> list[dict[str, str]]:
        return [{"id": name, "text": value} for name, value in request.cookies.items()]

    return app


def shown(reply: object) -> dict[str, str]:
    return {str(record.id): record.text for record in read_reply(reply, str).records}


def test_a_cookie_that_only_https_may_carry_is_sent_on_this_machine_too() -> None:
    app = signing_in(lambda response: response.set_cookie("sid", "one", secure=True, httponly=True, path="/elsewhere"))

    with opened(SIGN_IN, app) as target:
        assert shown(target.make_memory("ann").get_all()) == {"sid": "one"}


def test_a_credential_is_what_signing_in_gave_but_for_what_guards_forms() -> None:
    def cookies(response: Response) -> None:
        response.set_cookie("sid", "one")
        response.set_cookie("csrftoken", "two")
        response.delete_cookie("old")

    with opened(SIGN_IN, signing_in(cookies)) as target:
        assert target.sign_in("ann") == {"cookie sid": "one"}


def test_a_cookie_that_is_renewed_is_kept_but_for_one_that_somebody_has_made_up() -> None:
    app = signing_in(lambda response: response.set_cookie("sid", "one"))

    @app.middleware("http")
    async def renew(request: Request, onward: Any) -> Response:
        answer: Response = await onward(request)
        if request.url.path == "/notes":
            answer.set_cookie("sid", f"{request.cookies.get('sid', 'nobody')}+")
        return answer

    with opened(SIGN_IN, app) as target:
        held = target.sign_in("ann")
        own, forged, none = target.bearing(held), target.bearing({"cookie sid": "onf"}), target.bearing({})

        seen = [[shown(memory.get_all()) for _ in range(2)] for memory in (own, forged, none)]

    assert seen[0] == [{"sid": "one"}, {"sid": "one+"}]
    assert seen[1] == [{"sid": "onf"}, {"sid": "onf"}]
    assert seen[2] == [{}, {"sid": "nobody+"}]


def test_what_the_client_carried_before_it_signs_in_is_sent_with_that() -> None:
    app = FastAPI()

    @app.get("/")
    async def first(response: Response) -> None:
        response.set_cookie("sid", "of a guest")

    @app.post("/login")
    async def login(request: Request, response: Response) -> None:
        # The mistake: whoever had an id keeps it.
        response.set_cookie("sid", request.cookies.get("sid", "new"))

    @app.get("/notes")
    async def notes() -> list[str]:
        return []

    with opened(SIGN_IN, app) as target:
        planted = target.guest()

        assert planted == {"cookie sid": '"of a guest"'}
        assert target.sign_in("ann", carrying=planted) == planted
        assert target.sign_in("ann") == {"cookie sid": "new"}


@pytest.mark.parametrize(
    ("csrf", "body"),
    [
        ("cookie csrftoken -> header X-CSRFToken", "{text}"),
        ("GET /form -> meta csrf-token -> header X-CSRFToken", "{text}"),
        ("GET /form -> input csrf", '{"text": "{text}", "csrf": "{csrf}"}'),
        ("GET /token -> /csrf -> header X-CSRFToken", "{text}"),
    ],
)
def test_the_token_of_a_form_is_sent_as_the_file_says(csrf: str, body: str) -> None:
    app, notes = FastAPI(), list[str]()

    @app.get("/form")
    async def form() -> HTMLResponse:
        return HTMLResponse('<meta content="to&amp;ken" name="csrf-token"><input value=\'to&amp;ken\' name=csrf>')

    @app.get("/token")
    async def token() -> dict[str, str]:
        return {"csrf": "to&ken"}

    @app.get("/login")
    async def page(response: Response) -> None:
        response.set_cookie("csrftoken", "to.ken")

    @app.post("/login")
    async def login(response: Response) -> None:
        response.set_cookie("sid", "one")

    @app.post("/notes")
    async def add(request: Request) -> None:
        said = await request.json()
        if request.headers.get("X-CSRFToken", said.get("csrf")) not in ("to&ken", "to.ken"):
            raise HTTPException(403, "CSRF token missing")
        notes.append(said["text"])

    @app.get("/notes")
    async def listed() -> list[str]:
        return notes

    with opened(f"{SIGN_IN}add = 'POST /notes {body}'\ncsrf = '{csrf}'", app) as target:
        target.make_memory("ann").add("I like tea")

    assert notes == ["I like tea"]


def test_without_it_the_refusal_says_what_to_write() -> None:
    app = signing_in(lambda response: response.set_cookie("sid", "one"))

    @app.post("/notes")
    async def add() -> None:
        raise HTTPException(403, "CSRF verification failed")

    with opened(SIGN_IN + "add = 'POST /notes {text}'", app) as target:
        memory = target.make_memory("ann")
        with pytest.raises(RefusedByApplicationError, match=r"say csrf = \.\.\. in the application's file"):
            memory.add("I like tea")


def test_redirects_are_followed_on_this_host_alone() -> None:
    app = signing_in(lambda response: response.set_cookie("sid", "one"))

    @app.get("/near")
    async def near() -> RedirectResponse:
        return RedirectResponse("notes", 302)

    @app.get("/far")
    async def far() -> RedirectResponse:
        return RedirectResponse("http://127.0.0.1:1/notes", 302)

    with opened(SIGN_IN.replace("/notes", "/near"), app) as target:
        assert shown(target.make_memory("ann").get_all()) == {"sid": "one"}
    with opened(SIGN_IN.replace("/notes", "/far"), app) as target:
        memory = target.make_memory("ann")
        with pytest.raises(NotAnAnswerError, match=r"leads to http://127\.0\.0\.1:1/notes"):
            memory.get_all()


@pytest.mark.parametrize(
    ("where", "known"),
    [("", "7"), (" -> Location", "7"), (" -> X-Note", "8"), (" -> /note/key", "9")],
)
def test_the_id_of_a_new_record_lies_where_the_file_says(where: str, known: str) -> None:
    app = signing_in(lambda response: response.set_cookie("sid", "one"))

    @app.post("/notes", status_code=201)
    async def add(response: Response) -> dict[str, Any]:
        response.headers["Location"] = "/notes/7"
        response.headers["X-Note"] = "8"
        return {"note": {"key": 9}}

    with opened(f"{SIGN_IN}add = 'POST /notes {{text}}{where}'", app) as target:
        assert record_ids(target.make_memory("ann").add("I like tea")) == [known]


@pytest.mark.parametrize(
    ("answer", "where", "records"),
    [
        (
            {"notes": [{"noteId": 7, "body": "tea", "owner": "ann"}], "next": "milk"},
            "/notes id=noteId text=body user_id=owner",
            [("7", "tea", "ann")],
        ),
        ({"data": {"list": [{"_id": "7", "text": "tea"}]}}, "/data/list", [("7", "tea", None)]),
        ({"notes": [{"id": "7", "text": "tea"}], "total": 1}, "", [("7", "tea", None)]),
        ([{"uuid": "7", "text": "tea"}], "", [("7", "tea", None)]),
        ({"results": [{"id": "7", "memory": "tea"}]}, "", [("7", "tea", None)]),
        (["tea"], "", [(None, "tea", None)]),
    ],
)
def test_the_records_of_an_answer_are_found(answer: Any, where: str, records: list[Any]) -> None:
    app = signing_in(lambda response: response.set_cookie("sid", "one"))

    @app.get("/all")
    async def listed() -> Any:
        return answer

    said = SIGN_IN.replace("/notes", f"/all -> {where}" if where else "/all")
    with opened(said, app) as target:
        found = read_reply(target.make_memory("ann").get_all(), str)

    assert [(one.id, one.text, one.label) for one in found.records] == records
    assert ("milk" in found.aside) == ("milk" in str(answer))


def test_an_application_may_lie_under_a_path() -> None:
    whole, app = FastAPI(), signing_in(lambda response: response.set_cookie("sid", "one"))
    whole.mount("/shop", app)
    server = Server(whole)
    target = WebTarget(parse(tomllib.loads(SIGN_IN)), lambda: OverHttp(f"{server.host}/shop"))

    found = shown(target.make_memory("ann").get_all())

    assert found == {"sid": "one"}
    assert f"{server.host}/shop/notes" in target.told()[-1]
    target.close()
    server.close()


def test_headers_that_never_change_are_a_credential_of_their_own() -> None:
    app = FastAPI()

    @app.get("/notes")
    async def notes(request: Request) -> list[str]:
        return [request.headers["Authorization"]]

    said = (
        "get_all = 'GET /notes'\n[[auth]]\nname = 'all'\nfixedHeaders = [{name = 'Authorization', value = 'Of {user}'}]"
    )
    with opened(said, app) as target:
        assert target.sign_in("ann") == {"header Authorization": "Of ann"}
        assert shown(target.make_memory("ann").get_all()) == {"None": "Of ann"}


def test_a_token_for_another_purpose_is_sent_as_the_sign_ins_own_is() -> None:
    app = FastAPI()

    @app.post("/login")
    async def login() -> dict[str, str]:
        return {"token": "one"}

    @app.get("/letters")
    async def letters() -> dict[str, str]:
        return {"unsubscribe": "two"}

    @app.get("/notes")
    async def notes(request: Request) -> list[str]:
        return [request.headers["Authorization"]]

    said = SIGN_IN.replace("}'", "} -> /token'", 1) + "[others]\nletter = 'GET /letters -> /unsubscribe'"
    with opened(said, app) as target:
        held = target.sign_in("ann")
        assert target.others is not None

        others = target.others(held)

        assert others == {"letter": "two"}
        assert shown(target.bearing(dict.fromkeys(held, others["letter"])).get_all()) == {"None": "Bearer two"}


def test_who_has_signed_up_may_be_sent_to_where_users_sign_in_and_who_has_signed_in_wherever_it_is_called() -> None:
    app = signing_in(lambda _: None)

    @app.post("/users")
    async def sign_up() -> RedirectResponse:
        return RedirectResponse("/login", 303)

    @app.post("/enter")
    async def enter() -> RedirectResponse:
        answer = RedirectResponse("/auth/done", 303)
        answer.set_cookie("sid", "one")
        return answer

    @app.get("/auth/done")
    async def done() -> None:
        return None

    said = SIGN_IN.replace("/login", "/enter") + "sign_up = 'POST /users {user, password}'"
    with opened(said, app) as target:
        assert shown(target.make_memory("ann").get_all()) == {"sid": "one"}


def test_a_sign_in_that_gives_a_token_and_no_cookie_says_what_to_write() -> None:
    app = FastAPI()

    @app.post("/login")
    async def login() -> dict[str, str]:
        return {"token_type": "bearer", "access_token": "one"}

    with opened(SIGN_IN, app) as target, pytest.raises(NotAnAnswerError, match=r"\(-> /access_token\)"):
        target.make_memory("ann")


def test_who_is_sent_back_to_where_users_sign_in_has_not() -> None:
    app = FastAPI()

    @app.post("/login")
    async def login() -> RedirectResponse:
        return RedirectResponse("/login?wrong=1", 303)

    with (
        opened(SIGN_IN, app) as target,
        pytest.raises(RefusedByApplicationError, match="POST /login answered HTTP 303"),
    ):
        target.make_memory("ann")
