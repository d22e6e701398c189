"""The code blocks of the README and the guides: where they stand, how they run, and what they are shown to print."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
GUIDES = sorted((ROOT / "harness" / "guide").glob("*.md"))
DOCUMENTS = [README, *GUIDES]
BLOCK = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# The installing half of a line is .ci/run's to try: here it would replace the package under test.
INSTALL = re.compile(r"^pip install \S+ && ")
# .ci/run has made the README's first audit already, and names the file that holds what it printed.
PRINTED = os.environ.get("MEMFENCE_README_AUDIT", "")
# Set to 1, what is shown is written anew where something else is printed now: `-n 0`, for files are rewritten.
UPDATE = os.environ.get("MEMFENCE_UPDATE") == "1"
CUT = "..."


@dataclass(frozen=True)
class Block:
    """One block: its language, what stands behind that, its text, and the document that it is in."""

    document: Path
    position: int
    language: str
    info: str
    body: str

    @property
    def title(self) -> str:
        """The file that a reader puts it into, or nothing."""
        return self._said("title")

    @property
    def quoted(self) -> str:
        """The file of this repository that it quotes, or nothing."""
        return self._said("quotes")

    def _said(self, word: str) -> str:
        found = re.search(rf'{word}="([^"]+)"', self.info)
        return found[1] if found else ""

    def __str__(self) -> str:
        """Return what a report of tests calls it."""
        first = INSTALL.sub("", self.body.strip()).splitlines()[0]
        return f"{self.document.stem} {self.position}: {first[:60]}"


def blocks(document: Path) -> list[Block]:
    """Return the blocks of a document in order."""
    found = BLOCK.findall(document.read_text(encoding="utf-8"))
    return [Block(document, position, *parts) for position, parts in enumerate(found)]


ALL = [block for document in DOCUMENTS for block in blocks(document)]


def of(language: str) -> list[Block]:
    """Return all blocks of a language."""
    return [block for block in ALL if block.language == language]


def titled(name: str) -> str:
    """Return the one block of this title."""
    (only,) = [block.body for block in ALL if block.title == name]
    return only


def shown() -> Iterator[tuple[Block, Block]]:
    """Yield each block of commands with the block that shows what the last of them prints."""
    for first, second in pairwise(ALL):
        if first.document == second.document and (first.language, second.language) == ("sh", "text"):
            yield first, second


def write_files(block: Block, folder: Path) -> None:
    """Write what a reader has by then: the files of the README, and those that stand above the block."""
    for other in (*of("python"), *(one for one in of("toml") if one.title)):
        above = other.document == block.document and other.position < block.position
        if other.title and (above or (other.document == README != block.document)):
            written(other, folder)


def written(block: Block, folder: Path) -> Path:
    """Write a block into the file of its title."""
    path = folder / (block.title or "block.py")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(block.body, encoding="utf-8")
    return path


def run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder that can be imported from."""
    environment = os.environ | {"COLUMNS": "80", "PYTHONPATH": str(folder), "NO_COLOR": "1"}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )


def run_lines(body: str, folder: Path) -> str:
    """Run each line of a block; return what the last one printed."""
    return [_run_line(line, folder) for line in body.strip().splitlines()][-1]


def _run_line(line: str, folder: Path) -> str:
    command, _, expected = INSTALL.sub("", line).partition("  # exit ")
    words = shlex.split(command)
    if words == ["pytest", "-n", "auto"]:  # this very run
        return ""
    if words == ["memfence", "audit", "--seed", "7"] and PRINTED:
        # pip may have said something before.
        said = Path(PRINTED).read_text(encoding="utf-8")
        return said[said.index("memfence audit of ") :]
    assert words[0] in ("memfence", "pytest")

    done = run([sys.executable, "-m", *words], folder)

    assert done.returncode == int(expected or 0), done.stdout + done.stderr
    return done.stdout


def plain(text: str) -> list[str]:
    """Return the lines without the blanks that pad a table, and without what chance decides.

    mem0 lists 20 records at most, in the order of random ids: how often a leak shows differs from time to time. So
    does how long a proof takes.
    """
    chance = re.compile(r"\b\d+ findings?\b|\(\d+ s\)$")
    return [chance.sub("some", line.rstrip()) for line in text.rstrip().strip("\n").splitlines()]


def agrees(printed: str, example: str) -> bool:
    """Return whether a text is as shown, where a line of three dots stands for any number of lines."""
    lines, parts = plain(printed), [plain(part) for part in f"\n{example}".split(f"\n{CUT}\n")]
    if len(parts) == 1:
        return lines == parts[0]
    first, *between, last = parts
    if len(lines) < len(first) + len(last) or lines[: len(first)] != first or (last and lines[-len(last) :] != last):
        return False
    rest = lines[len(first) : len(lines) - len(last)]
    for part in between:
        starts = [start for start in range(len(rest)) if rest[start : start + len(part)] == part]
        if not starts:
            return False
        rest = rest[starts[0] + len(part) :]
    return True


def as_shown(printed: str, example: str) -> str:
    """Return what is to be shown instead: as many lines at the beginning and at the end as are shown now."""
    assert example.count(f"{CUT}\n") < 2, "which lines to show between two cuts nobody but you can say"
    lines = [line.rstrip() for line in printed.strip().splitlines()]
    first, cut, last = f"\n{example}".partition(f"\n{CUT}\n")
    if cut:
        head, tail = len(first.strip().splitlines()), len(last.strip().splitlines())
        lines = [*lines[:head], CUT, *lines[len(lines) - tail :]]
    return "\n".join(lines) + "\n"


def show_instead(block: Block, text: str) -> None:
    """Put a text into its document in the place of this block's."""
    document = block.document.read_text(encoding="utf-8")
    old = f"```{block.language}{block.info}\n{block.body}```"
    assert document.count(old) == 1
    new = f"```{block.language}{block.info}\n{text}```"
    block.document.write_text(document.replace(old, new), encoding="utf-8")
