"""What every test needs: a mem0 that sends nothing and writes nothing into the home folder, and Hypothesis' profile."""

import atexit
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from browsing import Reader

os.environ["MEM0_TELEMETRY"] = "False"
# In a job of GitHub, our own summary is no place for what the tests find.
os.environ.pop("GITHUB_STEP_SUMMARY", None)
# mem0 writes a config when it is imported; the tests leave the home folder alone.
os.environ["MEM0_DIR"] = tempfile.mkdtemp(prefix="memfence-tests-")
atexit.register(shutil.rmtree, os.environ["MEM0_DIR"], ignore_errors=True)

# Machines are shared and noisy: a slow example is no failing one. The files of a failing example are not kept.
settings.register_profile("memfence", deadline=None, database=None)
settings.load_profile("memfence")


@pytest.fixture(autouse=True)
def unmeasured(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Leave a long test out where coverage is measured: it runs no line that shorter ones do not, and would take twice.

    So are the processes that it starts.
    """
    measuring = sys.modules["coverage"].Coverage.current() if "coverage" in sys.modules else None
    if measuring is None or request.node.get_closest_marker("long") is None:
        yield
        return
    for name in ("COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    measuring.stop()
    try:
        yield
    finally:
        measuring.start()


@pytest.fixture(scope="session")
def reader(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Reader]":
    """One browser for all tests that look at pages."""
    from browsing import chromium  # noqa: PLC0415 - what it imports must find the settings above

    with chromium(tmp_path_factory.mktemp("browser")) as opened:
        yield opened
