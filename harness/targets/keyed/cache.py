"""Values of one user in a cache: as most write them, and ScopedCache."""

from collections.abc import Callable, MutableMapping
from typing import Any, TypeAlias

from ...scoped.cache import ScopedCache
from ..back_ends.mapping import Timed

# The method `list` hides the type from the class.
_Keys: TypeAlias = list[str]


class PlainCache:
    """A cache as a careful colleague writes it: the user's id, a colon, the key."""

    def __init__(self, cache: Any, user_id: str) -> None:  # noqa: ANN401 - a mapping, or what is like one
        """Bind the user."""
        self._cache = cache
        self._user_id = user_id

    def put(self, key: str, value: str) -> None:
        """Put a value."""
        self._cache[f"{self._user_id}:{key}"] = value

    def get(self, key: str) -> Any:  # noqa: ANN401 - what was put
        """Return a value, or None."""
        return self._cache.get(f"{self._user_id}:{key}")

    def list(self, prefix: str = "") -> _Keys:
        """List the keys that begin with the prefix."""
        start = f"{self._user_id}:"
        return [key.removeprefix(start) for key in self._cache if key.startswith(start + prefix)]

    def delete(self, key: str) -> None:
        """Remove a value."""
        self._cache.pop(f"{self._user_id}:{key}", None)

    def clear(self) -> None:
        """Remove all values of the user."""
        for key in self.list():
            self.delete(key)


class PlainTimedCache(PlainCache):
    """The same over a mapping whose values may say how long they live."""

    def put(self, key: str, value: str, ttl: float | None = None) -> None:
        """Put a value for so many seconds, or for good."""
        self._cache[f"{self._user_id}:{key}"] = _timed(value, ttl)

    def get(self, key: str) -> Any:  # noqa: ANN401 - what was put
        """Return a value, or None."""
        return _untimed(super().get(key))


class PlainDiskCache(PlainCache):
    """The same over diskcache."""

    def put(self, key: str, value: str, ttl: float | None = None) -> None:
        """Put a value for so many seconds, or for good."""
        self._cache.set(f"{self._user_id}:{key}", value, expire=ttl)


class PlainRedis(PlainCache):
    """The same over Redis, whose SCAN finds what begins with the user's id."""

    def put(self, key: str, value: str, ttl: float | None = None) -> None:
        """Put a value for so many seconds, or for good."""
        self._cache.set(f"{self._user_id}:{key}", value, ex=None if ttl is None else int(ttl))

    def list(self, prefix: str = "") -> _Keys:
        """List the keys that begin with the prefix."""
        start = f"{self._user_id}:"
        return [key.decode().removeprefix(start) for key in self._cache.scan_iter(f"{start}{prefix}*")]

    def delete(self, key: str) -> None:
        """Remove a value."""
        self._cache.delete(f"{self._user_id}:{key}")


class TimedScopedCache(ScopedCache):
    """ScopedCache over a mapping whose values may say how long they live."""

    __slots__ = ()

    def put(self, key: str, value: Any, ttl: float | None = None) -> None:  # noqa: ANN401 - as there
        """Put a value for so many seconds, or for good."""
        super().put(key, _timed(value, ttl))

    def get(self, key: str) -> Any:  # type: ignore[override]  # noqa: ANN401 - less is offered; as there
        """Return a value; raises KeyNotFoundError where there is none."""
        return _untimed(super().get(key))


def _timed(value: Any, ttl: float | None) -> Any:  # noqa: ANN401 - as there
    return value if ttl is None else Timed(value, ttl)


def _untimed(value: Any) -> Any:  # noqa: ANN401 - as there
    return value.value if isinstance(value, Timed) else value


_PLAIN = {"Expiring": PlainTimedCache, "TLRUCache": PlainTimedCache, "Cache": PlainDiskCache, "Redis": PlainRedis}


def plain_cache(place: Any) -> Callable[..., PlainCache]:  # noqa: ANN401 - a back end's own object
    """Return what makes a user's cache."""
    kind = _PLAIN.get(type(place).__name__, PlainCache)
    return lambda user_id: kind(place, user_id)


def scoped_cache(place: Any) -> Callable[..., ScopedCache]:  # noqa: ANN401 - as above
    """Return what makes a user's cache."""
    kind = TimedScopedCache if isinstance(place, MutableMapping) else ScopedCache
    return lambda user_id: kind(user_id, cache=place)
