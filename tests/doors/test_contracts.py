"""The import contracts are no decoration: what breaks one is planted, and the tool says so."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# A line at the end of a file of ours, and the contract that it breaks.
PLANTED = {
    "The rooms, top to bottom": ("base/errors.py", "from ..model import tenants"),
    "No two in a room need each other": ("model/tenants.py", "from . import findings"),
    "The judge never touches the defendant": ("judging/attribution.py", "from ..performing import executor"),
    "Alternatives do not know each other: oracles": ("judging/oracles/lost.py", "from . import tampering"),
    "Alternatives do not know each other: embedders": ("real_mem0/embedders/semantic.py", "from . import constant"),
    "Alternatives do not know each other: stores": ("real_mem0/stores/qdrant.py", "from . import faiss"),
    "Alternatives do not know each other: wrappers": ("scoped/wrappers/tutorial.py", "from . import plain"),
    "Alternatives do not know each other: vector stores": ("scoped/vector_stores/qdrant.py", "from . import chroma"),
    "Alternatives do not know each other: crowds": ("targets/crowded/qdrant.py", "from . import reference"),
    "Alternatives do not know each other: targets": ("targets/built_in/lossy.py", "from . import reference"),
    "Alternatives do not know each other: breakages": (
        "breakages/wrapper/drop_user_id.py",
        "from ..cache import cache_without_user",
    ),
    "Alternatives do not know each other: scenarios": ("scenarios/list_all.py", "from . import cross_search"),
    "The harness never imports a scenario": ("campaigns/campaign.py", "from ..scenarios import list_all"),
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a folder with a copy of the package, and the contracts beside it."""
    pytest.importorskip("importlinter", reason="the contracts are checked where memfence[dev] is installed")
    for source, name in (("harness", "memfence"), ("scenarios", "memfence/scenarios")):
        shutil.copytree(ROOT / source, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def kept(folder: Path) -> dict[str, bool]:
    """Return what the tool says of each contract, by name; what it cannot judge is missing."""
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--no-cache",
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.stdout, done.stderr
    return {name: word == "KEPT" for name, word in re.findall(r"^(\S.*) (KEPT|BROKEN)", done.stdout, re.MULTILINE)}


def test_each_contract_is_broken_by_what_it_forbids(copy: Path) -> None:
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    for file, line in PLANTED.values():
        with (copy / "memfence" / file).open("a", encoding="utf-8") as opened:
            opened.write(f"\n{line}\n")

    assert kept(copy) == {contract["name"]: False for contract in tools["importlinter"]["contracts"]}


def test_a_room_that_is_on_no_map_breaks_the_contract_of_the_rooms(copy: Path) -> None:
    (copy / "memfence" / "utils").mkdir()
    (copy / "memfence" / "utils" / "__init__.py").write_text('"""Anything."""\n', encoding="utf-8")

    assert [name for name, held in kept(copy).items() if not held] == ["The rooms, top to bottom"]


def test_the_folder_has_twelve_rooms_and_five_doors() -> None:
    loose = {path.name for path in (ROOT / "harness").glob("*.py")}
    rooms = {path.parent.name for path in (ROOT / "harness").glob("*/__init__.py")}

    assert loose == {"__init__.py", "__main__.py", "pytest_plugin.py", "replay.py", "strategies.py"}
    assert len(rooms) == 12
    assert [path.name for path in (ROOT / "harness").rglob("*.py") if path.stem == path.parent.name] == []


def test_no_file_is_longer_than_300_lines_and_none_lies_deeper_than_two_folders() -> None:
    files = [*(ROOT / "harness").rglob("*.py"), *(ROOT / "scenarios").glob("*.py")]

    assert [path.name for path in files if len(path.read_text(encoding="utf-8").splitlines()) > 300] == []
    assert [path.name for path in files if len(path.relative_to(ROOT).parts) > 4] == []
