"""`memfence` and an application over HTTP: as somebody at a command line meets it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

pytest.importorskip("fastapi", reason="pip install 'memfence[server]'")

import typed_app
from web_app import BY_COOKIE, BY_FORMS, BY_TOKEN, create_app

from memfence.commands.cli import app
from memfence.targets.standin.serving import Server

TESTS = Path(__file__).parents[1]
FEW = ["--fast", "--seed", "7", "--scenario", "cross_search", "--scenario", "get_by_foreign_id"]
LEAKY = """
from web_app import Notes, create_app


class Leaky(Notes):
    def mine(self, name, user):
        return self.notes[name][1]


def leaky():
    return create_app(Leaky())
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go to a project with an application that has a mistake, and its file."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "shop.py").write_text(LEAKY, encoding="utf-8")
    (tmp_path / "app.toml").write_text(BY_TOKEN, encoding="utf-8")
    return tmp_path


@pytest.fixture
def address() -> Iterator[str]:
    """Serve the application as it should be."""
    server = Server(create_app())
    yield server.host
    server.close()


def memfence(*words: str) -> Result:
    return CliRunner(env={"COLUMNS": "200", "NO_COLOR": "1"}).invoke(app, list(words))


@pytest.mark.usefixtures("folder")
def test_an_application_on_this_machine_is_audited_by_its_address(address: str) -> None:
    done = memfence("audit", address, "--app", "app.toml", *FEW)

    assert (done.exit_code, done.stdout.splitlines()[-1]) == (0, "HELD on 2 of 10 channels (seed 7)"), done.stdout
    assert f"memfence audit of {address}" in done.stdout


@pytest.mark.usefixtures("folder")
def test_an_application_of_this_process_needs_no_server() -> None:
    done = memfence("audit", "--app", "app.toml", "--asgi", "web_app:create_app()", *FEW)

    assert (done.exit_code, done.stdout.splitlines()[-1]) == (0, "HELD on 2 of 10 channels (seed 7)"), done.stdout


def test_where_nothing_can_be_guessed_nothing_was_tried_whatever_is_exposed_beside_it(folder: Path) -> None:
    (folder / "app.toml").write_text(BY_COOKIE, encoding="utf-8")

    few = ["--scenario", "guessed_credentials", "--scenario", "list_all"]
    done = memfence("audit", "--app", "app.toml", "--asgi", "web_app:create_app()", "--fast", *few)

    assert "Answers that show a user's own say nothing to caches" in done.stdout
    assert "scenarios: 1 held, 1 not exercised" in done.stdout
    assert done.exit_code == 0, done.stdout


@pytest.mark.usefixtures("folder")
def test_what_to_do_is_told_in_the_words_of_an_application() -> None:
    few = ["--scenario", "get_by_foreign_id", "--scenario", "across_restart", "--scenario", "history_by_foreign_id"]
    done = memfence("audit", "--app", "app.toml", "--asgi", "shop:leaky()", "--fast", "--verbose", *few)

    assert 'raise HTTPException(404, "no such note")' in done.stdout
    assert "across restart was not judged: no line of a file says `reopen`" in done.stdout
    told = "write `history = 'GET /memories/{id}/history'` into the application's file"
    assert f"history by foreign id was not judged: {told}" in done.stdout
    assert [word for word in ("_client", "self.user_id", "give the target", "constructor") if word in done.stdout] == []


@pytest.mark.usefixtures("folder")
def test_a_leak_is_told_by_the_requests_that_show_it_and_by_the_command_that_repeats_it() -> None:
    done = memfence("audit", "--app", "app.toml", "--asgi", "shop:leaky()", *FEW)

    assert done.exit_code == 1, done.stdout
    assert "VIOLATED on 1 of 10 channels" in done.stdout
    assert "# beside it: uvicorn --factory shop:leaky --port 8000" in done.stdout
    assert 'http://127.0.0.1:8000/notes/"$id_1"  # 200' in done.stdout
    assert "***" not in done.stdout
    repeat = next(line for line in done.stdout.splitlines() if line.startswith("  repeat: "))
    assert "--app app.toml --asgi 'shop:leaky()'" in repeat


def test_a_projects_table_may_hold_the_whole_file(folder: Path) -> None:
    table = f'[tool.memfence]\nasgi = "shop:leaky()"\n[tool.memfence.app]\n{BY_COOKIE}'
    (folder / "pyproject.toml").write_text(table, encoding="utf-8")

    done = memfence("audit", *FEW)

    assert done.exit_code == 1, done.stdout + done.stderr
    assert "--app pyproject.toml" in done.stdout


