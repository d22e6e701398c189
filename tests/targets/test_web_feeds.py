"""Feeds of an application: subscribed to in this process and over a connection, shown as they come, and ended."""

import asyncio
import json
import time
import tomllib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="pip install 'memfence[server]'")
pytest.importorskip("websockets", reason="pip install 'memfence[http]'")

from fastapi import FastAPI, HTTPException, Request, WebSocket
from fastapi.responses import StreamingResponse
from web_app import BY_COOKIE, BY_TOKEN, Notes, create_app

from memfence.base.errors import TargetError
from memfence.performing.contract import adapt
from memfence.performing.offers import offered
from memfence.performing.replies import read_reply
from memfence.targets.standin.serving import Server
from memfence.targets.web.app_file import parse
from memfence.targets.web.feeds import Inbox, as_reply
from memfence.targets.web.in_process import InProcess
from memfence.targets.web.over_http import OverHttp
from memfence.targets.web.replies import NotAnAnswerError, RefusedByApplicationError
from memfence.targets.web.target import WebTarget
from memfence.targets.web.wire import Answer

ANN, BOB = "mf12345678-ann-0", "mf12345678-bob-1"
FEEDS = "events = 'GET /events'\nlive = 'WS /live'\n"


class Told(Notes):
    """Notes of which those are told who have subscribed; a list of queues for each user."""

    def __init__(self) -> None:
        super().__init__()
        self.queues: list[tuple[str, asyncio.Queue[str]]] = []
        # How whoever has not signed in is kept out of a socket: before it is open, or by closing it.
        self.closes_with = 0

    def subscribe(self, user: str) -> "asyncio.Queue[str]":
        queue: asyncio.Queue[str] = asyncio.Queue()
        self.queues.append((user, queue))
        return queue

    def tell(self, user: str, text: str) -> None:
        for owner, queue in self.queues:
            if owner == user:
                queue.put_nowait(text)


async def live(told: Told, socket: WebSocket) -> None:
    """Tell a user by WebSocket."""
    try:
        user = told.user(socket)  # type: ignore[arg-type]  # a socket has cookies and headers, too
    except HTTPException:
        if told.closes_with:
            await socket.accept()
        await socket.close(told.closes_with or 1008)
        return
    await socket.accept()
    queue = told.subscribe(user)
    while True:
        await socket.send_text(await queue.get())


def feeding(told: Told) -> FastAPI:
    """Return the application of notes with both kinds of feeds."""
    app = create_app(told)

    @app.middleware("http")
    async def tell(request: Request, onward: Any) -> Any:
        if request.method == "POST" and request.url.path == "/notes":
            answer = await onward(request)
            for owner, text in list(told.notes.values())[-1:]:
                told.tell(owner, text)
            return answer
        return await onward(request)

    @app.get("/events")
    async def events(request: Request) -> StreamingResponse:
        return StreamingResponse(lines(told.subscribe(told.user(request))), media_type="text/event-stream")

    async def lines(queue: "asyncio.Queue[str]") -> AsyncIterator[str]:
        yield ": welcome\n\n"
        while True:
            text = await queue.get()
            # In two parts, as a network may bring it.
            yield "id: 7\ndata: "
            yield json.dumps({"id": "n", "text": text}) + "\r\n\r\n"

    app.add_api_websocket_route("/live", partial(live, told))
    return app


@contextmanager
def opened(said: str, told: Told, feeds: str = FEEDS) -> Iterator[WebTarget]:
    target = WebTarget(parse(tomllib.loads(said + feeds)), partial(InProcess, feeding(told)))
    try:
        yield target
    finally:
        target.close()


@contextmanager
def over_http(said: str, told: Told, feeds: str = FEEDS) -> Iterator[WebTarget]:
    server = Server(feeding(told))
    target = WebTarget(parse(tomllib.loads(said + feeds)), partial(OverHttp, server.host))
    try:
        yield target
    finally:
        target.close()
        server.close()


WAYS = [opened, over_http]


def texts(reply: object) -> list[str]:
    return [record.text for record in read_reply(reply, str).records]


def awaited(look: Callable[[], object]) -> list[str]:
    """Return what is shown when something has come: each look waits a moment by itself."""
    for _ in range(10):
        seen = texts(look())
        if seen:
            break
    return seen


@pytest.mark.parametrize("how", ["events", "live"])
@pytest.mark.parametrize("said", [BY_COOKIE, BY_TOKEN], ids=["cookie", "bearer"])
@pytest.mark.parametrize("way", WAYS)
def test_whoever_has_subscribed_is_shown_what_has_come_since(way: Callable[..., Any], said: str, how: str) -> None:
    with way(said, Told()) as target:
        ann, bob = target.make_memory(ANN), target.make_memory(BOB)
        ann.add("I like water")
        assert [texts(getattr(one, how)()) for one in (ann, bob)] == [[], []]

        ann.add("I like tea")

        assert awaited(getattr(ann, how)) == ["I like tea"]
        bob.add("I like milk")
        assert awaited(getattr(bob, how)) == ["I like milk"]
        assert texts(getattr(ann, how)()) == ["I like tea"]


