"""Every code block of the README and the guides, run as a reader would, beside the files that stand above it."""

import re
import shutil
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from blocks import (
    ALL,
    CUT,
    ROOT,
    UPDATE,
    Block,
    agrees,
    as_shown,
    of,
    run,
    run_lines,
    show_instead,
    shown,
    titled,
    write_files,
    written,
)

from memfence.campaigns.configuration import read_table
from memfence.targets.web.app_file import read_app_file

# These take a second or two; all others start mem0, a proof or a whole audit.
QUICK = re.compile(r"(memfence (audit reference|baseline|guide) .*\n)+")
EXAMPLES = dict(shown())


def commands() -> list[Any]:
    return [
        pytest.param(block, id=str(block), marks=[] if QUICK.fullmatch(block.body) else [pytest.mark.long])
        for block in of("sh")
    ]


def test_the_documents_have_commands_what_they_print_python_and_settings() -> None:
    assert {block.language for block in ALL} == {"sh", "text", "python", "yaml", "toml"}


@pytest.mark.parametrize("block", [one for one in of("python") if not one.quoted], ids=str)
def test_a_block_of_python_runs(block: Block, tmp_path: Path) -> None:
    write_files(block, tmp_path)

    done = run([sys.executable, str(written(block, tmp_path))], tmp_path)

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("block", [one for one in ALL if one.quoted], ids=str)
def test_a_quotation_stands_in_its_file(block: Block) -> None:
    whole = (ROOT / block.quoted).read_text(encoding="utf-8")

    assert [part for part in block.body.split(f"{CUT}\n") if part.strip("\n") not in whole] == []


@pytest.mark.parametrize("block", [one for one in of("toml") if one.title], ids=str)
def test_the_file_of_an_application_is_understood(block: Block, tmp_path: Path) -> None:
    assert read_app_file(written(block, tmp_path)).operations


@pytest.mark.parametrize("block", [one for one in of("toml") if not one.title], ids=str)
def test_a_block_of_settings_is_understood(block: Block, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(block.body, encoding="utf-8")

    assert read_table(tmp_path / "pyproject.toml").keys() == tomllib.loads(block.body)["tool"]["memfence"].keys()


@pytest.mark.parametrize("block", commands())
def test_a_command_prints_what_is_shown_below_it(block: Block, tmp_path: Path) -> None:
    write_files(block, tmp_path)

    printed = run_lines(block.body, tmp_path)

    example = EXAMPLES.get(block)
    if example is not None and UPDATE and not agrees(printed, example.body):
        show_instead(example, as_shown(printed, example.body))
    elif example is not None:
        assert agrees(printed, example.body), printed


@pytest.mark.parametrize(
    ("printed", "example"),
    [
        ("a\nb\nc\n", "a\nb\nc\n"),
        ("a\nb\nc\n", "a\n...\nc\n"),
        ("a\nb\nc\n", "...\nc\n"),
        ("a\nb\nc\n", "a\n...\n"),
        ("a\nb\nc\nd\n", "a\n...\nc\n...\nd\n"),
        ("a  \n7 findings\n", "a\n9 findings\n"),
    ],
)
def test_a_line_of_dots_stands_for_any_number_of_lines(printed: str, example: str) -> None:
    assert agrees(printed, example)


@pytest.mark.parametrize(
    ("printed", "example"),
    [
        ("a\nb\nc\n", "a\nb\n"),
        ("a\nb\nc\n", "a\n...\nb\n"),
        ("a\nb\n", "a\nb\n...\nb\n"),
        ("a\nb\nc\nd\n", "a\n...\nx\n...\nd\n"),
    ],
)
def test_what_is_printed_otherwise_does_not_agree(printed: str, example: str) -> None:
    assert not agrees(printed, example)


def test_what_is_shown_anew_is_cut_as_it_was() -> None:
    assert as_shown("1\n2\n3\n4\n5\n", "a\nb\n...\nc\n") == "1\n2\n...\n5\n"
    assert as_shown("1\n2\n", "a\n") == "1\n2\n"


@pytest.mark.parametrize(
    ("file", "arguments"),
    [
        ("scenarios/search_twice.py", ["audit", "reference", "--scenario", "search_twice"]),
        pytest.param(
            "harness/breakages/cache/last_answer_again.py",
            ["prove", "--breakage", "last_answer_again", "--seeds", "2", "--clean", "2"],
            marks=pytest.mark.long,
        ),
    ],
)
def test_what_the_guide_adds_runs_as_one_more_file(tmp_path: Path, file: str, arguments: list[str]) -> None:
    shutil.copytree(ROOT / "harness", tmp_path / "memfence")
    shutil.copytree(ROOT / "scenarios", tmp_path / "memfence" / "scenarios")
    (tmp_path / "memfence" / file.removeprefix("harness/")).write_text(titled(file), encoding="utf-8")

    done = run([sys.executable, "-m", "memfence", *arguments], tmp_path)

    assert done.returncode == 0, done.stdout + done.stderr
    assert Path(file).stem in done.stdout
