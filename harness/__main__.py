"""The entry point of `memfence`, and `python -m memfence`.

It decides what an exit code means when nothing else could: 1 is kept for a violation that was seen.
"""

import signal
import sys
import traceback
from typing import NoReturn

from .base.pipes import outlive_readers
from .base.under_way import watched

_FAILED, _INCONCLUSIVE = 2, 3


def main() -> None:
    """Run the command line."""
    # A gate that is cancelled, or out of time, is ended so: it tells what was found so far, as after Ctrl-C.
    signal.signal(signal.SIGTERM, _interrupted)
    outlive_readers()
    try:
        from .commands.cli import app  # noqa: PLC0415 - Ctrl-C may come while it is imported

        with watched():
            app()
    except KeyboardInterrupt:
        sys.exit(_INCONCLUSIVE)
    except Exception:  # noqa: BLE001 - the last resort: the harness failed, which is no verdict
        traceback.print_exc()
        sys.stderr.write("memfence: the harness itself failed; please report this\n")
        sys.exit(_FAILED)


def _interrupted(*_: object) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
