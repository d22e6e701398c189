from collections.abc import Mapping
from pathlib import Path

import pytest

from memfence.base.errors import HarnessError
from memfence.base.serial import one_at_a_time
from memfence.real_mem0.client import Client
from memfence.real_mem0.store import Store, texts


class Nowhere(Store):
    """A store whose client nobody has installed."""

    module = "no_such_client"
    extra = "nowhere"

    def config(self, *, collection: str, dimensions: int, folder: Path | None) -> Mapping[str, object]:
        raise NotImplementedError

    def leave(self, client: Client) -> None:
        raise NotImplementedError


class Somewhere(Nowhere):
    """One that needs no client."""

    module = ""


class World:
    """Tells when it is removed."""

    def __init__(self, removed: list[str], name: str) -> None:
        self.removed = removed
        self.name = name

    def remove(self) -> None:
        self.removed.append(self.name)


def test_a_store_without_its_client_names_what_installs_it() -> None:
    with pytest.raises(HarnessError, match=r"needs no_such_client: pip install 'memfence\[nowhere\]'"):
        Nowhere()


def test_at_a_url_each_collection_is_one_that_is_not_there() -> None:
    store = Somewhere("http://127.0.0.1:9")

    names = {store.collection() for _ in range(5)}

    assert len(names) == 5
    assert all(name.startswith("memfence_") for name in names)
    assert Somewhere().collection() == "memfence"


def test_what_was_kept_and_every_folder_is_gone_when_it_stops() -> None:
    store = Somewhere()
    removed: list[str] = []
    store.kept = {1: World(removed, "one"), 2: World(removed, "two")}
    folder = store.folder()
    (folder / "file").touch()

    store.stop()
    store.stop()

    assert sorted(removed) == ["one", "two"]
    assert not folder.exists()


def test_a_kept_world_that_cannot_be_removed_keeps_no_other_and_no_folder() -> None:
    class Stuck(World):
        def remove(self) -> None:
            super().remove()
            msg = "the server is gone"
            raise OSError(msg)

    store = Somewhere()
    removed: list[str] = []
    store.kept = {1: World(removed, "one"), 2: Stuck(removed, "two")}
    folder = store.folder()

    with pytest.raises(OSError, match="the server is gone"):
        store.stop()

    assert sorted(removed) == ["one", "two"]
    assert not folder.exists()


def test_each_text_of_a_nested_value_stands_by_itself() -> None:
    assert texts({"a": ["b", ("c", {"d": 1})], "e": None}) == ["a", "e", "b", "c", "d"]


def test_one_call_at_a_time_is_let_into_what_is_not_thread_safe() -> None:
    class Lock:
        entered = 0

        def __enter__(self) -> None:
            self.entered += 1

        def __exit__(self, *_: object) -> None:
            pass

    class Fragile:
        def call(self, number: int) -> int:
            return number + 1

        def _private(self) -> None:
            pass

    lock = Lock()
    guarded = one_at_a_time(Fragile(), lock)  # type: ignore[arg-type]  # a lock that counts

    assert guarded.call(1) == 2
    guarded._private()  # noqa: SLF001 - it is left as it is
    assert lock.entered == 1
