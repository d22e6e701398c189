"""An application that is one function from a request to its answer, without a server and without ASGI."""

import json
import tomllib
from collections.abc import Callable

from memfence.targets.web.app_file import parse
from memfence.targets.web.target import WebTarget
from memfence.targets.web.wire import Answer, Asked, Inbox


def said(status: int, what: object = None, **headers: str) -> Answer:
    """Return an answer: JSON, or with a `content_type` the text itself; names of headers with `_` for `-`."""
    named = {name.lower().replace("_", "-"): value for name, value in headers.items()}
    body = b"" if what is None else str(what).encode() if "content-type" in named else json.dumps(what).encode()
    return Answer(status, tuple({"content-type": "application/json", **named}.items()), body)


class Wired:
    """Carries requests to the function, and keeps them."""

    base = "http://127.0.0.1:1"

    def __init__(self, answers: Callable[[Asked], Answer]) -> None:
        """Take the function."""
        self.asked: list[Asked] = []
        self._answers = answers

    def ask(self, asked: Asked) -> Answer:
        """Return its answer."""
        self.asked.append(asked)
        return self._answers(asked)

    def listen(self, asked: Asked, inbox: Inbox) -> None:
        """Tell nothing, ever."""
        inbox.open(self.ask(asked))

    def close(self) -> None:
        """Nothing is open."""


def wired(file: str, answers: Callable[[Asked], Answer]) -> tuple[WebTarget, Wired]:
    """Return the function as a target by its file, and what carries requests to it."""
    wire = Wired(answers)
    return WebTarget(parse(tomllib.loads(file)), lambda: wire), wire
