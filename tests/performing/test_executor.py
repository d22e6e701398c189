import asyncio
import dataclasses
import functools
import threading
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from pathlib import Path
from types import MappingProxyType, SimpleNamespace
from typing import Any

import pytest

from memfence import (
    Add,
    Channel,
    Chat,
    Delete,
    DeleteAll,
    Get,
    GetAll,
    History,
    Operation,
    Population,
    ReadStorage,
    RecordRef,
    Reopen,
    Reset,
    Search,
    Step,
    Tenant,
    Update,
)
from memfence.judging.attribution import CanaryAttributor
from memfence.model.observations import Crashed, Outside, Refused, Returned, Trace
from memfence.performing.contract import Target, adapt
from memfence.performing.executor import Executor
from memfence.performing.redaction import Redaction

ALICE, BOB = Population(seed=1, size=2)
FACT, OTHER = ALICE.facts[0], ALICE.facts[1]


class Noting:
    """A memory that notes each call and answers as told."""

    def __init__(self, reply: object = None) -> None:
        self.calls: list[tuple[object, ...]] = []
        self.reply = reply

    def add(self, text: str, infer: bool = True) -> object:  # noqa: FBT001, FBT002 - mem0's own signature
        self.calls.append(("add", text, infer))
        return self.reply

    def search(self, query: str, top_k: int = 20, threshold: float = 0.1) -> object:
        self.calls.append(("search", query, top_k, threshold))
        return self.reply

    def get_all(self) -> object:
        self.calls.append(("get_all",))
        return self.reply

    def get(self, record_id: str) -> object:
        self.calls.append(("get", record_id))
        return self.reply

    def update(self, record_id: str, text: str) -> object:
        self.calls.append(("update", record_id, text))
        return self.reply

    def delete(self, record_id: str) -> object:
        self.calls.append(("delete", record_id))
        return self.reply

    def delete_all(self) -> object:
        self.calls.append(("delete_all",))
        return self.reply

    def history(self, record_id: str) -> object:
        self.calls.append(("history", record_id))
        return self.reply


class Silent:
    """A memory whose add returns nothing: ids stand in its listing alone. Removing may fail."""

    def __init__(self, *, stubborn: bool = False, listed: bool = True) -> None:
        self.stored: dict[str, str] = {}
        self.asked: list[str] = []
        self.stubborn = stubborn
        self.listed = listed

    def add(self, text: str) -> None:
        self.stored[f"r{len(self.stored)}"] = text

    def get_all(self) -> list[dict[str, str]]:
        if not self.listed:
            msg = "no listing today"
            raise RuntimeError(msg)
        return [{"id": key, "memory": text} for key, text in self.stored.items()]

    def get(self, record_id: str) -> str | None:
        self.asked.append(record_id)
        return self.stored.get(record_id)

    def delete(self, record_id: str) -> None:
        if self.stubborn:
            msg = "read only"
            raise RuntimeError(msg)
        del self.stored[record_id]


def named(user_id: str) -> Tenant:
    return dataclasses.replace(BOB, id=user_id)


def target(make_memory: Callable[[str], object]) -> Target:
    return Target("fake", make_memory=make_memory, packages=frozenset({__name__}))


def over(memory: object) -> Target:
    return target(lambda _: memory)


def run(executor: Executor, operations: Iterable[Operation]) -> Trace:
    return [executor.perform(operation, index) for index, operation in enumerate(operations, 1)]


def ids_asked(memory: Noting, name: str) -> list[object]:
    return [call[1] for call in memory.calls if call[0] == name]


@pytest.fixture
def noting() -> Noting:
    return Noting({"results": [{"id": "r1", "memory": FACT.text}]})


def test_each_operation_is_one_call_with_positional_arguments(noting: Noting) -> None:
    record = RecordRef(1, ALICE.index)
    operations = [
        Add(ALICE, FACT),
        Search(ALICE, "diet", FACT),
        GetAll(ALICE, FACT),
        Get(ALICE, record),
        Update(ALICE, record, "new text"),
        Delete(ALICE, record),
        DeleteAll(ALICE, BOB.index),
        History(ALICE, record),
    ]

    with Executor(over(noting)) as executor:
        run(executor, operations)

    assert noting.calls == [
        ("add", FACT.text, False),
        ("search", "diet", 20, 0),
        ("get_all",),
        ("get", "r1"),
        ("update", "r1", "new text"),
        ("delete", "r1"),
        ("delete_all",),
        ("history", "r1"),
    ]


def test_a_trace_counts_from_1_and_keeps_operation_and_observation(noting: Noting) -> None:
    operations = [Add(ALICE, FACT), GetAll(ALICE, FACT)]

    with Executor(over(noting)) as executor:
        trace = run(executor, operations)

    assert [step.index for step in trace] == [1, 2]
    assert [step.operation for step in trace] == operations
    assert all(isinstance(step.observation, Returned) for step in trace)
    assert trace[0].record == RecordRef(1, ALICE.index)


received: list[dict[str, object]] = []


def search_bare(query: str) -> None:
    received.append({"query": query})


def search_limit(query: str, limit: int = 100) -> None:
    received.append({"query": query, "limit": limit})


def search_threshold(query: str, *, threshold: float = 0.1) -> None:
    received.append({"query": query, "threshold": threshold})


def search_anything(query: str, **options: object) -> None:
    received.append({"query": query, **options})


@pytest.mark.parametrize(
    ("search", "top_k", "sent"),
    [
        (search_bare, 3, {}),
        (search_limit, 3, {"limit": 3}),
        (search_limit, None, {"limit": 100}),
        (search_threshold, 3, {"threshold": 0}),
        (search_anything, 3, {}),
    ],
)
def test_an_option_is_passed_only_where_the_signature_names_it(
    search: Callable[[str], object], top_k: int | None, sent: dict[str, object]
) -> None:
    received.clear()

    with Executor(over(SimpleNamespace(search=search)), top_k=top_k) as executor:
        executor.perform(Search(ALICE, "diet", FACT), 1)

    assert received == [{"query": "diet", **sent}]


def search_by_position(query: str, limit: int = 100, /) -> None:
    received.append({"query": query, "limit": limit})


def search_by_surplus(query: str, *limit: int) -> None:
    received.append({"query": query, "limit": limit})


def decorated(search: Callable[..., None]) -> Callable[[str], None]:
    @functools.wraps(search)
    def wrapper(query: str) -> None:
        search(query)

    return wrapper


@pytest.mark.parametrize(
    ("search", "limit"),
    [(search_by_position, 100), (search_by_surplus, ()), (decorated(search_limit), 100)],
    ids=["by position", "by surplus", "decorated"],
)
def test_an_option_that_cannot_be_passed_by_name_is_not_passed(search: Callable[[str], object], limit: object) -> None:
    received.clear()

    with Executor(over(SimpleNamespace(search=search)), top_k=3) as executor:
        executor.perform(Search(ALICE, "diet", FACT), 1)

    assert received == [{"query": "diet", "limit": limit}]


