"""Keyed resources that can be audited: each world has a place of its own in a back end."""

from collections.abc import Callable
from typing import Any, TypeAlias

from .back_ends import BackEnd, Kept

# From a back end's place to what makes one user's resource.
MakeResource: TypeAlias = Callable[..., Any]
Wrap: TypeAlias = Callable[[Any], MakeResource]


class KeyedTarget:
    """Our own disposable resource: each `start` is a fresh, empty place."""

    disposable = True

    def __init__(self, wrap: Wrap, back_end: BackEnd, keys: str = "") -> None:
        """Take what stands between a user and the place, and what the place lies in.

        `keys` is how the wrapper spells keys, where it takes others than the back end.
        """
        self._wrap = wrap
        self._back_end = back_end
        self._place: Any = None
        self._make: MakeResource | None = None
        self.keys = keys or back_end.keys
        self.refusals = back_end.refusals
        # A user's server is emptied by whoever begins.
        self.separate = back_end.url is None

    def start(self) -> None:
        """Begin an empty world."""
        self._leave()
        self._place = self._back_end.open()
        self._make = self._wrap(self._place)

    def make_resource(self, user_id: Any) -> Any:  # noqa: ANN401 - an id may be an attack; a wrapper's own object
        """Return this user's resource of the current world; starts one where there is none."""
        if self._make is None:
            self.start()
        return None if self._make is None else self._make(user_id)

    def storage(self) -> Kept:
        """Return all that is kept."""
        return self._back_end.storage(self._place)

    def expire(self) -> None:
        """Let run out what was put for a time."""
        self._back_end.expire(self._place)

    def close(self) -> None:
        """Remove what the world has left, and end what was started for it."""
        try:
            self._leave()
        finally:
            self._back_end.stop()

    def _leave(self) -> None:
        place, self._place, self._make = self._place, None, None
        if place is not None:
            self._back_end.close(place)
