"""The entries of a shared cache whose keys begin alike, as a mapping of their own: one user's, or one session's."""

import math
from collections.abc import Iterator, MutableMapping
from typing import Any, ClassVar, TypeAlias

from ..base.refusals import KeyNotFoundError
from .entries import Entries
from .keys import read_text, written_text
from .paths import under

_RAISE = object()
# The method `list` hides the type from the class.
_Keys: TypeAlias = list[str]


class OwnEntries(MutableMapping[str, Any]):
    """The entries whose keys begin with one prefix, and no way to any other's.

    Raised: TypeError for a key that is no str and for a value that the cache does not keep; KeyNotFoundError, which is
    a KeyError, where nothing is stored under the key; whatever the cache itself raises. Keys may hold any character.
    """

    __slots__ = ("_entries", "_prefix")

    # What to do instead, behind the refusal of a key that is no str.
    _instead: ClassVar[str] = ""

    def __init__(self, entries: Entries, prefix: str) -> None:
        """Bind the beginning of each key."""
        self._entries = entries
        self._prefix = prefix

    def put(self, key: str, value: Any) -> None:  # noqa: ANN401 - what the cache keeps
        """Store a value."""
        self._entries.put(self._whole(key), value, None)

    def get(self, key: str, default: Any = _RAISE) -> Any:  # noqa: ANN401 - as above
        """Return the value; where there is none the default, and without one KeyNotFoundError."""
        whole = self._whole(key)
        try:
            return self._entries.get(whole)
        except KeyError:
            if default is not _RAISE:
                return default
            raise KeyNotFoundError from None

    def delete(self, key: str) -> None:
        """Remove an entry."""
        whole = self._whole(key)
        try:
            self._entries.remove(whole)
        except KeyError:
            raise KeyNotFoundError from None

    def clear(self) -> None:
        """Remove all entries that begin so, also those under longer keys."""
        self._entries.clear(self._prefix)

    def list(self, prefix: str = "") -> _Keys:
        """Return the keys, or those at or below a prefix, sorted: "acme" lists "acme/x" and no "acme-corp"."""
        if not isinstance(prefix, str):
            msg = f"prefix must be a str, got {type(prefix).__name__}"
            raise TypeError(msg)
        return sorted(key for key in self if under(key, prefix.removesuffix("/")))

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 - as above
        """See `get`."""
        return self.get(key)

    def __setitem__(self, key: str, value: Any) -> None:  # noqa: ANN401 - as above
        """See `put`."""
        self.put(key, value)

    def __delitem__(self, key: str) -> None:
        """See `delete`."""
        self.delete(key)

    def __contains__(self, key: object) -> bool:
        """Tell whether something is stored under the key."""
        return isinstance(key, str) and self.get(key, self) is not self

    def __iter__(self) -> Iterator[str]:
        """Yield the keys."""
        own = f"{self._prefix}s:"
        for whole in self._entries.keys(own):
            written = whole.removeprefix(own)
            # With a slash it is another scoped_key, such as that of a call.
            if "/" not in written:
                yield read_text(written)

    def __len__(self) -> int:
        """Count the keys."""
        return sum(1 for _ in self)

    def _whole(self, key: str) -> str:
        if not isinstance(key, str):
            msg = f"key must be a str, got {type(key).__name__}{self._instead}"
            raise TypeError(msg)
        # A subclass may answer differently the next time.
        return self._prefix + written_text(str.__str__(key))


def check_seconds(value: object, name: str, instead: str) -> None:
    """Raise TypeError for what is no number, ValueError for one that is not above 0 or has no end."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        msg = f"{name} must be a number of seconds, got {type(value).__name__}"
        raise TypeError(msg)
    if not (value > 0 and math.isfinite(value)):
        msg = f"{name} must be a number of seconds above 0, got {value}; {instead}"
        raise ValueError(msg)