def test_a_callable_that_cannot_be_hashed_is_called_like_any_other() -> None:
    class Unhashable:
        __hash__ = None  # type: ignore[assignment]  # the point

        def __call__(self, query: str, *, threshold: float = 0.1) -> list[str]:
            return [f"{query} {threshold}"]

    with Executor(over(SimpleNamespace(search=Unhashable()))) as executor:
        step = executor.perform(Search(ALICE, "diet", FACT), 1)

    assert shown(step) == ["diet 0"]


def test_what_is_passed_by_name_can_be_asked_for(noting: Noting) -> None:
    with Executor(over(noting), top_k=3) as executor:
        run(executor, [Add(ALICE, FACT), Search(ALICE, "diet", FACT), GetAll(ALICE, FACT)])

    assert executor.passed == {
        Channel.ADD: {"infer": False},
        Channel.SEARCH: {"threshold": 0, "top_k": 3},
        Channel.GET_ALL: {},
    }


def test_infer_is_not_passed_where_it_is_not_named() -> None:
    memory = Silent()

    with Executor(over(memory)) as executor:
        step = executor.perform(Add(ALICE, FACT), 1)

    assert isinstance(step.observation, Returned)
    assert memory.stored == {"r0": FACT.text}


def test_a_method_without_a_readable_signature_gets_the_arguments_alone() -> None:
    found: list[str] = []

    with Executor(over(SimpleNamespace(search=found.append))) as executor:
        executor.perform(Search(ALICE, "diet", FACT), 1)

    # inspect finds no signature for type itself.
    with Executor(over(SimpleNamespace(search=type))) as executor:
        step = executor.perform(Search(ALICE, "diet", FACT), 1)

    assert found == ["diet"]
    assert isinstance(step.observation, Returned)


def test_top_k_reaches_a_search_that_names_it(noting: Noting) -> None:
    with Executor(over(noting), top_k=3) as executor:
        executor.perform(Search(ALICE, "diet", FACT), 1)

    assert noting.calls == [("search", "diet", 3, 0)]


def test_a_memory_is_made_once_per_user_id(noting: Noting) -> None:
    made: list[str] = []

    def make_memory(user_id: str) -> Noting:
        made.append(user_id)
        return noting

    with Executor(target(make_memory)) as executor:
        run(executor, [GetAll(ALICE, FACT), GetAll(BOB, FACT), GetAll(ALICE, FACT)])

    assert made == [ALICE.id, BOB.id]


def test_only_so_many_memories_are_held_open_and_the_oldest_unused_goes_first() -> None:
    made: list[str] = []

    with Executor(target(made.append)) as executor:
        executor.memory(named("first"))
        executor.memory(named("second"))
        for number in range(4094):
            executor.memory(named(f"u{number}"))
        executor.memory(named("first"))
        executor.memory(named("one too many"))
        made.clear()
        executor.memory(named("first"))
        executor.memory(named("second"))

    assert made == ["second"]


def test_another_tenants_memory_may_be_used_for_a_control() -> None:
    memories = {ALICE.id: Noting(), BOB.id: Noting()}

    with Executor(target(memories.__getitem__)) as executor:
        step = executor.perform(GetAll(BOB, FACT), 1, through=ALICE)

    assert memories[ALICE.id].calls == [("get_all",)]
    assert memories[BOB.id].calls == []
    assert step.operation.principal == BOB


def test_awaitable_replies_and_an_awaitable_memory_are_awaited() -> None:
    class Later:
        async def add(self, text: str) -> dict[str, str]:
            await asyncio.sleep(0)
            return {"id": "r1", "memory": text}

        def get_all(self) -> Awaitable[list[str]]:
            async def wait() -> list[str]:
                return [FACT.text]

            return wait()

    async def make_memory(user_id: str) -> Later:
        await asyncio.sleep(0)
        assert user_id == ALICE.id
        return Later()

    with Executor(target(make_memory)) as executor:
        trace = run(executor, [Add(ALICE, FACT), GetAll(ALICE, FACT)])

    texts = [
        record.text for step in trace if isinstance(step.observation, Returned) for record in step.observation.records
    ]
    assert texts == [FACT.text, FACT.text]


def test_all_calls_of_an_executor_share_one_event_loop() -> None:
    loops: list[asyncio.AbstractEventLoop] = []

    class Later:
        async def get_all(self) -> None:
            loops.append(asyncio.get_running_loop())

    with Executor(over(Later())) as executor:
        run(executor, [GetAll(ALICE, FACT), GetAll(BOB, FACT)])

    assert len(set(map(id, loops))) == 1
    assert loops[0].is_closed()


def test_an_error_of_an_awaited_reply_is_an_observation() -> None:
    class Later:
        async def get_all(self) -> None:
            msg = "not yours"
            raise PermissionError(msg)

    with Executor(over(Later())) as executor:
        step = executor.perform(GetAll(ALICE, FACT), 1)

    assert isinstance(step.observation, Refused)
    assert (step.observation.kind, step.observation.message) == ("PermissionError", "not yours")


def test_what_an_asynchronous_generator_yields_is_read() -> None:
    async def get_all() -> AsyncIterator[str]:
        await asyncio.sleep(0)
        yield FACT.text
        yield OTHER.text

    async def search(query: str) -> AsyncIterator[str]:
        assert query
        return get_all()

    with Executor(over(SimpleNamespace(get_all=get_all, search=search))) as executor:
        trace = run(executor, [GetAll(ALICE, FACT), Search(ALICE, "diet", FACT)])

    assert [shown(step) for step in trace] == [[FACT.text, OTHER.text]] * 2


def test_an_asynchronous_generator_that_fails_is_a_crash() -> None:
    async def get_all() -> AsyncIterator[str]:
        yield FACT.text
        raise asyncio.CancelledError

    with Executor(over(SimpleNamespace(get_all=get_all))) as executor:
        trace = run(executor, [GetAll(ALICE, FACT)] * 2)

    assert [crash(step) for step in trace] == ["CancelledError"] * 2


def failing(error: BaseException) -> Target:
    def get_all() -> None:
        raise error

    return over(SimpleNamespace(get_all=get_all))


def test_a_refusal_is_an_observation() -> None:
    with Executor(failing(ValueError("not you"))) as executor:
        step = executor.perform(GetAll(ALICE, FACT), 1)

    assert isinstance(step.observation, Refused)
    assert (step.observation.kind, step.observation.message) == ("ValueError", "not you")


def test_a_crash_is_an_observation_with_its_place() -> None:
    with Executor(failing(RuntimeError("broken"))) as executor:
        step = executor.perform(GetAll(ALICE, FACT), 1)

    assert isinstance(step.observation, Crashed)
    assert (step.observation.kind, step.observation.message) == ("RuntimeError", "broken")
    assert step.observation.place.endswith(" in get_all")


def crash(step: Step) -> str:
    assert isinstance(step.observation, Crashed)
    return step.observation.kind


@pytest.mark.parametrize("error", [SystemExit(1), asyncio.CancelledError(), RecursionError(), MemoryError()])
def test_whatever_a_target_raises_is_an_observation(error: BaseException) -> None:
    with Executor(failing(error)) as executor:
        step = executor.perform(GetAll(ALICE, FACT), 1)

    assert crash(step) == type(error).__name__


