"""ScopedCache: one user's entries in a cache that many users share.

Raised: TypeError for a key that is no str and for a value that the cache does not keep; ValueError for a ttl that is no
number of seconds above 0, or that the cache cannot do; KeyNotFoundError, which is a KeyError, where nothing is stored
under the key; whatever the cache itself raises. Keys may hold any character.
"""

from typing import Any, ClassVar

from .entries import entries_of
from .keys import user_prefix
from .own_entries import OwnEntries, check_seconds


class ScopedCache(OwnEntries):
    """The entries of one user, and no way to any other's; `cache[key]`, `in`, `len` and iteration see these alone.

    `cache` is any mapping (a dict, `cachetools.TTLCache`), a `diskcache.Cache` or a `redis.Redis`. The entry lies there
    under `scoped_key(user_id, key)`. A mapping keeps any value, diskcache what can be pickled, Redis str and bytes;
    each comes back as it was put. To list, count and clear reads all keys of a mapping or a diskcache, and asks Redis
    for those of this user with SCAN. `clear` also removes what lies under any other `scoped_key` of this user.
    """

    __slots__ = ("_user_id",)

    _instead: ClassVar[str] = "; to cache calls, give their decorator key=user_key"

    def __init__(self, user_id: str, *, cache: Any) -> None:  # noqa: ANN401 - what it may be is said above
        """Bind the user; raises ScopeError or TypeError for an id that ScopedMemory refuses, too."""
        prefix = user_prefix(user_id)
        super().__init__(entries_of(cache), prefix)
        self._user_id = prefix[:-1]

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
            check_seconds(ttl, "ttl", "leave it out to keep the entry")
        self._entries.put(self._whole(key), value, ttl)
