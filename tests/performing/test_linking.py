import os
from pathlib import Path

import pytest

from memfence import Add, Get, PlantLink, Population, Returned
from memfence.performing.contract import adapt
from memfence.performing.executor import Executor
from memfence.performing.linking import let_be, plant_link, plant_link_before_opening
from memfence.targets.back_ends.folder import Folder
from memfence.targets.keyed.files import plain_files
from memfence.targets.keyed_target import KeyedTarget

ANN, BOB = Population(seed=1, size=2, keys="path")


@pytest.fixture
def storage(tmp_path: Path) -> dict[str, Path]:
    """Return a place in which two users have a file each."""
    for user in ("ann", "bob"):
        folder = tmp_path / user / "notes"
        folder.mkdir(parents=True)
        (folder / f"{user}.txt").write_text(f"of {user}")
    return {"files": tmp_path}


def names(storage: dict[str, Path]) -> list[str]:
    return sorted(file.name for file in storage["files"].rglob("*") if not file.is_dir())


def test_a_link_takes_a_files_place(storage: dict[str, Path]) -> None:
    plant_link(storage, "notes/ann.txt", "notes/bob.txt")

    assert (storage["files"] / "ann" / "notes" / "ann.txt").read_text() == "of bob"


@pytest.mark.parametrize(("opening", "read"), [(1, ["of bob"]), (2, ["of ann", "of bob"])])
def test_a_link_that_waits_is_not_there_before_the_opening_and_is_what_is_opened(
    storage: dict[str, Path], opening: int, read: list[str]
) -> None:
    own = storage["files"] / "ann" / "notes" / "ann.txt"

    plant_link_before_opening(storage, "notes/ann.txt", "notes/bob.txt", opening)

    assert not own.is_symlink()
    assert [own.read_text() for _ in range(opening)] == read
    assert own.is_symlink()
    assert names(storage) == ["ann.txt", "bob.txt"]


def test_it_is_what_is_opened_relative_to_a_folder_too(storage: dict[str, Path]) -> None:
    folder = os.open(storage["files"] / "ann" / "notes", os.O_RDONLY)
    try:
        plant_link_before_opening(storage, "notes/ann.txt", "notes/bob.txt")

        with pytest.raises(OSError, match="symbolic link"):
            os.open("ann.txt", os.O_RDONLY | os.O_NOFOLLOW, dir_fd=folder)
    finally:
        os.close(folder)


def test_a_link_that_is_let_be_is_never_planted(storage: dict[str, Path]) -> None:
    own = storage["files"] / "ann" / "notes" / "ann.txt"
    plant_link_before_opening(storage, "notes/ann.txt", "notes/bob.txt")

    let_be()

    assert own.read_text() == "of ann"
    assert not own.is_symlink()


def test_where_no_file_lies_under_the_key_no_link_waits(storage: dict[str, Path]) -> None:
    with pytest.raises(LookupError, match="0 files of"):
        plant_link_before_opening(storage, "notes/nobody.txt", "notes/bob.txt")

    assert (storage["files"] / "ann" / "notes" / "ann.txt").read_text() == "of ann"


def test_a_link_waits_for_the_next_operation_alone() -> None:
    target = adapt(KeyedTarget(plain_files, Folder()), "files")
    with Executor(target) as executor:
        theirs = executor.perform(Add(BOB, BOB.facts[0]), 1)
        own = executor.perform(Add(ANN, ANN.facts[0]), 2)

        executor.perform(PlantLink(ANN, own.record, theirs.record, 1), 3)
        before = executor.perform(Get(BOB, theirs.record), 4).observation
        after = executor.perform(Get(ANN, own.record), 5).observation
        executor.perform(PlantLink(ANN, own.record, theirs.record, 1), 6)
        swapped = executor.perform(Get(ANN, own.record), 7).observation
    target.close and target.close()

    assert [seen.records[0].text for seen in (before, after, swapped) if isinstance(seen, Returned)] == [
        BOB.facts[0].text,
        ANN.facts[0].text,
        BOB.facts[0].text,
    ]


def test_a_folder_that_gives_way_to_a_link_comes_back(storage: dict[str, Path]) -> None:
    own, theirs = (storage["files"] / user / "notes" / "ann.txt" for user in ("ann", "bob"))
    theirs.write_text("bob's of the same name")
    plant_link_before_opening(storage, "notes/ann.txt", "notes/bob.txt", folder=True)

    read = own.read_text()
    led = own.parent.is_symlink()
    let_be()

    assert (read, led) == ("bob's of the same name", True)
    assert (own.read_text(), own.parent.is_symlink()) == ("of ann", False)
    assert names(storage) == ["ann.txt", "ann.txt", "bob.txt"]


def test_a_folder_stays_where_the_file_is_not_opened(storage: dict[str, Path]) -> None:
    (storage["files"] / "bob" / "notes" / "ann.txt").write_text("bob's of the same name")
    plant_link_before_opening(storage, "notes/ann.txt", "notes/bob.txt", folder=True)

    let_be()

    assert (storage["files"] / "ann" / "notes" / "ann.txt").read_text() == "of ann"
