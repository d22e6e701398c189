"""Reports, baselines and the screen, as a user meets them."""

import json
import re
from pathlib import Path

import pytest
from audited import SAID, SECRET, violated
from click.testing import Result
from typer.testing import CliRunner

from memfence.commands.cli import app

BROKEN = ["audit", "reference", "--breakage", "drop_user_id", "--users", "3", "--scenario", "cross_search"]


def memfence(*words: str, columns: int = 80) -> Result:
    return CliRunner().invoke(app, list(words), env={"COLUMNS": str(columns), "NO_COLOR": "1"})


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_several_reports_are_written_at_once_and_rendered_again_alike(here: Path) -> None:
    suffixes = ("md", "sarif", "xml")

    done = memfence(*BROKEN, *(word for one in ("json", *suffixes) for word in ("--report", f"a.{one}")))
    again = memfence("report", "a.json", *(word for one in suffixes for word in ("--to", f"b.{one}")))

    assert (done.exit_code, again.exit_code) == (1, 0)
    for suffix in suffixes:
        first, second = ((here / f"{name}.{suffix}").read_text(encoding="utf-8") for name in "ab")
        assert first == second != ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "cannot be read"),
        ("{", "is no report of memfence: memfence audit --report memfence.json writes one"),
        ("[]", "is no report of memfence"),
        ('{"schema_version": 3, "verdict": "held", "scenarios": [1]}', "is no report of memfence"),
        ('{"schema_version": 1, "verdict": "held", "scenarios": []}', "has schema_version 1"),
        ('{"schema_version": 1, "findings": []}', "is a baseline: give the report of an audit"),
    ],
)
def test_what_is_no_report_is_refused_in_one_line(text: str | None, said: str, here: Path) -> None:
    if text is not None:
        (here / "a.json").write_text(text, encoding="utf-8")

    done = memfence("report", "a.json", "--to", "a.md")

    assert done.exit_code == 2
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_suffix_that_there_is_no_format_for_is_refused_before_the_work() -> None:
    done = memfence(*BROKEN, "--report", "a.pdf")

    assert (done.exit_code, done.stdout) == (2, "")
    assert "unknown report suffix '.pdf'; choose from " in done.stderr


def test_a_baseline_accepts_what_is_known_and_says_so_plainly(here: Path) -> None:
    memfence(*BROKEN, "--seed", "1", "--report", "a.json")
    updated = memfence("baseline", "update", "a.json")

    known = memfence(*BROKEN, "--seed", "2", "--baseline", "memfence-baseline.json", "--report", "b.json")
    quiet = memfence(*BROKEN, "--seed", "2", "--baseline", "memfence-baseline.json", "-q")
    new = memfence(*BROKEN[:-1], "list_all", "--seed", "2", "--baseline", "memfence-baseline.json")

    assert updated.exit_code == 0
    assert "accepted: canary_leak (leak) by search in cross_search in reference with breakage" in updated.stdout
    assert (known.exit_code, quiet.exit_code, new.exit_code) == (0, 0, 1)
    last = "VIOLATED on 1 of 11 channels (seed 2): known, accepted by baseline"
    assert known.stdout.splitlines()[-1] == last
    assert quiet.stdout.splitlines() == [last]
    assert "baseline: 0 findings known, accepted by baseline; 1 new" in new.stdout
    assert json.loads((here / "b.json").read_text(encoding="utf-8"))["verdict"] == "violated"


def test_the_main_branchs_last_report_is_a_baseline_and_is_not_written_over(here: Path) -> None:
    memfence(*BROKEN, "--seed", "1", "--report", "main.json")
    before = (here / "main.json").read_text(encoding="utf-8")

    known = memfence(*BROKEN, "--seed", "2", "--baseline", "main.json", "-q")
    new = memfence(*BROKEN[:-1], "list_all", "--seed", "2", "--baseline", "main.json", "-q")
    over = memfence("baseline", "update", "main.json", "--baseline", "main.json")

    assert (known.exit_code, new.exit_code, over.exit_code) == (0, 1, 2)
    assert known.stdout.endswith("(seed 2): known, accepted by baseline\n")
    assert "main.json is a report, and stays one: name another file for the baseline" in over.stderr
    assert (here / "main.json").read_text(encoding="utf-8") == before


def test_what_vanished_is_named_and_dropped_by_the_next_update() -> None:
    (here_report,) = (Path("a.json"),)
    report = violated()
    here_report.write_text(json.dumps(report), encoding="utf-8")
    memfence("baseline", "update", "a.json", "--baseline", "known.json")
    report["scenarios"][0].update(findings=[], verdict="held")
    here_report.write_text(json.dumps(report), encoding="utf-8")

    done = memfence("baseline", "update", "a.json", "--baseline", "known.json")

    assert "vanished: canary_leak (leak) by search in cross_search" in done.stdout
    assert done.stdout.splitlines()[-1] == "known.json: 2 known findings"


