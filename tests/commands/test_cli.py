"""The command as a user meets it."""

import json
import os
import re
import select
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from memfence import Channel
from memfence.campaigns import resolve
from memfence.campaigns.trials import host
from memfence.commands.cli import app
from memfence.plans import id_classes, record_ids
from memfence.plans.attack_classes import ATTACK_CLASSES

ROOT = Path(__file__).parents[2]
SCENARIOS = tuple(one.name for one in resolve.scenarios(()))
OF_MEMORIES = tuple(one.name for one in resolve.scenarios(()) if one.fits(""))
# What a shell or a CI server may say of the terminal.
TERMINAL = ("COLUMNS", "NO_COLOR", "FORCE_COLOR", "CLICOLOR", "TTY_", "GITHUB_ACTIONS")
# Where the question is not which scenario sees it.
FOUR = [
    word
    for name in ("alice_and_bob", "cross_search", "delete_all_leaves_others", "list_all")
    for word in ("--scenario", name)
]
posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals and no SIGINT for one process")

SCOPED = """
from memfence import ScopedMemory
from memfence.targets.built_in.reference import ReferenceClient

client = ReferenceClient()


def make_memory(user_id):
    return ScopedMemory(user_id, client=client)
"""

FORGETS_THE_USER = """
from itertools import count

ids = count()
records = []


class Memory:
    def __init__(self, user_id):
        self.user_id = user_id

    def add(self, text):
        records.append({"id": str(next(ids)), "memory": text})

    def search(self, query):
        return list(records)

    def get_all(self):
        return list(records)

    def delete(self, record_id):
        records[:] = [record for record in records if record["id"] != record_id]


make_memory = Memory
"""

CANNOT_BE_CLOSED = """

class Target:
    make_memory = staticmethod(Memory)

    def close(self):
        raise OSError("full")
"""

CANNOT_START = """
class make_memory:
    def make_memory(self, user_id): ...

    def start(self):
        raise OSError("full")
"""

CANNOT_BE_MADE = """
class make_memory:
    def __init__(self):
        raise OSError("full")

    def make_memory(self, user_id): ...
"""

STARTS_ONCE = """

class Target:
    make_memory = staticmethod(Memory)
    disposable = True
    worlds = 0

    def start(self):
        records.clear()
        self.worlds += 1
        if self.worlds > 1:
            raise OSError("full")
"""

ASYNCHRONOUS = """
from memfence import ScopedMemory
from memfence.targets.built_in.reference import ReferenceClient

client = ReferenceClient()


class Memory:
    def __init__(self, user_id):
        self.inner = ScopedMemory(user_id, client=client)

    async def add(self, text, *, infer=True):
        return self.inner.add(text, infer=infer)

    async def search(self, query, *, threshold=None):
        return self.inner.search(query, threshold=threshold)

    async def get_all(self):
        return self.inner.get_all()

    async def delete(self, record_id):
        return self.inner.delete(record_id)


async def make_memory(user_id):
    return Memory(user_id)
"""

# Slow enough to be interrupted; says when it is worth it, and how many records are left when the process ends.
SLOW = """
import atexit
import time
from pathlib import Path


def slow(kind):
    class Slow(kind):
        searches = 0

        def search(self, query, *, threshold=0):
            Slow.searches += 1
            if Slow.searches == 8:
                Path("started").touch()
            time.sleep(0.02)
            return super().search(query)

    return Slow


def report_what_is_left(count):
    atexit.register(lambda: Path("left").write_text(str(count())))
"""

SLOW_AND_SCOPED = f"""
from myapp.slow import report_what_is_left, slow
{SCOPED}
Slow = slow(ScopedMemory)
report_what_is_left(lambda: len(client._records))


def make_memory(user_id):
    return Slow(user_id, client=client)
"""

SLOW_AND_FORGETFUL = f"""
from myapp.slow import report_what_is_left, slow
{FORGETS_THE_USER}
make_memory = slow(Memory)
report_what_is_left(lambda: len(records))
"""

# Runs the command where no connection can be made, and notes each attempt.
WITHOUT_NETWORK = """
import socket
import sys
from pathlib import Path

from memfence.__main__ import main


def forbid(name, allowed):
    original = getattr(socket.socket, name)

    def attempt(self, address, *rest):
        if self.family == allowed:
            return original(self, address, *rest)
        note(name, address)

    setattr(socket.socket, name, attempt)


def note(name, what):
    with Path("attempts").open("a") as file:
        file.write(f"{name} {what!r}\\n")
    raise OSError("no network here")


for name in ("connect", "connect_ex", "sendto"):
    forbid(name, getattr(socket, "AF_UNIX", None))
socket.getaddrinfo = lambda host, *rest, **options: note("getaddrinfo", host)
main()
"""

CALLS_HOME = f"""
import socket
{SCOPED}

try:
    socket.create_connection(("127.0.0.1", 9), timeout=1)
except OSError:
    pass
"""


def environment(**changes: str) -> dict[str, str]:
    """Return this process's environment without what would hide the command's own behaviour."""
    hides = ("MEM0_", "XDG_", "HF_", *TERMINAL)
    return {key: value for key, value in os.environ.items() if not key.startswith(hides)} | changes


def memfence(*words: str, folder: Path, **changes: str) -> subprocess.CompletedProcess[str]:
    return python("-m", "memfence", *words, folder=folder, **changes)


def python(*words: str, folder: Path, **changes: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env=environment(**changes),
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )


def in_process(*words: str) -> Result:
    wide = dict.fromkeys(TERMINAL) | {"COLUMNS": "200"}
    return CliRunner().invoke(app, list(words), env=wide)


def last_line(text: str) -> str:
    return text.rstrip().splitlines()[-1]


def loaded(path: Path) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return report


