"""Operations in, steps out: performs them against a target and notes what the principal could see.

It holds no opinion: nothing here says "should".
"""

import inspect
import time
import uuid
from collections import OrderedDict
from collections.abc import Callable, Iterable
from functools import lru_cache
from types import TracebackType
from typing import Self

from .awaiting import Awaiter
from .contract import Memory, Target
from .observations import Observation, Returned, Step, Trace
from .operations import Add, Delete, DeleteAll, Get, GetAll, History, Operation, RecordRef, Search, Update
from .outcomes import outcome
from .replies import read_reply, record_ids
from .tenants import Fact, Tenant

# How many memories are held open at once; a tenant that comes back later is given a new one.
_MEMORIES = 4096
_POLL_SECONDS = 0.05


class Executor:
    """Drives one world of a target. `inside` is the time spent in the target's own calls, in seconds."""

    def __init__(
        self,
        target: Target,
        *,
        top_k: int | None = None,
        settle: float = 0.0,
        keep: Callable[[str], str] = str,
        awaiter: Awaiter | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """Take the target; `settle` is how long, in seconds, a stored fact is awaited before going on.

        `keep` replaces texts that must not be kept; `top_k` is passed to searches that name such a parameter;
        `awaiter` is the campaign's event loop, where the executor is to have none of its own.
        """
        self.inside = 0.0
        self._target = target
        self._top_k = top_k
        self._settle = settle
        self._keep = keep
        self._clock = clock
        self._memories: OrderedDict[str, Memory] = OrderedDict()
        self._added: dict[int, tuple[Tenant, Fact, str | None]] = {}
        self._await = awaiter or Awaiter()
        self._owns_awaiter = awaiter is None

    def __enter__(self) -> Self:
        """Start."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the event loop, where one was needed."""
        if self._owns_awaiter:
            self._await.close()

    def memory(self, user_id: str) -> Memory:
        """Return the memory of this user id, made on first use."""
        if user_id in self._memories:
            self._memories.move_to_end(user_id)
            return self._memories[user_id]
        memory = self._await(self._target.make_memory(user_id))
        self._memories[user_id] = memory
        if len(self._memories) > _MEMORIES:
            self._memories.popitem(last=False)
        return memory

    def run(self, operations: Iterable[Operation]) -> Trace:
        """Perform the operations in order."""
        return [self.perform(operation, index) for index, operation in enumerate(operations, 1)]

    def perform(self, operation: Operation, index: int, *, through: Tenant | None = None) -> Step:
        """Perform one operation; `through` sends it to another tenant's memory, for a control."""
        started = self._clock()
        observation = self._observe(operation, index, (through or operation.principal).id)
        seconds = self._clock() - started
        if isinstance(operation, Add) and isinstance(observation, Returned) and self._settle:
            self._await_visible(operation)
        return Step(index, operation, observation, seconds)

    def forget(self, tenant: Tenant) -> int:
        """Remove this tenant's own records one by one; return how many of its facts may be left behind.

        Only what carries the tenant's own canary is removed, by its id: a `delete_all` could be the broken one.
        """
        own = [(fact, known) for owner, fact, known in self._added.values() if owner.index == tenant.index]
        if not own:
            return 0
        try:
            listing = read_reply(self._ask(self.memory(tenant.id), "get_all"), str)
        except Exception:  # noqa: BLE001 - no listing: the ids that the adds returned must do
            ids = [known for _, known in own]
        else:
            canaries = [fact.canary for fact, _ in own]
            ids = [record.id for record in listing.records if any(canary in record.text for canary in canaries)]
        return sum(not self._removed(tenant, record_id) for record_id in ids)

    def _removed(self, tenant: Tenant, record_id: str | None) -> bool:
        if record_id is None:
            return False
        try:
            self._ask(self.memory(tenant.id), "delete", record_id)
        except Exception:  # noqa: BLE001 - whatever a target raises, the record is still there
            return False
        return True

    def _observe(self, operation: Operation, index: int, user_id: str) -> Observation:
        try:
            memory = self.memory(user_id)
            reply = self._call(memory, operation)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a target raises is an observation
            return outcome(error, operation.channel, self._target, self._keep)
        if isinstance(operation, Add):
            ids = record_ids(reply)
            self._added[index] = (operation.principal, operation.fact, ids[0] if ids else None)
        return read_reply(reply, self._keep)

    def _call(self, memory: Memory, operation: Operation) -> object:
        match operation:
            case Add(fact=fact):
                return self._ask(memory, "add", fact.text, infer=False)
            case Search(query=query):
                return self._ask(memory, "search", query, top_k=self._top_k, limit=self._top_k, threshold=0)
            case GetAll():
                return self._ask(memory, "get_all")
            case Get(record=record):
                return self._ask(memory, "get", self._id(record))
            case Update(record=record, text=text):
                return self._ask(memory, "update", self._id(record), text)
            case Delete(record=record):
                return self._ask(memory, "delete", self._id(record))
            case DeleteAll():
                return self._ask(memory, "delete_all")
            case History(record=record):
                return self._ask(memory, "history", self._id(record))

    def _ask(self, memory: Memory, name: str, *arguments: str, **options: object) -> object:
        method = getattr(memory, name)
        named = {key: value for key, value in options.items() if value is not None and key in _named(method)}
        started = self._clock()
        try:
            return self._await(method(*arguments, **named))
        finally:
            self.inside += self._clock() - started

    def _id(self, record: RecordRef) -> str:
        """Return the id behind a reference; one whose Add stored nothing is well-formed and unknown."""
        owner, fact, known = self._added.get(record.step, (None, None, None))
        if owner is None or fact is None:
            return str(uuid.uuid5(uuid.NAMESPACE_OID, f"memfence/{record.owner}/{record.step}"))
        if known is None:
            known = self._find_id(owner, fact)
            self._added[record.step] = (owner, fact, known)
        return known

    def _find_id(self, owner: Tenant, fact: Fact) -> str:
        listing = read_reply(self._ask(self.memory(owner.id), "get_all"), str)
        found = [record.id for record in listing.records if record.id and fact.canary in record.text]
        return found[0] if found else str(uuid.uuid5(uuid.NAMESPACE_OID, f"memfence/{fact.canary}"))

    def _await_visible(self, operation: Add) -> None:
        """Wait until the principal sees its own new fact, at most `settle` seconds."""
        deadline = self._clock() + self._settle
        look = Search(operation.principal, operation.fact.text, operation.fact)
        while True:
            seen = self._observe(look, 0, operation.principal.id)
            shown = isinstance(seen, Returned) and any(operation.fact.canary in record.text for record in seen.records)
            if shown or self._clock() >= deadline:
                return
            time.sleep(_POLL_SECONDS)


def _named(method: object) -> frozenset[str]:
    """Return the parameters that the method's signature names."""
    return _parameters(getattr(method, "__func__", method))


@lru_cache(maxsize=256)
def _parameters(function: object) -> frozenset[str]:
    try:
        return frozenset(inspect.signature(function).parameters)  # type: ignore[arg-type]  # any callable will do
    except (TypeError, ValueError):
        return frozenset()
