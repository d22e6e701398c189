"""`memfence doctor` as a user meets it: what it says, what it leaves alone, and that its lines work where they go."""

import ast
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import simple_targets
from audited import audited
from click.testing import Result
from typer.testing import CliRunner

from memfence.campaigns import resolve
from memfence.campaigns.diagnosing import diagnose
from memfence.campaigns.file_lines import file_lines
from memfence.campaigns.settings import AuditSettings
from memfence.commands.cli import app
from memfence.model.diagnoses import Kind
from memfence.performing.contract import adapt
from memfence.plans.scenario import Scenario
from memfence.reporting.snippets import holder, lines_for
from memfence.targets.web.app_file import parse

ALL = sum(one.fits("") for one in resolve.scenarios(()))
MINE = """
from memfence import offline_mem0
from memfence.targets.built_in.reference import ReferenceClient

client = ReferenceClient()


class MyMemory:
    def __init__(self, user_id):
        self.user_id = user_id

    def add(self, text, infer=True):
        return client.add(text, user_id=self.user_id, infer=infer)

    def search(self, query, top_k=20):
        return client.search(query, filters={"user_id": self.user_id}, top_k=top_k)

    def get_all(self):
        return client.get_all(filters={"user_id": self.user_id}, top_k=1000)

    def delete(self, record_id):
        return client.delete(record_id)


def make_memory(user_id):
    return MyMemory(user_id)
"""

CARTS = """
class Cart:
    def __init__(self, rows):
        self.rows = rows

    def put(self, key, value):
        self.rows[key] = value

    def get(self, key):
        return self.rows[key]


class Target:
    disposable = True

    def start(self):
        self.rows = {}

    def sign_in(self, user_id, *, carrying=None):
        return {"cookie session": str(user_id)}

    def bearing(self, credential):
        return Cart(self.rows.setdefault(credential["cookie session"], {}))
"""

