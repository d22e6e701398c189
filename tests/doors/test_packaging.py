"""The wheel holds all of memfence, under that name alone."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = {"harness": "memfence", "scenarios": "memfence.scenarios"}
NEIGHBOURS = ("harness", "scenarios", "tests", "reports")


def run(*command: object, folder: Path) -> subprocess.CompletedProcess[str]:
    clean = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    return subprocess.run(
        list(map(str, command)), cwd=folder, env=clean, capture_output=True, text=True, timeout=240, check=False
    )


def sources() -> Iterator[tuple[Path, str]]:
    """Yield each source file of ours with the package that it belongs to."""
    for folder, package in FOLDERS.items():
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path, ".".join([package, *path.relative_to(ROOT / folder).parts[:-1]])


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    # A copy: building in the checkout would leave a build folder behind.
    copy = folder / "source"
    copy.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    for name in FOLDERS:
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    done = run(
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--wheel-dir",
        folder / "dist",
        copy,
        folder=folder,
    )
    assert done.returncode == 0, done.stderr
    return next((folder / "dist").glob("memfence-*.whl"))


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of commands of an environment with the wheel, and all else as in this one."""
    folder = tmp_path_factory.mktemp("env")
    venv.create(folder, with_pip=False)
    bin_ = folder / ("Scripts" if sys.platform == "win32" else "bin")
    python = bin_ / "python"
    done = run(
        sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", wheel, folder=folder
    )
    assert done.returncode == 0, done.stderr
    where = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", folder=folder).stdout.strip()
    # A plain line in a .pth is a folder behind the environment's own; an editable memfence in it is not followed.
    ours = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (Path(where) / "these_too.pth").write_text("\n".join(sorted(ours)) + "\n", encoding="utf-8")
    return bin_


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project that owns packages with the names of our folders."""
    for name in NEIGHBOURS:
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("OWNER = 'the project'\n", encoding="utf-8")
    return tmp_path


def test_each_folder_with_python_files_is_packaged_and_no_other() -> None:
    configured = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]

    assert sorted(configured["packages"]) == sorted({package for _, package in sources()})
    assert configured["package-dir"] == {package: folder for folder, package in FOLDERS.items()}


def test_each_packaged_folder_says_what_it_is_for() -> None:
    initials = {package for path, package in sources() if path.name == "__init__.py"}

    assert initials == {package for _, package in sources()}


def test_the_wheel_holds_each_source_file_under_one_name_alone(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())

    expected = {f"{package.replace('.', '/')}/{path.name}" for path, package in sources()}
    assert {name for name in names if name.endswith(".py")} == expected
    assert {re.sub(r"-.*\.dist-info$", "-*.dist-info", name.partition("/")[0]) for name in names} == {
        "memfence",
        "memfence-*.dist-info",
    }
    assert {"memfence/py.typed", "memfence/reporting/report.schema.json"} <= names
    parts = {f"memfence/reporting/page/{path.name}" for path in (ROOT / "harness" / "reporting" / "page").iterdir()}
    assert parts <= names
    assert len(parts) > 1
    application = ROOT / "harness" / "targets" / "application"
    files = {path for path in application.rglob("*") if path.suffix in (".css", ".html", ".svg", ".toml")}
    assert {f"memfence/{path.relative_to(ROOT / 'harness').as_posix()}" for path in files} <= names
    assert len(files) > 8
    guides = {f"memfence/guide/{path.name}" for path in (ROOT / "harness" / "guide").iterdir()}
    assert guides <= names
    assert "memfence/guide/inconclusive.md" in guides
    assert [name for name in names if name.endswith("LICENSE")] != []


@pytest.mark.long
def test_a_project_with_folders_of_our_names_keeps_its_own_beside_ours(environment: Path, project: Path) -> None:
    source = (
        f"import memfence, memfence.scenarios, {', '.join(NEIGHBOURS)}\n"
        f"print({', '.join(f'{name}.OWNER' for name in NEIGHBOURS)})\n"
        "print(memfence.__file__)\n"
        "print(memfence.scenarios.__file__)\n"
    )

    done = run(environment / "python", "-c", source, folder=project)
    listed = run(environment / "memfence", "list", folder=project)
    audited = run(environment / "memfence", "audit", "reference", "--users", "2", "--quiet", folder=project)

    owners, home, scenarios = done.stdout.splitlines()
    assert owners == " ".join(["the project"] * len(NEIGHBOURS)), done.stderr
    assert Path(home).is_relative_to(environment.parent)
    assert Path(scenarios).parent == Path(home).parent / "scenarios"
    assert (listed.returncode, listed.stderr) == (0, "")
    assert [word for word in ("cross_search", "drop_user_id", "mem0") if word not in listed.stdout] == []
    assert (audited.returncode, audited.stderr) == (0, "")
    assert audited.stdout.startswith("HELD")
