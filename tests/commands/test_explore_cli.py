"""`memfence explore` and `memfence replay` as a user meets them."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from memfence.campaigns.exploring import Explorer
from memfence.commands.cli import app

BROKEN = ("explore", "reference", "--breakage", "drop_user_id", "--seed", "1", "--examples", "10")
CLEAN = ("explore", "reference", "--seed", "0", "--examples", "5")

STORE = """
class Memory:
    rows = []

    def __init__(self, user_id):
        self.user_id = user_id

    def add(self, text):
        self.rows.append({"id": str(len(self.rows)), "memory": text, "user_id": self.user_id})

    def search(self, query):
        return CONDITION
"""
NOBODYS = "[]"
EVERYBODYS = "list(self.rows)"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


def memfence(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def store(here: Path, name: str, condition: str) -> str:
    (here / f"{name}.py").write_text(STORE.replace("CONDITION", condition))
    return f"{name}:Memory"


def last_line(result: Result) -> str:
    return result.stdout.strip().splitlines()[-1]


@pytest.fixture
def saved(here: Path) -> Path:
    assert memfence(*BROKEN, "-q", "--save", "found").exit_code == 1
    return here / "found" / "canary_leak.json"


def test_a_target_that_isolates_is_held(here: Path) -> None:
    result = memfence(*CLEAN)

    assert result.exit_code == 0, result.output
    assert last_line(result).startswith("HELD ")
    assert "control (reroute): caught by " in result.stdout
    assert list(here.iterdir()) == []


def test_a_target_that_leaks_is_violated_and_told_with_its_smallest_story(here: Path) -> None:
    result = memfence(*BROKEN)

    assert result.exit_code == 1, result.output
    assert last_line(result).startswith("VIOLATED ")
    assert "2 users, 2 calls: shrunk from " in result.stdout
    assert "repeat: memfence explore reference --seed 1 --examples 10 --breakage drop_user_id" in result.stdout
    assert "memfence replay FOLDER/canary_leak.json" in result.stdout
    assert list(here.iterdir()) == []


@pytest.mark.long
def test_a_target_that_answers_nothing_is_inconclusive(here: Path) -> None:
    result = memfence("explore", store(here, "nobodys_store", NOBODYS), "--seed", "0", "--examples", "5")

    assert result.exit_code == 3, result.output
    assert last_line(result).startswith("INCONCLUSIVE ")


def test_quiet_prints_the_verdict_alone(here: Path) -> None:
    del here

    result = memfence(*BROKEN, "-q")

    (line,) = result.stdout.strip().splitlines()
    assert line.startswith("VIOLATED ")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--profile", "nightly"), "'nightly'"),
        (("--examples", "0"), "examples must be at least 1, got examples=0"),
        (("--steps", "0"), "steps must be at least 1, got steps=0"),
        (("--breakage", "drop_user_di"), "drop_user_id"),
        (("--breakage", "drop_user_id", "--wrapper", "plain"), "--wrapper plain"),
        (("--aliases", "perhaps"), "'perhaps'"),
        (("--report", "found.txt"), ".json"),
    ],
)
def test_what_cannot_be_meant_is_a_usage_error_in_one_line(here: Path, words: tuple[str, ...], said: str) -> None:
    result = memfence("explore", "reference", *words)

    assert result.exit_code == 2, result.output
    assert said in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert list(here.iterdir()) == []


def test_an_unknown_target_is_a_set_up_error(here: Path) -> None:
    del here

    result = memfence("explore", "nowhere:nothing", "--examples", "1")

    assert result.exit_code == 2
    assert result.stderr.startswith("memfence: ")


def test_a_profile_says_how_much_and_options_beat_it(here: Path) -> None:
    told = here / "told.json"

    result = memfence(
        "explore", "reference", "--profile", "ci", "--examples", "3", "--steps", "5", "--report", str(told), "-q"
    )

    assert result.exit_code in (0, 3), result.output
    settings = json.loads(told.read_text())
    assert settings["seed"] == 0
    assert "--examples 3 --steps 5" in json.dumps(settings)


def test_a_report_is_json_with_each_counterexample_as_a_replay(here: Path) -> None:
    result = memfence(*BROKEN, "-q", "--report", "told.json")

    told: dict[str, Any] = json.loads((here / "told.json").read_text("ascii"))
    (found, *_) = told["counterexamples"]
    assert result.exit_code == 1
    assert told["verdict"] == "violated"
    assert told["examples"] >= 10
    assert (found["oracle"], found["tenants"], found["operations"]) == ("canary_leak", 2, 2)
    assert found["replay"]["memfence_replay"] == 1
    assert set(told["first_seen_in_example"]) >= {one["oracle"] for one in told["counterexamples"]}


def test_what_is_saved_is_the_replay_that_the_report_holds(here: Path) -> None:
    memfence(*BROKEN, "-q", "--report", "told.json", "--save", "found")

    told = json.loads((here / "told.json").read_text("ascii"))
    saved = {path.stem: json.loads(path.read_text("ascii")) for path in (here / "found").iterdir()}
    kept = {json.dumps(one) for one in saved.values()}
    assert kept == {json.dumps(one["replay"]) for one in told["counterexamples"]}
    assert len(saved) == len(told["counterexamples"])
    assert {one["oracle"] for one in told["counterexamples"]} <= set(saved)


def test_a_replay_fails_on_the_target_that_the_file_names_and_is_held_on_a_mended_one(saved: Path) -> None:
    told = json.loads(saved.read_text())
    mended = saved.with_name("mended.json")
    mended.write_text(json.dumps({**told, "breakage": None}))

    still, held = memfence("replay", str(saved)), memfence("replay", str(mended))

    assert still.exit_code == 1, still.output
    assert last_line(still).startswith("VIOLATED it still fails: canary_leak by ")
    assert held.exit_code == 0, held.output
    assert last_line(held) == "HELD each call was made, and nothing was found"


def test_a_store_of_ones_own_is_explored_saved_and_replayed(here: Path) -> None:
    target = store(here, "everybodys_store", EVERYBODYS)

    explored = memfence("explore", target, "--seed", "0", "--examples", "20", "--save", "found")
    again = memfence("replay", "found/canary_leak.json")

    assert explored.exit_code == 1, explored.output
    assert "saved: memfence replay found/canary_leak.json" in explored.stdout
    assert again.exit_code == 1, again.output
    assert f"replay of canary_leak on {target}:" in again.stdout


def test_a_replay_on_a_target_that_lacks_a_method_is_inconclusive(here: Path) -> None:
    target = store(here, "poor_store", EVERYBODYS)
    (here / "found.json").write_text(
        json.dumps(
            {
                "memfence_replay": 1,
                "target": "reference",
                "wrapper": "scoped",
                "breakage": None,
                "seed": 0,
                "oracle": "canary_leak",
                "verdict": "violated",
                "tenants": [{"index": 0, "id": "x"}, {"index": 1, "id": "y"}],
                "moves": [{"Add": {"by": 0, "fact": [0, 0]}}, {"Get": {"by": 1, "record": [1, 0]}}],
            }
        )
    )

    result = memfence("replay", "found.json", target)

    assert result.exit_code == 3, result.output
    assert last_line(result) == (
        "INCONCLUSIVE the target has no way to make 1 of the 2 moves. Replay it on the target that it was found on, or "
        "offer the method."
    )


@pytest.mark.parametrize("content", [None, "{", "{}", '{"memfence_replay": 9}', '{"memfence_replay": 1}'])
def test_a_file_that_is_no_replay_is_a_set_up_error_that_names_it(here: Path, content: str | None) -> None:
    if content is not None:
        (here / "found.json").write_text(content)

    result = memfence("replay", "found.json")

    assert result.exit_code == 2
    assert result.stderr.startswith("memfence: found.json ")
    assert len(result.stderr.strip().splitlines()) == 1


def test_an_emitted_test_is_written_once_and_never_over_anything(saved: Path, here: Path) -> None:
    first = memfence("replay", str(saved), "--emit-test", "test_it.py")
    written = (here / "test_it.py").read_text("utf-8")
    (here / "test_it.py").write_text("# mine\n")

    second = memfence("replay", str(saved), "--emit-test", "test_it.py")

    assert first.exit_code == 0, first.output
    assert "pytest test_it.py" in first.stdout
    assert "def test_canary_leak_is_held() -> None:" in written
    assert second.exit_code == 2
    assert "test_it.py" in second.stderr
    assert (here / "test_it.py").read_text() == "# mine\n"


def test_an_interruption_before_anything_was_judged_is_inconclusive(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del here

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Explorer, "run", interrupted)

    result = memfence(*CLEAN)

    assert result.exit_code == 3
    assert last_line(result) == "INCONCLUSIVE interrupted before anything was judged"


@pytest.mark.long
def test_mem0_is_explored_over_another_store_and_its_replay_knows_where(here: Path) -> None:
    words = ("--breakage", "drop_user_id", "--seed", "1", "--examples", "4", "--steps", "12")

    done = memfence("explore", "mem0", "--store", "faiss", *words, "--save", "found")

    kept = json.loads((here / "found" / "canary_leak.json").read_text())
    again = memfence("replay", "found/canary_leak.json")
    assert done.stdout.startswith("memfence explore of mem0 on faiss with breakage drop_user_id: ")
    assert "--store faiss" in done.stdout
    assert kept["place"] == {"store": "faiss"}
    assert (done.exit_code, again.exit_code) == (1, 1), again.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("reference", "--store", "faiss"), "--store is for the target mem0; reference has its own"),
        (("mem0", "--store", "nosuch"), "unknown store 'nosuch'"),
        (("mem0", "--store", "faiss", "--store-config", "c.json"), "a mem0 config names its own store"),
    ],
)
def test_a_store_that_cannot_be_had_is_a_set_up_error(here: Path, words: tuple[str, ...], said: str) -> None:
    result = memfence("explore", *words, "--examples", "1")

    assert (result.exit_code, here.exists()) == (2, True)
    assert said in result.output
