import os
import subprocess
import sys
from types import ModuleType

import pytest

from memfence.environment import silence_telemetry
from memfence.errors import HarnessError

TELEMETRY = "mem0.memory.telemetry"


def mem0_with_telemetry(flag: object) -> ModuleType:
    """Return a module like mem0's, as it looks once imported."""
    module = ModuleType(TELEMETRY)
    vars(module)["MEM0_TELEMETRY"] = flag
    return module


@pytest.mark.parametrize("before", ["True", None])
def test_telemetry_is_turned_off_whatever_it_was(before: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, TELEMETRY, raising=False)
    monkeypatch.delenv("MEM0_TELEMETRY", raising=False)
    if before is not None:
        monkeypatch.setenv("MEM0_TELEMETRY", before)

    silence_telemetry()

    assert os.environ["MEM0_TELEMETRY"] == "False"


def test_a_mem0_that_was_imported_with_telemetry_on_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, TELEMETRY, mem0_with_telemetry(flag=True))

    with pytest.raises(HarnessError, match="set MEM0_TELEMETRY=False before the first import of mem0"):
        silence_telemetry()


def test_a_mem0_that_was_imported_with_telemetry_off_is_fine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, TELEMETRY, mem0_with_telemetry(flag=False))

    silence_telemetry()

    assert os.environ["MEM0_TELEMETRY"] == "False"


def test_the_real_mem0_is_silent_when_it_is_imported_afterwards() -> None:
    source = (
        "from memfence.environment import silence_telemetry; silence_telemetry(); "
        "from mem0.memory import telemetry; print(bool(telemetry.MEM0_TELEMETRY)); silence_telemetry()"
    )

    done = subprocess.run(
        [sys.executable, "-c", source],
        env=os.environ | {"MEM0_TELEMETRY": "True"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (done.returncode, done.stdout) == (0, "False\n"), done.stderr
