"""The README is one page that leads to everything else, and the guides are short."""

import re
from pathlib import Path

import pytest
from blocks import DOCUMENTS, GUIDES, README, ROOT, blocks

LINK = re.compile(r"\]\((?!https?://)([^)#]*)(?:#([^)]*))?\)")
LINKING = [*DOCUMENTS, *(ROOT / name for name in ("CONTRIBUTING.md", "harness/README.md", "reports/README.md"))]
# These two .ci/run takes from here, word for word.
COMMANDS = ("pip install . && memfence audit --seed 7\n", "pip install '.[test]' && pytest -n auto\n")


def anchors(document: Path) -> set[str]:
    """Return what a link may name in a document: its headings, as GitHub writes them."""
    headings = re.findall(r"^#+ (.*)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_readme_is_one_page() -> None:
    text = README.read_text(encoding="utf-8")

    assert len(text.splitlines()) <= 220
    assert len(text.encode()) <= 14_000


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_a_guide_has_a_title_and_is_a_few_screens(guide: Path) -> None:
    lines = guide.read_text(encoding="utf-8").splitlines()

    assert re.fullmatch(r"# [A-Z].*[^.]", lines[0])
    assert len(lines) <= 120


def test_the_commands_that_everything_is_checked_with_stand_in_blocks_of_their_own() -> None:
    assert [block.body for block in blocks(README) if block.body in COMMANDS] == list(COMMANDS)


def test_the_readme_leads_to_every_guide() -> None:
    led_to = [name for name, _ in LINK.findall(README.read_text(encoding="utf-8"))]

    assert [guide.name for guide in GUIDES if f"harness/guide/{guide.name}" not in led_to] == []


@pytest.mark.parametrize("document", LINKING, ids=lambda document: document.relative_to(ROOT).as_posix())
def test_each_link_leads_to_a_file_and_to_a_heading_that_there_is(document: Path) -> None:
    for name, heading in LINK.findall(document.read_text(encoding="utf-8")):
        target = document.parent / name if name else document

        assert target.exists(), name
        assert not heading or heading in anchors(target), f"{name}#{heading}"


def test_the_tutorial_is_credited() -> None:
    credited = README.read_text(encoding="utf-8")

    for words in (
        '"Scope agent memory per user without leaking across sessions" by Builder Weekly Tutorials',
        "https://thebuilderweekly.com/tutorials",
        "CC BY 4.0",
        "Apache-2.0",
    ):
        assert words in credited
