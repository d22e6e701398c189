"""LangGraph's SqliteStore in a file: a namespace is one text there, its labels joined by dots."""

import shutil
import sqlite3
import tempfile
from pathlib import Path
from typing import Any, ClassVar

from ...model.keys import SEGMENTS
from . import BackEnd, Kept

KIND = "store"
_FILE = "store.db"


class SqliteStores(BackEnd):
    """A file for each world."""

    keys: ClassVar[str] = SEGMENTS
    module: ClassVar[str] = "langgraph.store.sqlite"
    extra: ClassVar[str] = "kv"
    refuses: ClassVar[tuple[str, ...]] = ("langgraph.store.base.InvalidNamespaceError",)

    def __init__(self, url: str | None = None) -> None:
        """See `BackEnd`."""
        super().__init__(url)
        self._folder = ""

    def open(self) -> Any:  # noqa: ANN401 - a BaseStore
        """Make a file with its tables."""
        from langgraph.store.sqlite import SqliteStore  # noqa: PLC0415 - an extra

        self._folder = tempfile.mkdtemp(prefix="memfence-store-")
        # As SqliteStore.from_conn_string opens one, which can only be used in a `with`.
        connection = sqlite3.connect(Path(self._folder) / _FILE, check_same_thread=False, isolation_level=None)
        connection.execute("PRAGMA synchronous = OFF")
        # Without an index: many a Python cannot load the extension that it needs.
        store = SqliteStore(connection)
        store.setup()
        return store

    def close(self, place: Any) -> None:  # noqa: ANN401 - as above
        """Remove it."""
        place.conn.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def storage(self, place: Any) -> Kept:  # noqa: ANN401 - as above
        """Return the folder itself."""
        del place
        return {"store": Path(self._folder)}


def open_back_end(url: str | None) -> SqliteStores:
    """Return the back end; raises HarnessError for a URL."""
    return SqliteStores(url)
