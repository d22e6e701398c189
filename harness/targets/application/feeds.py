"""What is told to whoever has subscribed: each new record, to its own user."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from .accounts import Account


@dataclass(frozen=True, slots=True, eq=False)
class Subscription:
    """One stream or socket that is open, of one user; events are put there from any thread."""

    user_id: str
    loop: asyncio.AbstractEventLoop
    events: "asyncio.Queue[Mapping[str, Any]]" = field(default_factory=asyncio.Queue)

    def put(self, event: Mapping[str, Any]) -> None:
        """Take an event."""
        self.loop.call_soon_threadsafe(self.events.put_nowait, event)

    async def coming(self) -> AsyncIterator[Mapping[str, Any]]:
        """Yield each event when it has come."""
        while True:
            yield await self.events.get()


class Feeds:
    """Who has subscribed. A breakage replaces one of its methods."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self.open: list[Subscription] = []

    @contextmanager
    def subscribed(self, account: Account) -> Iterator[Subscription]:
        """Yield a subscription of this user, which ends with the block."""
        one = Subscription(account.user_id, asyncio.get_running_loop())
        self.open.append(one)
        try:
            yield one
        finally:
            self.open.remove(one)

    def tell(self, account: Account, events: Iterable[Mapping[str, Any]]) -> None:
        """Tell of what a user has stored."""
        for event in events:
            for one in self.of(account):
                one.put(event)

    def of(self, account: Account) -> list[Subscription]:
        """Return the subscriptions to which a user's records are told: that user's own."""
        # Asked by any thread, while others subscribe and leave.
        return [one for one in tuple(self.open) if one.user_id == account.user_id]

    def ends(self, *, signed_in: bool) -> bool:
        """Tell whether a subscription ends, asked before each event: with the session that opened it."""
        return not signed_in
