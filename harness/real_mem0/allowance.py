"""How many requests a campaign may make of a service that is not ours, and what of them is kept to clean up."""

import threading

# To remove a record through ScopedMemory: three looks, the removal, and a share of the last listings.
_TO_REMOVE = 5
# What one more operation may take: its own calls, a look whether it is visible, and the removal of what it stored.
_NEXT = 12


class AllowanceSpentError(Exception):
    """No further request is made."""


class Allowance:
    """Counts requests; `limit` None is no limit. Threads may share it.

    With `cleans_up` so many are held back as it takes to remove what was stored so far.
    """

    def __init__(self, limit: int | None, *, cleans_up: bool) -> None:
        """Begin with nothing spent."""
        self.used = 0
        self._limit = limit
        self._cleans_up = cleans_up
        self._stored = 0
        self._tenants: set[str] = set()
        self._ended = ""
        self._lock = threading.Lock()

    def take(self) -> None:
        """Count one request before it is made; raises AllowanceSpentError where there is none left."""
        with self._lock:
            if self._limit is not None and self.used >= self._limit:
                msg = f"the {self._limit} requests of --max-requests are spent"
                raise AllowanceSpentError(msg)
            self.used += 1

    def met(self, user_id: str) -> None:
        """Note a tenant: at the end its records are listed, to see that none is left."""
        with self._lock:
            self._tenants.add(user_id)

    def stored(self, records: int) -> None:
        """Note records that will have to be removed; a negative number of those that were."""
        with self._lock:
            self._stored = max(self._stored + records, 0)
            if not self._stored:
                self._tenants.clear()

    def spent(self) -> str | None:
        """Return why nothing further should be begun, None where something may; it does not change its mind."""
        with self._lock:
            if self._ended or self._limit is None:
                return self._ended or None
            held_back = _TO_REMOVE * self._stored + len(self._tenants) + _NEXT if self._cleans_up else 0
            if self.used + held_back >= self._limit:
                kept = ", the rest is kept to clean up" if held_back else ""
                self._ended = f"--max-requests {self._limit} is reached: {self.used} requests were made{kept}"
            return self._ended or None
