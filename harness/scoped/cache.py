"""ScopedCache: one user's entries in a cache that many users share.

Raised: TypeError for a key that is no str and for a value that the cache does not keep; ValueError for a ttl that is no
number of seconds above 0, or that the cache cannot do; KeyNotFoundError, which is a KeyError, where nothing is stored
under the key; whatever the cache itself raises. Keys may hold any character.
"""

import math
from collections.abc import Iterator, MutableMapping
from typing import Any, TypeAlias

from ..base.refusals import KeyNotFoundError
from .entries import entries_of
from .keys import read_text, user_prefix, written_text
from .paths import under

_RAISE = object()
# The method `list` hides the type from the class.
_Keys: TypeAlias = list[str]


class ScopedCache(MutableMapping[str, Any]):
    """The entries of one user, and no way to any other's; `cache[key]`, `in`, `len` and iteration see these alone.

    `cache` is any mapping (a dict, `cachetools.TTLCache`), a `diskcache.Cache` or a `redis.Redis`. The entry lies there
    under `scoped_key(user_id, key)`. A mapping keeps any value, diskcache what can be pickled, Redis str and bytes;
    each comes back as it was put. To list, count and clear reads all keys of a mapping or a diskcache, and asks Redis
    for those of this user with SCAN.
    """

    __slots__ = ("_entries", "_prefix", "_user_id")

    def __init__(self, user_id: str, *, cache: Any) -> None:  # noqa: ANN401 - what it may be is said above
        """Bind the user; raises ScopeError or TypeError for an id that ScopedMemory refuses, too."""
        self._prefix = user_prefix(user_id)
        self._user_id = self._prefix[:-1]
        self._entries = entries_of(cache)

    @property
    def user_id(self) -> str:
        """The bound user."""
        return self._user_id

    def __repr__(self) -> str:
        """Show the scope."""
        return f"{type(self).__name__}({self._user_id!r})"

    def put(self, key: str, value: Any, ttl: float | None = None) -> None:  # noqa: ANN401 - as above
        """Store a value, for `ttl` seconds where they are given and the cache can."""
        if ttl is not None:
            _check_ttl(ttl)
        self._entries.put(self._whole(key), value, ttl)

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
        """Remove all entries of this user, also those under any other `scoped_key` of this user; nobody else's."""
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
            # With a slash it is another scoped_key of this user, such as that of a call.
            if "/" not in written:
                yield read_text(written)

    def __len__(self) -> int:
        """Count the keys."""
        return sum(1 for _ in self)

    def _whole(self, key: str) -> str:
        if not isinstance(key, str):
            msg = f"key must be a str, got {type(key).__name__}; to cache calls, give their decorator key=user_key"
            raise TypeError(msg)
        # A subclass may answer differently the next time.
        return self._prefix + written_text(str.__str__(key))


def _check_ttl(ttl: object) -> None:
    if isinstance(ttl, bool) or not isinstance(ttl, (int, float)):
        msg = f"ttl must be a number of seconds, got {type(ttl).__name__}"
        raise TypeError(msg)
    if not (ttl > 0 and math.isfinite(ttl)):
        msg = f"ttl must be a number of seconds above 0, got {ttl}; leave it out to keep the entry"
        raise ValueError(msg)
