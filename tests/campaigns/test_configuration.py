import re
from pathlib import Path

import pytest

from memfence import Channel
from memfence.base.errors import HarnessError
from memfence.campaigns.configuration import OF_AN_OBJECT, OPTIONS, checked, from_text, layered, read_table
from memfence.campaigns.settings import FAST, AuditSettings
from memfence.model.findings import FindingClass

ALL_OF_IT = """
[tool.memfence]
target = "myapp.memory:make_memory"
seed = 3
users = 50
facts = 2
probes = 4
scenarios = ["cross_search", "list_all"]
wrapper = "plain"
breakage = "drop_user_id"
top_k = 7
require = ["search", "history"]
settle = 1
disposable = true
fast = true
allow_destructive = true
crowd = 100
load = 200
timing = true
fail_on = "residue"
wildcard_ids = "allow"
aliases = "deny"
anonymous = "allow"
id_form = "email"
report = ["one.json", "two.json"]
examples = 10
steps = 20
profile = "ci"
save = "leaks"
baseline = "known.json"
app = "app.toml"
asgi = "myapp.web:app"
allow_remote = false
behind_cache = true
show_content = true
verbose = true
workers = 2
quiet = false
"""


def table(folder: Path, text: str) -> dict[str, object]:
    path = folder / "pyproject.toml"
    path.write_text(text, encoding="utf-8")
    return read_table(path)


def test_a_table_says_all_that_an_audit_can_be_told(tmp_path: Path) -> None:
    found = table(tmp_path, ALL_OF_IT)

    assert found == {
        "target": "myapp.memory:make_memory",
        "seed": 3,
        "users": 50,
        "facts": 2,
        "probes": 4,
        "scenarios": ("cross_search", "list_all"),
        "wrapper": "plain",
        "breakage": "drop_user_id",
        "top_k": 7,
        "require": (Channel.SEARCH, Channel.HISTORY),
        "settle": 1.0,
        "disposable": True,
        "allow_destructive": True,
        "fast": True,
        "crowd": 100,
        "load": 200,
        "timing": True,
        "fail_on": (FindingClass.RESIDUE,),
        "wildcard_ids": "allow",
        "aliases": "deny",
        "anonymous": "allow",
        "id_form": "email",
        "report": (tmp_path / "one.json", tmp_path / "two.json"),
        "examples": 10,
        "steps": 20,
        "profile": "ci",
        "save": tmp_path / "leaks",
        "baseline": tmp_path / "known.json",
        "app": "app.toml",
        "asgi": "myapp.web:app",
        "allow_remote": False,
        "behind_cache": True,
        "show_content": True,
        "verbose": True,
        "workers": 2,
        "quiet": False,
    }
    assert set(found) >= OF_AN_OBJECT


def test_fast_is_a_word_for_numbers_and_what_is_said_beside_it_wins() -> None:
    fast = layered({"fast": True, "users": 9}).settings(0)

    assert (fast.users, fast.facts, fast.examples) == (9, FAST["facts"], FAST["examples"])
    assert layered({}).settings(0) == AuditSettings(seed=0)
    assert "--examples" in fast.command("reference")


@pytest.mark.parametrize("text", ["", "[tool.other]\nusers = 1", "[tool.memfence]"])
def test_no_table_says_nothing(tmp_path: Path, text: str) -> None:
    assert table(tmp_path, text) == {}


def test_no_file_says_nothing(tmp_path: Path) -> None:
    assert read_table(tmp_path / "pyproject.toml") == {}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("user = 3", "[tool.memfence] in pyproject.toml knows no 'user'; did you mean 'users'?"),
        ("allow-destructive = true", "knows no 'allow-destructive'; did you mean 'allow_destructive'?"),
        ("zzz = 3", "knows no 'zzz'; choose from aliases, allow_destructive, "),
        ("users = '3'", "users in [tool.memfence] in pyproject.toml must be a whole number, got '3'"),
        ("users = true", "must be a whole number, got True"),
        ("seed = 1.5", "must be a whole number, got 1.5"),
        ("settle = nan", "must be a number, got nan"),
        ("settle = '1'", "must be a number, got '1'"),
        ("allow_destructive = 1", "must be true or false, got 1"),
        ("target = 3", "must be a string, got 3"),
        ("scenarios = [1]", "must be a string or a list of strings, got [1]"),
        ("require = 'serach'", "unknown channel 'serach'; did you mean 'search'?"),
        ("fail_on = 'leak'", "unknown value for fail_on 'leak'; choose from exposure, residue, timing"),
    ],
)
def test_what_a_table_cannot_say_is_refused_by_name(tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises(HarnessError) as refused:
        table(tmp_path, f"[tool.memfence]\n{line}")

    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [("[tool]\nmemfence = 3", "must be a table, got 3"), ("[tool", "pyproject.toml cannot be read: ")],
)
def test_a_file_that_is_none_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(HarnessError) as refused:
        table(tmp_path, text)

    assert said in str(refused.value)


def test_what_is_written_as_text_is_read_as_its_kind() -> None:
    assert from_text("users", "5", "--memfence-users") == {"users": 5}
    assert from_text("wrapper", "5", "--memfence-wrapper") == {"wrapper": "5"}
    assert from_text("report", "a.json", "here", folder=Path("there")) == {"report": (Path("there/a.json"),)}


def test_what_is_written_as_text_and_no_number_is_refused() -> None:
    with pytest.raises(HarnessError, match=r"^users in --memfence-users must be a whole number, got 'five'$"):
        from_text("users", "five", "--memfence-users")


def test_a_place_may_know_fewer_keys() -> None:
    with pytest.raises(HarnessError, match=r"^here knows no 'wrapper'; "):
        checked({"wrapper": "plain"}, "here", keys=OF_AN_OBJECT)


def test_the_first_layer_that_says_something_decides() -> None:
    found = layered({"users": 3}, {"users": 4, "seed": 5}, {"seed": 6, "target": "mem0", "facts": 2, "steps": 9})

    assert (found.target, found.seed, found.report) == ("mem0", 5, ())
    assert found.settings(0) == AuditSettings(seed=5, users=3, facts=2, steps=9)


def test_a_projects_reports_are_those_of_its_own_target() -> None:
    table = {"target": "app:make", "report": (Path("app.md"),), "users": 4}

    other = layered({"target": "mem0"}, table)

    assert (other.report, other.options) == ((), {"users": 4})
    assert layered({"target": "app:make"}, table).report == layered({}, table).report == (Path("app.md"),)
    assert layered({"target": "mem0"}, {"report": (Path("any.md"),)}).report == (Path("any.md"),)


def test_the_seed_has_a_default_of_the_callers() -> None:
    assert layered().settings(8) == AuditSettings(seed=8)


def test_what_makes_no_audit_is_refused_by_the_settings() -> None:
    with pytest.raises(HarnessError, match="isolation needs at least 2 users"):
        layered({"users": 1}).settings(0)


def test_the_guide_lists_every_key() -> None:
    text = (Path(__file__).parents[2] / "harness" / "guide" / "options.md").read_text(encoding="utf-8")
    rows = [line.split(" | ")[0] for line in text.splitlines() if line.startswith("| `")]
    listed = {key for row in rows for key in re.findall(r"`(\w+)`", row)}

    assert [key for key in OPTIONS if key not in listed] == []


def test_another_tools_table_is_not_taken_for_a_mistyped_one(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.defence]\nusers = 3\n[tool.mem0]\na = 1\n", encoding="utf-8")

    assert read_table(tmp_path / "pyproject.toml") == {}
