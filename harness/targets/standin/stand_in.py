"""The stand-in as one thing: a memory, a server over it, and a key."""

import os
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from ...base.errors import TargetError
from ...real_mem0.client import Client, dialect
from ...real_mem0.embedders.semantic import DIMENSIONS
from ...real_mem0.entities import own_entities
from ...real_mem0.private_home import private_home
from ...real_mem0.stores.qdrant import QdrantStore

if TYPE_CHECKING:
    from .serving import Server

_EMBEDDER = "memfence.real_mem0.embedders.semantic.SemanticEmbedder"


class StandIn:
    """A platform on loopback for who knows its `host` and `key`; everything is in memory and goes with `close`."""

    def __init__(self) -> None:
        """Open the memory and serve it; raises TargetError where packages are missing, or mem0 is older than 2.0."""
        self.key = f"m0-{secrets.token_urlsafe(16)}"
        self._ending = ExitStack()
        with ExitStack() as opening:
            opening.enter_context(private_home())
            opening.enter_context(own_entities())
            opening.enter_context(_past_proxies())
            self._store = QdrantStore()
            self._memory: Client = self._store.open(embedder=_EMBEDDER, dimensions=DIMENSIONS)
            opening.callback(self._store.close, self._memory)
            if not dialect(self._memory).scope_in_filters:
                msg = "the stand-in speaks /v3/, as mem0's own clients do from 2.0 on: pip install -U mem0ai"
                raise TargetError(msg)
            server = _serve(self._memory, self.key)
            opening.callback(server.close)
            self.host: str = server.host
            self._ending = opening.pop_all()

    def __enter__(self) -> Self:
        """Serve."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self.close()

    def empty(self) -> None:
        """Make it a fresh, empty world; the server goes on."""
        self._memory.llm.prompts.clear()
        self._store.empty(self._memory)

    def storage(self) -> Iterator[tuple[str, Path | list[str]]]:
        """Yield each place of the memory that may keep a text, with the texts."""
        return self._store.contents(self._memory)

    def prompts(self) -> list[str]:
        """Return what the extraction LLM was sent in this world, oldest first."""
        return list(self._memory.llm.prompts)

    def close(self) -> None:
        """Stop serving, close the memory and remove what was written, whatever fails on the way."""
        self._ending.close()


def _serve(memory: Client, key: str) -> "Server":
    try:
        from .app import build_app  # noqa: PLC0415 - FastAPI is an extra
        from .serving import Server  # noqa: PLC0415 - uvicorn is an extra
    except ImportError as error:
        msg = f"the stand-in for the platform needs {error.name}: pip install 'memfence[server]'"
        raise TargetError(msg) from error
    return Server(build_app(memory, key))


@contextmanager
def _past_proxies() -> Iterator[None]:
    """Have no client ask a proxy for what is on this machine; mem0's asynchronous one looks for itself."""
    before = {name: os.environ.get(name) for name in ("NO_PROXY", "no_proxy")}
    for name, value in before.items():
        os.environ[name] = ",".join(filter(None, (value, "127.0.0.1")))
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