NO_OWNER = "no record has a `user_id`: if its owner stands under another name, say so with `scope_keys`"
ROWS = """
rows = []


class Memory:
    def __init__(self, user_id):
        self.user_id = user_id

    def add(self, text):
        rows.append({"id": str(len(rows)), "memory": text, "user_id": self.user_id})
        return rows[-1]

    def search(self, query):
        return SEARCHED

    def delete(self, record_id):
        rows[:] = [row for row in rows if row["id"] != record_id]


def make_memory(user_id):
    return Memory(user_id)


make_memory.disposable = True
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    # So that a module of one test is none of another's.
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def doctor(*words: str) -> Result:
    return CliRunner().invoke(app, ["doctor", *words])


def said(done: Result) -> str:
    """Return what was printed as one paragraph."""
    return " ".join(done.stdout.split())


def write(folder: Path, name: str, text: str) -> str:
    (folder / f"{name}.py").write_text(text, encoding="utf-8")
    return f"{name}:make_memory"


def test_a_memory_is_told_what_it_offers_what_will_run_and_what_each_other_attack_waits_for(here: Path) -> None:
    done = doctor(write(here, "mine_told", MINE))

    assert (done.exit_code, done.stderr) == (3, "")
    text = said(done)
    assert "has add(infer), search(top_k), get_all, delete; no get, update, delete_all, history" in text
    assert "search and get_all show what add has stored; the id of each new record is known" in text
    assert f"attacks 10 of {ALL} will run, and 40 histories: alice_and_bob, busy_neighbours, cached_methods" in text
    assert re.search(r"where the store may be wiped: make_memory.disposable = True \d+ attacks \(", text)
    assert re.search(r"time about \d+ seconds, for about \d,\d\d\d operations \(add [\d.]+ ms, search ", text)
    last = "NOT READY: say whether the store may be wiped: make_memory.disposable = True, or False"
    assert done.stdout.splitlines()[-1] == last


def test_a_target_that_says_whether_it_may_be_wiped_is_ready_either_way(here: Path) -> None:
    wiped = doctor(write(here, "mine_wiped", f"{MINE}\n\nmake_memory.disposable = True\n"))
    kept = doctor(write(here, "mine_kept", f"{MINE}\n\nmake_memory.disposable = False\n"))

    assert (wiped.exit_code, kept.exit_code) == (0, 0)
    assert f"disposable True, says the target: its store may be wiped attacks 23 of {ALL}" in said(wiped)
    assert "disposable False, says the target: what deletes is not tried" in said(kept)
    assert kept.stdout.splitlines()[-1] == "READY: an audit can give its answer by what it may try"


def test_what_the_command_line_allows_is_told_as_said_there() -> None:
    kept, allowed, wiped = (
        doctor(name, option)
        for name, option in (
            ("simple_targets:Production", "--not-disposable"),
            ("simple_targets:Production", "--allow-destructive"),
            ("simple_targets:Own", "--disposable"),
        )
    )

    assert [one.exit_code for one in (kept, allowed, wiped)] == [0, 0, 0]
    assert "False, says the command line or [tool.memfence]: what deletes is not tried" in said(kept)
    assert "False, says the target: what deletes is tried all the same, but nobody comes under" in said(allowed)
    assert "True, says the command line or [tool.memfence]: its store may be wiped" in said(wiped)


def test_a_permission_to_delete_does_not_say_whether_the_store_may_be_wiped(here: Path) -> None:
    done = doctor(write(here, "mine_unsaid", MINE), "--allow-destructive")

    assert done.exit_code == 3
    assert "not said: may its store be wiped?" in said(done)


def test_the_lines_against_odd_ids_refuse_them_where_they_are_pasted(here: Path) -> None:
    before = doctor(write(here, "mine_unchecked", MINE))
    pasted = re.search(r"refuse them:\n((?: {16}.*\n)+)", before.stdout)
    assert pasted is not None
    lines = [line[12:] for line in pasted[1].splitlines()]
    checked = MINE.replace("def make_memory(user_id):\n", "def make_memory(user_id):\n" + "\n".join([*lines, ""]))

    after = doctor(write(here, "mine_checked", f"import re\n{checked}"))

    assert "these lines (and `import re`) refuse them:" in before.stdout
    assert "ids not checked: '', None, ' ', '*', '<id> ' (its calls may still refuse them" in said(before)
    assert "ids refused: '', None, ' ', '*', '<id> ' disposable" in said(after)


def test_what_breaks_on_an_odd_id_is_no_refusal(here: Path) -> None:
    broken = MINE.replace("return MyMemory(user_id)", "return MyMemory(user_id.strip())")
    done = doctor(write(here, "mine_strips", broken), "--show-content")

    text = said(done)
    assert "None broke it (AttributeError: 'NoneType' object has no attribute 'strip' (mine_strips.py:" in text
    assert "a ValueError says no plainly; let in: '', ' ', '*', '<id> '" in text


def test_where_the_store_may_be_wiped_a_call_that_refuses_an_odd_id_is_seen() -> None:
    assert "ids refused: '', ' '; let in: None, '*', '<id> '; ScopedMemory refuses them" in said(
        doctor("mem0", "--wrapper", "plain")
    )


@pytest.mark.parametrize(
    ("searched", "told"),
    [
        ("len(rows)", "search returned int: a list, a dict or a text is understood"),
        ("[]", "search did not find what was stored: it returned list with no record in it"),
        ("None", "search did not find what was stored: it returned None with no record in it"),
        ("[{'id': '1', 'memory': 'x'}]", "search returned 1 record, and not the one that was stored"),
        (
            "{'answer': ' '.join(row['memory'] for row in rows)}",
            "search returned dict with the fact in no record: return a list of records or texts",
        ),
        ("1 / 0", "search failed: ZeroDivisionError: division by zero ("),
    ],
)
def test_what_cannot_be_read_or_found_is_told_and_stands_in_the_way(searched: str, told: str, here: Path) -> None:
    name = f"rows_{here.name}"
    done = doctor(write(here, name, ROWS.replace("SEARCHED", searched)))

    assert done.exit_code == 3
    assert told in said(done)
    assert done.stdout.splitlines()[-1] == "NOT READY: what was stored is not found again by search (results)"


def test_a_text_is_understood(here: Path) -> None:
    done = doctor(write(here, "rows_text", ROWS.replace("SEARCHED", "' '.join(row['memory'] for row in rows)")))

    assert done.exit_code == 0
    assert "search shows what add has stored" in said(done)
    assert NO_OWNER in said(done)


def test_an_owner_under_another_name_is_known_once_that_is_said(here: Path) -> None:
    source = ROWS.replace('"user_id": self', '"tenant": self').replace("SEARCHED", "rows")
    silent = doctor(write(here, "rows_unnamed", source))
    saying = doctor(write(here, "rows_saying", f"{source}\nmake_memory.scope_keys = ('tenant',)\n"))

    assert NO_OWNER in said(silent)
    assert NO_OWNER not in said(saying)


def test_a_memory_that_stores_nothing_says_why(here: Path) -> None:
    source = ROWS.replace("rows.append", "raise RuntimeError('the store is down')\n        rows.append")
    done = doctor(write(here, "rows_down", source))

    assert done.exit_code == 3
    assert "add failed: RuntimeError: the store is down (rows_down.py:10 in add)" in said(done)
    assert done.stdout.splitlines()[-1] == "NOT READY: nothing can be stored, so nothing can be judged (results)"


def test_a_memory_without_add_has_no_attack_that_runs(here: Path) -> None:
    done = doctor(write(here, "rows_unstored", ROWS.replace("def add", "def put").replace("SEARCHED", "[]")))

    assert done.exit_code == 3
    assert f"0 of {ALL} will run" in said(done)
    assert "not tried: there is no `add`" in said(done)
    assert "def add(self, text): raise NotImplementedError" in said(done)


def test_where_no_reply_tells_an_id_calls_by_id_stand_in_the_way(here: Path) -> None:
    source = ROWS.replace("return rows[-1]", "").replace("SEARCHED", "[row['memory'] for row in rows]")
    done = doctor(write(here, "rows_silent", source))

    assert done.exit_code == 3
    assert "the id of no new record is known" in said(done)
    assert "let `add` return it" in done.stdout.splitlines()[-1]


def test_what_is_required_and_not_offered_stands_in_the_way() -> None:
    done = doctor("simple_targets:Own", "--require", "prompts")

    assert done.exit_code == 3
    assert done.stdout.splitlines()[-1] == "NOT READY: required and not all offered: prompts"


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (None, "could not import"),
        ("def make_memory(user_id): raise OSError('no database')", "made no memory for the first tenant: OSError: "),
        ("make_memory = 7", "is no target: give a function from user id to memory"),
        ("def make_memory(user_id): return object()", "which has none of the methods add, search"),
        (
            "class make_memory:\n    make_memory = print\n    def start(self): raise OSError('no docker')",
            "could not be started: OSError: no docker",
        ),
        ("def make_memory(user_id):", "could not import"),
    ],
)
def test_what_cannot_be_set_up_is_one_line_and_no_traceback(source: str | None, told: str, here: Path) -> None:
    name = f"shut_{here.name}"
    done = doctor(f"{name}:make_memory" if source is None else write(here, name, source))

    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("memfence: ")
    assert told in done.stderr
    assert done.stderr.count("\n") == 1


class Watched(simple_targets.Production):
    """It notes who asked for what."""

    def __init__(self, memory: type[simple_targets.Simple] = simple_targets.Simple) -> None:
        super().__init__(memory)
        self.made: list[object] = []
        self.called: set[tuple[object, str]] = set()

    def make_memory(self, user_id: object) -> simple_targets.Simple:
        self.made.append(user_id)
        memory = super().make_memory(user_id)
        for name in ("add", "search", "get_all", "get", "update", "delete", "delete_all", "history"):
            method = getattr(memory, name)
            if method is not None:
                setattr(memory, name, self.noting(user_id, name, method))
        return memory

    def noting(self, user_id: object, name: str, method: object) -> object:
        def call(*words: object) -> object:
            self.called.add((user_id, name))
            return method(*words)  # type: ignore[operator]  # it is one

        return call


def test_nobody_is_attacked_nothing_is_called_under_an_odd_id_and_what_was_stored_is_removed() -> None:
    watched = Watched()
    before = [dict(row) for row in watched.rows]

    found = diagnose(adapt(watched, "watched"), AuditSettings(seed=7))

    assert watched.rows == before
    assert found.left_behind == 0
    ordinary = {who for who in watched.made if re.fullmatch(r"mf\w+-[a-z]+-\d+", str(who))}
    padded = {f"{who} " for who in ordinary}
    assert {who for who in watched.made if who not in ordinary} - padded == {"", None, "   ", "*"}
    assert len(padded.intersection(map(str, watched.made))) == 1
    assert {who for who, _ in watched.called} == ordinary
    assert {name for _, name in watched.called} == {"add", "search", "get_all", "get", "history", "delete"}


def test_where_nothing_can_be_removed_one_fact_is_stored_for_each_need_and_that_is_told() -> None:
    watched = Watched(simple_targets.WithoutDelete)

    found = diagnose(adapt(watched, "watched"), AuditSettings(seed=7))

    assert len(watched.rows) == 2
    assert found.left_behind == 1


@pytest.mark.long
@pytest.mark.parametrize("name", ["Own", "Production"])
@pytest.mark.parametrize(
    "memory",
    [simple_targets.Simple, simple_targets.AddAndSearch, simple_targets.WithoutDelete],
    ids=lambda one: one.__name__,
)
def test_the_attacks_that_are_said_to_run_are_those_that_an_audit_runs(
    name: str, memory: type[simple_targets.Simple]
) -> None:
    target = adapt(getattr(simple_targets, name)(memory), name)
    options: dict[str, Any] = {"users": 2, "crowd": 20, "load": 20, "scenarios": ()}

    found = diagnose(target, AuditSettings(seed=7, **options))
    report = audited(target, **options)

    assert list(found.attacks) == [one["name"] for one in report["scenarios"] if one["not_exercised"] is None]
    waiting = {attack for line in found.lines for attack in line.attacks}
    assert waiting == {one["name"] for one in report["scenarios"] if one["not_exercised"] is not None}


def every_choice(keys: str = "") -> set[tuple[str, ...]]:
    scenarios: list[Scenario] = resolve.scenarios(())
    return {choice for scenario in scenarios if scenario.fits(keys) for choice in scenario.needs} | {()}


@pytest.mark.parametrize("keys", ["", "flat"])
def test_each_thing_that_an_attack_on_sessions_needs_has_lines_of_its_own(keys: str) -> None:
    scenarios: list[Scenario] = resolve.scenarios(())

    for choice in {choice for one in scenarios if one.fits(keys, sessions=True) for choice in one.needs}:
        assert all(lines_for((name,), Kind.OBJECT, "Mine", keys) for name in choice)


@pytest.mark.parametrize(("method", "code"), [("get", 3), ("read", 2)])
def test_a_memory_with_put_is_told_how_it_is_asked_by_keys(here: Path, method: str, code: int) -> None:
    (here / f"carts_{method}.py").write_text(CARTS.replace("def get", f"def {method}"))

    result = doctor(f"carts_{method}:Target")

    assert result.exit_code == code, result.output
    assert 'let the target say `keys = "flat"`' in " ".join(result.output.split())


@pytest.mark.parametrize("kind", [one for one in Kind if one is not Kind.FILE], ids=lambda kind: kind.value)
def test_each_thing_that_an_attack_needs_has_lines_that_are_python(kind: Kind) -> None:
    for choice in every_choice():
        lines = [*holder(kind, "Mine"), *lines_for(choice, kind, "Mine")]

        # A signature is to be changed where it stands, with its body.
        assert ast.parse("\n".join(line + "\n    ..." if ":  #" in line else line for line in lines)).body


def test_a_line_for_the_file_of_an_application_is_understood_there() -> None:
    of_sessions = {("start",), ("expire",), ("events",), ("live",), ("close_account",), ("others",)}
    found = {line for choice in every_choice() | of_sessions for line in file_lines(choice)}
    of_keys = {line for choice in every_choice("flat") | of_sessions for line in file_lines(choice, "flat")}

    assert {"add", "search", "delete_all", "reset", "live", "disposable"} <= {line.partition(" ")[0] for line in found}
    assert {"put", "list", "query", "clear", "reset", "disposable"} <= {line.partition(" ")[0] for line in of_keys}
    for lines, look in ((found, {"get_all": "GET /notes"}), (of_keys, {"put": "PUT /notes/{key} {text}"})):
        for line in lines:
            said = {"sign_in": "POST /login {user, password}", "list": "GET /notes", **look, **tomllib.loads(line)}
            assert parse({key: one for key, one in said.items() if key != "list" or "put" in said}).operations


def test_lines_that_are_still_to_be_written_raise_so_that_nothing_is_held_by_them() -> None:
    (line,) = lines_for(("get",), Kind.OBJECT, "Mine")
    found: dict[str, object] = {}
    exec(line, found)  # noqa: S102 - our own line

    with pytest.raises(NotImplementedError):
        found["get"](None, "1")  # type: ignore[operator]  # it is a function


def test_an_asynchronous_memory_is_examined_like_any_other(here: Path) -> None:
    source = ROWS.replace("    def ", "    async def ").replace("async def __init__", "def __init__")
    done = doctor(write(here, "rows_async", source.replace("SEARCHED", "[dict(row) for row in rows]")))

    assert done.exit_code == 0
    assert "search shows what add has stored; the id of each new record is known" in said(done)


def test_the_table_is_read_as_by_an_audit(here: Path) -> None:
    write(here, "mine_table", MINE)
    (here / "pyproject.toml").write_text(
        '[tool.memfence]\ntarget = "mine_table:make_memory"\nscenarios = ["list_all"]\nexamples = 0\n',
        encoding="utf-8",
    )

    assert "attacks 1 of 1 will run time" in said(doctor())


PRIVATE = """
rows = []