@pytest.mark.parametrize("error", [SystemExit(1), asyncio.CancelledError()])
def test_the_event_loop_survives_whatever_an_awaited_reply_raises(error: BaseException) -> None:
    class Later:
        async def get_all(self) -> None:
            await asyncio.sleep(0)
            raise error

        async def search(self, query: str) -> list[str]:
            await asyncio.sleep(0)
            return [query]

    with Executor(over(Later())) as executor:
        trace = run(executor, [GetAll(ALICE, FACT), Search(ALICE, "diet", FACT)])

    assert crash(trace[0]) == type(error).__name__
    assert shown(trace[1]) == ["diet"]


class Odd:
    """What raises when it is read."""

    def __init__(self, error: BaseException) -> None:
        self._error = error

    def model_dump(self) -> None:
        raise self._error


@pytest.mark.parametrize("error", [SystemExit(1), asyncio.CancelledError(), RuntimeError("gone")])
@pytest.mark.parametrize(
    "wrap", [lambda odd: odd, lambda odd: {"results": [odd]}, lambda odd: [{"id": "r1", "x": odd}]]
)
@pytest.mark.parametrize("operation", [Add(ALICE, FACT), GetAll(ALICE, FACT)], ids=["add", "get_all"])
def test_a_reply_that_cannot_be_read_is_a_crash(
    error: BaseException, wrap: Callable[[Odd], object], operation: Operation
) -> None:
    memory = SimpleNamespace(add=lambda _: wrap(Odd(error)), get_all=lambda: wrap(Odd(error)))

    with Executor(over(memory)) as executor:
        step = executor.perform(operation, 1)

    assert crash(step) == type(error).__name__


def test_a_reply_too_deep_to_be_read_is_a_crash() -> None:
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]

    with Executor(over(Noting(deep))) as executor:
        step = executor.perform(GetAll(ALICE, FACT), 1)

    assert crash(step) == "RecursionError"


@pytest.mark.parametrize("error", [KeyboardInterrupt, GeneratorExit])
def test_what_is_not_the_targets_ends_the_reading_too(error: type[BaseException]) -> None:
    with Executor(over(Noting(Odd(error())))) as executor, pytest.raises(error):
        executor.perform(GetAll(ALICE, FACT), 1)


def test_a_method_that_cannot_be_read_is_a_crash() -> None:
    class Half:
        @property
        def get_all(self) -> None:
            raise SystemExit

    with Executor(over(Half())) as executor:
        step = executor.perform(GetAll(ALICE, FACT), 1)

    assert crash(step) == "SystemExit"


def test_an_adds_reply_that_can_be_read_once_gives_both_record_and_id() -> None:
    memory = Noting()
    memory.add = lambda text, infer=True: iter([{"id": "r1", "memory": text}])  # type: ignore[method-assign]  # noqa: ARG005 - named by mem0

    with Executor(over(memory)) as executor:
        planted = executor.perform(Add(ALICE, FACT), 1)
        executor.perform(Get(BOB, planted.record), 2)

    assert shown(planted) == [FACT.text]
    assert ids_asked(memory, "get") == ["r1"]


def test_the_id_of_an_add_is_that_of_the_record_with_its_canary() -> None:
    memory = Noting([{"id": "old", "memory": OTHER.text}, {"id": "new", "memory": FACT.text}])

    with Executor(over(memory)) as executor:
        planted = executor.perform(Add(ALICE, FACT), 1)
        executor.perform(Get(BOB, planted.record), 2)

    assert ids_asked(memory, "get") == ["new"]


def test_a_factory_that_fails_is_an_observation() -> None:
    def make_memory(user_id: str) -> None:
        raise RuntimeError(user_id)

    with Executor(target(make_memory)) as executor:
        step = executor.perform(GetAll(ALICE, FACT), 1)

    assert isinstance(step.observation, Crashed)
    assert step.observation.message == ALICE.id


def test_a_method_that_takes_other_arguments_is_a_crash_and_no_refusal() -> None:
    def search() -> list[str]:
        return []

    with Executor(over(SimpleNamespace(search=search))) as executor:
        step = executor.perform(Search(ALICE, "diet", FACT), 1)

    assert isinstance(step.observation, Crashed)
    assert step.observation.kind == "TypeError"


def test_ctrl_c_is_no_observation() -> None:
    def get_all() -> None:
        raise KeyboardInterrupt

    with Executor(over(SimpleNamespace(get_all=get_all))) as executor, pytest.raises(KeyboardInterrupt):
        executor.perform(GetAll(ALICE, FACT), 1)


def test_texts_that_must_not_be_kept_are_replaced_in_replies_and_errors() -> None:
    with Executor(over(Noting("somebody's secret")), keep=lambda _: "-") as executor:
        returned = executor.perform(GetAll(ALICE, FACT), 1)
    with Executor(failing(RuntimeError("somebody's secret")), keep=lambda _: "-") as executor:
        crashed = executor.perform(GetAll(ALICE, FACT), 1)

    assert "secret" not in repr((returned.observation, crashed.observation))


def test_an_id_that_add_did_not_return_is_found_by_its_canary() -> None:
    memory = Silent()
    memory.add(OTHER.text)

    with Executor(over(memory)) as executor:
        planted = executor.perform(Add(ALICE, FACT), 1)
        executor.perform(Get(BOB, planted.record), 2)
        executor.perform(Get(BOB, planted.record), 3)

    assert memory.asked == ["r1", "r1"]


def test_the_canary_is_looked_for_in_its_owners_listing_and_not_the_attackers() -> None:
    memories = {ALICE.id: Silent(), BOB.id: Silent()}

    with Executor(target(memories.__getitem__)) as executor:
        planted = executor.perform(Add(ALICE, FACT), 1)
        executor.perform(Get(BOB, planted.record), 2)

    assert memories[BOB.id].asked == ["r0"]
    assert memories[ALICE.id].asked == []


def unknown_ids(memory: Noting, references: list[RecordRef]) -> list[object]:
    with Executor(over(memory)) as executor:
        run(executor, [Get(BOB, reference) for reference in references])
    return ids_asked(memory, "get")


def test_a_reference_whose_add_is_missing_is_a_well_formed_unknown_id() -> None:
    (asked,) = unknown_ids(Noting(), [RecordRef(1, ALICE.index)])

    assert str(uuid.UUID(str(asked))) == asked


def test_an_unknown_id_is_the_same_in_every_execution_and_its_own_for_each_record() -> None:
    references = [RecordRef(1, ALICE.index), RecordRef(2, ALICE.index), RecordRef(1, BOB.index)]

    first, second = unknown_ids(Noting(), references), unknown_ids(Noting(), references)

    assert first == second
    assert len(set(first)) == 3


def test_a_record_that_was_never_listed_has_an_unknown_id() -> None:
    memory = Noting()

    with Executor(over(memory)) as executor:
        planted = executor.perform(Add(ALICE, FACT), 1)
        executor.perform(Get(BOB, planted.record), 2)

    (asked,) = ids_asked(memory, "get")
    assert str(uuid.UUID(str(asked))) == asked


