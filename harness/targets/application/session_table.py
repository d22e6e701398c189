"""Where sessions lie: on the server, each until its time is up."""

import hashlib
import threading

from .clock import Clock

# How often what has run out is let go, in seconds.
_TIDY = 60.0


class SessionTable:
    """A store as starsessions wants one: its own keeps sessions for ever, and takes one back that has ended.

    It keeps a digest of an id, never the id: who reads the table opens no session.
    """

    def __init__(self, clock: Clock) -> None:
        """Begin empty."""
        self.clock = clock
        self.kept: dict[str, tuple[float, bytes]] = {}
        # An answer that was under way while its session ended would write it anew.
        self._ended: dict[str, float] = {}
        self._changing = threading.Lock()
        self._tidied = clock.now()

    async def read(self, session_id: str, lifetime: int) -> bytes:
        """Return what a session holds, nothing where it has ended or never was."""
        del lifetime
        until, data = self.kept.get(self.key_of(session_id), (0.0, b""))
        return data if self.clock.now() < until else b""

    async def write(self, session_id: str, data: bytes, lifetime: int, ttl: int) -> str:
        """Keep what a session holds for so many seconds, unless it has ended."""
        key, now = self.key_of(session_id), self.clock.now()
        with self._changing:
            if now >= self._tidied + _TIDY:
                self._tidy(now)
            if key not in self._ended:
                self.kept[key] = now + min(ttl, lifetime), data
        return session_id

    async def remove(self, session_id: str) -> None:
        """End a session."""
        key = self.key_of(session_id)
        with self._changing:
            until, _ = self.kept.pop(key, (0.0, b""))
            self._ended[key] = max(until, self.clock.now() + _TIDY)

    def key_of(self, session_id: str) -> str:
        """Return under what a session is kept."""
        return hashlib.sha256(session_id.encode()).hexdigest()

    def _tidy(self, now: float) -> None:
        self._tidied = now
        self.kept = {key: held for key, held in self.kept.items() if now < held[0]}
        self._ended = {key: until for key, until in self._ended.items() if now < until}
