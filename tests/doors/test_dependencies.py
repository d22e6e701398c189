"""What an installation brings with it: no package that the code does not import, and the mem0 that is tested."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parents[2]
# Where a package and its module have two names.
MODULES = {"mem0ai": "mem0"}
# pytest finds it by itself.
BESIDE = ("pytest-xdist",)
# They name releases of mem0, and install each.
INSTALLING = ("test_calibration.py", "test_mem0_versions.py")


def needed() -> list[Requirement]:
    """Return what `pip install memfence` asks for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [Requirement(one) for one in project["dependencies"]]


def imported(path: Path) -> Iterator[str]:
    """Yield the first word of each name that a file imports from elsewhere."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names=names):
                yield from (one.name.partition(".")[0] for one in names)
            case ast.ImportFrom(module=str(module), level=0):
                yield module.partition(".")[0]


def allowed() -> SpecifierSet:
    """Return the range of mem0ai."""
    return next(one.specifier for one in needed() if one.name == "mem0ai")


def test_nothing_is_installed_that_the_code_does_not_import() -> None:
    used = {name for path in (ROOT / "harness").rglob("*.py") for name in imported(path)}

    assert [
        one.name for one in needed() if one.name not in BESIDE and MODULES.get(one.name, one.name) not in used
    ] == []


def test_each_mem0_that_a_test_installs_may_be_installed() -> None:
    texts = [(ROOT / "tests" / "integration" / name).read_text(encoding="utf-8") for name in INSTALLING]
    tested = {version for text in texts for version in re.findall(r'"(\d+\.\d+\.\d+)"', text)}

    assert {"1.0.5", "2.2.1"} <= tested
    assert [version for version in sorted(tested) if version not in allowed()] == []


def test_a_mem0_that_nobody_has_tested_is_not_installed() -> None:
    assert [version for version in ("1.0.0", "1.0.4", "3.0.0", "3.1.0") if version in allowed()] == []