def test_an_add_that_failed_leaves_an_unknown_id() -> None:
    class Full(Noting):
        def add(self, text: str, infer: bool = True) -> object:  # noqa: FBT001, FBT002 - mem0's own signature
            msg = f"no room for {text} {infer}"
            raise RuntimeError(msg)

    memory = Full([{"id": "r1", "memory": "somebody else's"}])

    with Executor(over(memory)) as executor:
        planted = executor.perform(Add(ALICE, FACT), 1)
        executor.perform(Get(BOB, planted.record), 2)

    assert ids_asked(memory, "get") != ["r1"]


def test_nothing_is_removed_for_a_tenant_that_added_nothing(noting: Noting) -> None:
    with Executor(over(noting)) as executor:
        left = executor.forget(ALICE)

    assert left == 0
    assert noting.calls == []


def test_only_records_with_the_tenants_own_canaries_are_removed() -> None:
    memory = Silent()
    memory.add("A stranger's text.")
    memory.add(BOB.facts[0].text)

    with Executor(over(memory)) as executor:
        run(executor, [Add(ALICE, FACT), Add(ALICE, FACT), Add(ALICE, OTHER)])
        left = executor.forget(ALICE)

    assert left == 0
    assert list(memory.stored.values()) == ["A stranger's text.", BOB.facts[0].text]


class Rewording(Silent):
    """What it stores has the fact's name and no code."""

    def add(self, text: str) -> None:
        super().add(f"The user: {text.partition(';')[0].upper()}")


def test_what_was_rephrased_is_removed_by_its_name() -> None:
    memory = Rewording()
    memory.add("A stranger's text.")
    memory.add(BOB.facts[0].text)

    with Executor(over(memory)) as executor:
        run(executor, [Add(ALICE, FACT), Add(ALICE, OTHER)])
        left = executor.forget(ALICE)

    assert left == 0
    assert len(memory.stored) == 2


def test_another_tenants_records_stay_until_it_is_their_turn() -> None:
    memory = Silent()

    with Executor(over(memory)) as executor:
        run(executor, [Add(ALICE, FACT), Add(BOB, BOB.facts[0])])
        executor.forget(ALICE)

    assert list(memory.stored.values()) == [BOB.facts[0].text]


def test_records_that_cannot_be_removed_are_counted() -> None:
    with Executor(over(Silent(stubborn=True))) as executor:
        run(executor, [Add(ALICE, FACT), Add(ALICE, OTHER)])

        assert executor.forget(ALICE) == 2


def test_records_without_an_id_cannot_be_removed() -> None:
    class Bare(Silent):
        def get_all(self) -> list[str]:  # type: ignore[override]  # a list of strings is a shape of its own
            return list(self.stored.values())

    with Executor(over(Bare())) as executor:
        executor.perform(Add(ALICE, FACT), 1)

        assert executor.forget(ALICE) == 1


def test_without_a_listing_the_ids_that_the_adds_returned_must_do() -> None:
    class Telling(Silent):
        def add(self, text: str) -> str:  # type: ignore[override]  # this one returns what it stored
            super().add(text)
            return {"id": f"r{len(self.stored) - 1}", "memory": text}  # type: ignore[return-value]  # as above

    telling, silent = Telling(listed=False), Silent(listed=False)

    with Executor(over(telling)) as executor:
        executor.perform(Add(ALICE, FACT), 1)
        told = executor.forget(ALICE)
    with Executor(over(silent)) as executor:
        executor.perform(Add(ALICE, FACT), 1)
        untold = executor.forget(ALICE)

    assert (told, telling.stored) == (0, {})
    assert (untold, silent.stored) == (1, {"r0": FACT.text})


class Store:
    """A memory that stores, finds and removes; what it has no method for is left out by name."""

    def __init__(self, *missing: str) -> None:
        self.stored: dict[str, str] = {"theirs": "A stranger's text."}
        self.removed: list[str] = []
        for name in missing:
            setattr(self, name, None)

    def add(self, text: str) -> object:
        self.stored[f"r{len(self.stored)}"] = text
        return [{"id": f"r{len(self.stored) - 1}", "memory": text}]

    def get(self, record_id: str) -> object:
        return {"id": record_id, "memory": self.stored[record_id]}

    def get_all(self) -> object:
        return [{"id": key, "memory": text} for key, text in self.stored.items()]

    def search(self, query: str) -> object:
        return [{"id": key, "memory": text} for key, text in self.stored.items() if query in text]

    def delete(self, record_id: str) -> None:
        del self.stored[record_id]
        self.removed.append(record_id)

    def delete_all(self) -> None:
        pytest.fail("it could be the broken one")


def left_of(memory: Store, *operations: Operation) -> int:
    with Executor(over(memory)) as executor:
        run(executor, operations or [Add(ALICE, FACT), Add(ALICE, OTHER)])
        return executor.forget(ALICE)


ONLY_THEIRS = {"theirs": "A stranger's text."}


@pytest.mark.parametrize(
    "missing", [(), ("get",), ("get_all",), ("search",), ("get", "search"), ("get_all", "search"), ("get", "get_all")]
)
def test_what_was_stored_is_removed_whichever_way_there_is_to_look(missing: tuple[str, ...]) -> None:
    memory = Store(*missing)

    assert left_of(memory) == 0
    assert memory.stored == ONLY_THEIRS


def test_where_nothing_can_be_looked_at_a_delete_that_succeeds_must_do() -> None:
    memory = Store("get", "get_all", "search")

    assert left_of(memory) == 0
    assert memory.stored == ONLY_THEIRS


@pytest.mark.parametrize("missing", [("delete",), ("delete", "get"), ("delete", "get", "get_all", "search")])
def test_without_a_delete_each_fact_is_counted(missing: tuple[str, ...]) -> None:
    assert left_of(Store(*missing)) == 2


def test_a_fact_stored_twice_is_counted_once() -> None:
    assert left_of(Store("delete"), Add(ALICE, FACT), Add(ALICE, FACT)) == 1


def test_a_fact_that_is_gone_already_is_not_counted() -> None:
    memory = Store()

    assert left_of(memory, Add(ALICE, FACT), Delete(ALICE, RecordRef(1, ALICE.index))) == 0
    assert memory.removed == ["r1"]


@pytest.mark.parametrize("missing", [("get_all",), ("get_all", "search")])
def test_a_delete_that_does_nothing_is_counted(missing: tuple[str, ...]) -> None:
    class Swallowing(Store):
        def delete(self, record_id: str) -> None:
            self.removed.append(record_id)

    assert left_of(Swallowing()) == 2
    assert left_of(Swallowing(*missing)) == 2


def test_a_delete_that_raises_after_removing_is_not_counted() -> None:
    class Late(Store):
        def delete(self, record_id: str) -> None:
            super().delete(record_id)
            raise TimeoutError

    assert left_of(Late()) == 0
    assert left_of(Late("get_all", "search")) == 0