@pytest.mark.long
@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("said", [BY_COOKIE, BY_TOKEN, BY_FORMS], ids=["cookie", "bearer", "forms"])
def test_every_attack_on_what_is_sound_finds_nothing(said: str) -> None:
    Path("app.toml").write_text(said, encoding="utf-8")

    done = memfence("audit", "--app", "app.toml", "--asgi", "web_app:create_app()", "--fast", "--seed", "7")

    assert (done.exit_code, done.stdout.splitlines()[-1].partition(" ")[0]) == (0, "HELD"), done.stdout


@pytest.mark.long
def test_histories_are_generated_and_replayed_over_http(folder: Path) -> None:
    said = ["--app", "app.toml", "--asgi", "shop:leaky()"]
    found = memfence("explore", *said, "--seed", "7", "--examples", "20", "--save", "leaks")
    (first, *_) = sorted((folder / "leaks").iterdir())

    again = memfence("replay", str(first))

    assert (found.exit_code, again.exit_code) == (1, 1), found.stdout + again.stdout + again.stderr


@pytest.mark.long
def test_pytest_has_one_test_for_each_attack(folder: Path) -> None:
    table = f'[tool.memfence]\nasgi = "shop:leaky()"\nfast = true\n[tool.memfence.app]\n{BY_COOKIE}'
    (folder / "pyproject.toml").write_text(table, encoding="utf-8")

    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "--memfence",
            "-p",
            "no:cacheprovider",
            "-k",
            "cross_search or get_by_foreign_id",
        ],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(TESTS)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert "1 failed, 1 passed" in done.stdout, done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["http://127.0.0.1:1"], "needs a file that says how it is spoken to: --app app.toml"),
        (["http://127.0.0.1:1", "--app", "none.toml"], "there is no file none.toml"),
        (["http://127.0.0.1:1", "--app", "app.toml"], "nothing answers at http://127.0.0.1:1"),
        (["http://example.com", "--app", "app.toml"], "example.com is not this machine"),
        (["web_app:create_app", "--app", "app.toml"], "say --asgi web_app:create_app"),
        (["reference", "--app", "app.toml", "--asgi", "shop:leaky()"], "leave out the target 'reference'"),
        (["--asgi", "shop:leaky()"], "needs a file that says how it is spoken to"),
        (["--app", "app.toml", "--asgi", "shop:nothing()"], "shop has no 'nothing'"),
        (["--app", "app.toml", "--asgi", "nothing:app"], "could not import nothing"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_what_cannot_be_audited_is_one_line(words: list[str], said: str) -> None:
    done = memfence("audit", *words, *FEW)

    assert done.exit_code == 2, done.stdout
    assert said in " ".join(done.stderr.split()), done.stderr
    assert "Traceback" not in done.stderr


def test_the_file_is_drafted_from_the_applications_own_openapi(folder: Path) -> None:
    (folder / "app.toml").unlink()
    server = Server(typed_app.create_app())

    first = memfence("init", "--openapi", server.host)
    again = memfence("init", "--openapi", server.host)
    server.close()

    assert first.exit_code == 0, first.stderr
    assert f"next: memfence doctor {server.host} --app app.toml" in first.stdout
    assert len((folder / "app.toml").read_text(encoding="utf-8").splitlines()) < 15
    assert "kept: app.toml is there already" in again.stdout


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("none.json", "none.json cannot be read"),
        ("http://127.0.0.1:1/openapi.json", "nothing answers at http://127.0.0.1:1"),
        ("http://example.com/openapi.json", "example.com is not this machine"),
        ("shop.py", "shop.py cannot be used"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_a_document_that_cannot_be_had_is_one_line(source: str, said: str) -> None:
    Path("app.toml").unlink()

    done = memfence("init", "--openapi", source)

    assert done.exit_code == 2
    assert said in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


@pytest.mark.usefixtures("folder")
def test_the_doctor_says_which_lines_the_file_lacks() -> None:
    text = BY_TOKEN.replace("delete_all = 'DELETE /notes'\n", "").replace("disposable = true\n", "")
    Path("app.toml").write_text(text, encoding="utf-8")

    done = memfence("doctor", "--app", "app.toml", "--asgi", "shop:leaky()", "--seed", "7")

    assert done.exit_code == 3, done.stdout
    assert "delete_all = 'DELETE /memories'" in done.stdout
    assert "where the store may be wiped (in the application's file):\n      disposable = true" in done.stdout
    assert "NotImplementedError" not in done.stdout


@pytest.mark.usefixtures("folder")
def test_a_path_that_answers_nobody_holds_nothing() -> None:
    Path("app.toml").write_text(BY_TOKEN.replace("GET /notes/{id}", "GET /wrong/{id}"), encoding="utf-8")

    done = memfence("audit", "--app", "app.toml", "--asgi", "web_app:create_app()", *FEW)

    assert done.exit_code == 3, done.stdout
    assert "INCONCLUSIVE" in done.stdout.splitlines()[-1]
