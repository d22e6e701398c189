"""mem0's own platform clients, unmodified, on a connection that counts, waits and tells no key."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx

from ..base.errors import TargetError
from ..real_mem0.client import Client
from .courtesy import AsyncCourteousTransport, CourteousTransport, Courtesy

_SECONDS = 60.0
_USER_INFO = re.compile(r"//[^/@]*@")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a platform is, and the key to it, which no repr shows."""

    host: str
    key: str = field(repr=False)

    @property
    def shown(self) -> str:
        """The host as it may be told: without a password."""
        return _USER_INFO.sub("//", self.host)


def connect(address: Address, courtesy: Courtesy) -> Client:
    """Return a `MemoryClient`; it asks the service at once whether the key is good. Raises TargetError."""
    from mem0 import MemoryClient  # noqa: PLC0415 - importing memfence must not import mem0

    transport = CourteousTransport(courtesy, httpx.HTTPTransport(proxy=_proxy(address.host)))
    http = httpx.Client(transport=transport, timeout=_SECONDS)
    try:
        return _made(address, lambda: MemoryClient(api_key=address.key, host=address.host, client=http))
    except BaseException:
        http.close()
        raise


def connect_async(address: Address, courtesy: Courtesy) -> Client:
    """Return an `AsyncMemoryClient`, whose calls may be awaited in any event loop. Raises TargetError."""
    from mem0 import AsyncMemoryClient  # noqa: PLC0415 - as above

    # No connection outlives its request: it would belong to one loop, and somebody would have to close it there.
    limits = httpx.Limits(max_keepalive_connections=0)
    inner = httpx.AsyncHTTPTransport(proxy=_proxy(address.host), limits=limits)
    http = httpx.AsyncClient(transport=AsyncCourteousTransport(courtesy, inner), timeout=_SECONDS)
    # Its constructor asks by a way of its own.
    courtesy.allowance.take()
    return _made(address, lambda: AsyncMemoryClient(api_key=address.key, host=address.host, client=http))


def _made(address: Address, make: Callable[[], Client]) -> Client:
    try:
        return make()
    except Exception as error:  # noqa: BLE001 - mem0's, httpx's, or requests', all told the same way
        said = " ".join(str(error).replace(address.key, "(the key)").removeprefix("Error: ").split())
        if _is_unreachable(error):
            msg = (
                f"the mem0 platform at {address.shown} does not answer ({type(error).__name__}): is the address right?"
            )
        else:
            msg = f"the mem0 platform at {address.shown} refuses what MEM0_API_KEY holds, and says {said!r}"
        # From None: what is behind it may show the key.
        raise TargetError(msg) from None


def _is_unreachable(error: Exception) -> bool:
    """Tell whether the error is one of httpx's or of requests' below an answer."""
    kinds = {f"{kind.__module__.partition('.')[0]}.{kind.__name__}" for kind in type(error).__mro__}
    return not kinds.isdisjoint({"httpx.RequestError", "httpx.InvalidURL", "requests.RequestException"})


def _proxy(host: str) -> str | None:
    """Return the proxy that the environment names for a host; httpx does not look where a transport is given."""
    parts = urlsplit(host)
    if not parts.hostname or proxy_bypass(parts.hostname):
        return None
    return getproxies().get(parts.scheme)
