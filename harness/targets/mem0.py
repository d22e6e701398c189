"""A real mem0.Memory on embedded Qdrant, through ScopedMemory or another wrapper."""

import os
import shutil
import sys
import tempfile

from ..contract import Memory
from ..embedders.semantic import DIMENSIONS
from ..mem0_client import Client
from ..stores.qdrant import QdrantStore
from . import MakeMemory, Wrap

EMBEDDER = "memfence.embedders.semantic.SemanticEmbedder"


class Mem0Target:
    """Our own disposable mem0: each `start` is a fresh, empty world."""

    disposable = True

    def __init__(self, wrap: Wrap) -> None:
        """Take what stands between a principal and the client; nothing is opened yet."""
        self._wrap = wrap
        self._store = QdrantStore()
        self._client: Client = None
        self._make: MakeMemory | None = None
        self._home: str | None = None
        self._home_before: str | None = None

    def start(self) -> None:
        """Open the store, or empty it."""
        self._make = self._open()

    def make_memory(self, user_id: str) -> Memory:
        """Return this user's memory of the current world; starts one where there is none."""
        if self._make is None:
            self._make = self._open()
        return self._make(user_id)

    def close(self) -> None:
        """Close the store and remove what was written."""
        if self._client is not None:
            self._store.close(self._client)
            self._client = self._make = None
        if self._home is not None:
            shutil.rmtree(self._home, ignore_errors=True)
            self._home = None
            del os.environ["MEM0_DIR"]
            if self._home_before is not None:
                os.environ["MEM0_DIR"] = self._home_before

    def _open(self) -> MakeMemory:
        if self._client is None:
            self._move_mem0_home()
            self._client = self._store.open(embedder=EMBEDDER, dimensions=DIMENSIONS)
        else:
            self._store.empty(self._client)
        return self._wrap(self._client)

    def _move_mem0_home(self) -> None:
        """Keep mem0 out of `~/.mem0`: it reads MEM0_DIR and writes a config there when it is first imported."""
        if "mem0" not in sys.modules:
            self._home_before = os.environ.get("MEM0_DIR")
            self._home = tempfile.mkdtemp(prefix="memfence-")
            os.environ["MEM0_DIR"] = self._home


def open_target(wrap: Wrap) -> Mem0Target:
    """Return the target; nothing is opened before its `start`."""
    return Mem0Target(wrap)
