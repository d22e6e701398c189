import asyncio
from typing import Any

import pytest

from memfence.targets.in_process import Answered, ask


async def echo(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answer with what came, and set a cookie and take one away."""
    message = await receive()
    sent = dict(scope["headers"]).get(b"cookie", b"none")
    status = 403 if scope["path"] == "/no" else 200
    cookies = [(b"set-cookie", b"a=1; path=/"), (b"set-cookie", b"b=; expires=Thu, 01 Jan 1970 00:00:00 GMT")]
    await send({"type": "http.response.start", "status": status, "headers": cookies})
    await send({"type": "http.response.body", "body": scope["query_string"] + b" " + sent, "more_body": True})
    await send({"type": "http.response.body", "body": b" " + message["body"]})


def test_a_request_has_its_query_cookies_and_body_and_the_answer_its_cookies() -> None:
    answer = ask(echo, "GET", "/", cookies={"session": "x", "more": "y"}, query={"key": "a b"}, body="ü")

    assert answer.body == "key=a+b session=x; more=y ü".encode()
    assert answer.cookies == {"a": "1", "b": None}


def test_an_answer_that_is_an_errors_is_raised_with_its_status() -> None:
    with pytest.raises(Answered, match="HTTP 403:  none ") as raised:
        ask(echo, "GET", "/no", cookies={})

    assert raised.value.status_code == 403


def test_a_request_is_made_from_within_a_running_loop_too() -> None:
    async def within() -> bytes:
        return ask(echo, "GET", "/", cookies={}).body

    assert asyncio.run(within()) == b" none "


def test_an_application_that_waits_for_something_outside_of_itself_is_told() -> None:
    async def waits(_scope: Any, _receive: Any, _send: Any) -> None:
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="waits for something outside of itself"):
        ask(waits, "GET", "/", cookies={})