def test_a_target_offers_the_feeds_that_its_file_names() -> None:
    with opened(BY_COOKIE, Told()) as target:
        assert {"events", "live"} <= offered(adapt(target, "notes"), target.make_memory(ANN))


def test_a_memory_that_is_made_anew_has_the_subscription_of_its_session() -> None:
    told = Told()
    with opened(BY_COOKIE, told) as target:
        held = target.sign_in(ANN)
        target.bearing(held).events()
        target.bearing(held).add("I like tea")

        assert awaited(target.bearing(held).events) == ["I like tea"]
        assert len(told.queues) == 1


@pytest.mark.parametrize("code", [0, 1008, 4401])
@pytest.mark.parametrize("way", WAYS)
def test_who_is_not_let_in_is_refused_however_it_is_said(way: Callable[..., Any], code: int) -> None:
    told = Told()
    told.closes_with = code
    with way(BY_COOKIE, told) as target:
        nobody = target.bearing({})

        for look in (nobody.events, nobody.live):
            # A socket that is closed as soon as it is open is seen to be closed at the next look, at the latest.
            with pytest.raises(RefusedByApplicationError):
                awaited(look)


@pytest.mark.parametrize("way", WAYS)
def test_what_is_no_stream_of_events_is_no_answer(way: Callable[..., Any]) -> None:
    with way(BY_COOKIE, Told(), "events = 'GET /notes'") as target:
        memory = target.make_memory(ANN)

        with pytest.raises(NotAnAnswerError, match=r"GET /notes answered HTTP 200 with application/json"):
            memory.events()


@pytest.mark.parametrize("way", WAYS)
def test_the_end_of_the_target_ends_the_subscriptions(way: Callable[..., Any]) -> None:
    with way(BY_COOKIE, Told()) as target:
        ann = target.make_memory(ANN)
        ann.events()
        ann.live()
        started = time.monotonic()
        target.close()

        assert time.monotonic() - started < 5


def test_it_is_told_how_to_subscribe_and_what_has_come() -> None:
    with opened(BY_COOKIE, Told()) as target:
        ann = target.make_memory(ANN)
        target.told()
        ann.events()
        ann.events()
        ann.live()

        told = target.told()
        assert told[0].startswith("curl -sN -b ann_0.jar")
        assert told[0].endswith("/events > ann_0.events &  # 200")
        assert told[1] == "sleep 1; cat ann_0.events"
        assert told[2] == "# a WebSocket /live with what ann_0 carries, into ann_0.live  # 200"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("events = 'POST /events'", "events in the application's file is no POST: write 'GET /events'"),
        ("live = 'GET /live'", "live in the application's file is no GET: write 'WS /live'"),
        ("export = 'WS /export'", "export in the application's file is no WS: write GET, POST"),
    ],
)
def test_a_feed_is_opened_by_its_own_kind_of_request(line: str, said: str) -> None:
    file = "\n".join(one for one in BY_COOKIE.splitlines() if not one.startswith("export"))

    with pytest.raises(TargetError) as refused:
        parse(tomllib.loads(f"{file}\n{line}"))

    assert said in str(refused.value)


def test_events_are_read_as_the_standard_has_them_in_whatever_parts_they_come() -> None:
    inbox = Inbox()
    inbox.open(Answer(200, ()))
    for part in (
        b": hello\n",
        b'\ndata: one\ndata: two\n\nevent: said\rdata: {"text"',
        b': "three"}\r\rdata: fo',
        b"ur",
    ):
        inbox.feed(part)

    reply = as_reply(inbox.texts())

    assert reply["beside"] == [": hello"]
    assert reply["results"][0] == "data: one\ndata: two"
    assert reply["results"][1]["text"] == "three"
    assert "event: said" in reply["results"][1]["event"]
    assert len(reply["results"]) == 2


@pytest.mark.parametrize(
    ("reason", "error"),
    [("the application has ended it", RefusedByApplicationError), ("the stream of events broke", NotAnAnswerError)],
)
def test_a_feed_that_is_ended_before_anything_came_is_a_no_and_one_that_breaks_is_no_answer(
    reason: str, error: type[Exception]
) -> None:
    inbox = Inbox()
    inbox.open(Answer(200, ()))
    inbox.close(reason)

    with pytest.raises(error, match=reason):
        inbox.texts()


@pytest.mark.parametrize("how", ["events", "live"])
def test_why_a_feed_fails_is_told_to_nobody_outside(how: str) -> None:
    app = feeding(Told())

    async def failing(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "lifespan" and scope["path"] == f"/{how}":
            msg = "Bob's locker code is 7QK2"
            raise KeyError(msg)
        await app(scope, receive, send)

    target = WebTarget(parse(tomllib.loads(BY_COOKIE + FEEDS)), partial(InProcess, failing))
    with pytest.raises(NotAnAnswerError) as raised:
        getattr(target.make_memory(ANN), how)()

    target.close()
    assert "answered HTTP 500: Internal Server Error" in str(raised.value)
