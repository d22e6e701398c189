"""What is asked over the wire and what comes back, whatever lies between."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from ...base.errors import TargetError

# A stuck application is told after so many seconds.
SECONDS = 30.0


class WireError(Exception):
    """Nothing that is an answer came back: no connection, or it broke."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: `target` is path and query as they are sent, headers are pairs in order."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; names of headers are in small letters. `kept`: a shared cache gave it, not the application."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(default=b"", repr=False)
    kept: bool = False

    def header(self, name: str) -> str:
        """Return a header's value, or nothing."""
        return next((value for key, value in self.headers if key == name), "")

    @property
    def text(self) -> str:
        """The body as text; what is no UTF-8 is replaced."""
        return self.body.decode(errors="replace")


class Wire(Protocol):
    """What carries requests to the application; several threads may ask at once."""

    base: str

    def ask(self, asked: Asked) -> Answer:
        """Return the answer; raises WireError where none comes."""

    def listen(self, asked: Asked, inbox: "Inbox") -> None:
        """Subscribe: what comes is put into the inbox, in whichever thread, until that is ended."""

    def close(self) -> None:
        """Let go of the connections."""


class Inbox(Protocol):
    """What takes events as they come."""

    end: Callable[[], object]

    def open(self, answer: Answer) -> None:
        """Take the application's answer, unless one is there."""

    def feed(self, part: bytes) -> None:
        """Take a part of a stream of server-sent events."""

    def put(self, message: str) -> None:
        """Take a message as it is."""

    def leave(self, code: int) -> None:
        """Take it that the application has closed a WebSocket, with this code."""

    def close(self, reason: str) -> None:
        """Take it that nothing will come any more, and why."""


@runtime_checkable
class Cache(Protocol):
    """What keeps answers on the way."""

    def kept(self) -> Mapping[str, list[str]]:
        """Return the bodies that are kept, by address."""

    def forget(self) -> None:
        """Keep nothing any more."""


def needs(package: str) -> TargetError:
    """Return the error that says how to get a package that is missing."""
    msg = f"to audit an application over HTTP memfence needs {package}: pip install 'memfence[http]'"
    return TargetError(msg)
