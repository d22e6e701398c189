"""The first calls of a memory, timed: users of the harness's own store facts and look for them, and nobody attacks."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from ..base.plain_objects import plain
from ..model.channels import Channel
from ..model.diagnoses import Answer, Call, Came, IdTried
from ..model.observations import Crashed, Observation, Refused, Returned, visible_texts
from ..model.operations import Add, Get, GetAll, History, Operation, RecordRef, Search
from ..model.tenants import Fact, Tenant
from .awaiting import Awaiter
from .contract import FAILURES, Target
from .executor import Executor
from .offers import methods
from .outcomes import outcome
from .sweeping import shows

# So often a call is made, and so long, in seconds; and so long others' records are piled up.
_TIMES, _SECONDS = 3, 1.0
_LATEST = 5


class FirstCalls:
    """What came of them; `add_told` is what went wrong with storing, `ids_told` counts records whose id is known."""

    def __init__(
        self,
        executor: Executor,
        awaiter: Awaiter,
        offers: frozenset[str],
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """Take the open world, its event loop and what the target offers; nothing is called yet."""
        self.calls: tuple[Call, ...] = ()
        self.add_told = ""
        self.stored = self.ids_told = self.piled = 0
        self.labelled = True
        self._executor = executor
        self._await = awaiter
        self._offers = offers
        self._clock = clock
        self._index = 0

    def make(self, tenant: Tenant, neighbour: Tenant, *, removable: bool) -> None:
        """Let a user store its facts and look for each; then again, after another has stored some more.

        Where what is stored is not `removable`, it is one fact, and nobody else's.
        """
        facts = tenant.facts if removable else tenant.facts[:1]
        seconds = [self._store(tenant, fact) for fact in facts]
        if not self.stored:
            return
        if self.ids_told < self.stored and Channel.GET_ALL in self._offers:
            # As in an audit: what no reply told, a listing may.
            self.ids_told = self._ids_listed(tenant)
        looks = list(self._looks(tenant, facts))
        pile = list(self._pile(neighbour)) if removable and self.ids_told else []
        self.piled = len(pile)
        again = {call.channel: call.seconds for call in self._looks(tenant, facts)}
        calls = [replace(call, later=again.get(call.channel, call.seconds)) for call in looks]
        add = Call(Channel.ADD, Came.FOUND, "", min(seconds), min(pile[-_LATEST:], default=min(seconds)))
        self.calls = (add, *calls)

    def _store(self, tenant: Tenant, fact: Fact) -> float:
        seen, seconds = self._add(tenant, fact)
        if isinstance(seen, Returned):
            self.stored += 1
            self.ids_told += any(record.id for record in seen.records)
        else:
            self.add_told = self.add_told or said(seen)
        return seconds

    def _add(self, tenant: Tenant, fact: Fact) -> tuple[Observation, float]:
        """Return what came of it, and how long it took until the record could be seen, where that is awaited."""
        self._index += 1
        began = self._clock()
        step = self._executor.perform(Add(tenant, fact), self._index)
        return step.observation, self._clock() - began

    def _ids_listed(self, tenant: Tenant) -> int:
        seen = self._executor.perform(GetAll(tenant, tenant.facts[0]), 0).observation
        listed = seen.records if isinstance(seen, Returned) else ()
        return sum(any(record.id and shows(record, fact) for record in listed) for fact in tenant.facts)

    def _pile(self, neighbour: Tenant) -> Iterator[float]:
        began = self._clock()
        for fact in neighbour.facts:
            seen, seconds = self._add(neighbour, fact)
            if not isinstance(seen, Returned):
                return
            yield seconds
            if self._clock() - began >= _SECONDS:
                return

    def _looks(self, tenant: Tenant, facts: Sequence[Fact]) -> Iterator[Call]:
        """Yield what came of each kind of look that the target offers; of several times the shortest counts."""
        for channel, operations in (
            (Channel.SEARCH, [Search(tenant, fact.text, fact) for fact in facts]),
            (Channel.GET_ALL, [GetAll(tenant, fact) for fact in facts]),
        ):
            if channel in self._offers:
                yield self._look(channel, operations)

    def _look(self, channel: Channel, operations: Iterable[Search | GetAll]) -> Call:
        began, found = self._clock(), []
        for operation in list(operations)[:_TIMES]:
            step = self._executor.perform(operation, 0)
            found.append((step.seconds, *self._came(operation, step.observation)))
            if self._clock() - began >= _SECONDS:
                break
        # One fact that is not found is one too many.
        _, came, told = max(found, key=lambda one: list(Came).index(one[1]))
        return Call(channel, came, told, min(seconds for seconds, _, _ in found))

    def _came(self, operation: Search | GetAll, seen: Observation) -> tuple[Came, str]:
        fact = operation.seeks
        if not isinstance(seen, Returned):
            return Came.REFUSED if isinstance(seen, Refused) else Came.CRASHED, said(seen)
        showing = [record for record in seen.records if shows(record, fact)]
        if showing:
            self.labelled &= any(record.label for record in showing)
            return Came.FOUND, ""
        if seen.records:
            return Came.OTHERS, str(len(seen.records))
        kind, empty = self._kind(operation)
        if any(map(fact.stands_in, visible_texts(seen))):
            return Came.BESIDE, kind
        return Came.NOTHING if empty else Came.UNREADABLE, kind

    def _kind(self, operation: Search | GetAll) -> tuple[str, bool]:
        """Return the type of an answer, asked for once more, and whether it is an empty one of a type that is read."""
        words = (operation.query,) if isinstance(operation, Search) else ()
        try:
            reply = self._await(getattr(self._executor.memory(operation.principal), operation.channel)(*words))
        except FAILURES as error:
            return type(error).__name__, False
        empty = isinstance(plain(reply), (dict, list, str, type(None)))
        return "None" if reply is None else type(reply).__name__, empty


def try_ids(
    executor: Executor, target: Target, tenant: Tenant, offers: frozenset[str], keep: Callable[[str], str]
) -> tuple[IdTried, ...]:
    """Ask for memories under ids that nobody should have; look into each by what the target `offers`.

    Each error's text goes through `keep`.
    """
    tried = (("''", ""), ("None", None), ("'   '", "   "), ("'*'", "*"), ("'<id> '", f"{tenant.id} "))
    found = []
    for shown, value in tried:
        posing = tenant.posing_as(value)
        try:
            memory = executor.memory(posing)
        except FAILURES as error:
            found.append(_unmade(shown, outcome(error, Channel.ADD, target, keep, unmade=True)))
        else:
            # What has no method is no memory.
            refused = IdTried(shown, Answer.REFUSED, "make_memory")
            found.append(_made(shown, executor, _look_of(posing, offers)) if methods(memory) else refused)
    return tuple(found)


def try_unknown(executor: Executor, tenant: Tenant, offers: frozenset[str]) -> tuple[IdTried, ...]:
    """Ask by the id of a record that nobody has; a crash that is an error of the target's own may mean no."""
    unknown = RecordRef(0, tenant.index)
    looks: dict[Channel, Operation] = {Channel.GET: Get(tenant, unknown), Channel.HISTORY: History(tenant, unknown)}
    seen = {channel: executor.perform(look, 0).observation for channel, look in looks.items() if channel in offers}
    return tuple(
        IdTried(f"`{channel}` of an id that no record has", Answer.OWN, said(one), one.own)
        for channel, one in seen.items()
        if isinstance(one, Crashed) and one.own
    )


def _unmade(shown: str, seen: Observation) -> IdTried:
    if isinstance(seen, Refused) and not seen.by_accident:
        return IdTried(shown, Answer.REFUSED, "make_memory")
    own = seen.own if isinstance(seen, Crashed) else ""
    return IdTried(shown, Answer.OWN if own else Answer.BROKE, said(seen), own)


def _made(shown: str, executor: Executor, look: Operation | None) -> IdTried:
    if look is not None:
        answer = executor.perform(look, 0).observation
        if isinstance(answer, Refused):
            return IdTried(shown, Answer.REFUSED, look.channel.value)
        if isinstance(answer, Crashed) and answer.own:
            return IdTried(shown, Answer.OWN, said(answer), answer.own)
    return IdTried(shown, Answer.ACCEPTED)


def _look_of(posing: Tenant, offers: frozenset[str]) -> Operation | None:
    fact = posing.facts[0]
    if Channel.SEARCH in offers:
        return Search(posing, fact.text, fact)
    return GetAll(posing, fact) if Channel.GET_ALL in offers else None


def said(seen: Observation) -> str:
    """Return an error in one line, with its place."""
    if not isinstance(seen, (Refused, Crashed)):
        return ""
    return f"{seen.kind}: {seen.message} ({seen.place})"
