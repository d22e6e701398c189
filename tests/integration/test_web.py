"""The example of an application behind session tokens: a real server on loopback, audited over HTTP."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

EXAMPLE = Path(__file__).parents[1] / "example_app" / "myapp"
SOUND = (EXAMPLE / "web.py").read_text(encoding="utf-8")
BOUND = "ScopedMemory(sessions[token], client=client)"
FEW = ("cross_search", "list_all", "get_by_foreign_id")
EVERYBODYS = 'ScopedMemory("everybody", client=client)'

pytest.importorskip("uvicorn", reason="pip install 'memfence[server]'")


@contextmanager
def served(folder: Path, application: str) -> Iterator[str]:
    """Serve it on a free port; yield the address."""
    (folder / "myapp").mkdir()
    (folder / "myapp" / "web.py").write_text(application, encoding="utf-8")
    shutil.copy(EXAMPLE / "over_http.py", folder / "myapp")
    command = [sys.executable, "-m", "uvicorn", "myapp.web:app", "--port", "0"]
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.stderr is not None
            said = next(line for line in server.stderr if "running on" in line)
            # What it says of its errors would fill the pipe, and then it would wait.
            Thread(target=server.stderr.read, daemon=True).start()
            yield re.findall(r"http://[\d.:]+", said)[0]
        finally:
            server.terminate()


def audited(folder: Path, address: str, *scenarios: str) -> dict[str, Any]:
    words = ["audit", "myapp.over_http:make_session", "--seed", "7", "--users", "2", "--crowd", "20", "--examples", "4"]
    words += [word for name in scenarios for word in ("--scenario", name)]
    subprocess.run(
        [sys.executable, "-m", "memfence", *words, "--report", "out.json"],
        cwd=folder,
        env=os.environ | {"MYAPP_URL": address},
        capture_output=True,
        check=False,
        timeout=300,
    )
    report: dict[str, Any] = json.loads((folder / "out.json").read_text(encoding="utf-8"))
    return report


@pytest.mark.long
def test_an_application_that_binds_the_session_to_its_user_is_held(tmp_path: Path) -> None:
    with served(tmp_path, SOUND) as address:
        report = audited(tmp_path, address)

    assert report["verdict"] == "held"
    assert [report["channels"][name] for name in ("search", "get_all", "get")] == ["held"] * 3
    assert report["left_behind"] == 0


@pytest.mark.long
def test_one_that_forgets_whose_the_session_is_leaks(tmp_path: Path) -> None:
    assert BOUND in SOUND

    with served(tmp_path, SOUND.replace(BOUND, EVERYBODYS)) as address:
        report = audited(tmp_path, address, *FEW)

    assert [report["channels"][name] for name in ("search", "get_all", "get")] == ["violated"] * 3
