"""An application on a port of this machine, until Ctrl-C."""

import ipaddress
import socket
from contextlib import suppress
from typing import TYPE_CHECKING

from ...base.errors import HarnessError, TargetError

if TYPE_CHECKING:
    from starlette.types import ASGIApp

_HERE = ("127.0.0.1", "localhost", "::1", "[::1]")
# How long requests that are under way may take when it ends, in seconds.
_GRACE = 2


class Listener:
    """A port that is bound, so that its number can be told before anybody is served. `address` is how to reach it."""

    def __init__(self, host: str, port: int, *, allow_remote: bool) -> None:
        """Bind the port, 0 for a free one; raises HarnessError where that cannot be, or others could reach it."""
        family, address = _resolved(host, port)
        if not (ipaddress.ip_address(address[0]).is_loopback or allow_remote):
            msg = f"{host} is no loopback address, so others could reach it: add --allow-remote if they may"
            raise HarnessError(msg)
        # Named a TCP socket, or asyncio lets each reply wait 40 ms to be filled up.
        self._socket = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._socket.bind(address)
        except OSError as error:
            self._socket.close()
            msg = f"{host} port {port} cannot be used: {error.strerror}; leave out --port for a free one"
            raise HarnessError(msg) from error
        self._socket.listen()
        number = self._socket.getsockname()[1]
        shown = f"[{address[0]}]" if ":" in address[0] else address[0]
        self.address = f"http://{shown}:{number}"
        # A name that leads here is somebody else's until it is told: a page on the web could have it.
        self._names = ["*"] if allow_remote else [*_HERE, host, address[0]]

    def close(self) -> None:
        """Let go of the port."""
        self._socket.close()

    def serve(self, app: "ASGIApp") -> None:
        """Serve until Ctrl-C, then end in order."""
        import uvicorn  # noqa: PLC0415 - of an extra
        from starlette.middleware.trustedhost import TrustedHostMiddleware  # noqa: PLC0415 - as above

        config = uvicorn.Config(
            TrustedHostMiddleware(app, self._names, www_redirect=False),
            log_config=None,
            # What people write is not ours to print.
            access_log=False,
            server_header=False,
            lifespan="off",
            timeout_graceful_shutdown=_GRACE,
        )
        # It ends in order first, and then raises what interrupted it.
        with self._socket, suppress(KeyboardInterrupt):
            uvicorn.Server(config).run([self._socket])


def need_server() -> None:
    """Raise TargetError where the server's package is missing."""
    try:
        import uvicorn  # noqa: F401, PLC0415 - of an extra
    except ImportError as error:
        msg = f"memfence serve needs {error.name}: pip install 'memfence[serve]'"
        raise TargetError(msg) from error


def _resolved(host: str, port: int) -> tuple[socket.AddressFamily, tuple[str, int]]:
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (OSError, UnicodeError, OverflowError) as error:
        msg = f"{host} port {port} is no address: {error}"
        raise HarnessError(msg) from error
    return family, (str(address[0]), int(address[1]))