def assert_one_line_of_advice(result: Result, *parts: str) -> None:
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    assert len(result.stderr.splitlines()) == 1
    assert result.stderr.startswith("memfence: ")
    assert [part for part in parts if part not in result.stderr] == [], result.stderr


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Path]]:
    """Stand in a user's project; call it with the source of `myapp/memory.py`."""
    monkeypatch.chdir(tmp_path)
    before = sys.path[:]

    def write(source: str) -> Path:
        (tmp_path / "myapp").mkdir()
        (tmp_path / "myapp" / "slow.py").write_text(SLOW, encoding="utf-8")
        (tmp_path / "myapp" / "memory.py").write_text(source, encoding="utf-8")
        return tmp_path

    yield write
    sys.path[:] = before
    for name in [name for name in sys.modules if name.partition(".")[0] == "myapp"]:
        del sys.modules[name]


def test_an_audit_of_the_reference_is_held_and_tells_what_was_tried(tmp_path: Path) -> None:
    words = ["audit", "reference", "--seed", "7", "--users", "2", "--crowd", "60", "--examples", "8"]
    done = memfence(*words, folder=tmp_path)

    lines = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (0, "")
    assert lines[0] == "memfence audit of reference: 2 users, 3 facts each, 8 histories, seed 7"
    assert lines[1].split() == ["scenario", "probes", "refused", "crashed", "control", "verdict"]
    rows = [line.split() for line in lines[2 : 3 + len(OF_MEMORIES)]]
    assert [row[0] for row in rows] == sorted([*OF_MEMORIES, "histories"])
    assert {tuple(row[3:]) for row in rows} == {("0", "caught", "held")}
    assert all(int(row[1]) for row in rows)
    assert lines[-1] == "HELD on 11 of 11 channels (seed 7)"


@pytest.mark.long
@pytest.mark.parametrize("target", ["mem0", "reference"])
def test_a_dropped_user_id_is_told_as_a_story_that_its_own_command_repeats(target: str, tmp_path: Path) -> None:
    few = ("--users", "2", "--crowd", "60", "--load", "60")
    words = ["audit", target, "--seed", "7", *few, "--breakage", "drop_user_id"]
    first = memfence(*words, "--report", "first.json", folder=tmp_path)
    command = shlex.split(first.stdout.partition("  repeat: ")[2].splitlines()[0])

    again = memfence(*command[1:], "--report", "again.json", folder=tmp_path)

    assert (first.returncode, again.returncode) == (1, 1)
    assert last_line(first.stdout).startswith("VIOLATED on ")
    assert last_line(again.stdout).startswith("VIOLATED")
    assert command[0] == "memfence"
    # mem0 lists in the order of random ids: which of the records stands first there is chance.
    masked = (lambda text: FACTS.sub("<fact>", text)) if target == "mem0" else str
    told, repeated = masked(story(first.stdout)), masked(story(again.stdout))
    assert [
        part for part in (" planted ", " asked ", "came back", "whose it is", "reproduce") if part not in told
    ] == []
    assert told == repeated
    repeated_alone = loaded(tmp_path / "again.json")
    (scenario,) = repeated_alone["scenarios"]
    among_all = loaded(tmp_path / "first.json")
    among_all["scenarios"] = [one for one in among_all["scenarios"] if one["name"] == scenario["name"]]
    assert masked(json.dumps(told_finding(among_all))) == masked(json.dumps(told_finding(repeated_alone)))


# A sentence with its code, over two lines, escaped or alone in a report's string, and what the same fact is called.
CODE = r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}"
FACTS = re.compile(rf"'(?:[^'\\]|\\.)*?{CODE}\.'|(?<=\")[^\"']*?{CODE}\.(?=\")|{CODE}|fact\s+\d+")


def story(text: str) -> str:
    """Return the first finding as it is told, without the command that repeats it."""
    return text.partition("canary_leak (")[2].partition("  repeat: ")[0]


def told_finding(report: dict[str, Any]) -> dict[str, Any]:
    """Return the first finding of a report, without the command that repeats it."""
    finding: dict[str, Any] = report["scenarios"][0]["findings"][0]
    return {key: value for key, value in finding.items() if key != "repeat"}


def test_the_story_names_two_different_users_and_one_canary() -> None:
    result = in_process("audit", "reference", "--seed", "7", "--users", "4", "--breakage", "drop_user_id", *FOUR)

    owner = re.search(r"^  (\w+) planted +'.*?([\w-]{14})\.'", result.stdout, re.MULTILINE)
    observer = re.search(r"^  (\w+) asked", result.stdout, re.MULTILINE)
    assert owner is not None
    assert observer is not None
    assert owner[1] != observer[1]
    assert f"it holds {owner[2]}: {owner[1]}'s fact" in " ".join(result.stdout.split())


def test_an_id_dropped_on_search_alone_is_violated() -> None:
    words = ["audit", "reference", "--seed", "1", "--users", "3", "--breakage", "drop_user_id_on_search", *FOUR]

    result = in_process(*words)

    assert result.exit_code == 1
    assert last_line(result.stdout).startswith("VIOLATED")


