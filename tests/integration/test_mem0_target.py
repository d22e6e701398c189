"""The built-in target: worlds in memory and on disk, both clients, what is stored and prompted, threads."""

import asyncio
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from mem0.memory import main as mem0_main

from memfence.base.errors import HarnessError
from memfence.model.channels import Ability
from memfence.performing.contract import adapt
from memfence.performing.offers import offered
from memfence.real_mem0.embedders.semantic import DIMENSIONS
from memfence.real_mem0.entities import extract_entities, extract_entities_batch
from memfence.real_mem0.stores import qdrant
from memfence.real_mem0.stores.qdrant import QdrantStore
from memfence.scoped.wrappers import scoped
from memfence.targets.built_in.mem0 import EMBEDDER, open_target
from memfence.targets.mem0_target import Mem0Target

CODE = "7QK2-M9XD-04TV"
TEXT = f"I moved to Lisbon. My locker code is {CODE}."
BOTH = [False, True]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder under which the target makes its own."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture
def target(home: Path) -> Iterator[Mem0Target]:
    target = open_target(scoped.wrap, scoped.wrap_async)
    yield target
    target.close()
    assert list(home.iterdir()) == []


def texts(memory: Any) -> list[str]:
    return sorted(record["memory"] for record in memory.get_all())


def places(target: Mem0Target, words: str) -> set[str]:
    """Return where the target declares that it keeps the words."""
    found = ((place, content.read_bytes() if isinstance(content, Path) else content) for place, content in read(target))
    return {place for place, content in found if holds(content, words)}


def read(target: Mem0Target) -> list[tuple[str, Path | list[str]]]:
    return list(target.storage())


def holds(content: bytes | list[str], words: str) -> bool:
    return words.encode() in content if isinstance(content, bytes) else any(words in text for text in content)


def test_a_durable_world_is_opened_again_as_it_was(target: Mem0Target) -> None:
    target.start(durable=True)
    record_id = target.make_memory("u_alice").add(TEXT)["results"][0]["id"]
    prompts = target.prompts()

    target.reopen()

    alice = target.make_memory("u_alice")
    assert texts(alice) == [TEXT]
    assert [change["new_memory"] for change in alice.history(record_id)] == [TEXT]
    assert target.prompts() == prompts
    assert len(prompts) == 1


class Noting:
    """ScopedMemory, noting over which clients."""

    def __init__(self) -> None:
        self.clients: list[Any] = []

    def wrap(self, client: Any) -> Callable[..., object]:
        self.clients.append(client)
        return scoped.wrap(client)


def test_a_reopened_world_is_another_client_and_the_first_is_closed(home: Path) -> None:
    del home
    noting = Noting()
    target = open_target(noting.wrap)
    target.start(durable=True)

    target.reopen()
    first, second = noting.clients
    open_databases = [first.db, second.db]
    target.close()

    assert first is not second
    assert open_databases[0] is None
    assert open_databases[1] is not None


def test_a_world_in_memory_cannot_be_opened_again_and_the_error_says_what_to_do(target: Mem0Target) -> None:
    target.start()

    with pytest.raises(HarnessError, match=r"begin it with start\(durable=True\)"):
        target.reopen()


@pytest.mark.parametrize("then", BOTH)
@pytest.mark.parametrize("first", BOTH)
def test_each_world_is_empty_whatever_the_one_before_held(target: Mem0Target, *, first: bool, then: bool) -> None:
    target.start(durable=first)
    target.make_memory("u_alice").add(TEXT)
    asyncio.run(async_memory(target, "u_alice").add(f"The spare one is {CODE}, too."))

    target.start(durable=then)

    assert texts(target.make_memory("u_alice")) == asyncio.run(async_memory(target, "u_alice").get_all()) == []
    assert (places(target, CODE), target.prompts()) == (set(), [])


def async_memory(target: Mem0Target, user_id: str) -> Any:
    assert target.make_async_memory is not None
    return target.make_async_memory(user_id)


def test_what_only_the_asynchronous_client_stored_is_gone_too_in_the_next_world(target: Mem0Target) -> None:
    target.start()
    asyncio.run(async_memory(target, "u_alice").add(TEXT))
    before = places(target, CODE)

    target.start()

    assert "qdrant points (memfence_entities)" in before
    assert places(target, CODE) == set()


