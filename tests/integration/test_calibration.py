"""The harness calibrated on two bugs that mem0 had: found where they were, silent where they are mended.

This is the one place that names what a version must come out as.
"""

import json
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
# (mem0ai, the scenario that goes for the bug, the oracle and channel that must tell of it; None where it is mended)
CALIBRATION = [
    # Its issue 3928: delete_all of one user reset the whole store.
    ("1.0.5", "delete_all_leaves_others", ("tampering", "delete_all")),
    ("1.0.6", "delete_all_leaves_others", None),
    # Its issue 6277: update with a user_id in the metadata moved a record to that user.
    ("2.0.12", "scope_override_by_metadata", ("canary_leak", "update")),
    ("2.0.13", "scope_override_by_metadata", None),
]
BUGS = {
    "delete_all_leaves_others": {("tampering", "delete_all"), ("lost", "get_all")},
    "scope_override_by_metadata": {("canary_leak", "update")},
}


def environment(version: str, folder: Path) -> Path:
    """Return the bin folder of an environment with this mem0 and our package, installed as a user does it."""
    source = folder / "source"
    # A copy: building in the checkout would leave a build folder behind.
    shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns(".*", "build", "*.egg-info", "__pycache__"))
    venv.create(folder / "env", with_pip=True)
    bin_ = folder / "env" / ("Scripts" if sys.platform == "win32" else "bin")
    install = [bin_ / "python", "-m", "pip", "install", "--quiet", str(source), f"mem0ai=={version}"]
    subprocess.run(install, check=True, timeout=900)
    return bin_


def audit(bin_: Path, folder: Path, *options: str) -> dict[str, Any]:
    """Audit the plain client; return the JSON report."""
    report = folder / "report.json"
    command = [bin_ / "memfence", "audit", "mem0", "--wrapper", "plain", "--seed", "1", "--users", "8", "--quiet"]
    subprocess.run([*command, "--report", report, *options], cwd=folder, timeout=600, check=False)
    loaded: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return loaded


@pytest.mark.slow
@pytest.mark.parametrize(("version", "scenario", "told"), CALIBRATION, ids=[row[0] for row in CALIBRATION])
def test_a_bug_is_found_in_the_last_release_that_had_it_and_not_in_the_next(
    tmp_path: Path, version: str, scenario: str, told: tuple[str, str] | None
) -> None:
    report = audit(environment(version, tmp_path), tmp_path, "--scenario", scenario)

    (result,) = report["scenarios"]
    found = {(finding["oracle"], finding["channel"]) for finding in result["findings"]}
    assert report["versions"]["mem0ai"] == version
    if told is None:
        assert not found & BUGS[scenario]
        assert result["verdict"] == "held"
    else:
        assert told in found
        assert result["verdict"] == "violated"
