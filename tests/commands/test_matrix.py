import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from memfence.base.errors import HarnessError
from memfence.base.machine import fitting
from memfence.campaigns.workers import Workers
from memfence.commands import environments
from memfence.commands.matrix import chosen, in_order, rows, tasks
from memfence.reporting.cells import LEGEND
from memfence.reporting.matrix_console import write_matrix
from memfence.reporting.matrix_html import matrix_html
from memfence.reporting.matrix_json import matrix_json
from memfence.reporting.matrix_markdown import markdown
from memfence.reporting.tables import Matrix, MatrixSettings, Row

MADE = datetime(2026, 11, 26, tzinfo=UTC)
SMALL = MatrixSettings(
    stores=("qdrant",),
    embedders=("semantic",),
    wrappers=("plain", "scoped"),
    scenarios=("get_by_foreign_id", "wildcard_ids"),
)


@pytest.fixture(scope="module")
def matrix() -> Matrix:
    (found,) = rows(SMALL, Workers(1))
    return Matrix(SMALL, in_order(SMALL, [*reversed(found)]), {"redis": "it needs a server"})


def shown(matrix: Matrix, width: int = 100) -> str:
    screen = StringIO()
    write_matrix(matrix, Console(file=screen, width=width))
    return screen.getvalue()


def test_rows_are_audits_of_the_real_store(matrix: Matrix) -> None:
    plain, scoped = matrix.rows

    assert (plain.wrapper, scoped.wrapper) == ("plain", "scoped")
    assert [plain.channels[name].words for name in ("search", "get", "delete_all")] == [
        ("leaked",),
        ("leaked",),
        ("destroyed",),
    ]
    assert [scoped.channels[name].words for name in ("get", "delete_all")] == [("refused",), ("refused",)]
    # Who comes under an odd id asks for the history of another's record.
    assert plain.channels["history"].words == ("leaked",)
    assert matrix.complete


def test_on_a_screen_each_wrapper_has_a_table_that_fits(matrix: Matrix) -> None:
    screen = shown(matrix, 80)

    assert max(len(line) for line in screen.splitlines() if "  " in line) <= 80
    assert [line.split() for line in screen.splitlines() if line.startswith("delete_all")] == [
        ["delete_all", "destroyed"],
        ["delete_all", "refused"],
    ]
    assert "redis: it needs a server" in screen
    assert f"leaked: {LEGEND['leaked']}" in screen
    assert "crashed" not in screen
    assert screen.startswith("plain, semantic embedder")
    assert screen.splitlines()[-1] == ("COMPLETE: 2 audits, isolation broken in: plain 1 of 1, scoped 0 of 1 (0 s)")


@pytest.fixture(scope="module")
def of_both(matrix: Matrix) -> Matrix:
    """Memories and a resource with keys, side by side."""
    said = MatrixSettings(
        stores=("qdrant", "cache:mapping"), wrappers=("plain", "scoped"), scenarios=("same_key", "get_by_foreign_id")
    )
    found = tasks(said)[-1]()
    return Matrix(said, (*matrix.rows, *found), {})


def test_a_resource_with_keys_has_a_table_of_its_own_with_its_own_channels(of_both: Matrix) -> None:
    page, screen = markdown(of_both, MADE), shown(of_both)

    assert "| store | wrapper | put | put_over | query | list |" in page.replace("| get | delete ", "")
    assert "| cache:mapping | scoped |" in page
    assert "## scoped on resources with keys, attack by attack" in page
    assert "scoped, resources with keys" in screen
    assert ", ," not in page


def test_the_page_has_the_channels_of_both(of_both: Matrix) -> None:
    data = matrix_html(of_both, MADE)

    assert all(f'"{channel}"' in data for channel in ("search", "put_over", "list", "history"))


def test_a_word_that_one_embedder_alone_leads_to_names_it(matrix: Matrix) -> None:
    plain = matrix.rows[0]
    other = Row("qdrant", "constant", "plain", "", matrix.rows[1].report)

    screen = shown(Matrix(SMALL, (plain, other), {}), 100)

    assert "destroyed (semantic)" in screen
    assert "refused (constant)" in screen