def test_in_memory_what_is_served_and_what_is_dead_are_different_places(target: Mem0Target) -> None:
    target.start()
    alice = target.make_memory("u_alice")
    alice.add(TEXT)
    alive = places(target, CODE)

    alice.delete_all()

    assert alive == {
        "history table",
        "messages table",
        "qdrant points (memfence)",
        "qdrant points (memfence_entities)",
    }
    assert places(target, CODE) == {"qdrant heap (memfence)", "qdrant heap (memfence_entities)"}


def test_of_a_world_on_disk_every_file_is_storage_and_nothing_of_other_worlds(target: Mem0Target) -> None:
    target.start(durable=True)
    target.make_memory("u_alice").add(TEXT)

    assert places(target, CODE) == {
        "history.db",
        "qdrant/collection/memfence/storage.sqlite",
        "qdrant/collection/memfence_entities/storage.sqlite",
    }


def test_an_extracted_record_is_the_text_as_it_was_said_and_the_prompt_held_it(target: Mem0Target) -> None:
    target.start()
    alice = target.make_memory("u_alice")

    alice.add(TEXT, infer=True)
    alice.add("I also like tea.", infer=True)

    assert texts(alice) == sorted([TEXT, "I also like tea."])
    # mem0 repeats the scope's last messages, and what it knows already, in the next prompt.
    assert [(TEXT in prompt, "I also like tea." in prompt) for prompt in target.prompts()] == [
        (True, False),
        (True, True),
    ]


def test_both_clients_show_each_tenant_the_same_records_history_and_prompts(target: Mem0Target) -> None:
    target.start()
    alice = target.make_memory("u_alice")

    async def story() -> list[Any]:
        later = async_memory(target, "u_alice")
        record_id = alice.add("I am Alice.")["results"][0]["id"]
        await later.add("I like tea.")
        await later.update(record_id, "I am Alice Smith.")
        seen = [sorted(record["memory"] for record in await later.get_all()), len(await later.history(record_id))]
        return [*seen, texts(alice), len(alice.history(record_id))]

    assert asyncio.run(story()) == [["I am Alice Smith.", "I like tea."], 2] * 2
    assert ["I am Alice." in target.prompts()[0], "I like tea." in target.prompts()[1]] == [True, True]
    assert len(target.prompts()) == 2


def test_without_an_asynchronous_wrapper_there_is_no_asynchronous_memory(home: Path) -> None:
    del home
    target = open_target(scoped.wrap)

    adapted = adapt(target, "mem0")

    assert target.make_async_memory is adapted.make_async_memory is None


def test_the_target_offers_reopening_storage_prompts_further_ids_and_both_clients(target: Mem0Target) -> None:
    adapted = adapt(target, "mem0")

    found = offered(adapted, adapted.make_memory("u_alice"))

    wanted = {Ability.REOPEN, Ability.STORAGE, Ability.PROMPTS, Ability.AGENT_ID, Ability.RUN_ID, Ability.BOTH_CLIENTS}
    assert wanted <= found
    assert any("one at a time" in note for note in adapted.notes)
    assert any("entity extraction" in note for note in adapted.notes)


class Asked:
    """A wrapper that notes with which ids it was asked for a memory."""

    def __init__(self) -> None:
        self.ids: list[dict[str, str]] = []

    def wrap(self, client: Any) -> Callable[..., object]:
        del client
        return lambda user_id, **ids: self.ids.append({"user_id": user_id, **ids})


def test_only_the_further_ids_that_are_given_reach_the_wrapper(home: Path) -> None:
    del home
    asked = Asked()
    target = open_target(asked.wrap, asked.wrap)

    target.make_memory("u_alice")
    target.make_memory("u_alice", agent_id="cook")
    assert target.make_async_memory is not None
    target.make_async_memory("u_bob", run_id="r1")
    target.close()

    assert asked.ids == [
        {"user_id": "u_alice"},
        {"user_id": "u_alice", "agent_id": "cook"},
        {"user_id": "u_bob", "run_id": "r1"},
    ]


