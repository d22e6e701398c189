"""A context variable with a mutable default."""

import asyncio
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any

from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import Ids, UncheckedMemory, bind


@breakage(Layer.APPLICATION, caught_by="canary_leak")
def leaking_context_variable(client: Client) -> MakeMemory:
    """The current user is in a dict that a context variable holds: tasks copy the context, and share the dict."""
    shared: dict[str, Ids] = {}
    request: ContextVar[dict[str, Ids]] = ContextVar("request", default=shared)

    class _Memory:
        def __init__(self, client: Client, ids: Ids) -> None:
            self._client = client
            self._ids = ids

        async def add(self, text: str, *, infer: bool = True, metadata: Mapping[str, Any] | None = None) -> Any:
            return (await self._signed_in()).add(text, infer=infer, metadata=metadata)

        async def search(self, query: str, *, top_k: int | None = None, threshold: float | None = None) -> Any:
            return (await self._signed_in()).search(query, top_k=top_k, threshold=threshold)

        async def get_all(self) -> Any:
            return (await self._signed_in()).get_all()

        async def _signed_in(self) -> UncheckedMemory:
            request.get()["ids"] = self._ids
            # Where the session is looked up in a database.
            await asyncio.sleep(0)
            return UncheckedMemory(self._client, request.get()["ids"])

    return bind(client, _Memory)
