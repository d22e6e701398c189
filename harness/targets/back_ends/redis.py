"""A Redis: an empty database at a URL of the user's, or a private server where one is installed."""

import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any, ClassVar

from ...base.errors import HarnessError
from ...base.wording import in_one_line
from ...model.keys import FLAT
from ...real_mem0.private_redis import COMMAND, PrivateRedis
from . import BackEnd, Kept

KIND = "cache"
_COMMANDS = ("redis-server", COMMAND)
_SECONDS = 10
_GONE = 1  # in milliseconds since 1970: long ago


class RedisServer(BackEnd):
    """One database, emptied for each world; what is there before is nobody's, or it is not touched."""

    keys: ClassVar[str] = FLAT
    module: ClassVar[str] = "redis"
    extra: ClassVar[str] = "cache"
    server: ClassVar[str] = "redis://localhost:6379/15"

    def __init__(self, url: str | None = None) -> None:
        """See `BackEnd`; raises HarnessError where there is neither a URL nor a server to start, too."""
        super().__init__(url)
        self._command = next(filter(shutil.which, _COMMANDS), "")
        if not url and not self._command:
            msg = (
                f"the store redis is a server: give an empty database of it as --store-url {self.server}, "
                f"or install {_COMMANDS[0]}"
            )
            raise HarnessError(msg)
        self._ending = ExitStack()
        self._client: Any = None

    def open(self) -> Any:  # noqa: ANN401 - a redis.Redis
        """Return the client of an empty database."""
        if self._client is None:
            self._client = self._reached()
        return self._client

    def close(self, place: Any) -> None:  # noqa: ANN401 - as above
        """Empty the database."""
        place.flushdb()

    def storage(self, place: Any) -> Kept:  # noqa: ANN401 - as above
        """Return every key and value."""
        return {"redis keys": [_row(place, key) for key in place.scan_iter()]}

    def expire(self, place: Any) -> None:  # noqa: ANN401 - as above
        """Let each entry that was put for a time run out now."""
        for key in place.scan_iter():
            if place.pttl(key) > 0:
                place.pexpireat(key, _GONE)

    def stop(self) -> None:
        """Close the connections, and stop the server that was started."""
        self._client = None
        self._ending.close()

    def _reached(self) -> Any:  # noqa: ANN401 - as above
        import redis  # noqa: PLC0415 - an extra

        client = redis.Redis.from_url(self.url or self._own(), socket_connect_timeout=_SECONDS)
        self._ending.callback(client.close)
        try:
            held = client.dbsize()
        except redis.RedisError as error:
            msg = f"nothing at {self.url or 'its own server'} answers redis: {in_one_line(error, frozenset())}"
            raise HarnessError(msg) from error
        if held:
            msg = f"the database at {self.url} holds {held} keys, and each world is to empty it: give an empty one"
            raise HarnessError(msg)
        return client

    def _own(self) -> str:
        folder = self._ending.enter_context(tempfile.TemporaryDirectory(prefix="memfence-", ignore_cleanup_errors=True))
        server = PrivateRedis(Path(folder), name=self._command)
        self._ending.callback(server.stop)
        return server.url


def open_back_end(url: str | None) -> RedisServer:
    """Return the back end; raises HarnessError where there is neither a URL nor a server to start."""
    return RedisServer(url)


def _row(place: Any, key: bytes) -> str:  # noqa: ANN401 - as above
    value = place.get(key) or b""
    return f"{key.decode(errors='replace')}: {value.decode(errors='replace')}"
