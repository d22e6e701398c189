"""`memfence serve` as a user meets it: an address, a sign-in page, Ctrl-C."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from memfence.base.errors import HarnessError
from memfence.targets.application.listening import Listener

ENVIRONMENT = os.environ | {"NO_COLOR": "1", "COLUMNS": "100", "PYTHONUNBUFFERED": "1"}


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "memfence", "serve", *arguments]
    return subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, timeout=60, check=False)


@contextmanager
def served(folder: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Serve, and yield the process with what it has said before anybody is served."""
    command = [sys.executable, "-m", "memfence", "serve", *arguments]
    process = subprocess.Popen(
        command, env=ENVIRONMENT, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if line.startswith("Ctrl-C"):
                break
        yield process, "".join(said)
    finally:
        process.kill()
        process.wait()


@pytest.mark.long
def test_it_says_where_it_is_and_who_may_sign_in_and_ends_in_order(tmp_path: Path) -> None:
    with served(tmp_path) as (process, said):
        (address,) = re.findall(r"http://127\.0\.0\.1:\d+", said)
        page = httpx.get(f"{address}/sign-in", timeout=30)
        (name, password), *_ = re.findall(r"sign in as (\S+) with the password (\S+)", said)
        told = httpx.post(f"{address}/api/session", json={"user": name, "password": password}, timeout=30)
        by_another_name = httpx.get(f"{address}/about", headers={"Host": "evil.example"}, timeout=30)
        process.send_signal(signal.SIGINT)

        assert process.wait(20) == 0
    assert "the reference application over mem0 on qdrant" in said
    assert "Sign in as bob" in page.text
    assert told.json() == {"user": "alice"}
    assert by_another_name.status_code == 400
    assert list(tmp_path.iterdir()) == []


@pytest.mark.long
def test_a_defect_is_told_on_the_screen_and_on_the_page(tmp_path: Path) -> None:
    with served(tmp_path, "--breakage", "user_id_from_query", "--embedder", "constant") as (_, said):
        (address,) = re.findall(r"http://127\.0\.0\.1:\d+", said)
        page = httpx.get(f"{address}/sign-in", timeout=30)

    assert "broken on purpose: A user id in the query" in said
    assert "Broken on purpose." in page.text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--breakage", "drop_user_id"), "breakage drop_user_id does not apply to app (those that do: "),
        (("--breakage", "nothing"), "unknown breakage 'nothing'"),
        (("--store", "nothing"), "unknown store 'nothing'"),
        (("--host", "0.0.0.0"), "0.0.0.0 is no loopback address, so others could reach it: add --allow-remote"),  # noqa: S104 - refused
        (("--host", "nowhere.invalid"), "nowhere.invalid port 0 is no address"),
    ],
)
def test_what_cannot_be_served_is_said_in_one_line(arguments: tuple[str, ...], said: str) -> None:
    done = run(*arguments)

    assert done.returncode == 2
    assert done.stderr.startswith(f"memfence: {said}")
    assert len(done.stderr.splitlines()) == 1


def test_a_port_that_is_taken_is_told_with_what_to_do() -> None:
    first = Listener("127.0.0.1", 0, allow_remote=False)
    port = int(first.address.rpartition(":")[2])

    with pytest.raises(HarnessError, match=rf"127\.0\.0\.1 port {port} cannot be used: .*; leave out --port"):
        Listener("127.0.0.1", port, allow_remote=False)
    first.close()


@pytest.mark.parametrize(("host", "shown"), [("127.0.0.1", "http://127.0.0.1:"), ("localhost", "http://127.0.0.1:")])
def test_a_free_port_is_found(host: str, shown: str) -> None:
    listener = Listener(host, 0, allow_remote=False)

    assert listener.address.startswith((shown, "http://[::1]:"))
    assert not listener.address.endswith(":0")
    listener.close()