def test_an_id_dropped_on_add_alone_is_inconclusive_for_nobody_finds_their_own() -> None:
    result = in_process("audit", "reference", "--seed", "1", "--users", "3", "--breakage", "drop_user_id_on_add", *FOUR)

    assert result.exit_code == 3
    assert last_line(result.stdout).startswith("INCONCLUSIVE held on 0 of 11")
    assert "lost (availability, low)" in result.stdout
    assert "a tenant could not find its own fact" in result.stdout


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (["reference", "--scenario", "nonsense"], ["unknown scenario 'nonsense'", *SCENARIOS]),
        (["reference", "--scenario", "list_all", "--scenario", ""], ["unknown scenario ''", *SCENARIOS]),
        (["reference", "--breakage", "nonsense"], ["unknown breakage 'nonsense'", "drop_user_id_on_add"]),
        (["nonsense"], ["unknown target 'nonsense'", "mem0", "reference", "module:callable"]),
        (["reference", "--require", "telepathy"], ["unknown channel 'telepathy'", *Channel]),
        (["reference", "--report", "out.txt"], ["unknown report suffix '.txt'", ".json"]),
        (["reference", "--report", "out"], ["unknown report suffix 'out'", ".json"]),
        (["reference", "--report", "nowhere/out.json"], ["cannot write", "nowhere/out.json", "folder"]),
        (["reference", "--users", "1"], ["isolation needs at least 2 users, got users=1"]),
        (["reference", "--users", "-3"], ["isolation needs at least 2 users, got users=-3"]),
        (["reference", "--facts", "0"], ["facts must be at least 1, got facts=0"]),
        (["reference", "--facts", "1025"], ["1 to 1024 facts, got facts=1025"]),
        (["reference", "--probes", "0"], ["probes must be at least 1, got probes=0"]),
        (["reference", "--top-k", "0"], ["top_k must be at least 1, got top_k=0"]),
        (["reference", "--settle", "-1"], ["settle must be at least 0, got settle=-1.0"]),
    ],
)
def test_what_cannot_be_audited_is_refused_in_one_line(
    words: list[str], parts: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    result = in_process("audit", *words)

    assert_one_line_of_advice(result, *parts)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_no_report(tmp_path: Path) -> None:
    (tmp_path / "out.json").mkdir()

    result = in_process("audit", "reference", "--report", str(tmp_path / "out.json"))

    assert_one_line_of_advice(result, "cannot write a report to", "out.json")


def test_a_word_in_place_of_a_number_is_a_usage_error() -> None:
    done = in_process("audit", "reference", "--users", "many")

    assert (done.exit_code, done.stdout) == (2, "")
    assert "--users" in done.stderr


def test_a_refusal_reaches_the_shell_as_it_does_the_caller(tmp_path: Path) -> None:
    done = memfence("audit", "nonsense", folder=tmp_path)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("memfence: unknown target 'nonsense'; choose from")


def test_a_breakage_is_not_planted_in_a_users_own_code(project: Callable[[str], Path]) -> None:
    project(SCOPED)

    result = in_process("audit", "myapp.memory:make_memory", "--breakage", "drop_user_id")

    assert_one_line_of_advice(result, "drop_user_id does not apply", "it is planted in: mem0, platform, reference")


@pytest.mark.parametrize("source", [SCOPED, ASYNCHRONOUS])
def test_a_users_own_memory_that_isolates_is_held(source: str, project: Callable[[str], Path]) -> None:
    folder = project(source)

    words = ["audit", "myapp.memory:make_memory", "--seed", "7", "--users", "2", "--examples", "4"]
    result = in_process(*words, "--not-disposable", "--report", "out.json")

    assert result.exit_code == 0, result.output
    told = (
        r"HELD on [0-9] of the [0-9]+ channels your memory has; .*errors were not attacked: not disposable \(seed 7\)"
    )
    assert re.fullmatch(told, last_line(result.stdout))
    report = loaded(folder / "out.json")
    assert (report["target"], report["left_behind"]) == ("myapp.memory:make_memory", 0)


def test_where_nobody_said_whether_the_store_may_be_wiped_the_question_is_open(project: Callable[[str], Path]) -> None:
    project(SCOPED)

    result = in_process("audit", "myapp.memory:make_memory", "--seed", "7", "--users", "2", *FOUR)

    assert result.exit_code == 3, result.output
    assert "nobody said whether the store may be wiped: write `make_memory.disposable = True`" in result.stdout
    assert last_line(result.stdout).startswith("INCONCLUSIVE held on ")


@pytest.mark.parametrize("said", ["target", "table", "option"])
def test_that_the_store_may_be_wiped_is_said_in_three_places(said: str, project: Callable[[str], Path]) -> None:
    folder = project(SCOPED + ("make_memory.disposable = True\n" if said == "target" else ""))
    table = "[tool.memfence]\ndisposable = true\n" if said == "table" else ""
    (folder / "pyproject.toml").write_text(table, encoding="utf-8")
    words = ["audit", "myapp.memory:make_memory", "--users", "2", "--seed", "0", "--scenario", "delete_by_foreign_id"]

    result = in_process(*words, *(["--disposable"] if said == "option" else []))

    assert (result.exit_code, last_line(result.stdout)) == (0, "HELD on 1 of 9 channels (seed 0)")


def test_what_the_target_forbids_no_option_allows(project: Callable[[str], Path]) -> None:
    project(SCOPED + "make_memory.disposable = False\n")

    result = in_process("audit", "myapp.memory:make_memory", "--disposable")

    assert_one_line_of_advice(result, "make_memory says `disposable = False`", "leave out --disposable")


def test_a_users_own_memory_that_forgets_the_user_is_violated(project: Callable[[str], Path]) -> None:
    folder = project(FORGETS_THE_USER)

    done = memfence("audit", "myapp.memory:make_memory", "--seed", "7", "--users", "2", folder=folder)

    assert (done.returncode, done.stderr) == (1, "")
    assert last_line(done.stdout) == "VIOLATED on 2 of 4 channels (seed 7)"
    assert "left behind" not in done.stdout


def test_records_of_a_target_that_cannot_delete_are_reported_as_left_behind(project: Callable[[str], Path]) -> None:
    project(FORGETS_THE_USER.replace("def delete(", "def remove("))

    result = in_process("audit", "myapp.memory:make_memory", "--seed", "7", "--users", "2", *FOUR)

    assert re.search(r"left behind: \d+ records of tenants named mf[0-9a-f]{8}\*", result.stdout)


@pytest.mark.parametrize(
    ("source", "parts"),
    [
        (None, ["could not import myapp.memory: ModuleNotFoundError: No module named 'myapp'"]),
        ("def make_memory(user_id:\n", ["could not import myapp.memory: SyntaxError:", "(memory.py:1)"]),
        (
            "import json\n\nraise RuntimeError('the database\\nis asleep')\n",
            ["could not import myapp.memory: RuntimeError: the database is asleep (memory.py:3)"],
        ),
        ("import json\n\njson.loads('no')\n", ["could not import myapp.memory: JSONDecodeError:", "(memory.py:3)"]),
        ("import not_there_at_all\n", ["No module named 'not_there_at_all' (memory.py:1)"]),
        ("def make_store(user_id): ...\n", ["myapp.memory has no 'make_memory'; it offers: make_store"]),
        ("_hidden = make_user = None\n", ["myapp.memory has no 'make_memory'; it offers: nothing callable"]),
        ("make_memory = 7\n", ["myapp.memory:make_memory is no target", "got int"]),
        (
            "def make_memory(user_id):\n    raise ConnectionError('the store\\nis down')\n",
            ["made no memory for the first tenant: ConnectionError: the store is down (memory.py:2 in make_memory)"],
        ),
        ("def make_memory(user_id): ...\n", ["returned NoneType, which has none of the methods add, search"]),
        (
            CANNOT_START,
            ["myapp.memory:make_memory could not be started: OSError: full (memory.py:6 in start)"],
        ),
        (
            CANNOT_BE_MADE,
            ["myapp.memory:make_memory", "OSError: full", "memory.py:4"],
        ),
        ("import sys\n\nsys.exit(0)\n", ["could not import myapp.memory: SystemExit", "(memory.py:3)"]),
        (
            "import sys\n\n\ndef make_memory(user_id):\n    sys.exit(0)\n",
            ["made no memory for the first tenant: SystemExit", "memory.py:5"],
        ),
    ],
)
def test_a_users_target_that_cannot_be_audited_is_told_with_its_own_error_and_line(
    source: str | None, parts: list[str], project: Callable[[str], Path]
) -> None:
    if source is not None:
        project(source)

    result = in_process("audit", "myapp.memory:make_memory")

    assert_one_line_of_advice(result, *parts)


def test_no_traceback_of_ours_is_shown_for_a_users_error(project: Callable[[str], Path]) -> None:
    folder = project("raise RuntimeError('asleep')\n")

    done = memfence("audit", "myapp.memory:make_memory", folder=folder)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "memfence: could not import myapp.memory: RuntimeError: asleep (memory.py:1)\n"


@pytest.mark.parametrize("error", ["SystemExit(0)", pytest.param("asyncio.CancelledError", marks=pytest.mark.long)])
def test_a_target_that_ends_the_process_or_is_cancelled_leaves_the_question_open(
    error: str, project: Callable[[str], Path]
) -> None:
    folder = project("import asyncio\n" + FORGETS_THE_USER.replace("return list(records)", f"raise {error}"))

    done = memfence("audit", "myapp.memory:make_memory", "--users", "3", *FOUR, folder=folder)

    assert done.returncode not in (0, 1)
    assert "Traceback" not in done.stdout + done.stderr


def test_a_verdict_survives_a_target_that_cannot_be_closed(project: Callable[[str], Path]) -> None:
    project(FORGETS_THE_USER + CANNOT_BE_CLOSED)

    result = in_process("audit", "myapp.memory:Target", "--seed", "7", "--users", "3", *FOUR)

    assert result.exit_code == 1
    assert last_line(result.stdout).startswith("VIOLATED")


def test_a_verdict_survives_a_world_that_cannot_be_opened_again(project: Callable[[str], Path]) -> None:
    project(FORGETS_THE_USER + STARTS_ONCE)

    result = in_process("audit", "myapp.memory:Target", "--seed", "7", "--users", "3", "--scenario", "cross_search")

    assert result.exit_code == 1
    assert last_line(result.stdout).startswith("VIOLATED")


def test_text_that_is_no_unicode_is_reported_too(project: Callable[[str], Path]) -> None:
    folder = project(FORGETS_THE_USER.replace('"memory": text', '"memory": text + chr(0xD800)'))

    done = memfence("audit", "myapp.memory:make_memory", "--users", "3", *FOUR, "--report", "out.json", folder=folder)

    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert last_line(done.stdout).startswith("VIOLATED")
    assert loaded(folder / "out.json")["verdict"] == "violated"


def test_a_crash_whose_text_is_no_unicode_is_reported_too(project: Callable[[str], Path]) -> None:
    broken = FORGETS_THE_USER.replace("return list(records)", "raise RuntimeError(chr(0xD800))")
    folder = project(broken + "\n\nclass Target:\n    make_memory = staticmethod(Memory)\n    disposable = True\n")

    done = memfence("audit", "myapp.memory:Target", "--users", "3", *FOUR, "--report", "out.json", folder=folder)

    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    assert last_line(done.stdout).startswith("INCONCLUSIVE")
    assert loaded(folder / "out.json")["verdict"] == "inconclusive"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_a_report_that_cannot_be_written_after_all_does_not_read_as_violated(tmp_path: Path) -> None:
    (tmp_path / "out.json").symlink_to("/dev/full")

    done = memfence("audit", "reference", "--users", "2", *FOUR, "--report", "out.json", folder=tmp_path)

    assert done.returncode == 2
    assert "out.json" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", [pytest.param("rich", marks=pytest.mark.long), "json"])
def test_a_module_of_the_current_directory_does_not_stand_in_for_an_installed_one(name: str, tmp_path: Path) -> None:
    (tmp_path / f"{name}.py").write_text("raise RuntimeError('imported')\n", encoding="utf-8")
    (tmp_path / "mine.py").write_text(SCOPED, encoding="utf-8")

    # -P: as the installed command, and other than `python -m`, it leaves the current directory out of the path.
    done = python(
        "-P",
        "-m",
        "memfence",
        "audit",
        "mine:make_memory",
        "--users",
        "2",
        *FOUR,
        "--not-disposable",
        "-q",
        folder=tmp_path,
    )

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "command",
    [("audit", "--users", "2", "--scenario", "cross_search"), pytest.param(("explore",), marks=pytest.mark.long)],
)
def test_a_librarys_warning_never_reaches_the_screen(command: tuple[str, ...], tmp_path: Path) -> None:
    noise = "import logging, warnings\nwarnings.warn('raw', stacklevel=1)\nlogging.getLogger('lib').error('raw')\n"
    (tmp_path / "mine.py").write_text(noise + SCOPED, encoding="utf-8")
    few = ("--examples", "1", "--steps", "4") if command == ("explore",) else ()

    done = python("-m", "memfence", command[0], "mine:make_memory", *command[1:], *few, "-q", folder=tmp_path)

    assert (done.stderr, "raw" in done.stdout) == ("", False)


