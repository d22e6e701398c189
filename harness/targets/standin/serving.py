"""A web application on loopback, on a free port, in a thread of this process."""

import socket
import threading
from typing import Any

import uvicorn

_SECONDS = 10.0


class Server:
    """Serves an application from when it is made until `close`; `host` is its address.

    The thread ends with the process, whatever happens to who made it.
    """

    def __init__(self, app: Any) -> None:  # noqa: ANN401 - any ASGI application
        """Bind a free port of 127.0.0.1 and begin to serve."""
        # Named a TCP socket, or asyncio lets each reply wait 40 ms to be filled up.
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._socket.bind(("127.0.0.1", 0))
        # From here on requests wait for the thread, however late it begins.
        self._socket.listen()
        self.host = "http://{}:{}".format(*self._socket.getsockname())
        # Nothing is logged: what clients send is not ours to print.
        config = uvicorn.Config(
            app,
            log_config=None,
            log_level="critical",
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, args=([self._socket],), name="memfence stand-in", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Stop serving and free the port; once more does no harm."""
        self._server.should_exit = True
        self._thread.join(_SECONDS)
        self._socket.close()
