"""The seam on Dask distributed: the same shards on many machines, which share a folder and reach one store."""

from typing import Any

from ...base.errors import HarnessError
from ...base.wording import in_one_line
from .seam import LostError
from .work import Task

SCHEME = "dask://"
_SECONDS = 20
_KILLED = ("KilledWorker", "CancelledError", "FutureCancelledError", "FuturesCancelledError", "LostError")


class Cluster:
    """A scheduler's workers; the scheduler itself does not retry, for what is done twice must be known."""

    def __init__(self, address: str) -> None:
        """Connect to `dask://host:port`; raises HarnessError."""
        try:
            from distributed import Client  # noqa: PLC0415 - an extra
        except ImportError:
            msg = "--executor dask://... needs Dask: pip install 'memfence[dask]'"
            raise HarnessError(msg) from None
        try:
            self._client: Any = Client(f"tcp://{address.removeprefix(SCHEME)}", timeout=_SECONDS, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            msg = f"no Dask scheduler answers at {address}: {in_one_line(error, frozenset())}"
            raise HarnessError(msg) from error
        self._number = 0

    def slots(self) -> int:
        """Return how many threads its workers have now."""
        try:
            return sum(self._client.nthreads().values())
        except (OSError, TimeoutError, ValueError):
            return 0

    def submit(self, task: Task) -> Any:  # noqa: ANN401 - Dask's own
        """Submit it under a name of its own: what was tried once is not looked up."""
        self._number += 1
        key = f"{task.shard.phase}-{task.shard.digest}-{self._number}"
        return self._client.submit(task, key=key, pure=False, retries=0)

    def done(self, handle: Any) -> bool:  # noqa: ANN401 - as above
        """Ask the client, which is told by the scheduler."""
        over: bool = handle.done()
        return over

    def error(self, handle: Any) -> BaseException | None:  # noqa: ANN401 - as above
        """Return what it raised, or that its workers died."""
        if handle.status == "finished":
            return None
        if handle.status in ("cancelled", "lost"):
            return LostError("the scheduler has lost it")
        failed: BaseException = handle.exception(timeout=_SECONDS)
        if type(failed).__name__ in _KILLED:
            return LostError("the workers that did it died")
        return failed

    def drop(self, handle: Any) -> None:  # noqa: ANN401 - as above
        """Cancel it: a worker that does it already does it to its end, which harms nothing."""
        handle.cancel(force=True)

    def close(self) -> None:
        """Let go of the scheduler; it goes on."""
        self._client.close(timeout=_SECONDS)