def test_an_installed_module_is_what_its_name_means_as_a_target(tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text(SCOPED, encoding="utf-8")

    done = python("-P", "-m", "memfence", "audit", "json:make_memory", folder=tmp_path)

    assert done.returncode == 2
    assert ", dumps," in done.stderr
    assert "json has no 'make_memory'; it offers:" in done.stderr


def test_a_random_seed_is_printed_and_repeats() -> None:
    words = ["audit", "reference", "--users", "3", "--breakage", "drop_user_id", *FOUR]
    first, other = in_process(*words), in_process(*words)
    seed = first.stdout.rstrip().rpartition("(seed ")[2].rstrip(")")

    again = in_process(*words, "--seed", seed)

    assert again.stdout == first.stdout
    assert other.stdout != first.stdout


@pytest.mark.long
def test_one_seed_gives_one_report_but_for_its_times(tmp_path: Path) -> None:
    few = ("--users", "3", "--crowd", "60")
    words = ["audit", "reference", "--seed", "7", *few, "--breakage", "drop_user_id_on_search"]

    # Sets of strings are iterated in another order for each hash seed.
    memfence(*words, "--report", "first.json", folder=tmp_path, PYTHONHASHSEED="1")
    memfence(*words, "--report", "again.json", folder=tmp_path, PYTHONHASHSEED="2")

    first, again = loaded(tmp_path / "first.json"), loaded(tmp_path / "again.json")
    assert set(first.pop("times")) == set(again.pop("times")) == {"seconds", "inside_target", "scenarios"}
    assert json.dumps(first) == json.dumps(again)


def test_a_scenario_alone_finds_what_it_finds_among_others(tmp_path: Path) -> None:
    words = ["audit", "reference", "--seed", "7", "--users", "3", "--breakage", "drop_user_id"]

    in_process(*words, *FOUR, "--report", str(tmp_path / "all.json"))
    in_process(*words, "--scenario", "list_all", "--report", str(tmp_path / "one.json"))

    among = next(one for one in loaded(tmp_path / "all.json")["scenarios"] if one["name"] == "list_all")
    (alone,) = loaded(tmp_path / "one.json")["scenarios"]
    for scenario in (among, alone):
        for finding in scenario["findings"]:
            # Which is told first hangs on the others.
            del finding["repeat"], finding["place"], finding["cause"]
    assert alone == among


def test_quiet_prints_the_verdict_alone() -> None:
    result = in_process("audit", "reference", "--users", "2", "--seed", "7", "-q", "--breakage", "drop_user_id", *FOUR)

    assert (result.exit_code, result.stderr) == (1, "")
    assert result.stdout == "VIOLATED on 3 of 11 channels (seed 7)\n"


def test_each_report_asked_for_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there").mkdir()

    result = in_process(
        "audit", "reference", "--users", "2", *FOUR, "-q", "--report", "here.json", "--report", "there/out.json"
    )

    assert result.exit_code == 0
    here, there = loaded(tmp_path / "here.json"), loaded(tmp_path / "there" / "out.json")
    assert here == there
    assert (here["schema_version"], here["verdict"]) == (3, "held")


def test_a_channel_that_is_required_and_not_exercised_is_inconclusive() -> None:
    words = ["audit", "reference", "--users", "2", "--require", "search", "--require", "prompts", *FOUR]

    result = in_process(*words)

    assert result.exit_code == 3
    assert (
        "required and not judged: prompts. Offer the method, or leave the channel out of `--require`.\n"
        in result.stdout
    )
    assert last_line(result.stdout).startswith("INCONCLUSIVE held on 3 of 11")


def test_a_users_own_store_is_spared_deletions_unless_they_are_allowed(project: Callable[[str], Path]) -> None:
    project(SCOPED)
    words = ["audit", "myapp.memory:make_memory", "--seed", "7", "--users", "2", *FOUR]

    spared = in_process(*words, "--not-disposable")
    allowed = in_process(*words, "--not-disposable", "--allow-destructive")

    assert "not judged: set `disposable = True` on a target that may be wiped" in spared.stdout
    assert last_line(spared.stdout).startswith("HELD on ")
    assert last_line(allowed.stdout).startswith("HELD on ")


def test_the_catalogue_names_everything_there_is_to_choose(tmp_path: Path) -> None:
    done = memfence("list", folder=tmp_path)

    # What each keyed resource may lie in has a heading of several words.
    lines = [line for line in done.stdout.splitlines() if not line.startswith("stores of ")]
    first_words = [line.split()[0] for line in lines if re.match(r"^ {0,2}\S", line)]
    resources = sorted(resolve.back_ends())
    assert (done.returncode, done.stderr) == (0, "")
    chosen: dict[str, Iterable[str]] = {
        "scenarios": resolve.all_scenarios(),
        # A class is named by its family and what it is.
        "ids": [name.split()[0] for name in (*id_classes.CLASSES, *record_ids.CLASSES)],
        "classes": [
            name.split()[0] for name in ATTACK_CLASSES if name not in {**id_classes.CLASSES, **record_ids.CLASSES}
        ],
        "breakages": resolve.all_breakages(),
        "stores": resolve.modules("stores"),
        "oracles": resolve.all_oracles(),
        "wrappers": ("plain", "scoped", "tutorial"),
        "targets": (*resolve.all_targets(), "module:callable"),
        "channels": tuple(Channel),
    }
    chosen["stores"] = [*chosen["stores"], *(full.partition(":")[2] for full in resources)]
    assert first_words == [word for title, names in chosen.items() for word in (title, *names)]


def test_the_catalogue_says_of_a_breakage_where_it_sits_and_who_must_see_it() -> None:
    shown = " ".join(in_process("list").stdout.split())

    assert [
        name
        for name, found in resolve.all_breakages().items()
        if f"{name} {found.summary} ({found.layer}; caught by {found.caught_by})" not in shown
    ] == []
    assert [name for name, found in resolve.all_oracles().items() if f"{name} {found.summary}" not in shown] == []


def test_help_names_the_commands_and_the_exit_codes(tmp_path: Path) -> None:
    whole = memfence("--help", folder=tmp_path, COLUMNS="100")
    of_audit = in_process("audit", "--help")

    assert (whole.returncode, whole.stderr) == (0, "")
    assert [name for name in ("audit", "demo", "list", "prove") if name not in whole.stdout] == []
    assert "0 held, 1 violated, 2 set-up error, 3 inconclusive" in " ".join(of_audit.stdout.split())


# What is started in the background may ignore SIGINT by inheritance; a user's command does not.
INTERRUPTIBLE = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); import memfence.__main__ as c; c.main()"
)


