"""Subscriptions over a real connection: a thread for each, which reads for as long as something comes."""

import socket
import ssl
import threading
from contextlib import closing, suppress
from urllib.parse import urlsplit, urlunsplit

import httpx

from ...base.errors import TargetError
from ...base.wording import printable
from .addresses import is_loopback
from .feeds import ENDED, STREAM
from .wire import SECONDS, Answer, Asked, Inbox

_OK = 200


def stream(transport: httpx.HTTPTransport, request: httpx.Request, inbox: Inbox) -> None:
    """Put each event into the inbox; another answer is taken whole."""

    def read() -> None:
        try:
            with closing(transport.handle_request(request)) as response:
                headers = tuple((key.lower(), value) for key, value in response.headers.multi_items())
                answer = Answer(response.status_code, headers)
                if answer.status != _OK or not answer.header("content-type").startswith(STREAM):
                    inbox.open(Answer(answer.status, headers, response.read()))
                    return
                inbox.end = lambda: _cut(response)
                inbox.open(answer)
                for part in response.iter_bytes():
                    inbox.feed(part)
        except (httpx.HTTPError, OSError) as error:
            inbox.close(f"the stream of events broke: {type(error).__name__}: {printable(str(error))}")
        finally:
            inbox.close(ENDED)

    threading.Thread(target=read, name="memfence events", daemon=True).start()


def listen(base: str, asked: Asked, inbox: Inbox) -> None:
    """Open a WebSocket and put each message into the inbox."""
    try:
        from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus  # noqa: PLC0415 - an extra
        from websockets.sync.client import connect  # noqa: PLC0415 - as above
    except ImportError as error:
        msg = "to open a WebSocket memfence needs websockets: pip install 'memfence[http]'"
        raise TargetError(msg) from error

    parts = urlsplit(f"{base}{asked.target}")
    address = urlunsplit(parts._replace(scheme="wss" if parts.scheme == "https" else "ws"))

    def read() -> None:
        try:
            with connect(
                address,
                ssl=trusting(parts.hostname or "") if parts.scheme == "https" else None,
                additional_headers=asked.headers,
                open_timeout=SECONDS,
                proxy=None,
                user_agent_header=None,
            ) as connection:
                inbox.end = connection.close
                inbox.open(Answer(_OK, ()))
                for message in connection:
                    inbox.put(message if isinstance(message, str) else message.decode(errors="replace"))
                inbox.leave(connection.close_code or 1000)
        except InvalidStatus as error:
            response = error.response
            headers = tuple((key.lower(), value) for key, value in response.headers.raw_items())
            inbox.open(Answer(response.status_code, headers, bytes(response.body or b"")))
        except ConnectionClosed as error:
            inbox.leave(error.rcvd.code if error.rcvd else 1006)
        except (InvalidHandshake, OSError) as error:
            inbox.close(f"the WebSocket could not be opened: {type(error).__name__}: {printable(str(error))}")
        finally:
            inbox.close(ENDED)

    threading.Thread(target=read, name="memfence socket", daemon=True).start()


def trusting(host: str) -> ssl.SSLContext:
    """Return how a server is known: this machine's certificates are its own, and nobody can change what it is told."""
    return httpx.create_ssl_context(verify=not is_loopback(host), trust_env=False)


def _cut(response: httpx.Response) -> None:
    """End a connection on which a thread waits: what is only closed would go on waiting."""
    with suppress(OSError, KeyError, AttributeError):
        found = response.extensions["network_stream"].get_extra_info("socket")
        found.shutdown(socket.SHUT_RDWR)