def test_a_scenario_may_stay_open_where_the_baseline_names_it() -> None:
    report = violated()
    report["scenarios"][0] |= {"findings": [], "verdict": "inconclusive", "inconclusive_because": ["3 calls crashed"]}
    Path("a.json").write_text(json.dumps(report), encoding="utf-8")

    done = memfence("baseline", "update", "a.json", "--accept-open", "cross_search")
    mistaken = memfence("baseline", "update", "a.json", "--accept-open", "list_all")

    assert "accepted: left open: 3 calls crashed in reference with breakage drop_user_id" in done.stdout
    assert mistaken.exit_code == 2
    assert "list_all left nothing open in this report: accept one of cross_search" in mistaken.stderr


def test_a_baseline_makes_nothing_held_that_is_inconclusive(here: Path) -> None:
    (here / "down.py").write_text(
        f"class make_memory:\n    def __init__(self, user_id): ...\n    def add(self, text): raise OSError({SAID!r})\n"
        "    search = add\n",
        encoding="utf-8",
    )
    (here / "known.json").write_text('{"schema_version": 1, "findings": []}', encoding="utf-8")

    words = ["audit", "down:make_memory", "--users", "2", "--examples", "0", "--baseline", "known.json"]
    done = memfence(*words, "--report", "a.md")

    assert done.exit_code == 3
    assert SECRET not in done.output + (here / "a.md").read_text(encoding="utf-8")
    assert "OSError" in done.stdout


def test_a_target_that_cannot_be_started_says_no_secret(here: Path) -> None:
    (here / "shut.py").write_text(f"def make_memory(user_id): raise OSError({SAID!r})\n", encoding="utf-8")

    done = memfence("audit", "shut:make_memory")

    assert done.exit_code == 2
    assert SECRET not in done.output
    assert "postgresql://***@db/x" in done.stderr


def test_a_table_says_what_the_command_line_does_not(here: Path) -> None:
    (here / "pyproject.toml").write_text(
        '[tool.memfence]\ntarget = "reference"\nseed = 3\nusers = 4\nscenarios = "list_all"\nreport = "out.md"\n',
        encoding="utf-8",
    )

    by_table, by_line = memfence("audit"), memfence("audit", "--users", "3")

    assert "memfence audit of reference: 4 users, 3 facts each, seed 3" in by_table.stdout
    assert "memfence audit of reference: 3 users, 3 facts each, seed 3" in by_line.stdout
    assert (here / "out.md").exists()


def test_the_command_that_repeats_it_says_again_what_the_table_says_otherwise(here: Path) -> None:
    (here / "pyproject.toml").write_text("[tool.memfence]\nusers = 4\nshow_content = true\n", encoding="utf-8")
    words = ["audit", "reference", "--users", "20", "--hide-content", "--scenario", "list_all", "--seed", "3"]

    memfence(*words, "--report", "a.json", "-q")

    repeat = json.loads((here / "a.json").read_text(encoding="utf-8"))["repeat"]
    assert repeat == "memfence audit reference --seed 3 --users 20 --scenario list_all --hide-content"


@pytest.mark.parametrize("command", ["audit", "explore"])
def test_a_key_that_nobody_knows_is_refused_with_the_nearest(command: str, here: Path) -> None:
    (here / "pyproject.toml").write_text("[tool.memfence]\nwraper = 'plain'\n", encoding="utf-8")

    done = memfence(command, "reference")

    assert done.exit_code == 2
    assert "[tool.memfence] in pyproject.toml knows no 'wraper'; did you mean 'wrapper'?" in done.stderr


def test_an_exploration_takes_settings_baselines_and_reports_as_an_audit_does(here: Path) -> None:
    (here / "pyproject.toml").write_text(
        "[tool.memfence]\ntarget = 'reference'\nseed = 3\nexamples = 6\nsteps = 20\nbreakage = 'drop_user_id'\n",
        encoding="utf-8",
    )

    first = memfence("explore", "--report", "a.json", "--report", "a.sarif")
    memfence("baseline", "update", "a.json")
    second = memfence("explore", "--baseline", "memfence-baseline.json", "-q")

    assert first.exit_code == 1
    # What others have deleted may leave a question of one's own open, beside what is known.
    assert second.exit_code in (0, 3), first.output + second.output
    assert "(seed 3): known, accepted by baseline" in second.stdout
    assert (here / "a.sarif").exists()


