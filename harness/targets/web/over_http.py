"""Requests over a real connection, by httpx's transport: one pool of connections for all users."""

from contextlib import closing

import httpx

from ...base.wording import printable
from .lines import READS, SOCKET
from .subscribed_over_http import listen, stream, trusting
from .wire import SECONDS, Answer, Asked, Inbox, WireError

# Servers end what is idle, some after 5 seconds: who ends it first never meets a connection that is just ending.
_IDLE_SECONDS = 2.0
_TIMEOUT = dict.fromkeys(("connect", "read", "write", "pool"), SECONDS)


class OverHttp:
    """Carries requests to a base address; no proxy and no setting of the environment is asked."""

    def __init__(self, base: str) -> None:
        """Take the address, such as `http://127.0.0.1:8000`; nothing is opened yet."""
        self.base = base.rstrip("/")
        url = httpx.URL(self.base)
        self._url = url.copy_with(path="/")
        self._prefix = url.path.rstrip("/")
        self._host = (url.netloc.decode("ascii"),)
        self._transport = httpx.HTTPTransport(
            trust_env=False,
            verify=trusting(url.host),
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=64, keepalive_expiry=_IDLE_SECONDS),
        )

    def ask(self, asked: Asked) -> Answer:
        """Return the answer; raises WireError where none comes."""
        request = httpx.Request(
            asked.method,
            self._url,
            headers=asked.headers,
            content=asked.body,
            # As it is: httpx would tidy up what a spelling is about.
            extensions={"timeout": _TIMEOUT, "target": f"{self._prefix}{asked.target}".encode("ascii")},
        )
        try:
            response, body = self._answered(request)
        except httpx.ConnectError as error:
            msg = f"nothing answers at {self.base} ({printable(str(error))}): start the application first"
            raise WireError(msg) from None
        except httpx.HTTPError as error:
            msg = f"the connection to {self.base} broke: {type(error).__name__}: {printable(str(error))}"
            raise WireError(msg) from None
        headers = tuple((key.lower(), value) for key, value in response.headers.multi_items())
        return Answer(response.status_code, headers, body)

    def _answered(self, request: httpx.Request) -> tuple[httpx.Response, bytes]:
        """Return the answer; what only reads is asked once more where a connection broke, as browsers do (RFC 9110)."""
        for attempt in (0, 1):
            try:
                with closing(self._transport.handle_request(request)) as response:
                    return response, response.read()
            except (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError):
                if attempt or request.method not in READS:
                    raise
        raise AssertionError

    def listen(self, asked: Asked, inbox: Inbox) -> None:
        """Subscribe: what comes is put into the inbox, until that is ended."""
        if asked.method == SOCKET:
            listen(self.base, asked, inbox)
            return
        extensions = {
            "timeout": {**_TIMEOUT, "read": None},
            "target": f"{self._prefix}{asked.target}".encode("ascii"),
        }
        stream(self._transport, httpx.Request("GET", self._url, headers=asked.headers, extensions=extensions), inbox)

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()
