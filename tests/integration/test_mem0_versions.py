"""The audit on older and newer mem0, each in an environment of its own."""

import json
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
VERSIONS = ("1.0.11", "2.0.18", "2.2.1")


@pytest.fixture(scope="module", params=VERSIONS)
def memfence(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the command of an environment with this mem0 and our package, installed as a user does it."""
    folder = tmp_path_factory.mktemp(f"mem0-{request.param}")
    source = folder / "source"
    # A copy: building in the checkout would leave a build folder behind.
    shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns(".*", "build", "*.egg-info", "__pycache__"))
    venv.create(folder / "env", with_pip=True)
    bin_ = folder / "env" / ("Scripts" if sys.platform == "win32" else "bin")
    install = [bin_ / "python", "-m", "pip", "install", "--quiet", str(source), f"mem0ai=={request.param}"]
    subprocess.run(install, check=True, timeout=600)
    return bin_ / "memfence"


def audit(memfence: Path, folder: Path, *options: str) -> tuple[int, dict[str, object]]:
    """Run an audit; return its exit code and JSON report."""
    report = folder / "report.json"
    command = [str(memfence), "audit", "--seed", "1", "--users", "8", "--quiet", "--report", str(report), *options]
    done = subprocess.run(command, cwd=folder, timeout=300, check=False)
    loaded: dict[str, object] = json.loads(report.read_text(encoding="utf-8"))
    return done.returncode, loaded


@pytest.mark.slow
def test_scoped_memory_holds_on_every_supported_mem0(
    memfence: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    code, report = audit(memfence, tmp_path)

    assert (code, report["verdict"]) == (0, "held")
    versions = report["versions"]
    assert isinstance(versions, dict)
    assert versions["mem0ai"] == request.node.callspec.params["memfence"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("breakage", "code"), [("drop_user_id", 1), ("drop_user_id_on_search", 1), ("drop_user_id_on_add", 3)]
)
def test_a_dropped_user_id_is_found_on_every_supported_mem0(
    memfence: Path, tmp_path: Path, breakage: str, code: int
) -> None:
    assert audit(memfence, tmp_path, "--breakage", breakage, "--scenario", "cross_search")[0] == code
