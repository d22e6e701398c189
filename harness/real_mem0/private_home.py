"""A folder of our own for what mem0 writes, and its telemetry off."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .environment import silence_telemetry


@contextmanager
def private_home() -> Iterator[Path]:
    """Yield a folder that goes when this ends, and where mem0 puts its config instead of `~/.mem0`.

    Raises HarnessError where mem0 was imported before with telemetry on.
    """
    # Of this class, because it goes also where nobody ends this: when the process does.
    with tempfile.TemporaryDirectory(prefix="memfence-", ignore_cleanup_errors=True) as home:
        silence_telemetry()
        if "mem0" in sys.modules:
            # It has read MEM0_DIR.
            yield Path(home)
            return
        before = os.environ.get("MEM0_DIR")
        os.environ["MEM0_DIR"] = home
        try:
            yield Path(home)
        finally:
            os.environ.pop("MEM0_DIR", None)
            if before is not None:
                os.environ["MEM0_DIR"] = before
