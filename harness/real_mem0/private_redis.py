"""A Redis of our own: where `redis-stack-server` can be called, it is started behind a socket in a folder."""

import atexit
import shutil
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from ..base.errors import HarnessError

COMMAND = "redis-stack-server"
# How long it may take to begin and to end, and how often it is asked whether it has begun, in seconds.
_PATIENCE, _POLL = 15.0, 0.05


class PrivateRedis:
    """One server, started at once and ended by its process id; nobody else can reach it by a port."""

    def __init__(self, folder: Path, *, name: str = COMMAND) -> None:
        """Start it in this folder; raises HarnessError, with what it said last, where it does not begin.

        `name` is the command, such as `redis-server` where nobody needs the search module.
        """
        command = shutil.which(name)
        if command is None:
            msg = f"{name} is not on the PATH"
            raise HarnessError(msg)
        path, log = folder / "redis.sock", folder / "redis.log"
        self.url = f"unix://{path}"
        words = [command, "--port", "0", "--unixsocket", str(path), "--dir", str(folder), "--appendonly", "no"]
        with log.open("wb") as said:
            self._process = subprocess.Popen(words, stdout=said, stderr=said, stdin=subprocess.DEVNULL)  # noqa: S603 - found on the user's own PATH, with our arguments
        # Where nobody calls stop.
        atexit.register(self.stop)
        until = time.monotonic() + _PATIENCE
        while not _listens(path):
            if self._process.poll() is not None or time.monotonic() > until:
                self.stop()
                told = log.read_text(errors="replace").strip().splitlines()
                msg = f"{name} did not begin: {told[-1] if told else 'it said nothing'}"
                raise HarnessError(msg)
            time.sleep(_POLL)

    def stop(self) -> None:
        """End it; once more does no harm."""
        atexit.unregister(self.stop)
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_PATIENCE)
            return
        self._process.kill()
        self._process.wait()


def _listens(path: Path) -> bool:
    """Tell whether somebody may connect: the file is there a moment before that."""
    with socket.socket(socket.AF_UNIX) as asking:
        return asking.connect_ex(str(path)) == 0