def test_as_markdown_it_has_every_channel_attack_legend_and_version(matrix: Matrix) -> None:
    page = markdown(matrix, MADE)

    assert "`memfence matrix --seed 0 --store qdrant --embedder semantic" in page
    assert "2026-11-26" in page
    assert "| qdrant | semantic | plain | " in page
    assert "| wildcard_ids | **leaked+destroyed** |" in page
    assert "- not tried: redis: it needs a server" in page
    assert all(f"**{word}**" in page for word in LEGEND)
    assert "mem0ai" in page


def test_as_json_each_cell_has_its_witness_and_each_row_its_report(matrix: Matrix) -> None:
    told = json.loads(matrix_json(matrix, MADE))

    cell = told["rows"][0]["channels"]["get"]
    assert (cell["words"], cell["scenario"]) == (["leaked"], "get_by_foreign_id")
    assert cell["repeat"].startswith("memfence audit mem0 --seed 0")
    assert told["rows"][0]["report"]["verdict"] == "violated"
    assert told["left_out"] == {"redis": "it needs a server"}


def test_a_row_without_an_audit_is_told_and_not_held() -> None:
    failed = Matrix(SMALL, (Row("qdrant", "semantic", "plain", "9.9.9", failure="no such version"),), {})

    assert not failed.complete
    assert "qdrant, semantic, plain: not audited: no such version" in shown(failed)
    assert "| qdrant | semantic | plain | 9.9.9 | - |" in markdown(failed, MADE)


def test_an_interrupted_one_says_so(matrix: Matrix) -> None:
    interrupted = Matrix(SMALL, matrix.rows, {}, interrupted=True)

    assert not interrupted.complete
    assert "interrupted: rows are missing" in shown(interrupted)


def test_what_needs_a_server_that_is_not_there_is_left_out_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    settings, left_out = chosen(MatrixSettings())

    assert "qdrant" in settings.stores
    assert "--store-url" in left_out["redis"] or "pip install" in left_out["redis"]
    assert not set(settings.stores) & set(left_out)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"stores": ("mongo",)}, "unknown store 'mongo'"),
        ({"embedders": ("openai",)}, "unknown embedder 'openai'"),
        ({"wrappers": ("none",)}, "unknown wrapper 'none'"),
        ({"scenarios": ("none",)}, "unknown scenario 'none'"),
        ({"stores": ("redis",)}, "--store-url|pip install"),
    ],
)
def test_what_is_unknown_is_told_before_anything_is_audited(
    said: dict[str, Any], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(HarnessError, match=message):
        chosen(MatrixSettings(**said))


def test_a_task_is_a_store_with_an_embedder_or_a_version() -> None:
    settings = MatrixSettings(stores=("qdrant", "faiss"), mem0=("1.0.5", "2.0.12"))

    assert len(tasks(settings)) == 2 * 2 + 2
    assert settings.command() == "memfence matrix --seed 0 --store qdrant --store faiss --mem0 1.0.5,2.0.12"


def test_deep_is_ten_thousand() -> None:
    assert (MatrixSettings().audit().load, MatrixSettings(deep=True).audit().load) == (2000, 10_000)


def test_there_is_always_a_worker() -> None:
    assert 1 <= fitting() <= (os.cpu_count() or 1)


@pytest.mark.parametrize("version", ["", "two", "1.0; rm", "-r/etc", "1.0 2.0"])
def test_what_is_no_version_is_not_given_to_pip(version: str) -> None:
    with pytest.raises(HarnessError, match="is no version of mem0"):
        environments.prepared(version)


@pytest.mark.long
def test_a_version_that_there_is_not_leaves_no_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))

    with pytest.raises(HarnessError, match=r"an environment with mem0ai 0\.0\.0 could not be made: .*0\.0\.0"):
        environments.prepared("0.0.0")

    assert list(tmp_path.rglob("bin")) == []


@pytest.mark.slow
def test_the_plain_client_of_other_versions_is_audited_in_environments_that_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    command = [sys.executable, "-m", "memfence", "matrix", "--store", "qdrant", "--embedder", "semantic", "--wrapper"]
    command += ["plain", "--scenario", "delete_all_leaves_others", "--mem0", "1.0.5,1.0.6", "--report", "m.json"]

    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=800, check=False)

    assert done.returncode == 0, done.stderr
    told = json.loads((tmp_path / "m.json").read_text(encoding="utf-8"))
    seen = {row["mem0"]: row["channels"]["delete_all"]["words"] for row in told["rows"]}
    assert (seen["1.0.5"], seen["1.0.6"]) == (["destroyed"], ["held"])
    assert environments.prepared("1.0.5").is_file()