def test_closing_removes_the_folder_also_where_the_store_cannot_be_closed(home: Path) -> None:
    noting = Noting()
    target = open_target(noting.wrap)
    target.start(durable=True)
    (client,) = noting.clients
    close = client.close

    def broken() -> None:
        close()
        raise OSError

    client.close = broken
    made = [path.name.partition("-")[0] for path in home.iterdir()]

    with pytest.raises(OSError):  # noqa: PT011 - it has no words
        target.close()

    # One for the store, one for what mem0 writes beside it.
    assert made == ["memfence"] * 2
    assert list(home.iterdir()) == []
    assert mem0_main.extract_entities is not extract_entities
    target.start(durable=True)
    target.close()


def test_a_world_that_cannot_be_wrapped_is_closed_at_once_and_leaves_nothing(home: Path) -> None:
    clients: list[Any] = []

    def wrap(client: Any) -> Callable[..., object]:
        clients.append(client)
        raise LookupError

    target = open_target(wrap)

    with pytest.raises(LookupError):
        target.start(durable=True)
    target.close()

    assert clients[0].db is None
    assert list(home.iterdir()) == []


def test_a_world_that_cannot_be_opened_again_can_still_be_left(home: Path) -> None:
    def wrap(client: Any) -> Callable[..., object]:
        clients.append(client)
        if len(clients) == 2:
            raise LookupError
        return scoped.wrap(client)

    clients: list[Any] = []
    target = open_target(wrap)
    target.start(durable=True)

    with pytest.raises(LookupError):
        target.reopen()
    target.start(durable=True)
    target.close()

    assert (len(clients), list(home.iterdir())) == (3, [])


def test_a_target_begins_again_after_it_was_closed(target: Mem0Target) -> None:
    target.start(durable=True)
    target.make_memory("u_alice").add(TEXT)

    target.close()
    target.start(durable=True)

    assert texts(target.make_memory("u_alice")) == []


def test_a_world_on_disk_is_removed_when_the_next_one_begins(target: Mem0Target, home: Path) -> None:
    target.start(durable=True)
    before = list(home.rglob("history.db"))

    target.start(durable=True)

    assert (len(before), before[0].exists(), len(list(home.rglob("history.db")))) == (1, False, 1)


def test_a_store_that_could_not_be_opened_does_not_stay_locked(tmp_path: Path) -> None:
    store = QdrantStore()
    with pytest.raises(ModuleNotFoundError) as caught:
        store.open(embedder="nowhere.Embedder", dimensions=DIMENSIONS, folder=tmp_path)

    client = store.open(embedder=EMBEDDER, dimensions=DIMENSIONS, folder=tmp_path)

    # The error keeps what was opened from being collected, and closed by that.
    assert caught.value is not None
    store.close(client)


def test_storage_shows_more_points_than_one_page_holds(target: Mem0Target, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qdrant, "_PAGE", 2)
    target.start()
    for number in range(5):
        target.make_memory("u_alice").add(f"fact {number}", infer=False)

    served = dict(target.storage())["qdrant points (memfence)"]

    assert isinstance(served, list)
    assert {f"fact {number}" for number in range(5)} <= set(served)


def test_entities_are_codes_and_capitalised_words_each_once() -> None:
    assert extract_entities(f"I met Ann in Rome; Ann has {CODE}. My AB1.") == [
        ("PROPER", "Ann"),
        ("PROPER", "Rome"),
        ("PROPER", CODE),
    ]
    assert extract_entities_batch(["Ann", "nobody"], batch_size=1) == [[("PROPER", "Ann")], []]


def test_mem0s_entity_extraction_is_ours_until_the_last_target_is_closed(home: Path) -> None:
    del home
    before = mem0_main.extract_entities, mem0_main.extract_entities_batch
    one, other = open_target(scoped.wrap), open_target(scoped.wrap)

    one.start()
    other.start()
    one.close()
    while_one_is_open = mem0_main.extract_entities, mem0_main.extract_entities_batch
    other.close()

    assert while_one_is_open == (extract_entities, extract_entities_batch)
    assert (mem0_main.extract_entities, mem0_main.extract_entities_batch) == before


