"""Operations in, steps out: performs them against a target and notes what the principal could see.

It holds no opinion: nothing here says "should".
"""

import inspect
import time
import uuid
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache, partial
from types import TracebackType
from typing import Self

from .awaiting import Awaiter
from .contract import FAILURES, Memory, Target, methods
from .observations import Observation, Returned, Step
from .operations import (
    Add,
    Channel,
    Delete,
    DeleteAll,
    Get,
    GetAll,
    History,
    Operation,
    RecordRef,
    Search,
    Update,
)
from .outcomes import outcome
from .replies import read_added, read_reply
from .sweeping import Attempt, shows, sweep
from .tenants import Tenant

# How many memories are held open at once; a tenant that comes back later is given a new one.
_MEMORIES = 4096
_POLL_SECONDS = 0.05


class Executor:
    """Drives one world of a target.

    `inside` is the time spent in the target's own calls, in seconds; `passed` holds, per channel, the named arguments
    that the target's methods were called with, for printing calls that can be repeated.
    """

    def __init__(
        self,
        target: Target,
        *,
        top_k: int | None = None,
        settle: float = 0.0,
        keep: Callable[[str], str] = str,
        ours: Callable[[str], bool] = lambda _: False,
        awaiter: Awaiter | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """Take the target; `settle` is how long, in seconds, a stored fact is awaited before going on.

        `keep` replaces texts that must not be kept; `top_k` is passed to searches that name such a parameter;
        `ours` tells whether a text holds a canary of the campaign, for cleaning up; `awaiter` is the campaign's
        event loop, where the executor is to have none of its own.
        """
        self.inside = 0.0
        self.passed: dict[Channel, dict[str, object]] = {}
        self._target = target
        pages = {} if top_k is None else {"top_k": top_k, "limit": top_k}
        self._options: dict[Channel, dict[str, object]] = {
            Channel.ADD: {"infer": False},
            Channel.SEARCH: {"threshold": 0, **pages},
        }
        self._settle = settle
        self._keep = keep
        self._ours = ours
        self._clock = clock
        self._memories: OrderedDict[str, Memory] = OrderedDict()
        self._attempts: dict[int, Attempt] = {}
        self._attempts_of: dict[int, list[Attempt]] = {}
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

    def perform(self, operation: Operation, index: int, *, through: Tenant | None = None) -> Step:
        """Perform one operation; `through` sends it to another tenant's memory, for a control."""
        started = self._clock()
        observation = self._observe(operation, index, (through or operation.principal).id)
        seconds = self._clock() - started
        if isinstance(operation, Add) and isinstance(observation, Returned) and self._settle:
            with suppress(*FAILURES):
                self._await_visible(operation)
        return Step(index, operation, observation, seconds)

    def forget(self, tenant: Tenant) -> int:
        """Remove this tenant's own records one by one; return how many of its facts are not proven gone."""
        attempts = self._attempts_of.get(tenant.index, [])
        if not attempts and tenant.id not in self._memories:
            return 0
        try:
            memory = self.memory(tenant.id)
        except FAILURES:
            return len({attempt.fact.canary for attempt in attempts})
        return sweep(attempts, methods(memory), partial(self._look, memory), tenant=tenant, ours=self._ours)

    def _look(self, memory: Memory, channel: Channel, *arguments: str) -> Observation:
        """Return what one call shows as it is, for the executor's own eyes."""
        try:
            return read_reply(self._ask(memory, channel, *arguments), str)
        except FAILURES as error:
            return outcome(error, channel, self._target, str)

    def _observe(self, operation: Operation, index: int, user_id: str) -> Observation:
        try:
            memory = self.memory(user_id)
            if isinstance(operation, Add):
                return self._add(memory, operation, index)
            return read_reply(self._call(memory, operation), self._keep)
        except FAILURES as error:
            return outcome(error, operation.channel, self._target, self._keep)

    def _add(self, memory: Memory, operation: Add, index: int) -> Returned:
        attempt = Attempt(operation.principal, operation.fact)
        self._attempts[index] = attempt
        self._attempts_of.setdefault(operation.principal.index, []).append(attempt)
        observation, ids = read_added(self._ask(memory, Channel.ADD, operation.fact.text), self._keep)
        attempt.note(observation, ids)
        return observation

    def _call(self, memory: Memory, operation: Search | GetAll | Get | Update | Delete | DeleteAll | History) -> object:
        match operation:
            case Search(query=query):
                return self._ask(memory, Channel.SEARCH, query)
            case GetAll() | DeleteAll():
                return self._ask(memory, operation.channel)
            case Get(record=record) | Delete(record=record) | History(record=record):
                return self._ask(memory, operation.channel, self._id(record))
            case Update(record=record, text=text):
                return self._ask(memory, Channel.UPDATE, self._id(record), text)

    def _ask(self, memory: Memory, channel: Channel, *arguments: str) -> object:
        method = getattr(memory, channel)
        options = self._options.get(channel)
        named = {}
        if options is not None:
            names = _named(method)
            named = {key: value for key, value in options.items() if key in names}
        self.passed[channel] = named
        started = self._clock()
        try:
            return self._await(method(*arguments, **named))
        finally:
            self.inside += self._clock() - started

    def _id(self, record: RecordRef) -> str:
        """Return the id behind a reference; one whose Add stored nothing is well-formed and unknown."""
        attempt = self._attempts.get(record.step)
        if attempt is None or not attempt.returned:
            return _unknown_id(f"{record.owner}/{record.step}")
        if attempt.reference is None:
            attempt.reference = self._find_id(attempt)
        return attempt.reference

    def _find_id(self, attempt: Attempt) -> str:
        listing = read_reply(self._ask(self.memory(attempt.tenant.id), Channel.GET_ALL), str)
        found = (record.id for record in listing.records if record.id and shows(record, attempt.fact))
        return next(found, None) or _unknown_id(attempt.fact.canary)

    def _await_visible(self, operation: Add) -> None:
        """Wait until the principal sees its own new fact, at most `settle` seconds; not where it has no way to look."""
        principal, fact = operation.principal, operation.fact
        offered = methods(self.memory(principal.id))
        look: Operation
        if Channel.SEARCH in offered:
            look = Search(principal, fact.text, fact)
        elif Channel.GET_ALL in offered:
            look = GetAll(principal, fact)
        else:
            return
        deadline = self._clock() + self._settle
        while True:
            seen = self._observe(look, 0, principal.id)
            shown = isinstance(seen, Returned) and any(fact.canary in record.text for record in seen.records)
            if shown or self._clock() >= deadline:
                return
            time.sleep(_POLL_SECONDS)


def _unknown_id(of: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"memfence/{of}"))


def _named(method: object) -> frozenset[str]:
    """Return the parameters that the method's signature takes by name."""
    function = getattr(method, "__func__", method)
    try:
        return _parameters(function)
    except FAILURES:
        # It cannot be hashed, so what it takes cannot be remembered.
        return _parameters.__wrapped__(function)


@lru_cache(maxsize=256)
def _parameters(function: object) -> frozenset[str]:
    try:
        # What a decorator wraps may take other arguments than what it puts in its place.
        signature = inspect.signature(function, follow_wrapped=False)  # type: ignore[arg-type]  # any callable will do
    except FAILURES:
        return frozenset()
    by_name = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    return frozenset(parameter.name for parameter in signature.parameters.values() if parameter.kind in by_name)