def start(*words: str, folder: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", INTERRUPTIBLE, *words],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def interrupt_once_started(
    process: "subprocess.Popen[str]", folder: Path, by: signal.Signals = signal.SIGINT
) -> tuple[int, str, str]:
    try:
        deadline = time.monotonic() + 60
        while not (folder / "started").exists() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(by)
        stdout, stderr = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait(timeout=60)
    return process.returncode, stdout, stderr


@posix
@pytest.mark.parametrize(
    ("source", "by", "code", "verdict"),
    [
        (SLOW_AND_SCOPED, signal.SIGINT, 3, "INCONCLUSIVE"),
        (SLOW_AND_FORGETFUL, signal.SIGINT, 1, "VIOLATED"),
        (SLOW_AND_FORGETFUL, signal.SIGTERM, 1, "VIOLATED"),
    ],
)
def test_ctrl_c_or_an_end_from_outside_ends_an_audit_with_what_was_found_so_far_and_removes_what_was_written(
    source: str, by: signal.Signals, code: int, verdict: str, project: Callable[[str], Path]
) -> None:
    folder = project(source)
    process = start("audit", "myapp.memory:make_memory", "--report", "out.json", folder=folder)

    returncode, stdout, stderr = interrupt_once_started(process, folder, by)

    assert returncode == code, stderr
    assert last_line(stdout).startswith(verdict)
    assert "Traceback" not in stdout + stderr
    report = loaded(folder / "out.json")
    assert (report["interrupted"], report["left_behind"]) == (True, 0)
    assert (folder / "left").read_text(encoding="utf-8") == "0"