def test_eight_threads_over_one_client_neither_crash_nor_mix(target: Mem0Target) -> None:
    target.start()
    together = threading.Barrier(8)

    def use(number: int) -> list[str]:
        memory = target.make_memory(f"u_{number}")
        together.wait()
        seen: list[str] = []
        for turn in range(20):
            memory.add(f"Fact {turn} of tenant {number}.", infer=False)
            seen += [record["memory"] for record in memory.search("Fact", top_k=5, threshold=0.0)]
            seen += texts(memory)
        return [text for text in seen if not text.endswith(f"tenant {number}.")]

    with ThreadPoolExecutor(8) as pool:
        foreign = list(pool.map(use, range(8)))

    assert foreign == [[]] * 8
    assert [len(target.make_memory(f"u_{number}").get_all()) for number in range(8)] == [20] * 8


def test_the_store_is_asked_by_one_thread_at_a_time() -> None:
    store = QdrantStore()
    client = store.open(embedder=EMBEDDER, dimensions=DIMENSIONS)
    embedded = client.vector_store.client._client  # noqa: SLF001 - the only place where calls can be seen to meet
    inside, most = [0], [0]
    scroll = embedded.scroll

    def watched(*arguments: Any, **options: Any) -> Any:
        inside[0] += 1
        most[0] = max(most[0], inside[0])
        threading.Event().wait(0.01)
        inside[0] -= 1
        return scroll(*arguments, **options)

    embedded.scroll = watched
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: client.get_all(filters={"user_id": f"u_{number}"}), range(8)))
    store.close(client)

    assert most == [1]


def test_a_mem0_that_is_first_imported_by_the_target_writes_into_its_folder_and_is_forgotten(tmp_path: Path) -> None:
    source = (
        "import os; from memfence.targets.built_in.mem0 import open_target\n"
        "from memfence.scoped.wrappers.scoped import wrap\n"
        "target = open_target(wrap); target.start(); home = os.environ['MEM0_DIR']\n"
        "print(os.listdir(home)); target.close(); print(os.environ.get('MEM0_DIR'), os.path.exists(home))"
    )

    done = subprocess.run(
        [sys.executable, "-c", source],
        env=os.environ | {"HOME": str(tmp_path), "MEM0_DIR": "as before"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (done.returncode, done.stdout) == (0, "['config.json']\nas before False\n"), done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("durable", BOTH)
@pytest.mark.parametrize("asynchronous", BOTH)
def test_a_reset_by_either_client_leaves_both_in_an_empty_world_that_stays(
    target: Mem0Target, *, durable: bool, asynchronous: bool
) -> None:
    target.start(durable=durable)
    alice = target.make_memory("u_alice")

    async def story() -> list[Any]:
        later = async_memory(target, "u_alice")
        alice.add(TEXT, infer=False)
        await later.add(f"I said so, and {CODE}.")
        if asynchronous:
            assert target.async_reset is not None
            await target.async_reset()
        else:
            target.reset()
        seen = [texts(alice), await later.get_all(), places(target, CODE)]
        alice.add("I am Alice.", infer=False)
        await later.add("I like tea.", infer=False)
        return [*seen, texts(alice), sorted(record["memory"] for record in await later.get_all())]

    assert asyncio.run(story()) == [[], [], set(), *[["I am Alice.", "I like tea."]] * 2]


def test_mem0s_reset_by_a_client_that_was_just_opened_leaves_the_entities(target: Mem0Target) -> None:
    target.start(durable=True)
    target.make_memory("u_alice").add(TEXT)
    target.reopen()

    target.reset()

    assert texts(target.make_memory("u_alice")) == []
    (place,) = places(target, CODE)
    assert "entities" in place


def test_records_of_one_tenant_are_loaded_into_a_world_that_is_used_and_are_its_to_delete(target: Mem0Target) -> None:
    target.start()
    alice = target.make_memory("u_alice")
    alice.add("I am Alice.", infer=False)

    target.load([("u_alice", f"note {number}") for number in range(3)])
    told = texts(alice)
    target.make_memory("u_alice").delete_all()

    assert told == ["I am Alice.", "note 0", "note 1", "note 2"]
    assert texts(alice) == []
