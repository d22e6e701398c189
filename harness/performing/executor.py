"""Operations in, steps out: performs them against a target and notes what the principal could see.

It holds no opinion: nothing here says "should".
"""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from types import TracebackType
from typing import Self, assert_never

from ..base import under_way
from ..base.errors import Spent
from ..model.channels import Channel
from ..model.observations import Observation, Outside, Record, Returned, Step
from ..model.operations import (
    OF_THE_STORE,
    Add,
    Chat,
    Copy,
    Delete,
    DeleteAll,
    Get,
    GetAll,
    History,
    Operation,
    Reset,
    Search,
    Update,
    is_probe,
    is_prompted,
    records_named,
)
from ..model.tenants import Tenant
from .arguments import given, is_of_another_kind
from .awaiting import Awaiter
from .contract import FAILURES, Memory, Target
from .credentials import NotTriedError
from .labelling import labelled
from .linking import let_be
from .memories import Memories
from .offers import methods, named
from .outcomes import NOT_TRIED, is_spelt, outcome, unsaid
from .references import References
from .replies import read_added, read_reply, read_whole
from .sending import sent
from .sweeping import Attempt, sweep
from .typed_ids import native
from .views import Views
from .ways import Ways
from .whole_store import WholeStore

# The first pause between looks, and the longest: who answers may count.
_POLL_SECONDS, _LONGEST_POLL_SECONDS = 0.05, 1.6