def test_a_record_that_a_cut_listing_hides_and_a_failed_delete_left_is_counted() -> None:
    class Cut(Store):
        def get_all(self) -> object:
            return []

        def delete(self, record_id: str) -> None:
            raise TimeoutError(record_id)

    assert left_of(Cut()) == 2


def test_an_id_that_has_come_to_stand_for_a_strangers_record_is_not_removed() -> None:
    class Reusing(Store):
        def add(self, text: str) -> object:
            self.stored["r1"] = f"A stranger's text, {len(text)} characters."
            return [{"id": "r1"}]

    memory = Reusing()

    assert left_of(memory) == 0
    assert memory.removed == []


@pytest.mark.parametrize(
    "item", [{"id": "theirs", "event": "UPDATE"}, {"id": "theirs", "memory": "A stranger's text."}]
)
def test_what_an_add_lists_and_did_not_store_is_not_removed_unseen(item: dict[str, str]) -> None:
    class Listing(Store):
        def add(self, text: str) -> object:
            super().add(text)
            return [item]

    memory = Listing("get", "get_all", "search")

    assert left_of(memory) == 2
    assert memory.removed == []


def test_what_an_add_says_is_new_is_removed_unseen() -> None:
    class Terse(Store):
        def add(self, text: str) -> object:
            super().add(text)
            return {"results": [{"id": f"r{len(self.stored) - 1}", "event": "ADD"}]}

    memory = Terse("get", "get_all", "search")

    assert left_of(memory) == 0
    assert memory.stored == ONLY_THEIRS


def test_a_record_whose_add_raised_after_storing_it_is_removed_or_counted() -> None:
    class Late(Store):
        def add(self, text: str) -> object:
            super().add(text)
            raise TimeoutError

    listed, found, blind = Late(), Late("get_all"), Late("get_all", "search")

    assert (left_of(listed), listed.stored) == (0, ONLY_THEIRS)
    assert left_of(found) == 2
    assert left_of(blind) == 2


def test_pages_are_removed_until_none_shows_an_own_record() -> None:
    class Cut(Silent):
        def get_all(self) -> list[dict[str, str]]:
            return super().get_all()[:2]

    memory = Cut()
    tenant = next(iter(Population(seed=1, size=1, facts=9)))

    with Executor(over(memory)) as executor:
        run(executor, [Add(tenant, fact) for fact in tenant.facts])
        left = executor.forget(tenant)

    assert (left, memory.stored) == (0, {})


def test_a_store_that_makes_new_records_of_removed_ones_is_given_up() -> None:
    class Undying(Store):
        def delete(self, record_id: str) -> None:
            self.stored[f"r{len(self.removed) + 100}"] = self.stored[record_id]
            super().delete(record_id)

    assert left_of(Undying()) == 2


def test_a_canary_beside_the_text_is_an_own_one_too_and_in_capitals_or_not() -> None:
    class Rewriting(Store):
        def get_all(self) -> object:
            rest = {key: text for key, text in self.stored.items() if key != "theirs"}
            return [{"id": key, "memory": "?", "metadata": {"original": text.lower()}} for key, text in rest.items()]

        def add(self, text: str) -> object:
            super().add(text)
            return None

    memory = Rewriting("search")

    assert left_of(memory) == 0
    assert memory.stored == ONLY_THEIRS


@pytest.mark.parametrize("error", [RuntimeError("down"), SystemExit(1), asyncio.CancelledError()])
def test_cleaning_up_never_raises(error: BaseException) -> None:
    class Down(Store):
        down = False

        def __getattribute__(self, name: str) -> object:
            if object.__getattribute__(self, "down") and not name.startswith("_"):
                raise error
            return object.__getattribute__(self, name)

    memory = Down()

    with Executor(over(memory)) as executor:
        run(executor, [Add(ALICE, FACT), Add(ALICE, OTHER)])
        Down.down = True
        left = executor.forget(ALICE)
        Down.down = False

    assert left == 2


@pytest.mark.parametrize("error", [RuntimeError("down"), SystemExit(1), asyncio.CancelledError()])
def test_a_store_that_answers_no_more_has_everything_left(error: BaseException) -> None:
    class Down(Store):
        def answer(self, *_: str) -> object:
            raise error

        get = get_all = search = delete = answer  # type: ignore[assignment]  # all alike

    assert left_of(Down()) == 2


def test_a_tenant_whose_memory_is_made_no_more_has_everything_left() -> None:
    made: list[str] = []

    def make_memory(user_id: str) -> Store:
        made.append(user_id)
        if made.count(ALICE.id) > 1:
            raise SystemExit(1)
        return Store()

    with Executor(target(make_memory)) as executor:
        run(executor, [Add(ALICE, FACT), Add(ALICE, OTHER)])
        for number in range(4096):
            executor.memory(named(f"u{number}"))

        assert executor.forget(ALICE) == 2


class Ticking:
    """A clock that goes on by one second at each look."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 1.0
        return self.now


class Eventual:
    """A memory that shows a record from the third search after it was added."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.searches = 0

    def add(self, text: str) -> None:
        self.texts.append(text)

    def search(self, query: str) -> list[str]:
        assert query
        self.searches += 1
        return self.texts if self.searches >= 3 else []


def shown(step: Step) -> list[str]:
    assert isinstance(step.observation, Returned)
    return [record.text for record in step.observation.records]


def test_a_stored_fact_is_awaited_until_its_owner_sees_it() -> None:
    memory = Eventual()

    with Executor(over(memory), settle=1000, clock=Ticking()) as executor:
        trace = run(executor, [Add(ALICE, FACT), Search(ALICE, FACT.text, FACT)])

    assert shown(trace[1]) == [FACT.text]
    assert memory.searches == 4


def test_without_settle_nothing_is_awaited() -> None:
    memory = Eventual()

    with Executor(over(memory), clock=Ticking()) as executor:
        trace = run(executor, [Add(ALICE, FACT), Search(ALICE, FACT.text, FACT)])

    assert shown(trace[1]) == []
    assert memory.searches == 1


def test_without_a_search_a_stored_fact_is_awaited_in_the_listing() -> None:
    memory = Eventual()
    listing = SimpleNamespace(add=memory.add, get_all=lambda: memory.search("anything"))

    with Executor(over(listing), settle=1000, clock=Ticking()) as executor:
        executor.perform(Add(ALICE, FACT), 1)

    assert memory.searches == 3


def test_where_there_is_no_way_to_look_nothing_is_awaited() -> None:
    clock = Ticking()

    with Executor(over(SimpleNamespace(add=str)), settle=1000, clock=clock) as executor:
        executor.perform(Add(ALICE, FACT), 1)

    assert clock.now < 10


def test_a_fact_that_never_shows_is_awaited_no_longer_than_settle() -> None:
    clock = Ticking()

    with Executor(over(Noting()), settle=5, clock=clock) as executor:
        executor.perform(Add(ALICE, FACT), 1)

    assert 5 <= clock.now < 15


