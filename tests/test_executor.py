import asyncio
import dataclasses
import functools
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from types import SimpleNamespace

import pytest

from memfence import (
    Add,
    Channel,
    Delete,
    DeleteAll,
    Get,
    GetAll,
    History,
    Operation,
    Population,
    RecordRef,
    Search,
    Step,
    Tenant,
    Update,
)
from memfence.contract import Target
from memfence.executor import Executor
from memfence.observations import Crashed, Refused, Returned, Trace

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
