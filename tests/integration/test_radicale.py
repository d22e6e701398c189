"""Radicale, a server that nobody here wrote: its rights are the switch, and nothing of it is patched."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from memfence.plans.population import Population
from memfence.targets.web.passwords import password_of

pytest.importorskip("radicale", reason="pip install 'memfence[test]'")

APP = Path(__file__).with_name("radicale.toml")
SEED = 7
# Each scenario has users of its own; those by whom a finding is told again come after all of them.
KNOWN = (*range(500), *range(2**22, 2**22 + 500))
CLAIMED = ("claimed_users", "claimed_records")
SETTINGS = """
[auth]
type = htpasswd
htpasswd_filename = users
htpasswd_encryption = plain
htpasswd_cache = True
delay = 0
[storage]
filesystem_folder = collections
predefined_collections = {"book": {"tag": "VADDRESSBOOK"}}
[logging]
level = error
"""


@contextmanager
def served(folder: Path, rights: str) -> Iterator[str]:
    """Serve it with these rights on a free port; yield the address."""
    population = Population(seed=SEED, size=2)
    names = [str(population.tenant(index).id) for index in KNOWN]
    (folder / "users").write_text("".join(f"{name}:{password_of(name)}\n" for name in names), encoding="utf-8")
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    said = f"[server]\nhosts = 127.0.0.1:{port}\n[rights]\ntype = {rights}\n{SETTINGS}"
    (folder / "settings").write_text(said, encoding="utf-8")
    command = [sys.executable, "-m", "radicale", "--config", "settings"]
    with (
        (folder / "log").open("w", encoding="utf-8") as log,
        subprocess.Popen(command, cwd=folder, stdout=log, stderr=log) as server,
    ):
        try:
            _await(port, server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def _await(port: int, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            assert server.poll() is None, "Radicale ended at once: look at its log"
            time.sleep(0.1)
        else:
            return
    pytest.fail("Radicale does not listen")


def audited(folder: Path, rights: str, *scenarios: str) -> dict[str, Any]:
    """Return the report of an audit, as its user makes it."""
    words = ["--seed", str(SEED), "--users", "2", "--facts", "2", "--crowd", "20", "--examples", "0"]
    words += [word for name in scenarios for word in ("--scenario", name)]
    with served(folder, rights) as address:
        subprocess.run(
            [sys.executable, "-m", "memfence", "audit", address, "--app", APP, *words, "--report", "out.json"],
            cwd=folder,
            capture_output=True,
            check=False,
            timeout=900,
        )
    report: dict[str, Any] = json.loads((folder / "out.json").read_text(encoding="utf-8"))
    return report


@pytest.mark.slow
def test_who_may_use_its_own_alone_is_held(tmp_path: Path) -> None:
    report = audited(tmp_path, "owner_only", *CLAIMED, "absent_credentials", "get_by_foreign_id", "same_key")

    assert report["verdict"] == "held"
    assert [report["channels"][name] for name in ("get", "put_over", "delete", "list")] == ["held"] * 4


@pytest.mark.slow
def test_whoever_is_signed_in_may_use_anybodys_by_their_name_in_the_path(tmp_path: Path) -> None:
    report = audited(tmp_path, "authenticated", *CLAIMED)

    told = {
        (finding["oracle"], finding["channel"]): finding
        for scenario in report["scenarios"]
        for finding in scenario["findings"]
    }
    assert report["verdict"] == "violated"
    assert {("canary_leak", "get"), ("tampering", "put_over"), ("tampering", "delete")} <= told.keys()
    assert {name for name, verdict in report["channels"].items() if verdict == "violated"} == {
        "get",
        "put_over",
        "delete",
        "list",
        "clear",
    }


def test_the_guide_shows_the_file_that_is_tested() -> None:
    guide = Path(__file__).parents[2] / "harness" / "guide" / "keyed-http.md"

    assert APP.read_text(encoding="utf-8") in guide.read_text(encoding="utf-8")
