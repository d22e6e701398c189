"""The guide explains each reason for inconclusive in the words that the program prints, and no other."""

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

from memfence.model.reasons import Reason

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "harness" / "guide" / "inconclusive.md"
# Text in backticks, or in double ones where it holds some itself.
CODE = re.compile(r"^(`+)(.+)\1$")
HEAD = ["the report says", "what it means", "what to do"]


def rows() -> list[list[str]]:
    lines = GUIDE.read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines if line.startswith("| ")]
    return [row for row in cells if row != HEAD and not set(row[0]) <= set("-")]


def printed(reason: Reason) -> str:
    """Return the reason as it is printed, with `<place>` for what differs."""
    names = {name for _, name, _, _ in Formatter().parse(reason.value) if name}
    return reason.told(**{name: f"<{name}>" for name in names})


def test_each_reason_has_a_row_in_the_words_that_are_printed_and_each_row_is_a_reason() -> None:
    explained = [CODE.sub(r"\2", row[0]).strip() for row in rows()]

    assert sorted(explained) == sorted(map(printed, Reason))


def test_each_reason_is_one_that_the_program_gives() -> None:
    given = {
        node.attr
        for path in (ROOT / "harness").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Reason"
    }

    assert given == {reason.name for reason in Reason}


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0][:40])
def test_each_row_says_what_it_means_and_what_to_do_in_sentences(row: list[str]) -> None:
    assert len(row) == len(HEAD)
    assert [cell for cell in row[1:] if not re.fullmatch(r"[A-Z`].+\.", cell)] == []


def test_the_readme_and_the_map_lead_to_the_guide() -> None:
    for path in (ROOT / "README.md", ROOT / "harness" / "README.md"):
        links = re.findall(r"\]\(([^)]*inconclusive\.md)\)", path.read_text(encoding="utf-8"))

        assert {(path.parent / link).resolve() for link in links} == {GUIDE}