def test_an_add_that_failed_is_not_awaited() -> None:
    searches: list[str] = []

    def add(text: str) -> None:
        raise PermissionError(text)

    with Executor(over(SimpleNamespace(add=add, search=searches.append)), settle=5, clock=Ticking()) as executor:
        executor.perform(Add(ALICE, FACT), 1)

    assert searches == []


def test_the_time_inside_the_target_is_counted_also_where_it_fails() -> None:
    clock = Ticking()

    def get_all() -> None:
        clock.now += 100
        msg = "broken"
        raise RuntimeError(msg)

    with Executor(over(SimpleNamespace(get_all=get_all)), clock=clock) as executor:
        step = executor.perform(GetAll(ALICE, FACT), 1)

    assert executor.inside == 101
    assert step.seconds > executor.inside


def test_a_lazy_reply_is_read() -> None:
    with Executor(over(SimpleNamespace(get_all=lambda: iter([FACT.text])))) as executor:
        step = executor.perform(GetAll(ALICE, FACT), 1)

    assert shown(step) == [FACT.text]


def test_a_lazy_reply_that_fails_is_a_crash() -> None:
    def get_all() -> Iterator[str]:
        yield FACT.text
        msg = "connection lost"
        raise RuntimeError(msg)

    with Executor(over(SimpleNamespace(get_all=get_all))) as executor:
        step = executor.perform(GetAll(ALICE, FACT), 1)

    assert isinstance(step.observation, Crashed)
    assert (step.observation.kind, step.observation.message) == ("RuntimeError", "connection lost")


# What a caller passes beside the text: filters, metadata, further ids.


class Taking:
    """A memory that notes what it is given by name, and under which ids it was made."""

    def __init__(self, given: list[object], *ids: object) -> None:
        self.given = given
        self.ids = ids

    def add(self, text: str, metadata: object = None) -> dict[str, str]:
        self.given.append(metadata)
        return {"id": "r1", "memory": text}

    def search(self, query: str, filters: object = None, threshold: float = 0.1) -> str:
        self.given.append((filters, threshold))
        return query

    def get_all(self, filters: object = None) -> None:
        self.given.append(filters)

    def update(self, record_id: str, text: str, metadata: object = None) -> str:
        del record_id
        self.given.append(metadata)
        return text


def test_filters_and_metadata_are_passed_where_they_are_given_as_plain_dicts_of_their_own() -> None:
    given: list[object] = []
    hostile = {"user_id": BOB.id}
    operations: list[Operation] = [
        Add(ALICE, FACT, metadata=MappingProxyType(hostile)),
        Search(ALICE, "diet", FACT, MappingProxyType(hostile)),
        GetAll(ALICE, FACT, hostile),
        Update(ALICE, RecordRef(1, ALICE.index), "new", MappingProxyType(hostile)),
    ]

    with Executor(over(Taking(given))) as executor:
        run(executor, operations)

    assert given == [hostile, (hostile, 0), hostile, hostile]
    assert {type(one[0] if isinstance(one, tuple) else one) for one in given} == {dict}
    assert all(one is not hostile for one in given)


def test_filters_and_metadata_that_nobody_gives_are_left_to_the_target() -> None:
    given: list[object] = []

    with Executor(over(Taking(given))) as executor:
        run(executor, [Add(ALICE, FACT), Search(ALICE, "x", FACT), GetAll(ALICE, FACT)])

    assert given == [None, (None, 0), None]


def test_an_add_may_send_another_text_than_its_facts() -> None:
    memory = Silent()

    with Executor(over(memory)) as executor:
        executor.perform(Add(ALICE, FACT, text=f"{FACT.text} And more."), 1)

    assert memory.stored == {"r0": f"{FACT.text} And more."}


def test_each_id_each_scope_and_each_client_has_a_memory_of_its_own() -> None:
    made: list[tuple[object, ...]] = []

    class Both:
        def make_memory(self, user_id: object, **within: str) -> Noting:
            made.append((user_id, within))
            return Noting()

        async def make_async_memory(self, user_id: object, **within: str) -> Noting:
            made.append(("async", user_id, within))
            return Noting()

    principals = [
        ALICE,
        ALICE.in_scope(agent_id="cook", run_id="1"),
        ALICE.through_async(),
        *(ALICE.posing_as(alias) for alias in ("1", 1, 1.0, True, None, [ALICE.id], {"ne": "x"})),
    ]
    with Executor(adapt(Both(), "both")) as executor:
        run(executor, [GetAll(principal, FACT) for principal in (*principals, *principals)])

    assert [repr(one) for one in made] == [
        repr((ALICE.id, {})),
        repr((ALICE.id, {"agent_id": "cook", "run_id": "1"})),
        repr(("async", ALICE.id, {})),
        *(repr((alias, {})) for alias in ("1", 1, 1.0, True, None, [ALICE.id], {"ne": "x"})),
    ]


def test_where_there_is_one_client_it_serves_asynchronous_tenants_too() -> None:
    with Executor(over(Noting([FACT.text]))) as executor:
        assert shown(executor.perform(GetAll(ALICE.through_async(), FACT), 1)) == [FACT.text]


def test_a_tenant_that_posed_or_spoke_in_another_scope_is_cleaned_up_there_too() -> None:
    memories: dict[str, Silent] = {}

    def make_memory(user_id: object, run_id: str = "") -> Silent:
        return memories.setdefault(f"{user_id}/{run_id}", Silent())

    with Executor(Target("fake", make_memory=make_memory)) as executor:
        run(executor, [Add(ALICE.posing_as("7"), FACT), Add(ALICE.in_scope(run_id="1"), FACT), Add(BOB, BOB.facts[0])])
        left = executor.forget(ALICE)

    assert left == 0
    assert {name: list(memory.stored.values()) for name, memory in memories.items() if memory.stored} == {
        f"{BOB.id}/": [BOB.facts[0].text]
    }


# The whole world: its prompts, its storage, its end and beginning.


class Whole:
    """A target that says all it can; its memories belong to the world that made them."""

    packages = (__name__,)

    def __init__(self) -> None:
        self.events: list[str] = []
        self.sent: list[str] = []
        self.stored: dict[str, list[str]] = {"records": []}

    def start(self) -> None:
        self.events.append("start")
        self.stored = {"records": []}

    async def reopen(self) -> None:
        self.events.append("reopen")

    def reset(self) -> None:
        self.events.append("reset")
        self.stored["records"].clear()

    async def async_reset(self) -> None:
        self.events.append("async_reset")
        self.stored["records"].clear()

    def storage(self) -> object:
        return self.stored

    def prompts(self) -> object:
        return self.sent

    def make_memory(self, user_id: str) -> Any:
        self.events.append(f"made {user_id}")
        return Chatty(self)


class Chatty:
    def __init__(self, world: Whole) -> None:
        self.world = world

    def add(self, text: str, *, infer: bool = True) -> list[str]:
        if infer:
            self.world.sent += [f"Extract facts from: {text}", "Merge them."]
        self.world.stored["records"].append(text)
        return [text]

    def get_all(self) -> list[str]:
        return list(self.world.stored["records"])


PROMPT = "the prompt to the extraction LLM"


