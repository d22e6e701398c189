"""What an audit changes in the process it runs in: mem0's telemetry is off before mem0 is imported."""

import os
import sys

from .errors import HarnessError


def silence_telemetry() -> None:
    """Set `MEM0_TELEMETRY=False`; raises HarnessError where mem0 was imported before with telemetry on."""
    os.environ["MEM0_TELEMETRY"] = "False"
    telemetry = sys.modules.get("mem0.memory.telemetry")
    if telemetry is not None and getattr(telemetry, "MEM0_TELEMETRY", False):
        msg = "mem0 was imported with its telemetry on: set MEM0_TELEMETRY=False before the first import of mem0"
        raise HarnessError(msg)
