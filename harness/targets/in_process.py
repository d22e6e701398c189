"""Requests to a web application in this process: no socket, no event loop, no thread."""

from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

_ERRORS = 400


class Answered(Exception):  # noqa: N818 - it is an answer, which says no or that something broke
    """The application answered with an error's status."""

    def __init__(self, status_code: int, text: str) -> None:
        """Take the status and the text."""
        super().__init__(f"HTTP {status_code}: {text}")
        self.status_code = status_code


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the body, and each `Set-Cookie` by the cookie's name, None for one that is taken away."""

    body: bytes
    cookies: Mapping[str, str | None]


def ask(
    app: Any,  # noqa: ANN401 - an ASGI application
    method: str,
    path: str,
    *,
    cookies: Mapping[str, str],
    query: Mapping[str, str] | None = None,
    body: str = "",
) -> Answer:
    """Send a request to an application that waits for nothing outside of itself; raises Answered for an error's status.

    What the application itself raises comes through.
    """
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body.encode(), "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    held = "; ".join(f"{name}={value}" for name, value in cookies.items())
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": urlencode(query or {}, errors="surrogatepass").encode(),
        "headers": [(b"host", b"localhost"), *([(b"cookie", held.encode("utf-8", "surrogatepass"))] if held else [])],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    _carry_out(app(scope, receive, send))
    start, *rest = sent
    content = b"".join(message.get("body", b"") for message in rest)
    if start["status"] >= _ERRORS:
        raise Answered(start["status"], content.decode(errors="replace"))
    return Answer(
        content, dict(_set(value.decode("latin-1")) for name, value in start["headers"] if name == b"set-cookie")
    )


def _carry_out(work: Coroutine[Any, Any, object]) -> None:
    """Run a coroutine that never waits: so it can be called from any thread, and from a running loop."""
    try:
        work.send(None)
    except StopIteration:
        return
    work.close()
    msg = "the application waits for something outside of itself: an event loop is needed"
    raise RuntimeError(msg)


def _set(header: str) -> tuple[str, str | None]:
    first, *attributes = header.split("; ")
    name, _, value = first.partition("=")
    taken_away = any(one.lower().startswith("expires=thu, 01 jan 1970") for one in attributes)
    return name, None if taken_away else value
