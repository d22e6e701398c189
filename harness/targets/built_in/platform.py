"""mem0's hosted platform with MEM0_API_KEY, else a stand-in for it on loopback."""

import os
import re
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...base.errors import TargetError
from ...performing.contract import Memory
from ...performing.offers import named
from ...real_mem0.allowance import Allowance
from ...real_mem0.client import Client
from ...real_mem0.entities import has_entities
from ...real_mem0.private_home import private_home
from ...real_mem0.stores.qdrant import OWN_KEYWORDS, ranks_keywords
from ...scoped.wrappers import MakeMemory, Wrap, given
from ..standin.stand_in import StandIn

if TYPE_CHECKING:
    from ..platform_clients import Address

KEY, HOST = "MEM0_API_KEY", "MEM0_HOST"
# So that what helps with mem0 is told.
OVER_MEM0 = True
_HOST = "https://api.mem0.ai"
# Adds without extraction are said to be done at once; what is indexed later is waited for.
_SETTLE = 30.0
# An audit with the usual settings makes 7,400.
_MAX_REQUESTS = 10_000
_STAND_IN = (
    "this is memfence's stand-in for the mem0 platform, over a real mem0.Memory: it shows what mem0's own clients send "
    f"and what a wrapper makes of the answers, not what the service does (for that, set {KEY})"
)
_ONE_AT_A_TIME = (
    "under the stand-in, calls into embedded Qdrant are let in one at a time: interleaved scenarios judge mem0, its "
    "client and the wrapper, not a store"
)
_OWN_ENTITIES = "mem0's entity extraction, which needs spaCy and a model, is replaced by memfence's own"
_SERVICE = (
    "the mem0 platform at {}, only behind the campaign's own prefix: scenarios that delete or pose under hostile ids "
    "are left out"
)
# As population.py makes them.
_OURS = re.compile(r"mf[0-9a-f]{8}-[\w-]+").fullmatch


class _Memories:
    """Makes users' memories over mem0's own platform clients; the clients are made on first need and kept."""

    def __init__(self, wrap: Wrap, wrap_async: Wrap | None, allowance: Allowance, *, careful: bool) -> None:
        """Take what stands between a principal and the clients; nothing is opened yet."""
        self.make_async_memory = self._make_async_memory if wrap_async else None
        self._wraps = wrap, wrap_async
        self._allowance = allowance
        self._careful = careful
        self._ending = ExitStack()
        self._making = threading.RLock()
        self._clients: dict[bool, Client] = {}
        self._made: dict[bool, MakeMemory] = {}

    def make_memory(self, user_id: str | None, *, agent_id: str | None = None, run_id: str | None = None) -> Memory:
        """Return this user's memory."""
        return self._memory(False, user_id, given(agent_id=agent_id, run_id=run_id))  # noqa: FBT003 - by position, as the dict

    def spent(self) -> str | None:
        """Return why no further operation should be begun, None where one may."""
        return self._allowance.spent()

    def close(self) -> None:
        """Close the connections and what was opened for them, whatever fails on the way."""
        self._made.clear()
        self._clients.clear()
        self._ending.close()

    def _make_async_memory(
        self, user_id: str | None, *, agent_id: str | None = None, run_id: str | None = None
    ) -> Memory:
        return self._memory(True, user_id, given(agent_id=agent_id, run_id=run_id))  # noqa: FBT003 - as above

    def _memory(self, asynchronous: bool, user_id: str | None, ids: dict[str, str]) -> Memory:  # noqa: FBT001 - as above
        with self._making:
            if asynchronous not in self._made:
                wrap = self._wraps[asynchronous]
                assert wrap is not None  # noqa: S101 - without it the target offers no asynchronous memory
                self._made[asynchronous] = wrap(self._client(asynchronous))
        return _AtItsWord(self._made[asynchronous](user_id, **ids))

    def _client(self, asynchronous: bool) -> Client:  # noqa: FBT001 - as above
        if asynchronous not in self._clients:
            address = self._address()
            from ..courtesy import Courtesy  # noqa: PLC0415 - httpx, which only this target needs
            from ..platform_clients import connect, connect_async  # noqa: PLC0415 - as above

            client = (connect_async if asynchronous else connect)(
                address, Courtesy(self._allowance, careful=self._careful)
            )
            if not asynchronous:
                self._ending.callback(client.client.close)
            self._clients[asynchronous] = client
        return self._clients[asynchronous]

    def _address(self) -> "Address":
        raise NotImplementedError


