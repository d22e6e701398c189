"""A dict with a clock of its own, in which sessions lie."""

from typing import ClassVar

from ...model.keys import FLAT
from . import BackEnd, Kept
from .mapping import Expiring

KIND = "sessions"
# For how many seconds a session is open, and how far the clock goes on.
LIFETIME, _LATER = 1_800, 3_600


class SessionDict(Expiring):
    """The dict; what runs out is for the sessions to tell, for nothing is put for a time here."""


class SessionDicts(BackEnd):
    """A fresh dict for each world."""

    keys: ClassVar[str] = FLAT

    def open(self) -> SessionDict:
        """Make a dict."""
        return SessionDict()

    def close(self, place: SessionDict) -> None:
        """Empty it."""
        place.clear()

    def storage(self, place: SessionDict) -> Kept:
        """Return every key and value."""
        return {"sessions": [f"{key}: {value}" for key, value in place.items()]}

    def expire(self, place: SessionDict) -> None:
        """Let an hour pass."""
        place.advance(_LATER)


def open_back_end(url: str | None) -> SessionDicts:
    """Return the back end; raises HarnessError for a URL."""
    return SessionDicts(url)