def rows(text: str, columns: int = 80) -> int:
    return sum(max(1, -(-len(line) // columns)) for line in text.splitlines())


@pytest.mark.long
def test_a_dropped_user_id_is_told_on_one_screen_with_the_calls_and_on_a_second_with_each_scenario() -> None:
    words = ["audit", "--seed", "3", "--users", "2", "--crowd", "60", "--breakage", "drop_user_id"]

    done = memfence(*words[:1], "reference", *words[1:])

    assert done.exit_code == 1
    story, found = re.split(r"found in \d+ scenarios, in the order to mend them:\n", done.stdout)
    # The command and the prompt after it stand on the screen, too.
    assert rows(story) <= 24 - 2
    # Some more, for what each of so many attacks has shown.
    assert rows(found) <= 28
    add, listing = story.partition(", seen to show it again)\n")[2].splitlines()[:2]
    assert add.strip().startswith('make_memory("mfa3988ac4-')
    assert ".add(" in add
    assert ".get_all(" in listing
    assert done.stdout.splitlines()[-1].startswith("VIOLATED on ")


def test_verbose_prints_every_scenario() -> None:
    short, full = memfence(*BROKEN, "--seed", "7"), memfence(*BROKEN, "--seed", "7", "--verbose")

    assert "control  verdict" not in short.stdout
    assert "control  verdict" in full.stdout
    assert short.stdout.splitlines()[-1] == full.stdout.splitlines()[-1]


def test_a_report_in_another_format_is_not_read_and_the_right_one_is_named(here: Path) -> None:
    (here / "a.xml").write_text("<testsuites/>", encoding="utf-8")

    done = memfence("baseline", "update", "a.xml")

    assert (done.exit_code, done.stderr) == (
        2,
        "memfence: a.xml cannot be read again: give the report that was written as .json\n",
    )


def test_a_suffix_alone_is_no_file() -> None:
    done = memfence("audit", "reference", "--report", "html")

    assert (done.exit_code, done.stderr) == (
        2,
        "memfence: html names no file: write the whole name, such as report.html\n",
    )


def test_a_report_does_not_take_the_baselines_place(here: Path) -> None:
    assert memfence(*BROKEN, "--report", "a.json").exit_code == 1
    assert memfence("baseline", "update", "a.json", "--baseline", "known.json").exit_code == 0
    before = (here / "known.json").read_text(encoding="utf-8")

    done = memfence(*BROKEN, "--baseline", "known.json", "--report", "known.json")

    assert (done.exit_code, done.stdout) == (2, "")
    assert "known.json is the baseline" in done.stderr
    assert (here / "known.json").read_text(encoding="utf-8") == before


def test_what_is_violated_is_so_though_its_report_cannot_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "nowhere/summary.md")

    broken = memfence(*BROKEN)
    sound = memfence(*BROKEN[:2], *BROKEN[4:])

    assert (broken.exit_code, sound.exit_code) == (1, 2)
    for done in (broken, sound):
        assert "memfence: the report nowhere/summary.md could not be written" in done.stderr


@pytest.mark.parametrize("command", ["audit", "explore"])
def test_a_gate_that_names_no_target_does_not_audit_something_else(command: str, here: Path) -> None:
    (here / "pyproject.toml").write_text("[tool.memfence]\nusers = 4\n", encoding="utf-8")

    done = memfence(command)

    assert (done.exit_code, done.stdout) == (2, "")
    assert "[tool.memfence] names no target" in done.stderr


def test_below_a_project_it_says_where_the_target_is(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "pyproject.toml").write_text("[tool.memfence]\ntarget = 'reference'\n", encoding="utf-8")
    (here / "below").mkdir()
    monkeypatch.chdir(here / "below")

    done = memfence("audit")

    assert (done.exit_code, done.stdout) == (2, "")
    assert "no target is named here, and " in done.stderr


def test_a_table_whose_name_is_mistyped_is_no_table(here: Path) -> None:
    (here / "pyproject.toml").write_text("[tool.memfenc]\ntarget = 'reference'\n", encoding="utf-8")

    done = memfence("audit")

    assert (done.exit_code, done.stdout) == (2, "")
    assert "pyproject.toml has [tool.memfenc]: did you mean [tool.memfence]?" in done.stderr


def test_where_nobody_names_a_target_it_says_what_is_audited() -> None:
    done = memfence("audit", "--scenario", "list_all", "--users", "2", "--seed", "7")

    assert done.exit_code == 0
    assert done.stderr == "memfence: no target is named: this audits mem0 through a wrapper of memfence's own\n"


def test_an_exploration_leaves_the_gates_reports_alone(here: Path) -> None:
    (here / "pyproject.toml").write_text(
        "[tool.memfence]\ntarget = 'reference'\nreport = ['gate.json']\n", encoding="utf-8"
    )

    done = memfence("explore", "--examples", "3", "--steps", "5", "--seed", "0", "--report", "own.json")

    assert done.exit_code in (0, 3), done.output
    assert (here / "own.json").exists()
    assert not (here / "gate.json").exists()