@posix
def test_ctrl_c_before_anything_was_judged_is_inconclusive(project: Callable[[str], Path]) -> None:
    folder = project("import time\nfrom pathlib import Path\n\nPath('started').touch()\ntime.sleep(60)\n")
    process = start("audit", "myapp.memory:make_memory", folder=folder)

    returncode, stdout, stderr = interrupt_once_started(process, folder)

    assert returncode == 3
    assert "Traceback" not in stdout + stderr


def on_terminal(stream: str, *words: str, folder: Path, **changes: str) -> str:
    """Run the command with one of its streams on a pseudo-terminal; return what that stream showed."""
    import pty  # noqa: PLC0415 - not on Windows

    ours, theirs = pty.openpty()
    streams = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, stream: theirs}
    process = subprocess.Popen(
        [sys.executable, "-m", "memfence", *words],
        cwd=folder,
        env=environment(TERM="xterm-256color", COLUMNS="100", **changes),
        **streams,
    )
    os.close(theirs)
    shown = b""
    try:
        while select.select([ours], [], [], 60)[0]:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # Linux says so when the other end is closed
                break
            if not piece:
                break
            shown += piece
        process.wait(timeout=60)
    finally:
        process.kill()
        process.wait(timeout=60)
        os.close(ours)
    return shown.decode()


@posix
def test_progress_is_shown_on_a_terminal_and_not_when_quiet(tmp_path: Path) -> None:
    words = ["audit", "reference", "--users", "4", *FOUR]

    shown = on_terminal("stderr", *words, folder=tmp_path)
    quiet = on_terminal("stderr", *words, "--quiet", folder=tmp_path)

    # 10 + 12 * 11 + 4 * (2 + 3 * 3) + 12 + 4 * 6 operations: what the four scenarios come to for 4 users.
    assert "/222" in shown
    assert quiet == ""


# It keeps the newest two records, whoever added them, and opens a world slowly enough to be seen.
LOSES_SLOWLY = """
import time


class Target:
    disposable = True

    def start(self):
        time.sleep(0.05)
        self.rows = []

    def make_memory(self, user_id):
        return Memory(self, user_id)


class Memory:
    def __init__(self, world, user_id):
        self.world = world
        self.user_id = user_id

    def add(self, text):
        self.world.rows = [*self.world.rows, (self.user_id, text)][-2:]

    def get_all(self):
        return [text for owner, text in self.world.rows if owner == self.user_id]
"""


