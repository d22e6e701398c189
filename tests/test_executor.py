import asyncio
import uuid
from collections.abc import Awaitable, Callable, Iterator
from types import SimpleNamespace

import pytest

from memfence import Add, Delete, DeleteAll, Get, GetAll, History, Population, RecordRef, Search, Step, Update
from memfence.contract import Target
from memfence.executor import Executor
from memfence.observations import Crashed, Refused, Returned

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


def target(make_memory: Callable[[str], object]) -> Target:
    return Target("fake", make_memory=make_memory, packages=frozenset({__name__}))


def over(memory: object) -> Target:
    return target(lambda _: memory)


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
        executor.run(operations)

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
        trace = executor.run(operations)

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
        executor.run([GetAll(ALICE, FACT), GetAll(BOB, FACT), GetAll(ALICE, FACT)])

    assert made == [ALICE.id, BOB.id]


def test_only_so_many_memories_are_held_open_and_the_oldest_unused_goes_first() -> None:
    made: list[str] = []

    with Executor(target(made.append)) as executor:
        executor.memory("first")
        executor.memory("second")
        for number in range(4094):
            executor.memory(f"u{number}")
        executor.memory("first")
        executor.memory("one too many")
        made.clear()
        executor.memory("first")
        executor.memory("second")

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
        trace = executor.run([Add(ALICE, FACT), GetAll(ALICE, FACT)])

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
        executor.run([GetAll(ALICE, FACT), GetAll(BOB, FACT)])

    assert len(set(map(id, loops))) == 1
    assert loops[0].is_closed()


def test_an_error_of_an_awaited_reply_is_an_observation() -> None:
    class Later:
        async def get_all(self) -> None:
            msg = "not yours"
            raise PermissionError(msg)

    with Executor(over(Later())) as executor:
        step = executor.perform(GetAll(ALICE, FACT), 1)

    assert step.observation == Refused("PermissionError", "not yours")


def failing(error: Exception) -> Target:
    def get_all() -> None:
        raise error

    return over(SimpleNamespace(get_all=get_all))


def test_a_refusal_is_an_observation() -> None:
    with Executor(failing(ValueError("not you"))) as executor:
        step = executor.perform(GetAll(ALICE, FACT), 1)

    assert step.observation == Refused("ValueError", "not you")


def test_a_crash_is_an_observation_with_its_place() -> None:
    with Executor(failing(RuntimeError("broken"))) as executor:
        step = executor.perform(GetAll(ALICE, FACT), 1)

    assert isinstance(step.observation, Crashed)
    assert (step.observation.kind, step.observation.message) == ("RuntimeError", "broken")
    assert step.observation.place.endswith(" in get_all")


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
        executor.run([Get(BOB, reference) for reference in references])
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
        executor.run([Add(ALICE, FACT), Add(ALICE, FACT), Add(ALICE, OTHER)])
        left = executor.forget(ALICE)

    assert left == 0
    assert list(memory.stored.values()) == ["A stranger's text.", BOB.facts[0].text]


def test_another_tenants_records_stay_until_it_is_their_turn() -> None:
    memory = Silent()

    with Executor(over(memory)) as executor:
        executor.run([Add(ALICE, FACT), Add(BOB, BOB.facts[0])])
        executor.forget(ALICE)

    assert list(memory.stored.values()) == [BOB.facts[0].text]


def test_records_that_cannot_be_removed_are_counted() -> None:
    with Executor(over(Silent(stubborn=True))) as executor:
        executor.run([Add(ALICE, FACT), Add(ALICE, OTHER)])

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
        trace = executor.run([Add(ALICE, FACT), Search(ALICE, FACT.text, FACT)])

    assert shown(trace[1]) == [FACT.text]
    assert memory.searches == 4


def test_without_settle_nothing_is_awaited() -> None:
    memory = Eventual()

    with Executor(over(memory), clock=Ticking()) as executor:
        trace = executor.run([Add(ALICE, FACT), Search(ALICE, FACT.text, FACT)])

    assert shown(trace[1]) == []
    assert memory.searches == 1


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