class StandInTarget(_Memories):
    """The stand-in: disposable, each `start` is a fresh, empty world on the one server."""

    disposable = True
    separate = True

    def __init__(self, wrap: Wrap, wrap_async: Wrap | None, allowance: Allowance) -> None:
        """Take what stands between a principal and the clients; nothing is opened yet."""
        super().__init__(wrap, wrap_async, allowance, careful=False)
        self.foremost = (_STAND_IN,)
        keywords = (OWN_KEYWORDS,) if ranks_keywords() else ()
        self.notes = (_ONE_AT_A_TIME, *keywords, *((_OWN_ENTITIES,) if has_entities() else ()))
        self._stand_in: StandIn | None = None

    def start(self) -> None:
        """Begin an empty world; the server goes on. Raises HarnessError where it cannot be opened."""
        self._made.clear()
        self._opened().empty()

    def storage(self) -> Iterator[tuple[str, Path | list[str]]]:
        """Yield each place of the memory under the stand-in that may keep a text, with it."""
        return self._opened().storage()

    def prompts(self) -> list[str]:
        """Return what the extraction LLM was sent in this world, oldest first."""
        return self._opened().prompts()

    def close(self) -> None:
        """Stop the server."""
        self._stand_in = None
        super().close()

    def _opened(self) -> StandIn:
        with self._making:
            if self._stand_in is None:
                self._stand_in = self._ending.enter_context(StandIn())
            return self._stand_in

    def _address(self) -> "Address":
        from ..platform_clients import Address  # noqa: PLC0415 - as above

        opened = self._opened()
        return Address(opened.host, opened.key)


class ServiceTarget(_Memories):
    """The service itself: it holds others' records, so nothing is removed but what the campaign has stored."""

    disposable = False
    never_wiped = True
    settle = _SETTLE

    def __init__(self, wrap: Wrap, wrap_async: Wrap | None, allowance: Allowance, host: str, key: str) -> None:
        """Take what stands between a principal and the clients, the address and the key; nothing is opened yet."""
        super().__init__(wrap, wrap_async, allowance, careful=True)
        self._where = host, key

    @property
    def notes(self) -> tuple[str, ...]:
        """What a report says of it."""
        from ..platform_clients import Address  # noqa: PLC0415 - as above

        return (_SERVICE.format(Address(*self._where).shown),)

    def _address(self) -> "Address":
        from ..platform_clients import Address  # noqa: PLC0415 - as above

        self._ending.enter_context(private_home())
        return Address(*self._where)

    def _memory(self, asynchronous: bool, user_id: str | None, ids: dict[str, str]) -> Memory:  # noqa: FBT001 - as above
        if not (isinstance(user_id, str) and _OURS(user_id)):
            msg = "on the mem0 platform only users behind a campaign's own prefix are touched"
            raise PermissionError(msg)
        self._allowance.met(user_id)
        return super()._memory(asynchronous, user_id, ids)


class _AtItsWord:
    """A memory that takes the platform's word for a `delete_all`: nobody outside can look what is left."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the memory offers
        found = getattr(self._memory, name)
        return partial(found, verify=False) if name == "delete_all" and "verify" in named(found) else found


def open_target(
    wrap: Wrap, wrap_async: Wrap | None = None, *, max_requests: int | None = None
) -> StandInTarget | ServiceTarget:
    """Return the target; nothing is opened before it is used.

    With MEM0_API_KEY it is the service, at MEM0_HOST where that is set, within 10,000 requests unless told otherwise;
    without, the stand-in. Raises TargetError for a host without a key, and for an empty key.
    """
    key, host = os.environ.get(KEY, ""), os.environ.get(HOST, "")
    if KEY in os.environ and not key.strip():
        # So is a secret that a CI service does not hand out: nobody must take the stand-in for the service.
        msg = f"{KEY} is set and empty: give the key for the platform, or unset it for the stand-in"
        raise TargetError(msg)
    if key:
        limit = _MAX_REQUESTS if max_requests is None else max_requests
        return ServiceTarget(wrap, wrap_async, Allowance(limit, cleans_up=True), host or _HOST, key)
    if host:
        msg = f"{HOST} is set and {KEY} is not: set both for the platform, neither for the stand-in"
        raise TargetError(msg)
    return StandInTarget(wrap, wrap_async, Allowance(max_requests, cleans_up=False))