@pytest.mark.long
@posix
def test_what_is_played_again_is_shown_on_a_terminal_with_a_bound(tmp_path: Path) -> None:
    (tmp_path / "losing.py").write_text(LOSES_SLOWLY, encoding="utf-8")
    words = ["audit", "losing:Target", "--users", "3", "--facts", "1", "--scenario", "list_all"]

    shown = on_terminal("stderr", *words, folder=tmp_path)
    piped = subprocess.run(
        [sys.executable, "-m", "memfence", *words], cwd=tmp_path, env=environment(), capture_output=True, check=False
    )

    replays = [
        (int(made), int(most))
        for made, most in re.findall(r"settling 1 suspicion, replay (\d+) of at most (\d+)", shown)
    ]
    assert replays[0][0] < replays[-1][0]
    assert {most for _, most in replays} == {16 + 2}
    assert re.search(r"making finding 1 of 1 small, replay \d+ of at most \d+", shown)
    assert piped.returncode == 1
    assert b"replay" not in piped.stderr


COLOUR = re.compile(r"\x1b\[[\d;]*\b(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])[\d;]*m")


@posix
def test_colours_are_shown_on_a_terminal_unless_the_user_wants_none(tmp_path: Path) -> None:
    words = ["audit", "reference", "--seed", "7", "--users", "2", "--breakage", "drop_user_id", *FOUR]

    coloured = on_terminal("stdout", *words, folder=tmp_path)
    plain = on_terminal("stdout", *words, folder=tmp_path, NO_COLOR="1")

    assert COLOUR.search(coloured)
    assert not COLOUR.search(plain)
    assert "VIOLATED" in plain


PROVE_ONE = ("prove", "--breakage", "no_owner_check_on_get", "--seeds", "2", "--clean", "2", "--workers", "1")

# Added to a copy of the package; nobody would see it.
DOES_NOTHING = """
from .. import Layer, bind, breakage


@breakage(Layer.CACHE, caught_by="residue")
def does_nothing(client):
    \"\"\"Nothing is wrong here.\"\"\"
    return bind(client)
"""


@pytest.fixture(scope="module")
def with_one_more(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a copy of the package that has one more breakage."""
    folder = tmp_path_factory.mktemp("copy")
    for source, copy in (("harness", "memfence"), ("scenarios", "memfence/scenarios")):
        shutil.copytree(ROOT / source, folder / copy)
    (folder / "memfence" / "breakages" / "cache" / "does_nothing.py").write_text(DOES_NOTHING, encoding="utf-8")
    return folder


def test_a_breakage_that_is_caught_is_proven_and_written_as_often_as_asked(tmp_path: Path) -> None:
    reports = [str(tmp_path / name) for name in ("out.json", "out.md")]

    result = in_process(*PROVE_ONE, "--report", reports[0], "--report", reports[1])

    assert result.exit_code == 0, result.output
    assert " no_owner_check_on_get c " in result.stdout
    there_are = sum(host(one, "reference") is not None for one in resolve.all_breakages().values())
    proven = (
        f"PROVEN: 1 of 1 breakages caught, of {there_are} that there are, 0 false alarms in 2 clean campaigns of up to"
    )
    assert last_line(result.stdout).startswith(proven)
    report = loaded(tmp_path / "out.json")
    assert (report["proven"], report["missed"]) == (True, [])
    assert report["repeat"] == (
        "memfence prove --on reference --seed 0 --seeds 2 --clean 2 --breakage no_owner_check_on_get"
    )
    assert (tmp_path / "out.md").read_text(encoding="utf-8").splitlines()[2].startswith(proven)


def test_the_machine_alone_finds_a_breakage_and_its_table_is_written(tmp_path: Path) -> None:
    words = ["prove", "--machine", "--breakage", "no_owner_check_on_get", "--seeds", "2", "--workers", "1"]

    result = in_process(*words, "--report", str(tmp_path / "out.md"))

    assert result.exit_code == 0, result.output
    assert "no_owner_check_on_get" in result.stdout
    assert "| no_owner_check_on_get |" in (tmp_path / "out.md").read_text(encoding="utf-8")


def test_each_wrapper_is_audited_on_the_store_that_is_named(tmp_path: Path) -> None:
    words = ["matrix", "--store", "qdrant", "--embedder", "semantic", "--scenario", "get_by_foreign_id"]

    result = in_process(*words, "--users", "2", "--workers", "1", "--report", str(tmp_path / "out.json"))

    assert result.exit_code == 0, result.output
    rows = loaded(tmp_path / "out.json")["rows"]
    assert {row["wrapper"]: row["channels"]["get"]["words"] for row in rows} == {
        "plain": ["leaked"],
        "scoped": ["refused"],
        "tutorial": ["leaked"],
    }


def test_a_quiet_proof_is_its_last_line_alone() -> None:
    result = in_process(*PROVE_ONE, "--quiet")

    assert (result.exit_code, result.stderr) == (0, "")
    assert re.fullmatch(r"PROVEN: 1 of 1 breakages .* \(\d+ s\)\n", result.stdout)


@pytest.mark.long
def test_a_breakage_is_added_by_adding_one_file_and_one_that_nobody_sees_is_missed(with_one_more: Path) -> None:
    listed = memfence("list", folder=with_one_more, COLUMNS="200")
    words = ["prove", "--breakage", "does_nothing", "--seeds", "1", "--clean", "1", "--report", "out.json"]

    # Two processes: the others, too, must find the copy.
    proven = memfence(*words, "--workers", "2", folder=with_one_more)

    assert re.search(r"does_nothing +Nothing is wrong here. \(cache; caught by residue\)", listed.stdout)
    assert (proven.returncode, proven.stderr) == (1, "report written to out.json\n")
    assert "MISSED does_nothing by residue: no oracle spoke" in proven.stdout
    assert last_line(proven.stdout).startswith("NOT PROVEN: 0 of 1 breakages caught")
    assert loaded(with_one_more / "out.json")["missed"] == ["does_nothing"]


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (["--breakage", "nonsense"], ["unknown breakage 'nonsense'", "drop_user_id_on_add"]),
        (["--on", "nonsense"], ["unknown target to plant breakages in 'nonsense'", "mem0", "reference"]),
        (["--on", "myapp:make_memory"], ["unknown target to plant breakages in 'myapp:make_memory'"]),
        (["--seeds", "0"], ["seeds must be at least 1, got seeds=0"]),
        (["--clean", "0"], ["clean must be at least 1, got clean=0"]),
        (["--workers", "0"], ["workers must be at least 1, got workers=0"]),
        (["--report", "out.txt"], ["unknown report suffix '.txt'", ".json", ".md"]),
        (["--report", "nowhere/out.md"], ["cannot write", "nowhere/out.md", "folder"]),
    ],
)
def test_what_cannot_be_proven_is_refused_in_one_line(
    words: list[str], parts: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    result = in_process("prove", *words)

    assert_one_line_of_advice(result, *parts)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_a_proof_that_cannot_be_written_after_all_does_not_read_as_missed(tmp_path: Path) -> None:
    (tmp_path / "out.md").symlink_to("/dev/full")

    result = in_process(*PROVE_ONE, "--report", str(tmp_path / "out.md"))

    assert result.exit_code == 2
    assert "out.md could not be written" in result.stderr
    assert last_line(result.stdout).startswith("PROVEN")


def all_gone(group: int) -> bool:
    """Tell whether no process is left of a group; Python's own helper ends a moment after the last that it helps."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.long
@posix
def test_ctrl_c_ends_a_proof_with_what_was_proven_so_far_and_every_process_of_it(tmp_path: Path) -> None:
    import pty  # noqa: PLC0415 - not on Windows

    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTIBLE, "prove", "--workers", "2"],
        cwd=tmp_path,
        env=environment(TERM="xterm-256color", COLUMNS="100"),
        stdout=subprocess.PIPE,
        stderr=theirs,
        text=True,
        start_new_session=True,
    )
    os.close(theirs)
    try:
        shown = b""
        while not re.search(rb"[1-9] planted", shown) and select.select([ours], [], [], 60)[0]:
            shown += os.read(ours, 65536)

        # As a terminal does: to each process of the group.
        os.killpg(process.pid, signal.SIGINT)
        pressed = time.monotonic()
        stdout, _ = process.communicate(timeout=60)
        took = time.monotonic() - pressed

        assert process.returncode == 3
        told = re.fullmatch(r"NOT PROVEN: (\d+) of \1 breakages caught.*, interrupted \(\d+ s\)", last_line(stdout))
        assert told is not None
        assert int(told[1]) >= 1
        assert took < 30
        assert all_gone(process.pid)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=60)
        os.close(ours)


