import contextlib
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fsspec
import pytest
from fsspec.implementations.dirfs import DirFileSystem
from fsspec.implementations.local import LocalFileSystem

from memfence import FileMissingError, IsolationError, KeyNotFoundError, ScopedFiles, ScopeError, scoped_segment
from memfence.performing.linking import let_be, plant_link_before_opening
from memfence.scoped import local_folder

Make = Callable[[str], ScopedFiles]
# They are prefixes of each other, differ by case, or hold what some file system gives a meaning.
USERS = ["al", "al-", "alice", "Alice", "al.", "..", "con", "a@b:c", "x" * 128]


class Own(LocalFileSystem):  # type: ignore[misc]  # fsspec has no types
    """A local file system that somebody has made their own."""


@pytest.fixture(params=["local", "file url", "local by path", "own local", "folder of local", "memory"])
def make(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    """Return what makes a user's files, in one folder for all of them."""
    fs, root = fsspec.filesystem("file"), str(tmp_path / "data [1]")
    match request.param:
        case "local by path":
            monkeypatch.setattr(local_folder, "POSSIBLE", False)
        case "file url":
            root = f"file://{root}"
        case "own local":
            fs = Own()
        case "folder of local":
            fs, root = DirFileSystem(str(tmp_path), fs=fs), "data"
        case "memory":
            fs, root = fsspec.filesystem("memory"), f"memory://{tmp_path}"
    return lambda user: ScopedFiles(user, fs=fs, root=root)


def test_what_is_put_is_there_until_it_is_deleted(make: Make) -> None:
    files = make("alice")

    files.put("notes/today.md", "Grüße\n")
    files.put("raw", b"\x00\xff")

    assert files.get("notes/today.md") == "Grüße\n".encode()
    assert files.get_text("notes/today.md") == "Grüße\n"
    assert files.get("raw") == b"\x00\xff"
    files.put("raw", b"")
    assert files.get("raw") == b""
    files.delete("raw")
    assert files.list() == ["notes/today.md"]


def test_users_see_and_change_only_their_own_under_the_same_keys(make: Make) -> None:
    for user in USERS:
        make(user).put("a/b", f"of {user}")
        make(user).put("c", f"of {user}")

    make(USERS[0]).delete("c")
    make(USERS[1]).clear()
    make(USERS[2]).move("a/b", "c")

    assert {user: make(user).list() for user in USERS} == {user: ["a/b", "c"] for user in USERS} | {
        USERS[0]: ["a/b"],
        USERS[1]: [],
        USERS[2]: ["c"],
    }
    assert {user: make(user).get_text("a/b") for user in USERS[3:]} == {user: f"of {user}" for user in USERS[3:]}
    assert make(USERS[0]).get_text("a/b") == f"of {USERS[0]}"


def test_clear_leaves_nothing_and_may_be_called_again(make: Make) -> None:
    files = make("alice")
    for key in ("a", "b/c", "b/d/e", "[x]", "{y}"):
        files.put(key, "x")

    files.clear()
    files.clear()

    assert files.list() == []
    files.put("b", "y")
    assert files.list() == ["b"]


def test_a_prefix_is_compared_segment_by_segment(make: Make) -> None:
    files = make("alice")
    for key in ("acme/a", "acme/b/c", "acme-corp/a", "acmeX"):
        files.put(key, "x")

    assert files.list("acme") == files.list("acme/") == ["acme/a", "acme/b/c"]
    assert files.list("acme/b") == ["acme/b/c"]
    assert files.list("acm") == []
    assert files.list("acmeX") == ["acmeX"]


@pytest.mark.parametrize("key", ["missing", "folder", "folder/missing", "file/below", "missing/below"])
def test_a_key_without_a_file_is_a_key_error_that_names_no_root(make: Make, key: str, tmp_path: Path) -> None:
    files = make("alice")
    files.put("folder/one", "x")
    files.put("file", "x")

    for call in (
        files.get,
        files.delete,
        files.open,
        lambda key: files.copy(key, "to"),
        lambda key: files.move(key, key),
    ):
        with pytest.raises(FileMissingError, match=r"^nothing is stored under this key in the bound scope$") as missing:
            call(key)
        assert isinstance(missing.value, (KeyError, FileNotFoundError))
        assert isinstance(missing.value, KeyNotFoundError)
        assert missing.value.__suppress_context__
        assert str(tmp_path) not in str(missing.value)
    assert files.list() == ["file", "folder/one"]


def test_files_are_copied_and_moved_over_what_is_there(make: Make) -> None:
    files = make("alice")
    files.put("a", "1")
    files.put("d/b", "2")

    files.copy("a", "d/b")
    files.copy("a", "a")
    files.move("a", "a")
    files.move("a", "e/f/c")

    assert files.list() == ["d/b", "e/f/c"]
    assert files.get("d/b") == files.get("e/f/c") == b"1"


def test_files_are_opened_to_write_read_and_append(make: Make) -> None:
    files = make("alice")

    with files.open("a/b", "w") as file:
        file.write("ü")
    with files.open("a/b", "ab") as file:
        file.write(b"!")
    with files.open("a/b") as file:
        assert file.read() == "ü!"
    with files.open("a/b", "rb") as file:
        assert file.read() == "ü!".encode()


@pytest.mark.parametrize("key", ["../ubob/secret", "/etc/passwd", "memory://x", "a/../../ubob/secret", "%2e%2e/a", "*"])
def test_a_key_that_leads_elsewhere_is_refused_by_every_call(make: Make, key: str) -> None:
    files = make("alice")
    make("bob").put("secret", "of bob")
    files.put("own", "x")
    calls: list[Callable[[], Any]] = [
        lambda: files.put(key, "x"),
        lambda: files.get(key),
        lambda: files.get_text(key),
        lambda: files.delete(key),
        lambda: files.list(key),
        lambda: files.open(key, "w"),
        lambda: files.copy("own", key),
        lambda: files.copy(key, "own"),
        lambda: files.move("own", key),
        lambda: files.move(key, "own"),
    ]

    for call in calls:
        with pytest.raises(ScopeError):
            call()

    assert make("bob").get_text("secret") == "of bob"
    assert files.list() == ["own"]


def test_a_folder_where_a_file_is_to_be_is_said_to_be_one(tmp_path: Path) -> None:
    files = ScopedFiles("alice", fs=fsspec.filesystem("file"), root=str(tmp_path))
    files.put("a/b", "x")
    files.put("c", "x")

    for call in (lambda: files.put("a", "y"), lambda: files.copy("c", "a"), lambda: files.move("c", "a")):
        with pytest.raises(IsADirectoryError, match=r"^\[Errno 21\] Is a directory$") as told:
            call()
        assert not isinstance(told.value, KeyError)
    assert files.list() == ["a/b", "c"]


def test_a_value_is_a_str_or_bytes(make: Make) -> None:
    with pytest.raises(TypeError, match="value must be a str or bytes, got int"):
        make("alice").put("a", 7)  # type: ignore[arg-type]  # what the test is about


def error_of(call: Callable[[], Any]) -> str:
    """Return what the file system says, which may be nothing: in memory a file may lie below a file."""
    try:
        call()
    except OSError as error:
        return str(error)
    return ""


def test_no_error_of_the_file_system_names_the_root(make: Make, tmp_path: Path) -> None:
    files = make("alice")
    files.put("a", "x")
    files.put("b/c", "x")

    calls: list[Callable[[], Any]] = [
        lambda: files.put("a/b", "y"),
        lambda: files.put("b", "y"),
        lambda: files.copy("a", "a/c"),
        lambda: files.open("a/d", "w").close(),
    ]

    assert [said for said in map(error_of, calls) if str(tmp_path) in said] == []
    assert files.get("a") == b"x"


# Links.


@pytest.fixture(params=["local", "local by path"])
def linked(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Make, Path]:
    """Return what makes a user's files, and Alice's folder with links to what is Bob's and to a folder outside."""
    if request.param == "local by path":
        monkeypatch.setattr(local_folder, "POSSIBLE", False)
    root, outside = tmp_path / "data", tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_text("of nobody")

    def made(user: str) -> ScopedFiles:
        return ScopedFiles(user, fs=fsspec.filesystem("file"), root=str(root))

    made("bob").put("secret", "of bob")
    made("alice").put("own/file", "x")
    own = root / scoped_segment("alice")
    (own / "bobs").symlink_to(root / scoped_segment("bob"))
    (own / "out").symlink_to(outside)
    (own / "up").symlink_to("..")
    (own / "file").symlink_to(outside / "secret")
    (own / "own" / "deep").symlink_to(outside)
    (own / "dangling").symlink_to(outside / "new")
    return made, outside


@pytest.mark.parametrize(
    "key", ["bobs/secret", "out/secret", "up/ubob/secret", "file", "own/deep/secret", "out/new", "dangling", "out"]
)
def test_what_a_link_leads_out_of_the_folder_is_refused_by_every_call(linked: tuple[Make, Path], key: str) -> None:
    made, outside = linked
    files = made("alice")
    calls: list[Callable[[], Any]] = [
        lambda: files.get(key),
        lambda: files.put(key, "changed"),
        lambda: files.delete(key),
        lambda: files.open(key, "a"),
        lambda: files.open(key),
        lambda: files.copy(key, "own/stolen"),
        lambda: files.copy("own/file", key),
        lambda: files.move(key, "own/stolen"),
    ]

    for call in calls:
        with pytest.raises(ScopeError, match="link"):
            call()

    assert files.list() == ["own/file"]
    assert {path.name: path.read_text() for path in outside.iterdir()} == {"secret": "of nobody"}
    assert made("bob").get_text("secret") == "of bob"


def test_clear_removes_links_and_leaves_what_they_lead_to(linked: tuple[Make, Path]) -> None:
    made, outside = linked

    made("alice").clear()

    assert made("alice").list() == []
    assert not (outside.parent / "data" / scoped_segment("alice")).exists()
    assert (outside / "secret").read_text() == "of nobody"
    assert made("bob").get_text("secret") == "of bob"


def test_a_users_folder_that_is_a_link_is_refused_by_every_call(linked: tuple[Make, Path]) -> None:
    made, outside = linked
    (outside.parent / "data" / scoped_segment("carl")).symlink_to(outside)
    files = made("carl")
    calls: list[Callable[[], Any]] = [
        lambda: files.get("secret"),
        lambda: files.put("secret", "changed"),
        lambda: files.delete("secret"),
        files.list,
        files.clear,
    ]

    for call in calls:
        with pytest.raises(ScopeError, match="link"):
            call()

    assert (outside / "secret").read_text() == "of nobody"


def test_a_root_that_is_reached_by_a_link_serves(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    files = ScopedFiles("alice", fs=fsspec.filesystem("file"), root=str(tmp_path / "link"))

    files.put("a", "x")

    assert (tmp_path / "real" / "ualice" / "a").read_text() == "x"
    assert files.list() == ["a"]


def test_a_pipe_is_no_file_and_nobody_waits_for_it(tmp_path: Path) -> None:
    files = ScopedFiles("alice", fs=fsspec.filesystem("file"), root=str(tmp_path))
    files.put("a", "x")
    os.mkfifo(tmp_path / "ualice" / "pipe")

    assert files.list() == ["a"]
    assert files.get("pipe") == b""
    with pytest.raises(OSError, match="No such device"):
        files.put("pipe", "x")


def test_no_folder_stays_open(tmp_path: Path) -> None:
    files = ScopedFiles("alice", fs=fsspec.filesystem("file"), root=str(tmp_path))
    files.put("a/b/c", "x")
    (tmp_path / "ualice" / "a" / "link").symlink_to(tmp_path)
    opened = Path("/proc/self/fd")
    if not opened.exists():
        pytest.skip("this system does not show which files a process has open")

    def below() -> list[str]:
        """Return what is open below the root: other libraries open and close files of their own meanwhile."""
        found = [one.readlink() for one in opened.iterdir() if one.is_symlink()]
        return [str(path) for path in found if path.is_relative_to(tmp_path)]

    for key in ("a/b/c", "a/missing/c", "a/link/c", "a/b/c/d"):
        for call in (files.get, lambda key: files.put(key, "y"), files.delete, lambda _: files.list()):
            try:
                call(key)
            except (ScopeError, OSError):
                continue

    assert below() == []


# What it goes round.


class Neighbourly(Own):
    """A file system that lists by how a path begins, as some object stores do."""

    protocol = "neighbourly"
    local_file = False

    def find(self, path: str, **options: Any) -> Any:
        above, _, name = path.rpartition("/")
        return [found for found in super().find(above, **options) if found.startswith(f"{above}/{name}")]


def test_a_file_system_that_lists_a_neighbours_files_is_caught(tmp_path: Path) -> None:
    alice, neighbour = (ScopedFiles(user, fs=Neighbourly(), root=str(tmp_path)) for user in ("al", "alice"))
    neighbour.put("secret", "x")

    for call in (alice.list, alice.clear):
        with pytest.raises(IsolationError, match="list"):
            call()
    assert neighbour.get("secret") == b"x"


@pytest.mark.parametrize("fs", ["file", None, object()])
def test_what_is_no_file_system_is_refused_with_what_to_give(fs: object) -> None:
    with pytest.raises(TypeError, match=r"fs must be a file system of fsspec such as fsspec\.filesystem\('file'\)"):
        ScopedFiles("alice", fs=fs, root="/data")


def test_an_asynchronous_file_system_is_refused() -> None:
    class Later(Own):
        asynchronous = True

    fs = Later()
    fs.asynchronous = True
    with pytest.raises(TypeError, match="make it without asynchronous=True"):
        ScopedFiles("alice", fs=fs, root="/data")


@pytest.mark.parametrize("user", ["../bob", "", "a/b", "*"])
def test_a_user_id_is_refused_as_scoped_memory_refuses_it(user: str) -> None:
    with pytest.raises(ScopeError, match="user_id"):
        ScopedFiles(user, fs=fsspec.filesystem("memory"), root="/")


def test_it_shows_its_scope_and_has_no_way_to_another(make: Make) -> None:
    files = make("alice")

    assert repr(files) == "ScopedFiles('alice')"
    assert files.user_id == "alice"
    with pytest.raises(AttributeError):
        files.user_id = "bob"  # type: ignore[misc]  # what the test is about


@pytest.mark.skipif(not local_folder.POSSIBLE, reason="this system opens nothing from an opened folder")
def test_a_folder_that_becomes_a_link_while_it_is_read_shows_nothing_of_what_lies_outside(tmp_path: Path) -> None:
    files = ScopedFiles("alice", fs=fsspec.filesystem("file"), root=str(tmp_path / "data"))
    files.put("folder/name", "own")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "name").write_text("secret")
    folder, aside, link = (tmp_path / "data" / "ualice" / name for name in ("folder", "aside", "link"))
    link.symlink_to(outside)
    over = threading.Event()

    def swap() -> None:
        while not over.is_set():
            folder.rename(aside)
            link.rename(folder)
            folder.rename(link)
            aside.rename(folder)

    swapping = threading.Thread(target=swap)
    swapping.start()
    seen = set()
    try:
        for _ in range(2_000):
            try:
                seen.add(files.get_text("folder/name"))
                with files.open("folder/name", "r+") as file:
                    file.write("own")
            except (ScopeError, OSError) as error:
                seen.add(type(error).__name__)
    finally:
        over.set()
        swapping.join()

    # What is seen of its own depends on the moment: on a busy machine that may be nothing.
    assert "secret" not in seen
    assert seen
    assert (outside / "name").read_text() == "secret"


@pytest.mark.skipif(not local_folder.POSSIBLE, reason="this system opens nothing from an opened folder")
@pytest.mark.parametrize("opening", [1, 2])
@pytest.mark.parametrize(
    "call",
    [
        lambda files: files.get("own"),
        lambda files: files.put("own", "changed"),
        lambda files: files.open("own", "a").write("changed"),
        lambda files: files.open("own", "r+").write("changed"),
        lambda files: files.copy("own", "other"),
        lambda files: files.copy("other", "own"),
        lambda files: files.move("other", "own"),
    ],
    ids=["get", "put", "append", "open", "copied", "copied over", "moved over"],
)
def test_a_file_that_becomes_a_link_just_before_it_is_opened_is_not_followed(
    tmp_path: Path, call: Callable[[ScopedFiles], object], opening: int
) -> None:
    alice, bob = (ScopedFiles(user, fs=fsspec.filesystem("file"), root=str(tmp_path)) for user in ("alice", "bob"))
    for name in ("own", "other"):
        alice.put(name, "alice's")
    bob.put("his", "secret")
    plant_link_before_opening({"files": tmp_path}, "own", "his", opening)

    try:
        seen = call(alice)
    except ScopeError:
        seen = None
    let_be()

    assert seen in (None, b"alice's", len("changed"))
    assert bob.get_text("his") == "secret"
    assert "secret" not in "".join(alice.get_text(key) for key in alice.list())


@pytest.mark.skipif(not local_folder.POSSIBLE, reason="this system opens nothing from an opened folder")
def test_a_folder_that_becomes_a_link_just_before_a_file_is_opened_is_not_followed(tmp_path: Path) -> None:
    alice, bob = (ScopedFiles(user, fs=fsspec.filesystem("file"), root=str(tmp_path)) for user in ("alice", "bob"))
    alice.put("notes/same", "alice's")
    bob.put("notes/same", "secret")
    bob.put("notes/his", "secret")

    seen = set()
    for call in (lambda: alice.get_text("notes/same"), lambda: alice.put("notes/same", "alice's, changed")):
        plant_link_before_opening({"files": tmp_path}, "notes/same", "notes/his", folder=True)
        with contextlib.suppress(ScopeError):
            seen.add(call())
        let_be()

    assert "secret" not in seen
    assert bob.get_text("notes/same") == "secret"
    assert alice.list() == ["notes/same"]