def whole(world: Whole, **options: Any) -> Executor:
    return Executor(adapt(world, "whole"), **options)


def test_a_chat_says_its_fact_with_extraction_and_keeps_the_prompts_that_it_made() -> None:
    world = Whole()
    world.sent.append("An earlier prompt.")

    with whole(world) as executor:
        first, second, third = run(
            executor, [Chat(ALICE, FACT, OTHER), Add(ALICE, OTHER), Chat(ALICE, OTHER, BOB.facts[0])]
        )

    assert first.outside == (Outside(PROMPT, f"Extract facts from: {FACT.text}"), Outside(PROMPT, "Merge them."))
    assert second.outside == ()
    assert third.outside[0] == Outside(PROMPT, f"Extract facts from: {OTHER.text}")
    assert len(third.outside) == 2
    assert shown(first) == [FACT.text]


def test_the_prompts_of_a_chat_that_failed_are_kept_too() -> None:
    class Late(Whole):
        def make_memory(self, user_id: str) -> object:
            memory = super().make_memory(user_id)

            def add(text: str, *, infer: bool = True) -> None:
                memory.add(text, infer=infer)
                msg = "no answer"
                raise TimeoutError(msg)

            return SimpleNamespace(add=add)

    with whole(Late()) as executor:
        step = executor.perform(Chat(ALICE, FACT, OTHER), 1)

    assert isinstance(step.observation, Crashed)
    assert [outside.text for outside in step.outside] == [f"Extract facts from: {FACT.text}", "Merge them."]


def test_prompts_may_be_awaited_and_may_be_no_texts() -> None:
    class Later(Whole):
        async def prompts(self) -> object:
            return [{"role": "user", "content": text} for text in self.sent]

    with whole(Later()) as executor:
        step = executor.perform(Chat(ALICE, FACT, OTHER), 1)

    assert FACT.canary in step.outside[0].text


def test_a_chats_record_can_be_referred_to() -> None:
    world = Whole()

    with whole(world) as executor:
        step = executor.perform(Chat(ALICE, FACT, OTHER), 1)
        executor.perform(Chat(BOB, BOB.facts[0], OTHER), 2)

    assert step.record == RecordRef(1, ALICE.index)
    assert step.observation == Returned(step.observation.records)  # type: ignore[union-attr]  # it came back


def test_prompts_that_cannot_be_read_are_a_crash() -> None:
    class Blind(Whole):
        def prompts(self) -> object:
            msg = "the recorder is gone"
            raise RuntimeError(msg)

    with whole(Blind()) as executor:
        step = executor.perform(Chat(ALICE, FACT, OTHER), 1)

    assert isinstance(step.observation, Crashed)


def test_the_storage_is_searched_for_the_one_fact() -> None:
    world = Whole()
    look = ReadStorage(BOB, FACT)

    with whole(world) as executor:
        before, _, _, after = run(executor, [look, Add(ALICE, FACT), Add(ALICE, OTHER), look])

    assert before.outside == ()
    assert [(outside.place, FACT.canary in outside.text) for outside in after.outside] == [("records", True)]
    assert before.observation == after.observation == Returned()


def test_the_storage_may_be_awaited_and_may_be_an_asynchronous_generator() -> None:
    class Later(Whole):
        async def storage(self) -> object:
            return [("records", FACT.text)]

    class Streaming(Whole):
        async def storage(self) -> AsyncIterator[tuple[str, str]]:
            yield "records", FACT.text

    for world in (Later(), Streaming()):
        with whole(world) as executor:
            (outside,) = executor.perform(ReadStorage(BOB, FACT), 1).outside
        assert outside.place == "records"
        assert FACT.canary in outside.text


def unreadable(error: BaseException, *, lazy: bool = False) -> Whole:
    class Unreadable(Whole):
        def storage(self) -> object:
            if not lazy:
                raise error
            return self.tables()

        def tables(self) -> Iterator[tuple[str, str]]:
            yield "records", FACT.text
            raise error

    return Unreadable()


@pytest.mark.parametrize("lazy", [False, True], ids=["at once", "half-way"])
@pytest.mark.parametrize(
    "error",
    [RuntimeError("x"), FileNotFoundError("x"), KeyError("x"), SystemExit(0)],
    ids=lambda error: str(type(error).__name__),
)
def test_a_storage_that_cannot_be_read_is_a_crash(error: BaseException, lazy: bool) -> None:  # noqa: FBT001 - a parameter of the test
    with whole(unreadable(error, lazy=lazy)) as executor:
        step = executor.perform(ReadStorage(BOB, FACT), 1)

    assert crash(step) == type(error).__name__
    assert step.outside == ()


@pytest.mark.parametrize(
    ("declared", "error"), [({"records": 7}, "TypeError"), ([("records", Path("no/such/file"))], "FileNotFoundError")]
)
def test_a_storage_that_declares_what_cannot_be_searched_is_a_crash(declared: object, error: str) -> None:
    world = Whole()
    world.storage = lambda: declared  # type: ignore[method-assign]  # the example's own

    with whole(world) as executor:
        assert crash(executor.perform(ReadStorage(BOB, FACT), 1)) == error


@pytest.mark.parametrize("error", [PermissionError("wal"), ValueError("wal"), LookupError("wal")], ids=repr)
def test_a_storage_that_may_not_be_read_is_no_refusal_of_the_probe(error: Exception) -> None:
    with whole(unreadable(error)) as executor:
        assert isinstance(executor.perform(ReadStorage(BOB, FACT), 1).observation, Crashed)


def test_of_prompts_and_storage_nothing_is_kept_that_is_not_ours() -> None:
    population = Population(seed=1, size=2)
    world = Whole()
    world.stored = {"records": [f"Dr. Miller is deaf. {FACT.text} Mr. Smith too."]}

    with whole(world, keep=Redaction(population, CanaryAttributor(population))) as executor:
        chat, look = run(executor, [Chat(ALICE, FACT, OTHER), ReadStorage(BOB, FACT)])

    kept = [outside.text for step in (chat, look) for outside in step.outside]
    assert len(kept) == 3
    assert not [text for text in kept if "Miller" in text or "Smith" in text or "Extract" in text]
    assert FACT.canary in kept[0]
    assert FACT.canary in kept[2]


def test_a_target_that_shows_no_storage_and_no_prompts_has_nothing_outside() -> None:
    with Executor(over(Noting())) as executor:
        steps = run(executor, [Chat(ALICE, FACT, OTHER), ReadStorage(ALICE, FACT)])

    assert [step.outside for step in steps] == [(), ()]


def test_a_world_that_opens_again_gives_new_memories() -> None:
    world = Whole()

    with whole(world) as executor:
        steps = run(executor, [Add(ALICE, FACT), GetAll(ALICE, FACT), Reopen(BOB), GetAll(ALICE, FACT)])

    assert world.events == [f"made {ALICE.id}", "reopen", f"made {ALICE.id}"]
    assert steps[2].observation == Returned()
    assert shown(steps[3]) == [FACT.text]


