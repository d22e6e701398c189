from hashlib import blake2b
from pathlib import Path

import pytest

from memfence import Add, Delete, Get, Population, RecordRef
from memfence.model.observations import Refused, Returned
from memfence.model.tenants import Tenant
from memfence.performing.contract import adapt
from memfence.performing.executor import Executor
from memfence.performing.sweeping import Attempt
from memfence.performing.ways import Ways, measured

TENANTS = Population(seed=1, size=2, keys="path")
ANN, BOB = TENANTS


class Hashed:
    """Files in `users/<hash>/files`; a key that climbs is followed."""

    keys = "path"

    def __init__(self, root: Path) -> None:
        self.root = root

    def make_resource(self, user_id: str) -> "Hashed.resource":
        return self.resource(self.root / "users" / blake2b(user_id.encode(), digest_size=4).hexdigest() / "files")

    def storage(self) -> dict[str, Path]:
        return {"files": self.root}

    class resource:  # noqa: N801 - it is read as a method
        def __init__(self, folder: Path) -> None:
            self.folder = folder

        def put(self, key: str, value: str) -> None:
            (self.folder / key).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / key).write_text(value)

        def get(self, key: str) -> str:
            if not (self.folder / key).is_file():
                raise KeyError(key)
            return (self.folder / key).read_text()

        def delete(self, key: str) -> None:
            (self.folder / key).unlink()


def attempt(tenant: Tenant, key: str = "") -> Attempt:
    add = Add(tenant, tenant.facts[0])
    return Attempt(tenant, add.fact, key or add.key)


def write(root: Path, name: str, text: str = "") -> Path:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text)
    return root / name


def test_the_way_to_anothers_file_begins_at_the_folder_to_which_ones_own_key_is_joined(tmp_path: Path) -> None:
    own, other = attempt(BOB), attempt(ANN)
    write(tmp_path, f"users/1f/files/{own.key}")
    file = write(tmp_path, f"users/9a/files/{other.key}")

    assert measured({"files": tmp_path}, [own], other) == (f"../../9a/files/{other.key}", file.as_posix())


def test_a_file_whose_name_tells_nothing_is_found_by_what_it_holds(tmp_path: Path) -> None:
    own, other = attempt(BOB), attempt(ANN)
    write(tmp_path, "b/000", BOB.facts[0].text)
    file = write(tmp_path, "a/111", ANN.facts[0].text)

    assert measured({"files": str(tmp_path)}, [own], other) == ("../a/111", file.as_posix())


def test_where_no_file_is_seen_there_is_no_way(tmp_path: Path) -> None:
    own, other = attempt(BOB), attempt(ANN)
    write(tmp_path, f"b/{own.key}")

    assert measured({"files": tmp_path}, [own], other) is None
    assert measured({"rows": ["a row"]}, [own], other) is None
    assert Ways(lambda: {"files": tmp_path}).between([], other) is None


@pytest.mark.parametrize("spelt", ["{climb}", "{file}"])
def test_another_folders_file_is_asked_for_by_the_way_to_it(tmp_path: Path, spelt: str) -> None:
    with Executor(adapt(Hashed(tmp_path), "hashed")) as executor:
        planted = executor.perform(Add(ANN, ANN.facts[0]), 1)
        executor.perform(Add(BOB, BOB.facts[0]), 2)
        record = RecordRef(1, ANN.index, spelt, planted.record.key)

        seen = executor.perform(Get(BOB, record), 3).observation

        assert isinstance(seen, Returned)
        assert [one.text for one in seen.records] == [ANN.facts[0].text]


def test_a_way_that_was_found_once_is_taken_again_when_its_end_is_gone(tmp_path: Path) -> None:
    with Executor(adapt(Hashed(tmp_path), "hashed")) as executor:
        planted = executor.perform(Add(ANN, ANN.facts[0]), 1)
        executor.perform(Add(BOB, BOB.facts[0]), 2)
        record = RecordRef(1, ANN.index, "{climb}", planted.record.key)
        executor.perform(Delete(BOB, record), 3)

        again = executor.perform(Get(BOB, record), 4).observation

        assert isinstance(again, Refused)
        # The text of the error quotes what was sent, and nothing of that is left in it.
        assert "<key>" in again.message
        assert ".." not in again.message


def test_without_a_view_of_the_storage_a_neighbours_folder_is_called_as_its_user(tmp_path: Path) -> None:
    target = Hashed(tmp_path)
    target.storage = dict  # type: ignore[method-assign]  # it shows nothing
    with Executor(adapt(target, "hashed")) as executor:
        planted = executor.perform(Add(ANN, ANN.facts[0]), 1)
        folder = tmp_path / "users" / blake2b(str(BOB.id).encode(), digest_size=4).hexdigest() / "files"
        (folder.parent / str(ANN.id) / "notes").mkdir(parents=True)
        (folder.parent / str(ANN.id) / planted.record.key).write_text("found")
        folder.mkdir()

        seen = executor.perform(Get(BOB, RecordRef(1, ANN.index, "{climb}", planted.record.key)), 2).observation

        assert isinstance(seen, Returned)
        assert [one.text for one in seen.records] == ["found"]
