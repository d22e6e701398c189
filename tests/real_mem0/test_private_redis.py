import subprocess
import sys
from pathlib import Path

import pytest

from memfence.base.errors import HarnessError
from memfence.real_mem0.private_redis import COMMAND, PrivateRedis


def named(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Put a command of that name, and nothing else, on the PATH."""
    command = folder / COMMAND
    command.write_text(f"#!/bin/sh\n{script}\n")
    command.chmod(0o700)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


# $4 is where the socket is to be: who serves there listens, and does nothing else.
LISTENS = "import socket, sys, time; s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(); time.sleep(60)"
SERVES = f'echo $$ > "$(dirname "$4")/pid"; exec {sys.executable} -c "{LISTENS}" "$4"'


def test_without_the_command_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    with pytest.raises(HarnessError, match="redis-stack-server is not on the PATH"):
        PrivateRedis(tmp_path)


def test_a_server_that_does_not_begin_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named(tmp_path, monkeypatch, "echo first; echo libssl.so.1.1 is missing >&2; exit 127")

    with pytest.raises(HarnessError, match=r"did not begin: libssl\.so\.1\.1 is missing"):
        PrivateRedis(tmp_path)


def test_it_is_ended_by_its_process_and_once_more_does_no_harm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named(tmp_path, monkeypatch, SERVES)
    server = PrivateRedis(tmp_path)
    pid = int((tmp_path / "pid").read_text())

    assert server.url == f"unix://{tmp_path}/redis.sock"
    server.stop()
    server.stop()

    assert not Path(f"/proc/{pid}").exists()


def test_it_ends_with_the_process_that_started_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named(tmp_path, monkeypatch, SERVES)
    begin = "from memfence.real_mem0.private_redis import PrivateRedis; PrivateRedis(Path(sys.argv[1]))"
    code = f"import sys; from pathlib import Path; {begin}"

    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True)

    assert not Path(f"/proc/{int((tmp_path / 'pid').read_text())}").exists()
