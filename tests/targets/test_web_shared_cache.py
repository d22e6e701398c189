"""A shared cache between users and an application: what it keeps, gives, asks again and lets go."""

import time
import tomllib
from collections.abc import Mapping
from email.utils import formatdate
from functools import partial

import pytest

pytest.importorskip("fastapi", reason="pip install 'memfence[server]'")
pytest.importorskip("hishel", reason="pip install 'memfence[http]'")

from fastapi import Request, Response
from web_app import BY_COOKIE, Notes, create_app

from memfence.base.errors import HarnessError
from memfence.campaigns import resolve
from memfence.performing.replies import read_reply
from memfence.targets.web.app_file import parse
from memfence.targets.web.in_process import InProcess
from memfence.targets.web.shared_cache import SharedCache
from memfence.targets.web.target import WebTarget
from memfence.targets.web.wire import Answer, Asked, Inbox

ANN, BOB = "mf12345678-ann-0", "mf12345678-bob-1"


class Origin:
    """An application that answers by the cookie, with these fields; `asked` is what has come to it."""

    base = "http://127.0.0.1"

    def __init__(self, status: int = 200, **fields: str) -> None:
        self.status = status
        self.fields: Mapping[str, str] = fields
        self.asked: list[Asked] = []

    def ask(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        headers = dict(asked.headers)
        if self.fields.get("etag") and headers.get("if-none-match") == self.fields["etag"]:
            return Answer(304, (("etag", self.fields["etag"]),))
        fields = {"date": formatdate(usegmt=True), **self.fields}
        said = tuple((name.replace("_", "-"), value) for name, value in fields.items())
        return Answer(self.status, said, headers.get("cookie", "nobody").encode())

    def listen(self, asked: Asked, inbox: Inbox) -> None:
        self.asked.append(asked)
        inbox.close("over")

    def close(self) -> None:
        self.asked.clear()


def given(cache: SharedCache, who: str, method: str = "GET", target: str = "/notes") -> tuple[str, bool]:
    answer = cache.ask(Asked(method, target, (("Cookie", who),)))
    return answer.text, answer.kept


def test_what_is_public_is_given_to_the_next_who_asks_for_the_address() -> None:
    cache = SharedCache(Origin(cache_control="public, max-age=60"))

    assert given(cache, "ann") == ("ann", False)
    assert given(cache, "bob") == ("ann", True)
    assert given(cache, "bob", target="/other") == ("bob", False)
    assert cache.kept() == {"/notes": ["ann"], "/other": ["bob"]}


@pytest.mark.parametrize("control", ["no-store", "private, max-age=60", "no-cache", "max-age=0", ""])
def test_what_is_not_for_others_is_not_given_to_them(control: str) -> None:
    cache = SharedCache(Origin(cache_control=control))

    assert given(cache, "ann") == ("ann", False)
    assert given(cache, "bob") == ("bob", False)


def test_what_varies_by_the_cookie_is_kept_for_each() -> None:
    cache = SharedCache(Origin(cache_control="max-age=60", vary="Cookie"))

    assert [given(cache, who) for who in ("ann", "bob", "ann")] == [("ann", False), ("bob", False), ("ann", True)]


def test_an_answer_to_authorization_is_kept_where_it_says_so_alone() -> None:
    for control, kept in (("max-age=60", False), ("public, max-age=60", True)):
        cache = SharedCache(Origin(cache_control=control))
        for who in ("ann", "bob"):
            answer = cache.ask(Asked("GET", "/notes", (("Authorization", f"Bearer {who}"),)))
        assert answer.kept is kept


def test_a_cookie_that_was_set_is_given_with_what_is_kept() -> None:
    cache = SharedCache(Origin(cache_control="public, max-age=60", set_cookie="session=ann"))
    given(cache, "ann")

    assert cache.ask(Asked("GET", "/notes")).header("set-cookie") == "session=ann"


def test_a_tag_that_still_holds_gives_what_is_kept_and_another_does_not() -> None:
    origin = Origin(cache_control="no-cache", etag='"of the path"')
    cache = SharedCache(origin)
    given(cache, "ann")

    assert given(cache, "bob") == ("ann", True)
    origin.fields = {"cache_control": "no-cache", "etag": '"another"'}
    assert given(cache, "bob") == ("bob", False)


def test_what_is_as_old_as_it_may_be_is_asked_for_again() -> None:
    cache = SharedCache(Origin(cache_control="max-age=60", date=formatdate(time.time() - 61, usegmt=True)))
    given(cache, "ann")

    assert given(cache, "bob") == ("bob", False)


@pytest.mark.parametrize(("status", "kept"), [(204, False), (404, True)])
def test_a_change_lets_go_of_what_was_kept_and_one_that_was_refused_does_not(status: int, *, kept: bool) -> None:
    origin = Origin(cache_control="max-age=60")
    cache = SharedCache(origin)
    given(cache, "ann")
    origin.status = status
    given(cache, "ann", "DELETE")
    origin.status = 200

    assert given(cache, "bob")[1] is kept


def test_it_forgets_passes_feeds_on_and_closes_what_lies_behind() -> None:
    origin = Origin(cache_control="max-age=60")
    cache = SharedCache(origin)
    given(cache, "ann")
    cache.forget()

    assert (cache.kept(), given(cache, "bob")) == ({}, ("bob", False))
    cache.listen(Asked("GET", "/events"), _Nobody())
    assert origin.asked[-1].target == "/events"
    cache.close()
    assert origin.asked == []


class _Nobody:
    def __init__(self) -> None:
        self.end = lambda: None

    def open(self, answer: Answer) -> None:
        del answer

    def feed(self, part: bytes) -> None:
        del part

    def put(self, message: str) -> None:
        del message

    def leave(self, code: int) -> None:
        del code

    def close(self, reason: str) -> None:
        del reason


def test_an_application_behind_it_shows_the_next_user_what_was_public_and_the_target_tells_where_it_lies() -> None:
    app = create_app(Notes())

    @app.middleware("http")
    async def public(request: Request, onward) -> Response:  # type: ignore[no-untyped-def]  # noqa: ANN001 - Starlette's own
        answer: Response = await onward(request)
        answer.headers["Cache-Control"] = "public, max-age=60"
        return answer

    target = WebTarget(parse(tomllib.loads(BY_COOKIE)), partial(InProcess, app))
    target.stand_behind_cache()
    ann, bob = target.make_memory(ANN), target.make_memory(BOB)
    ann.add("I like tea")
    ann.get_all()

    seen = [record.text for record in read_reply(bob.get_all(), str).records]

    assert seen == ["I like tea"]
    assert target.caches is not None
    assert any("I like tea" in text for text in target.caches()["of shared answers"]["/notes"])
    assert [one.kept for one in target.around()][-1]
    assert target.told()[-1].endswith("# 200, from the shared cache")
    target.close()


def test_what_is_no_application_stands_behind_no_cache() -> None:
    with pytest.raises(HarnessError, match="--behind-cache is for an application over HTTP"):
        resolve.target("reference", behind_cache=True)
