"""What an application tells whoever has subscribed: events as they come, kept for whoever looks."""

import json
import re
import threading
from collections.abc import Callable
from typing import Any

from .replies import NotAnAnswerError
from .wire import SECONDS, Answer, WireError

# Whoever looks again waits so long for what has not come yet.
PATIENCE_SECONDS = 1.0
# A feed that nobody ends keeps so many events.
_MOST = 10_000
STREAM = "text/event-stream"
# What ends an event, in each form of a line's end (the HTML standard, 9.2.6).
_BETWEEN = re.compile(rb"\r\n\r\n|\n\n|\r\r")
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
        self.end: Callable[[], object] = lambda: None

    def open(self, answer: Answer) -> None:
        """Take the application's answer: from now on events may come, where that is a yes."""
        with self._news:
            self._answer = answer
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

        Raises NotAnAnswerError where nothing came and the application has ended it.
        """
        with self._news:
            seen = self._seen
            if seen is not None:
                self._news.wait_for(lambda: len(self._texts) > seen or self._over, PATIENCE_SECONDS)
            self._seen = len(self._texts)
            if self._over and not self._texts:
                raise NotAnAnswerError(self._over)
            return list(self._texts)

    def _add(self, texts: list[str]) -> None:
        self._texts = [*self._texts, *texts][-_MOST:]
        self._news.notify_all()


def as_record(event: str) -> Any:  # noqa: ANN401 - JSON
    """Return an event as a record: the JSON that it carries, where that is an object, else its whole text."""
    lines = (line.partition(":") for line in _LINE_END.split(event))
    data = "\n".join(value.removeprefix(" ") for name, _, value in lines if name == "data")
    for text in (data, event):
        try:
            found = json.loads(text)
        except ValueError:
            continue
        if isinstance(found, dict):
            # What stands around the JSON of an event may tell of somebody, too.
            return found if text is event else {**found, "event": event}
    return event