def contents(*folders: Path) -> list[str]:
    return sorted(str(path) for folder in folders for path in folder.rglob("*"))


@pytest.mark.long
@pytest.mark.parametrize(
    "words", [["audit", "--users", "2", "--crowd", "60", "--load", "60", "--report", "out.json"], ["demo"]]
)
def test_nothing_is_written_but_the_report_and_no_network_is_tried(words: list[str], tmp_path: Path) -> None:
    home, temporary, here = (tmp_path / name for name in ("home", "tmp", "here"))
    for folder in (home, temporary, here):
        folder.mkdir()
    wrapped = tmp_path / "wrapped.py"
    wrapped.write_text(WITHOUT_NETWORK, encoding="utf-8")

    done = python(str(wrapped), *words, folder=here, HOME=str(home), USERPROFILE=str(home), TMPDIR=str(temporary))

    assert done.returncode == 0, done.stdout + done.stderr
    # An attempt to reach the network would be noted here.
    assert contents(home, temporary, here) == [str(here / name) for name in words if name.endswith(".json")]


def test_an_attempt_to_reach_the_network_would_have_been_seen(project: Callable[[str], Path]) -> None:
    folder = project(CALLS_HOME)
    (folder / "wrapped.py").write_text(WITHOUT_NETWORK, encoding="utf-8")

    python("wrapped.py", "audit", "myapp.memory:make_memory", "--users", "2", *FOUR, folder=folder)

    assert "getaddrinfo '127.0.0.1'" in (folder / "attempts").read_text(encoding="utf-8")


def test_the_demonstration_leaks_where_the_id_is_dropped_and_under_attack() -> None:
    done = in_process("demo")

    acts = re.split(r"^\d\. ", done.stdout, flags=re.MULTILINE)[1:]
    assert (done.exit_code, done.stderr) == (0, "")
    assert ["LEAK" in act for act in acts] == [False, True, True, True, False]
    assert "Bob's own memory was deleted with Alice's" in acts[1]


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("audit --scenario ali", ["aliased_ids", "alice_and_bob"]),
        ("explore ref", ["reference"]),
        pytest.param("audit --breakage no_owner_check_on_g", ["no_owner_check_on_get"], marks=pytest.mark.long),
        pytest.param("audit --store pg", ["pgvector", "pgvector_exact"], marks=pytest.mark.long),
    ],
)
def test_a_shell_completes_names(tmp_path: Path, typed: str, offered: list[str]) -> None:
    # As a shell calls it: by the name of the script.
    done = subprocess.run(
        [Path(sys.executable).with_name("memfence")],
        cwd=tmp_path,
        env=os.environ
        | {"_MEMFENCE_COMPLETE": "complete_bash", "COMP_WORDS": f"memfence {typed}"}
        | {"COMP_CWORD": str(len(typed.split()))},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout.split()) == (0, offered), done.stderr


def test_each_class_of_ids_is_listed_with_its_sentence() -> None:
    shown = " ".join(in_process("list", "ids").stdout.split())

    told = {**id_classes.CLASSES, **record_ids.CLASSES}
    assert [name for name, sentence in told.items() if f"{name} {sentence}" not in shown] == []


def test_one_kind_of_names_is_listed_by_itself() -> None:
    done, unknown = in_process("list", "stores"), in_process("list", "store")

    assert done.stdout.startswith("stores\n  chroma ")
    assert "cross_search" not in done.stdout
    assert (unknown.exit_code, unknown.stderr) == (2, "memfence: unknown kind 'store'; did you mean 'stores'?\n")
