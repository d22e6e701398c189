"""What a target over HTTP tells of the answers' surroundings, and how it asks as a browser does."""

import tomllib
from functools import partial
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="pip install 'memfence[server]'")

from fastapi import FastAPI, Request, Response
from web_app import BY_COOKIE, BY_TOKEN, create_app

from memfence.model.around import ELSEWHERE, FIELDS
from memfence.model.credentials import KNOWN_TAG, OTHER_ORIGIN
from memfence.performing.replies import read_reply
from memfence.targets.web.app_file import parse
from memfence.targets.web.in_process import InProcess
from memfence.targets.web.target import WebTarget

ANN, BOB = "mf12345678-ann-0", "mf12345678-bob-1"


def saying(**fields: str) -> FastAPI:
    """Return the application of notes, with these fields on each answer; an `etag` is looked at, too."""
    app = create_app()

    @app.middleware("http")
    async def said(request: Request, onward: Any) -> Response:
        if fields.get("etag") and request.headers.get("if-none-match") == fields["etag"]:
            return Response(status_code=304)
        answer: Response = await onward(request)
        for name, value in fields.items():
            answer.headers[name.replace("_", "-")] = value
        return answer

    return app


def opened(app: FastAPI, said: str = BY_COOKIE) -> WebTarget:
    return WebTarget(parse(tomllib.loads(said)), partial(InProcess, app))


def texts(reply: object) -> list[str]:
    return [record.text for record in read_reply(reply, str).records]


@pytest.mark.parametrize(("said", "by", "scheme"), [(BY_COOKIE, "cookie", ""), (BY_TOKEN, "authorization", "bearer")])
def test_each_answer_is_told_with_what_told_the_user_and_nothing_secret(said: str, by: str, scheme: str) -> None:
    target = opened(saying(cache_control="public, max-age=5", x_other="of nobody"), said)
    held = target.sign_in(ANN)
    memory = target.bearing(held)
    target.around()

    memory.add("I like tea")
    memory.search("tea")

    added, searched = target.around()
    assert (added.method, added.target, added.status) == ("POST", "/notes", 201)
    assert (searched.method, searched.target) == ("GET", "/search?q=tea")
    assert (searched.by, searched.scheme, searched.field("cache-control")) == ({by}, scheme, "public, max-age=5")
    assert {name for name, _ in searched.fields} <= FIELDS
    assert not any(secret.removeprefix("Bearer ") in repr((added, searched)) for secret in held.values())
    assert target.around() == []
    target.close()


def test_cookies_are_told_by_name_and_whether_they_stay_at_home() -> None:
    target = opened(saying())
    memory = target.bearing(target.sign_in(ANN))

    memory.get_all()

    *_, signed_in, listed = target.around()
    assert (signed_in.sets, signed_in.own) == ({"session"}, frozenset())
    assert not listed.cross_site
    target.close()


def test_a_cookie_that_says_nothing_of_sites_may_go_along() -> None:
    target = opened(saying(set_cookie="session=mine"))
    memory = target.bearing({"cookie session": "mine"})

    with pytest.raises(PermissionError):
        memory.get_all()

    (refused,) = target.around()
    assert (refused.own, refused.cross_site, refused.status) == ({"session"}, True, 401)
    target.close()


def test_a_page_of_another_origin_asks_with_its_name() -> None:
    target = opened(saying())
    memory = target.bearing(target.sign_in(ANN), spelling=OTHER_ORIGIN)
    target.around()

    memory.get_all()

    assert [one.origin for one in target.around()] == [ELSEWHERE]
    assert f"Origin: {ELSEWHERE}" in target.told()[-1]
    target.close()


@pytest.mark.parametrize(
    ("control", "seen"), [("private, no-cache", ["I like tea"]), ("no-store", ["I like milk"]), ("", ["I like tea"])]
)
def test_a_browser_shows_what_it_has_kept_where_a_tag_still_holds_for_somebody_else(
    control: str, seen: list[str]
) -> None:
    target = opened(saying(etag='"of all"', cache_control=control))
    ann, held = target.make_memory(ANN), target.sign_in(BOB)
    ann.add("I like tea")
    target.bearing(held).add("I like milk")
    ann.get_all()

    assert texts(target.bearing(held, spelling=KNOWN_TAG).get_all()) == seen
    target.close()


def test_where_the_tag_is_of_the_content_each_is_shown_ones_own() -> None:
    app = create_app()

    @app.middleware("http")
    async def tagged(request: Request, onward: Any) -> Response:
        answer = await onward(request)
        body = b"".join([part async for part in answer.body_iterator])
        tag = f'"{hash(body):x}"'
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304)
        return Response(body, answer.status_code, {**answer.headers, "etag": tag})

    target = opened(app)
    ann, held = target.make_memory(ANN), target.sign_in(BOB)
    ann.add("I like tea")
    ann.get_all()

    assert texts(target.bearing(held, spelling=KNOWN_TAG).get_all()) == []
    target.bearing(held).add("I like milk")
    assert texts(target.bearing(held, spelling=KNOWN_TAG).get_all()) == ["I like milk"]
    target.close()


@pytest.mark.parametrize(("vary", "seen"), [("accept", ["I like tea"]), ("accept, cookie", ["I like milk"])])
def test_a_time_that_holds_for_another_shows_what_the_browser_has_kept(vary: str, seen: list[str]) -> None:
    app, time = create_app(), "Mon, 30 Nov 2026 21:00:00 GMT"

    @app.middleware("http")
    async def dated(request: Request, onward: Any) -> Response:
        if request.headers.get("if-modified-since") == time:
            return Response(status_code=304)
        answer: Response = await onward(request)
        answer.headers["last-modified"], answer.headers["vary"] = time, vary
        return answer

    target = opened(app)
    ann, held = target.make_memory(ANN), target.sign_in(BOB)
    ann.add("I like tea")
    target.bearing(held).add("I like milk")
    ann.get_all()

    assert texts(target.bearing(held, spelling=KNOWN_TAG).get_all()) == seen
    target.close()