class Executor:
    """Drives one world of a target.

    `inside` is the time spent in the target's own calls, in seconds. For printing calls that can be repeated: `passed`
    holds, per channel, the named arguments of the target's methods, `awaited` is as in Memories.
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
        `ours` tells whether a text holds a mark of the campaign, for cleaning up; `awaiter` is the campaign's
        event loop, where the executor is to have none of its own.
        """
        self.inside = 0.0
        self.passed: dict[str, dict[str, object]] = {}
        self._target = target
        pages = {} if top_k is None else {"top_k": top_k, "limit": top_k}
        self._options: dict[str, dict[str, object]] = {
            Channel.ADD: {"infer": False},
            Channel.SEARCH: {"threshold": 0, **pages},
        }
        self._settle = settle
        self._keep = keep
        self._ours = ours
        self._clock = clock
        self._references = References(self._list, target.keys, Ways(self._storage))
        self._await = awaiter or Awaiter()
        self._owns_awaiter = awaiter is None
        self._memories = Memories(target, self._await)
        self.awaited = self._memories.awaited
        self._views = Views(target, self._await, keep)
        self._store = WholeStore(target, self._await, self._memories, self._views, keep)
        self._unflushed: set[int] = set()
        # Whoever has removed something: what it is shown since may be that.
        self._erasing: set[int] = set()
        # What was said before, as to clean up another world, is not this one's.
        self._views.told()
        self._views.around()

    def __enter__(self) -> Self:
        """Start."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the event loop, where one was needed."""
        if self._owns_awaiter:
            self._await.close()

    def memory(self, tenant: Tenant) -> Memory:
        """Return this tenant's memory, made on first use."""
        return self._memories.of(tenant)

    def perform(self, operation: Operation, index: int, *, through: Tenant | None = None) -> Step:
        """Perform one operation; `through` sends it to another tenant's memory, for a control.

        Raises Spent where the target allows no more.
        """
        if (reason := self._spent()) is not None:
            raise Spent(reason)
        if isinstance(operation, Delete | DeleteAll | Reset):
            self._references.resolve(operation.principal if isinstance(operation, DeleteAll) else None)
            self._erasing.add(operation.principal.index)
        started = self._clock()
        observation, outside = self._observe(operation, index, through or operation.principal)
        seconds = self._clock() - started
        if isinstance(observation, Returned) and self._settle:
            with suppress(*FAILURES):
                if isinstance(operation, Add):
                    self._await_visible(operation)
                elif isinstance(operation, DeleteAll):
                    self._await_gone(operation.principal)
        unnamed = any(map(self._references.unnamed, records_named(operation)[:1]))
        of_interest = is_probe(operation) or operation.owner in self._erasing
        kept = self._views.behind(observation, self._references.facts(operation.owner)) if of_interest else ()
        told, around = self._views.told(), self._views.around()
        return Step(index, operation, observation, seconds, outside, (), unnamed, kept, told, around)

    def together(self, operations: Sequence[Operation], first: int) -> list[Step]:
        """Perform operations that begin at the same moment, indexed from `first` on.

        Each has a thread of its own, and a memory that is made in it, as for a request of its own.
        """
        self._memories.clear()
        calls = [partial(self.perform, operation, first + position) for position, operation in enumerate(operations)]
        return self._await.together(calls)

    def stored(self, operation: Add, index: int, record_id: str) -> Step:
        """Note what was stored before this world was opened, under this id; return the step that it would have been."""
        attempt = self._references.begin(operation, index)
        observation = Returned((Record(record_id, operation.sent),))
        attempt.note(observation, [record_id])
        return Step(index, operation, observation)

    def forget(self, tenant: Tenant, *, whole: bool = False) -> int:
        """Remove this tenant's own records, one by one; return how many of its facts are not proven gone.

        As a `whole`: by its own `delete_all`, where it has one; what that leaves is not counted.
        """
        return sum(self._forget(one, made, whole=whole) for one, made in self._references.by_principal(tenant))

    def _forget(self, tenant: Tenant, attempts: Sequence[Attempt], *, whole: bool) -> int:
        if not attempts and tenant not in self._memories:
            return 0
        try:
            memory = self.memory(tenant)
        except FAILURES:
            return len({attempt.fact.canary for attempt in attempts})
        if whole and Channel.DELETE_ALL in methods(memory):
            self._look(memory, Channel.DELETE_ALL)
            return 0
        return sweep(attempts, methods(memory), partial(self._look, memory), tenant=tenant, ours=self._ours)

    def _spent(self) -> str | None:
        return None if self._target.spent is None else self._target.spent()

    def _look(self, memory: Memory, channel: Channel, *arguments: str) -> Observation:
        """Return what one call shows as it is, for the executor's own eyes."""
        try:
            return read_reply(self._ask(memory, channel, *arguments), str)
        except FAILURES as error:
            return outcome(error, channel, self._target, str)

    def _observe(self, operation: Operation, index: int, tenant: Tenant) -> tuple[Observation, tuple[Outside, ...]]:
        if isinstance(operation, OF_THE_STORE):
            return self._store.perform(operation)
        if self._target.keys and isinstance(operation, Update | Copy):
            written = operation.record if isinstance(operation, Update) else operation.to
            if self._references.strays(written, operation.principal):
                return NOT_TRIED, ()
        before, memory, keys = 0, None, self._target.scope_keys
        try:
            before = len(self._views.prompts()) if is_prompted(operation) else 0
            memory = self.memory(tenant)
            match operation:
                case Chat() | Add():
                    observation: Observation = self._add(memory, operation, index)
                    self._unflushed.add(operation.principal.index)
                case Search() | GetAll() | Get() | Update() | Delete() | DeleteAll() | History() | Copy():
                    self._flush_for(operation)
                    method, arguments, beside = sent(operation, self._references.id)
                    reply = self._ask(memory, method, *arguments, **beside)
                    read = read_whole if getattr(operation, "how", "") else read_reply
                    observation = labelled(read(reply, self._keep), keys)
                    if isinstance(operation, DeleteAll) and operation.how:
                        self._memories.account_closed(tenant)
                case _:
                    assert_never(operation)
        except NotTriedError as error:
            return replace(NOT_TRIED, message=str(error)), ()
        except FAILURES as error:
            unmade = tenant.hostile if memory is None else is_of_another_kind(operation)
            odd = {"unmade": unmade, "malformed": is_spelt(operation), "at_the_door": memory is None}
            observation = outcome(error, operation.channel, self._target, self._keep, **odd)
            for record in records_named(operation):
                # Whoever sends a key, or an id, may be told it: what else the text says is what counts.
                quoted = self._references.id(record, operation.principal)
                observation = unsaid(observation, quoted, "<key>" if self._target.keys else "<id>")
        return self._views.with_prompts(operation, observation, before)

    def _flush_for(self, operation: Operation) -> None:
        """Let the target let go of old answers before a tenant looks for what it has just stored."""
        fresh = operation.principal.index in self._unflushed
        if self._target.flush is None or not fresh or not isinstance(operation, Search | GetAll) or is_probe(operation):
            return
        self._await(self._target.flush())
        self._unflushed.clear()

    def _add(self, memory: Memory, operation: Add | Chat, index: int) -> Returned:
        attempt = self._references.begin(operation, index)
        if isinstance(operation, Chat):
            reply = self._ask(memory, Channel.ADD, operation.fact.text, infer=True)
        else:
            beside = given(metadata=operation.metadata, ttl=operation.ttl, key=operation.key or None)
            reply = self._ask(memory, Channel.ADD, operation.sent, **beside)
        observation, ids = read_added(reply, self._keep)
        attempt.note(observation, ids)
        return observation

    def _ask(self, memory: Memory, channel: str, *arguments: str, **given: object) -> object:
        method = getattr(memory, channel)
        options = self._options.get(channel, {})
        names = named(method) if options else frozenset()
        passed = {key: value for key, value in options.items() if key in names}
        self.passed[channel] = passed
        started = self._clock()
        under_way.begin(channel)
        try:
            sent_as = [native(one, method) for one in arguments]
            return self._memories.answer(channel, method(*sent_as, **{**passed, **given}))
        finally:
            under_way.end()
            self.inside += self._clock() - started
            # A link that waits for a file to be opened waits for one call.
            let_be()

    def _list(self, tenant: Tenant) -> Returned:
        return read_reply(self._ask(self.memory(tenant), Channel.GET_ALL), str)

    def _storage(self) -> object:
        return () if self._target.storage is None else self._await(self._target.storage())

    def _await_visible(self, operation: Add) -> None:
        """Wait until the principal sees its own new fact, at most `settle` seconds; not where it has no way to look."""
        principal, fact = operation.principal, operation.fact
        offered = methods(self.memory(principal))
        look: Operation
        if Channel.SEARCH in offered:
            look = Search(principal, fact.text, fact)
        elif Channel.GET_ALL in offered:
            look = GetAll(principal, fact)
        else:
            return
        self._poll(look, until=lambda seen: any(fact.stands_in(record.text) for record in seen.records))

    def _await_gone(self, principal: Tenant) -> None:
        """Wait until the principal's listing is empty, at most `settle` seconds; not where there is none."""
        if Channel.GET_ALL in methods(self.memory(principal)):
            self._poll(GetAll(principal, principal.facts[0]), until=lambda seen: not seen.records)

    def _poll(self, look: Operation, *, until: Callable[[Returned], bool]) -> None:
        deadline = self._clock() + self._settle
        pause = _POLL_SECONDS
        while True:
            seen, _ = self._observe(look, 0, look.principal)
            if (isinstance(seen, Returned) and until(seen)) or self._clock() >= deadline or self._spent():
                return
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_POLL_SECONDS)
