"""The entries of a cache by their whole keys: what ScopedCache asks of a mapping, of diskcache and of Redis."""

from collections.abc import Iterator, MutableMapping
from typing import Any, ClassVar, Protocol

from .extras import homes

_MISSING = object()
_BATCH = 1_000
_EXTRA = "cachetools, diskcache and redis come with memfence[cache]"


class Entries(Protocol):
    """All entries of a cache, whoever they belong to; `get` and `remove` raise KeyError where there is none.

    `timed`: one entry may be put for a time of its own.
    """

    timed: ClassVar[bool]

    def get(self, key: str) -> Any:  # noqa: ANN401 - whatever was stored
        """Return the value."""

    def put(self, key: str, value: Any, ttl: float | None) -> None:  # noqa: ANN401 - as above
        """Store the value for `ttl` seconds; raises ValueError or TypeError for what the cache cannot do."""

    def remove(self, key: str) -> None:
        """Remove the entry."""

    def keys(self, prefix: str) -> Iterator[str]:
        """Yield the keys that begin so; each entry may be removed meanwhile."""

    def clear(self, prefix: str) -> None:
        """Remove the entries whose keys begin so, those whose time is over, too."""


def entries_of(cache: Any) -> Entries:  # noqa: ANN401 - it is looked at here
    """Return the entries of a cache; raises TypeError for what is none."""
    classes = homes(cache)
    if any(home.startswith("redis.asyncio.") or home.endswith(".Pipeline") for home in classes):
        msg = f"cache is a {type(cache).__name__}, and ScopedCache waits for each answer: give a redis.Redis"
        raise TypeError(msg)
    if classes & {"redis.client.Redis", "redis.cluster.RedisCluster"}:
        return RedisEntries(cache)
    if classes & {"diskcache.core.Cache", "diskcache.fanout.FanoutCache"}:
        return DiskEntries(cache)
    if isinstance(cache, MutableMapping):
        return MappingEntries(cache)
    msg = (
        "cache must be a mapping such as a dict or cachetools.TTLCache, a diskcache.Cache or a redis.Redis, "
        f"got {type(cache).__name__}; {_EXTRA}"
    )
    raise TypeError(msg)


class MappingEntries:
    """Entries of a dict, of cachetools or of any other mapping in this process: values are kept as they are."""

    __slots__ = ("_cache", "get", "remove")

    timed: ClassVar[bool] = False

    def __init__(self, cache: MutableMapping[str, Any]) -> None:
        """Take the mapping."""
        self._cache = cache
        self.get = cache.__getitem__
        self.remove = cache.__delitem__

    def put(self, key: str, value: Any, ttl: float | None) -> None:  # noqa: ANN401 - as above
        """See `Entries.put`."""
        if ttl is not None:
            msg = (
                f"a {type(self._cache).__name__} has no ttl for one entry: leave ttl out, "
                f"or give a diskcache.Cache or a redis.Redis; {_EXTRA}"
            )
            raise ValueError(msg)
        self._cache[key] = value

    def keys(self, prefix: str) -> Iterator[str]:
        """See `Entries.keys`."""
        # Somebody else may keep other things there, under keys that are no str.
        return iter([key for key in list(self._cache) if isinstance(key, str) and key.startswith(prefix)])

    def clear(self, prefix: str) -> None:
        """See `Entries.clear`."""
        for key in self.keys(prefix):
            self._cache.pop(key, None)
        if any(one.__module__.startswith("cachetools") for one in type(self._cache).__mro__):
            _expire(self._cache)


class DiskEntries:
    """Entries of a diskcache: any value that can be pickled."""

    __slots__ = ("_cache",)

    timed: ClassVar[bool] = True

    def __init__(self, cache: Any) -> None:  # noqa: ANN401 - diskcache has no types
        """Take the cache."""
        self._cache = cache

    def get(self, key: str) -> Any:  # noqa: ANN401 - as above
        """See `Entries.get`."""
        value = self._cache.get(key, _MISSING, retry=True)
        if value is _MISSING:
            raise KeyError(key)
        return value

    def put(self, key: str, value: Any, ttl: float | None) -> None:  # noqa: ANN401 - as above
        """See `Entries.put`."""
        self._cache.set(key, value, expire=ttl, retry=True)

    def remove(self, key: str) -> None:
        """See `Entries.remove`."""
        if not self._cache.delete(key, retry=True):
            raise KeyError(key)

    def keys(self, prefix: str) -> Iterator[str]:
        """See `Entries.keys`."""
        # It lists those, too, whose time is over.
        return iter([key for key in self._begin(prefix) if key in self._cache])

    def clear(self, prefix: str) -> None:
        """See `Entries.clear`."""
        for key in self._begin(prefix):
            self._cache.delete(key, retry=True)
        # It deletes none whose time is over, and leaves these on disk.
        _expire(self._cache)

    def _begin(self, prefix: str) -> list[str]:
        return [key for key in self._cache if isinstance(key, str) and key.startswith(prefix)]


class RedisEntries:
    """Entries of a Redis: str and bytes, each with a letter before it that says which."""

    __slots__ = ("_cache", "_texts_only")

    timed: ClassVar[bool] = True

    def __init__(self, cache: Any) -> None:  # noqa: ANN401 - its types differ from release to release
        """Take the client."""
        self._cache = cache
        self._texts_only = bool(cache.get_encoder().decode_responses)

    def get(self, key: str) -> str | bytes:
        """See `Entries.get`; raises ValueError for what nobody stored through ScopedCache."""
        stored = self._cache.get(key)
        if stored is None:
            raise KeyError(key)
        kind, value = stored[:1], stored[1:]
        if kind == "s":
            return str(value)
        if kind == b"s":
            return str(value, "utf-8")
        if kind == b"b":
            return bytes(value)
        msg = "the entry under this key was not stored by ScopedCache: it does not begin with a letter for its type"
        raise ValueError(msg)

    def put(self, key: str, value: Any, ttl: float | None) -> None:  # noqa: ANN401 - as above
        """See `Entries.put`."""
        if isinstance(value, str):
            stored = b"s" + value.encode()
        elif isinstance(value, bytes) and not self._texts_only:
            stored = b"b" + value
        else:
            kinds = "str (this client has decode_responses=True)" if self._texts_only else "str or bytes"
            msg = f"Redis keeps {kinds}, got {type(value).__name__}: give json.dumps(value), for example"
            raise TypeError(msg)
        self._cache.set(key, stored, px=None if ttl is None else max(1, int(ttl * 1_000)))

    def remove(self, key: str) -> None:
        """See `Entries.remove`."""
        if not self._cache.delete(key):
            raise KeyError(key)

    def keys(self, prefix: str) -> Iterator[str]:
        """See `Entries.keys`; a key may come twice from the server, and comes once from here."""
        seen = set()
        for found in self._cache.scan_iter(match=f"{_as_glob(prefix)}*", count=_BATCH):
            key = found if isinstance(found, str) else found.decode("utf-8", "replace")
            # Compared once more: a pattern is the server's to read.
            if key.startswith(prefix) and key not in seen:
                seen.add(key)
                yield key

    def clear(self, prefix: str) -> None:
        """See `Entries.clear`."""
        keys = list(self.keys(prefix))
        for start in range(0, len(keys), _BATCH):
            self._cache.delete(*keys[start : start + _BATCH])


def _as_glob(text: str) -> str:
    return "".join(f"\\{sign}" if sign in "*?[]^\\" else sign for sign in text)


def _expire(cache: Any) -> None:  # noqa: ANN401 - as above
    expire = getattr(cache, "expire", None)
    if expire is not None:
        expire()
