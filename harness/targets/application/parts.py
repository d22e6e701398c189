"""What an application is made of, put together; the routes ask it, and what serves it stands around both."""

import secrets
from dataclasses import dataclass

from ...real_mem0.client import Client
from .accounts import Accounts
from .assistant import Assistant
from .clock import Clock
from .feeds import Feeds
from .front import Front
from .middle import Middle
from .records import Records
from .session_table import SessionTable
from .sessions import LIFETIME, Sessions
from .tokens import Tokens


@dataclass(frozen=True, slots=True)
class Parts:
    """What an application is made of; another class of the same methods may take the place of each."""

    middle: type[Middle] = Middle
    sessions: type[Sessions] = Sessions
    table: type[SessionTable] = SessionTable
    tokens: type[Tokens] = Tokens
    accounts: type[Accounts] = Accounts
    records: type[Records] = Records
    assistant: type[Assistant] = Assistant
    feeds: type[Feeds] = Feeds
    front: type[Front] = Front


SOUND = Parts()


class Assembled:
    """The parts of one application over one mem0 client that all users share.

    A breakage is one class in the place of a part. `banner` is what each page says at its top, `demo` who is offered
    to sign in as: names and passwords.
    """

    def __init__(self, client: Client, parts: Parts = SOUND) -> None:
        """Put the parts together."""
        self.clock = Clock()
        self.accounts = parts.accounts()
        self.sessions = parts.sessions(parts.table(self.clock))
        self.tokens = parts.tokens(self.clock, secrets.token_bytes(32))
        self.middle = parts.middle(client, self.accounts, self.sessions, self.tokens)
        self.records = parts.records(client, self.accounts)
        self.assistant = parts.assistant()
        self.feeds = parts.feeds()
        self.banner = ""
        self.demo: tuple[tuple[str, str], ...] = ()

    def expire(self) -> None:
        """Let the time of every session and token for the API be over."""
        self.clock.forward(LIFETIME)
