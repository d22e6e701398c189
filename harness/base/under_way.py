"""Which calls of what is audited have begun and not returned: who waits for one that hangs is told which.

Each thread has one call at a time. Nothing is ended here: a call may be slow for good reasons.
"""

import sys
import sysconfig
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

# After so many seconds a call is told; the next one only if it takes as many times as long.
_LONG, _TIMES = 10.0, 3.0
_LOOKS_EVERY = 1.0
_INSTALLED = tuple(sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib"))

_begun: dict[int, tuple[float, str]] = {}


def begin(call: str) -> None:
    """Note that this thread calls what is audited, by a name such as `search`."""
    _begun[threading.get_ident()] = time.monotonic(), call


def end() -> None:
    """Note that this thread's call has returned or raised."""
    _begun.pop(threading.get_ident(), None)


def _on_stderr(sentence: str) -> None:
    sys.stderr.write(f"memfence: {sentence}\n")


@contextmanager
def watched(tell: Callable[[str], object] = _on_stderr, long: float = _LONG) -> Iterator[None]:
    """Have each call told that does not return for long, in seconds, with the line that it is at."""
    over = threading.Event()
    watcher = threading.Thread(target=_watch, args=(tell, long, over), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def _watch(tell: Callable[[str], object], long: float, over: threading.Event) -> None:
    pause = min(_LOOKS_EVERY, long / 4)
    while not over.wait(pause):
        now = time.monotonic()
        # It changes while it is read.
        oldest = min(list(_begun.items()), key=lambda item: item[1], default=None)
        if oldest is None:
            continue
        thread, (began, call) = oldest
        if now - began >= long:
            tell(
                f"{call} has not returned for {now - began:.0f} s{_place(thread)}; Ctrl-C ends this with what was seen"
            )
            long *= _TIMES


def _place(thread: int) -> str:
    """Return where the thread is, ` (memory.py:12 in search)`: the innermost line of the user's own."""
    frame = sys._current_frames().get(thread)  # noqa: SLF001 - the only way to see where another thread is
    while frame is not None and not _of_a_user(frame):
        frame = frame.f_back
    if frame is None:
        return ""
    return f" ({Path(frame.f_code.co_filename).name}:{frame.f_lineno} in {frame.f_code.co_name})"


def _of_a_user(frame: FrameType) -> bool:
    ours = str(frame.f_globals.get("__name__", "")).partition(".")[0] in {"memfence", "__main__"}
    return not ours and not frame.f_code.co_filename.startswith((*_INSTALLED, "<"))
