"""The memories that are open in one world, each made on first use."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Any

from ..base import under_way
from ..model.tenants import Tenant
from .awaiting import Awaiter, must_be_awaited
from .contract import Memory, Target
from .credentials import Credentials
from .keyed import Keyed

# How many are held open at once; a tenant that comes back later is given a new one.
_MOST = 4096


class Memories:
    """Makes a tenant's memory when it is first asked for, and keeps it as long as there is room.

    `awaited` names what had to be awaited: `make_memory`, and methods. Where a target has an asynchronous client beside
    the plain one, that is the one whose methods are, and nothing is noted.
    """

    def __init__(self, target: Target, awaiter: Awaiter) -> None:
        """Take the target that makes them, and what awaits an asynchronous one."""
        self._target = target
        self._await = awaiter
        self.awaited: set[str] = set()
        self._open: OrderedDict[Hashable, Memory] = OrderedDict()
        self._stale = False
        self.credentials = None if target.sign_in is None else Credentials(target, awaiter)

    def __contains__(self, tenant: Tenant) -> bool:
        """Tell whether this tenant's is open."""
        return not self._stale and _key(tenant) in self._open

    def of(self, tenant: Tenant) -> Memory:
        """Return this tenant's memory; raises what the target raises."""
        key = _key(tenant)
        try:
            if tenant in self:
                memory = self._open[key]
                self._open.move_to_end(key)
                return memory
        except KeyError:
            # Threads may throw out what another is about to use; it is then made again.
            pass
        make = self._target.make_memory
        if tenant.asynchronous and self._target.make_async_memory is not None:
            make = self._target.make_async_memory
        within = dict(tenant.within)
        if self._stale:
            self.clear()
        if self.credentials is not None and not within:
            memory = self.credentials.memory(tenant.id, tenant.credential)
        else:
            under_way.begin("make_memory")
            try:
                memory = self.answer("make_memory", make(tenant.id, **within))
            finally:
                under_way.end()
        if self._target.keys:
            memory = Keyed(memory, self._target.keys)
        self._open[key] = memory
        if len(self._open) > _MOST:
            self._open.popitem(last=False)
        return memory

    def answer(self, name: str, reply: Any) -> Any:  # noqa: ANN401 - a stranger's reply, awaitable or not
        """Return what a call gave, awaited where it must be."""
        if self._target.make_async_memory is None and must_be_awaited(reply):
            self.awaited.add(name)
        return self._await(reply)

    def account_closed(self, tenant: Tenant) -> None:
        """Take it that a tenant's account is closed, and its sessions with it."""
        if self.credentials is not None:
            self.credentials.account_closed(tenant.id)
        self.clear()

    def let_go(self) -> None:
        """Forget them as soon as the next is made, which so may lie at the address of one of them."""
        self._stale = True

    def clear(self) -> None:
        """Forget them: they may belong to a world that is no more, or to another thread.

        What nobody else holds is freed at once.
        """
        self._stale = False
        for memory in self._open.values():
            if isinstance(memory, Keyed):
                memory.let_go()
        self._open.clear()


def _key(tenant: Tenant) -> Hashable:
    """Return what tells one memory from another."""
    # Not the id itself, unless it is a text: True, 1 and 1.0 are one key to a dict, and a list is none.
    of = tenant.id if type(tenant.id) is str else repr(tenant.id)
    return of, type(tenant.id), tenant.within, tenant.asynchronous, repr(tenant.credential)