@pytest.mark.parametrize(("by", "event"), [(BOB, "reset"), (BOB.through_async(), "async_reset")])
def test_who_had_a_memory_before_a_reset_has_it_still(by: Tenant, event: str) -> None:
    world = Whole()

    with whole(world) as executor:
        steps = run(executor, [Add(ALICE, FACT), GetAll(ALICE, FACT), Reset(by), GetAll(ALICE, FACT)])

    assert world.events == [f"made {ALICE.id}", event]
    assert steps[2].observation == Returned()
    assert shown(steps[3]) == []


@pytest.mark.parametrize("renewal", [Reset(BOB), Reopen(BOB)], ids=["reset", "reopen"])
def test_a_world_that_cannot_be_renewed_is_a_crash(renewal: Operation) -> None:
    class Stuck(Whole):
        def reset(self) -> None:
            msg = "locked"
            raise OSError(msg)

        async def reopen(self) -> None:
            self.reset()

    with whole(Stuck()) as executor:
        assert crash(executor.perform(renewal, 1)) == "OSError"


def test_ids_of_before_a_reset_are_asked_for_after_it() -> None:
    noting = Noting({"results": [{"id": "r1", "memory": FACT.text}]})
    world = SimpleNamespace(make_memory=lambda _: noting, reset=lambda: None)

    with Executor(adapt(world, "x")) as executor:
        run(executor, [Add(ALICE, FACT), Reset(BOB), Get(ALICE, RecordRef(1, ALICE.index))])

    assert ids_asked(noting, "get") == ["r1"]


@pytest.mark.parametrize("by", ["id", "delete_all"])
def test_an_id_that_add_did_not_return_is_still_known_after_the_record_is_deleted(by: str) -> None:
    class Forgetting(Silent):
        def delete_all(self) -> None:
            self.stored.clear()

    memory = Forgetting()
    record = RecordRef(1, ALICE.index)
    erase = DeleteAll(ALICE, owner=ALICE.index)
    told = [Add(ALICE, FACT), Add(ALICE, OTHER), erase if by == "delete_all" else Delete(ALICE, RecordRef(2, 0))]

    with Executor(over(memory)) as executor:
        run(executor, [*told, *([erase] if by == "id" else []), Get(ALICE.after_erasure(), record)])

    assert memory.asked[-1:] == ["r0"]


# Operations that begin together.


def meeting(size: int) -> tuple[Callable[[object], object], list[tuple[object, int]]]:
    """Return a factory of memories that answer when `size` of them are being asked at once, and who asked where."""
    barrier = threading.Barrier(size)
    made: list[tuple[object, int]] = []

    def make_memory(user_id: object) -> object:
        made.append((user_id, threading.get_ident()))

        def get_all() -> list[str]:
            barrier.wait(10)
            return [f"{user_id} in {threading.get_ident()}"]

        return SimpleNamespace(get_all=get_all)

    return make_memory, made


def test_operations_that_begin_together_overlap_each_in_a_thread_with_a_memory_made_there() -> None:
    make_memory, made = meeting(2)

    with Executor(target(make_memory)) as executor:
        executor.memory(ALICE)
        made.clear()
        steps = executor.together([GetAll(ALICE, FACT), GetAll(BOB, FACT)], 5)

    assert [(step.index, step.operation.principal) for step in steps] == [(5, ALICE), (6, BOB)]
    threads = dict(made)
    assert len(made) == len(set(threads.values())) == 2
    assert [shown(step) for step in steps] == [[f"{user.id} in {threads[user.id]}"] for user in (ALICE, BOB)]


def test_asynchronous_memories_are_asked_in_tasks_of_one_loop_that_overlap() -> None:
    loops: set[int] = set()
    tasks: set[int] = set()

    class Task:
        arrived: list[asyncio.Event] = []  # noqa: RUF012 - shared on purpose

        async def get_all(self) -> list[str]:
            loops.add(id(asyncio.get_running_loop()))
            tasks.add(id(asyncio.current_task()))
            self.arrived.append(asyncio.Event())
            if len(self.arrived) == 3:
                for event in self.arrived:
                    event.set()
            await asyncio.wait_for(self.arrived[len(tasks) - 1].wait(), 10)
            return ["met"]

    with Executor(target(lambda _: Task())) as executor:
        executor.perform(Search(ALICE, "x", FACT), 1)
        steps = executor.together([GetAll(principal, FACT) for principal in (ALICE, BOB, named("c"))], 2)

    assert [shown(step) for step in steps] == [["met"]] * 3
    assert len(loops) == 1
    assert len(tasks) == 3


@pytest.mark.parametrize(
    "error",
    [RuntimeError("x"), SystemExit(0), asyncio.CancelledError(), UnicodeEncodeError("utf-8", "x", 0, 1, "x")],
    ids=lambda error: str(type(error).__name__),
)
def test_an_error_in_one_of_them_is_one_crash(error: BaseException) -> None:
    def make_memory(user_id: str) -> object:
        def get_all() -> list[str]:
            if user_id == BOB.id:
                raise error
            return [FACT.text]

        return SimpleNamespace(get_all=get_all)

    with Executor(target(make_memory)) as executor:
        first, second, third = executor.together([GetAll(ALICE, FACT), GetAll(BOB, FACT), GetAll(ALICE, FACT)], 1)
        after = executor.perform(GetAll(ALICE, FACT), 4)

    assert crash(second) == type(error).__name__
    assert [shown(step) for step in (first, third, after)] == [[FACT.text]] * 3


def test_a_memory_that_cannot_be_made_for_one_of_them_is_one_crash() -> None:
    def make_memory(user_id: str) -> Noting:
        if user_id == BOB.id:
            msg = "too many connections"
            raise RuntimeError(msg)
        return Noting([FACT.text])

    with Executor(target(make_memory)) as executor:
        first, second = executor.together([GetAll(ALICE, FACT), GetAll(BOB, FACT)], 1)

    assert shown(first) == [FACT.text]
    assert crash(second) == "RuntimeError"


def test_adds_that_begin_together_are_referred_to_each_by_its_own_id() -> None:
    barrier = threading.Barrier(2)
    asked: list[str] = []

    def add(text: str) -> dict[str, str]:
        barrier.wait(10)
        return {"id": f"id of {text}", "memory": text}

    with Executor(over(SimpleNamespace(add=add, get=asked.append))) as executor:
        executor.together([Add(ALICE, FACT), Add(BOB, BOB.facts[0])], 3)
        run(executor, [Get(BOB, RecordRef(3, ALICE.index)), Get(ALICE, RecordRef(4, BOB.index))])

    assert asked == [f"id of {FACT.text}", f"id of {BOB.facts[0].text}"]


@pytest.mark.parametrize("one", ["all in one", b"all in one"])
def test_prompts_that_are_one_text_are_a_crash_and_not_letters(one: object) -> None:
    class Joined(Whole):
        def prompts(self) -> Any:
            return one

    with whole(Joined()) as executor:
        step = executor.perform(Chat(ALICE, FACT, OTHER), 1)

    assert isinstance(step.observation, Crashed)
    assert "prompts() must return a list of texts" in step.observation.message
