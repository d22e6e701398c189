"""Targets whose client is our own and keeps everything in memory."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..performing.contract import Memory
from ..scoped.wrappers import MakeMemory, Wrap, caches_of, given, reset_of
from .reference_client import AsyncReferenceClient, ReferenceClient


class InMemoryTarget:
    """A fresh client per world; its records outlive `reopen`, what a wrapper remembers does not."""

    disposable = True
    separate = True

    def __init__(
        self, wrap: Wrap, wrap_async: Wrap | None, open_client: Callable[[], ReferenceClient] = ReferenceClient
    ) -> None:
        """Take what stands between a principal and the clients; None where there is no asynchronous way."""
        self._wrap = wrap
        self._wrap_async = wrap_async
        self._open_client = open_client
        self.make_async_memory = self._make_async if wrap_async else None
        self.async_reset = self._reset_async if wrap_async else None
        self.start()

    def start(self) -> None:
        """Begin an empty world."""
        self._client = self._open_client()
        self.reopen()

    def reopen(self) -> None:
        """Make the wrappers anew, over the same records."""
        self._make: MakeMemory = self._wrap(self._client)
        if self._wrap_async is not None:
            self._async_client = AsyncReferenceClient(self._client)
            self._make_asynchronous: MakeMemory = self._wrap_async(self._async_client)

    def reset(self) -> None:
        """Let the client reset itself: what stands before it stays as it is."""
        reset_of(self._make, self._client)()

    def make_memory(self, user_id: str | None, *, agent_id: str | None = None, run_id: str | None = None) -> Memory:
        """Return this user's memory of the current world."""
        return self._make(user_id, **given(agent_id=agent_id, run_id=run_id))

    def load(self, records: Iterable[tuple[str, str]]) -> None:
        """Store (user id, text) pairs of many others, below what stands between a principal and the client."""
        for user_id, text in records:
            self._client.add(text, user_id=user_id, infer=False)

    def storage(self) -> dict[str, list[str]]:
        """Return all that is kept."""
        return self._client.tables()

    def caches(self) -> Mapping[str, Any]:
        """Return what keeps answers before the client."""
        return caches_of(self._make)

    def prompts(self) -> list[str]:
        """Return what the extraction was given in this world."""
        return self._client.prompts

    async def _reset_async(self) -> None:
        await reset_of(self._make_asynchronous, self._async_client)()

    def _make_async(self, user_id: str | None, *, agent_id: str | None = None, run_id: str | None = None) -> Memory:
        return self._make_asynchronous(user_id, **given(agent_id=agent_id, run_id=run_id))
