"""What of this machine a process may use: cores and memory, as a container's limits leave them."""

import os
from contextlib import suppress
from pathlib import Path

# A process with a store in it takes some hundred MiB.
_GIBIBYTE = 1 << 30
_MEMORY = Path("/proc/meminfo")
_LIMITS = Path("/sys/fs/cgroup")


def fitting(memory: Path = _MEMORY, limits: Path = _LIMITS) -> int:
    """Return how many processes fit at once: one for each core, and a GiB of memory for each, where that is known."""
    cores, free = _cores(limits), _free(memory, limits)
    return max(1, cores if free is None else min(cores, free // _GIBIBYTE))


def _cores(limits: Path) -> int:
    usable = getattr(os, "sched_getaffinity", None)
    cores = os.cpu_count() or 1 if usable is None else len(usable(0))
    with suppress(OSError, ValueError, ZeroDivisionError):
        share, period = (limits / "cpu.max").read_text(encoding="ascii").split()
        # "max" is no number: no limit.
        return max(1, min(cores, int(share) // int(period)))
    return cores


def _free(memory: Path, limits: Path) -> int | None:
    """Return the bytes that are free, what is only kept of files counted in; None where nobody says so."""
    known: list[int] = []
    with suppress(OSError, ValueError, KeyError, IndexError):
        known.append(int(_read(memory)["MemAvailable:"]) * 1024)
    with suppress(OSError, ValueError, KeyError, IndexError):
        limit = int((limits / "memory.max").read_text(encoding="ascii"))
        known.append(limit - int(_read(limits / "memory.stat")["anon"]))
    return min(known, default=None)


def _read(path: Path) -> dict[str, str]:
    lines = (line.split() for line in path.read_text(encoding="ascii").splitlines())
    return {name: value for name, value, *_ in lines}
