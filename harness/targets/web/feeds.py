"""What an application tells whoever has subscribed: events as they come, kept for whoever looks."""

import json
import re
import threading
from collections.abc import Callable, Sequence
from typing import Any

from .lines import SOCKET, Line
from .replies import NotAnAnswerError, RefusedByApplicationError
from .wire import SECONDS, Answer, WireError

# Whoever looks again waits so long for what has not come yet.
PATIENCE_SECONDS = 0.5
# A feed that nobody ends keeps so many events.
_MOST = 10_000
STREAM = "text/event-stream"
ENDED = "the application has ended it"
# An application that cannot refuse a WebSocket before it is open closes it with one of these: a policy, or its own.
_POLICY, _ITS_OWN = 1008, range(4000, 5000)
# What ends an event, in each form of a line's end (the HTML standard, 9.2.6).
_BETWEEN = re.compile(rb"\r\n\r\n|\n\n|\r\r")
_OF_EVENTS = frozenset({"data", "event", "id", "retry", ""})
_LINE_END = re.compile(r"\r\n|\n|\r")


class Inbox:
    """Takes what a wire brings, in its thread, for those who look in theirs."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._news = threading.Condition()
        self._rest = b""
        self._texts: list[str] = []
        # How much whoever looked last was shown; nobody has, as yet.
        self._seen: int | None = None
        self._answer: Answer | None = None
        self._over = ""
        self._left = 0
        self._count = 0
        self.end: Callable[[], object] = lambda: None

    def open(self, answer: Answer) -> None:
        """Take the application's answer, unless one is there: from now on events may come, where it is a yes."""
        with self._news:
            self._answer = self._answer or answer
            self._news.notify_all()

    def feed(self, part: bytes) -> None:
        """Take a part of a stream of server-sent events."""
        with self._news:
            *whole, self._rest = _BETWEEN.split(self._rest + part)
            self._add([one.decode(errors="replace") for one in whole if one.strip()])

    def put(self, message: str) -> None:
        """Take a message as it is."""
        with self._news:
            self._add([message])

    def leave(self, code: int) -> None:
        """Take it that the application has closed a WebSocket, with this code."""
        with self._news:
            self._left = code
        self.close(f"the application has closed the WebSocket ({code})")

    def close(self, reason: str) -> None:
        """Take it that nothing will come any more, and why."""
        with self._news:
            self._over = self._over or reason
            self._news.notify_all()

    def opened(self) -> Answer:
        """Return the application's answer, when it has come; raises WireError where none comes."""
        with self._news:
            self._news.wait_for(lambda: self._answer is not None or self._over, SECONDS)
            if self._answer is None:
                raise WireError(self._over or f"the application did not answer within {SECONDS:.0f} s")
            return self._answer

    def texts(self) -> list[str]:
        """Return all that has come; whoever looks again waits a moment where nothing new has.

        Raises RefusedByApplicationError where nothing came and the application has ended it as it should,
        NotAnAnswerError where it broke.
        """
        with self._news:
            seen = self._seen
            if seen is not None:
                self._news.wait_for(lambda: self._count > seen or self._over, PATIENCE_SECONDS)
            self._seen = self._count
            said_no = self._over == ENDED or self._left == _POLICY or self._left in _ITS_OWN
            if not self._texts and said_no:
                raise RefusedByApplicationError(self._over, 403)
            if self._over and not self._texts:
                raise NotAnAnswerError(self._over)
            return list(self._texts)

    def _add(self, texts: list[str]) -> None:
        self._count += len(texts)
        self._texts = [*self._texts, *texts][-_MOST:]
        self._news.notify_all()


def check_feed(line: Line, answer: Answer) -> None:
    """Raise NotAnAnswerError where what was opened is no feed."""
    kind = answer.header("content-type")
    if line.method != SOCKET and not kind.startswith(STREAM):
        msg = f"{line.shown} answered HTTP {answer.status} with {kind or 'nothing'}, and not with {STREAM}"
        raise NotAnAnswerError(msg)


def as_reply(events: Sequence[str]) -> dict[str, Any]:
    """Return events as records; a comment stands beside them."""
    told = {event: _data(event) for event in events}
    return {
        "results": [_record(event, data) for event, data in told.items() if data],
        "beside": [event for event, data in told.items() if not data],
    }


def _data(event: str) -> str:
    """Return what an event carries (the HTML standard, 9.2.6): its data; of a message of a WebSocket, all of it."""
    lines = [line.partition(":") for line in _LINE_END.split(event)]
    if any(name in _OF_EVENTS and mark for name, mark, _ in lines):
        return "\n".join(value.removeprefix(" ") for name, _, value in lines if name == "data")
    return event


def _record(event: str, data: str) -> Any:  # noqa: ANN401 - JSON
    try:
        found = json.loads(data)
    except ValueError:
        return event
    if not isinstance(found, dict):
        return event
    # What stands around the JSON of an event may tell of somebody, too.
    return found if data == event else {**found, "event": event.replace(data, "")}
