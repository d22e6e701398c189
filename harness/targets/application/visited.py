"""The application as a target: visited in this process, by browsers with cookies and by programs with bearer tokens."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Protocol

from ...real_mem0.client import Client as Mem0Client
from ...scoped.wrappers import Wrap
from ..web.app_file import read_app_file
from ..web.client import Client
from ..web.in_process import InProcess
from ..web.lines import Line, read_line
from ..web.requests import Claim
from ..web.signing import SignIn, Token
from ..web.target import WebTarget
from ..web.wire import Wire
from .whole import APP_FILE, Application

_PROGRAM = SignIn(
    read_line("sign_in", 'POST /api/token {"user": "{user}", "password": "{password}"}'),
    token=Token("/token"),
    cookies=False,
)
_EVERY = 4
_PUBLIC = Line("look", "GET", "/about")
_last_number = re.compile(r"\d+(?=\D*$)").search
# The cheapest that scrypt has: an audit signs up thousands.
_STRENGTH = 2


class Under(Protocol):
    """What opens the memory under an application: a target itself, whose wrapper makes the application."""

    def start(self) -> None:
        """Begin an empty world."""

    def load(self, records: Iterable[tuple[str, str]], /) -> object:
        """Store (user id, text) pairs of many others."""

    def storage(self) -> Any:  # noqa: ANN401 - a mapping, or pairs
        """Return all that is kept."""


class VisitedApplication(WebTarget):
    """Signs every fourth user in with a bearer token and all others with a cookie, so that both are attacked.

    Among any four there are two with cookies at each distance, for what one cookie tells of the next.

    A browser looks at the public page first, as somebody does who follows a link there: what it is given with that, it
    keeps. Each `start` is a new application over an empty memory.
    """

    separate = True

    def __init__(self, wrap: Wrap, open_under: Callable[[Wrap], Under]) -> None:
        """Take what makes an application of mem0's client, and what opens that client."""
        self._wrap = wrap
        self._application: Application | None = None
        self._prompts: list[str] = []
        self._under = open_under(self._made)
        # Only in this process can its time be let pass.
        super().__init__(replace(read_app_file(APP_FILE), expire="expire"), self._served)
        self.start = self._begin
        # What there is to know of a store is to be known of what lies over it.
        self.notes: tuple[str, ...] = getattr(self._under, "notes", ())
        self.remedy: str = getattr(self._under, "remedy", "")

    def signing_of(self, user_id: Any) -> SignIn:  # noqa: ANN401 - an id may be an attack
        """Return how this user signs in, by the number in the name."""
        number = _last_number(str(user_id))
        return _PROGRAM if number and int(number[0]) % _EVERY == _EVERY - 1 else super().signing_of(user_id)

    def client_of(self, credential: Mapping[str, str], claim: Claim | None, spelling: str) -> Client:
        """Return a new client, which looks at the public page before anything else."""
        client = super().client_of(credential, claim, spelling)
        if claim is None and not spelling and not any(where.startswith("header ") for where in credential):
            client.send(_PUBLIC, {})
        return client

    def load(self, crowd: Iterable[tuple[str, str]]) -> object:
        """Store (user id, text) pairs of many others, below the application."""
        return self._under.load(crowd)

    def storage(self) -> Iterator[tuple[str, Any]]:
        """Yield each place that may keep a text, with it."""
        found = self._under.storage()
        yield from found.items() if isinstance(found, Mapping) else found
        if self._application is not None:
            yield "sessions", [data.decode() for _, data in self._application.sessions.table.kept.values()]

    def prompts(self) -> list[str]:
        """Return what an LLM was sent in this world, by mem0 or by the assistant, oldest first."""
        return self._prompts

    def close(self) -> None:
        """Let go of the application and of what lies under it."""
        super().close()
        end: Callable[[], object] = getattr(self._under, "close", lambda: None)
        end()
        self._application = None

    def _begin(self) -> None:
        # The application alone: what lies under it begins anew by itself.
        super().close()
        self._under.start()
        self._forget()

    def _made(self, client: Mem0Client) -> Application:
        application: Application = self._wrap(client)  # type: ignore[assignment]  # an application can be called, too
        application.accounts.strength = _STRENGTH
        self._prompts = client.prompts if hasattr(client, "prompts") else client.llm.prompts
        application.assistant.prompts = self._prompts
        self._application = application
        return application

    def _served(self) -> Wire:
        if self._application is None:
            self._under.start()
        assert self._application is not None  # noqa: S101 - beginning a world makes one
        return InProcess(self._application)