class NotYours(Exception):
    pass


class Memory:
    def __init__(self, user_id):
        if user_id == "":
            raise NotYours("nobody")
        self.user_id = user_id

    def add(self, text):
        rows.append({"id": str(len(rows)), "memory": text, "user_id": self.user_id})
        return rows[-1]

    def get_all(self):
        return [row for row in rows if row["user_id"] == self.user_id]

    def get(self, record_id):
        for row in self.get_all():
            if row["id"] == record_id:
                return row
        raise NotYours(record_id)


def make_memory(user_id):
    return Memory(user_id)


make_memory.disposable = True
"""


def test_an_error_of_the_targets_own_is_told_with_the_line_by_which_it_means_no(here: Path) -> None:
    before = doctor(write(here, "mine_private", PRIVATE))
    after = doctor(write(here, "mine_listed", f"{PRIVATE}\n\nmake_memory.refusals = (NotYours,)\n"))

    assert "refusals NotYours for '', `get` of an id that no record has: an error may mean no" in said(before)
    assert "\n                make_memory.refusals = (NotYours,)\n" in before.stdout
    assert before.stdout.splitlines()[-1] == "NOT READY: say whether NotYours means no (refusals)"
    assert "refused: ''" in said(after)
    assert after.stdout.splitlines()[-1].startswith("READY")


def test_who_may_be_wiped_and_has_no_start_is_told_that_an_audit_takes_longer(here: Path) -> None:
    start = "def start():\n    rows.clear()\n\n\nmake_memory.start = start\n"
    without, opened, kept = (
        said(doctor(write(here, name, text)))
        for name, text in (
            ("mine_filling", PRIVATE),
            ("mine_fresh", f"{PRIVATE}\n\n{start}"),
            ("mine_lasting", PRIVATE.replace("disposable = True", "disposable = False")),
        )
    )

    longer = "Without a `start` that opens a fresh, empty store for each attack an audit takes several times as long"
    assert longer in without
    assert longer not in opened
    assert longer not in kept
