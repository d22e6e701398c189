"""How many processes a machine, or a container on it, has room for."""

import os
from pathlib import Path

import pytest

from memfence.base import machine
from memfence.base.machine import fitting


def cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def memory(folder: Path, gibibytes: float) -> Path:
    path = folder / "meminfo"
    path.write_text(
        f"MemTotal: 99 kB\nMemFree: 1 kB\nMemAvailable: {int(gibibytes * (1 << 20))} kB\n", encoding="ascii"
    )
    return path


def test_each_core_has_one_where_there_is_memory(tmp_path: Path) -> None:
    assert fitting(memory(tmp_path, 1000), tmp_path / "none") == cores()


def test_each_has_a_gibibyte_and_one_there_always_is(tmp_path: Path) -> None:
    assert fitting(memory(tmp_path, 1.9), tmp_path / "none") == 1
    assert fitting(memory(tmp_path, 0.2), tmp_path / "none") == 1


def test_where_nobody_knows_of_memory_it_is_the_cores(tmp_path: Path) -> None:
    assert fitting(tmp_path / "none", tmp_path / "none") == cores()


def test_a_container_has_what_its_limits_leave(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_cores", lambda _: 64)
    (tmp_path / "memory.max").write_text(f"{4 << 30}\n", encoding="ascii")
    (tmp_path / "memory.stat").write_text(f"anon {1 << 30}\nfile {2 << 30}\n", encoding="ascii")

    assert fitting(memory(tmp_path, 1000), tmp_path) == 3


@pytest.mark.parametrize(("said", "limit"), [("100000 100000", 1), ("max 100000", 10**6), ("50000 100000", 1)])
def test_a_container_has_the_share_of_cores_that_it_is_given(tmp_path: Path, said: str, limit: int) -> None:
    (tmp_path / "cpu.max").write_text(said, encoding="ascii")

    assert fitting(memory(tmp_path, 1000), tmp_path) == min(cores(), limit)
