"""What a target declares as its caches: each key, and the texts that lie under it."""

import gzip
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from ..base.errors import TargetError
from ..base.plain_objects import BYTES, Gathering

# A cache is a stranger's object.
_Cache: TypeAlias = Any
_ADDRESSES = ("redis://", "rediss://", "unix://")
# A key is often a whole question.
_LONGEST_KEY = 80
# How a Redis client reads a value, by what TYPE says of it.
_READERS: Mapping[str, Callable[[_Cache, Any], Any]] = {
    "string": lambda client, key: client.get(key),
    "hash": lambda client, key: client.hgetall(key),
    "list": lambda client, key: client.lrange(key, 0, -1),
    "set": lambda client, key: client.smembers(key),
    "zset": lambda client, key: client.zrange(key, 0, -1),
    "stream": lambda client, key: client.xrange(key),
}


def kept_in(declared: object) -> Iterator[tuple[str, list[bytes]]]:
    """Yield a place for each entry of each cache, and its texts: the key's, then the value's.

    `declared` is a mapping, an object that is one but for its class, such as a `diskcache.Cache`, a Redis client or
    the address of a server, or a dict of several of these by name. A pickle or JSON holds its texts as they are; what
    zlib or gzip have packed is unpacked. Nothing is unpickled. Raises TypeError for anything else, TargetError
    where an address is given and redis is not installed.
    """
    for name, cache in _named(declared):
        for key, value in _entries(cache):
            place = f"the cache {name}, under the key" if name else "the cache, under the key"
            yield f"{place} {_shown(key)}", [*_texts(key), *_texts(value)]


def _named(declared: _Cache) -> Iterator[tuple[str, _Cache]]:
    """Yield each cache with its name; one alone has none."""
    several = isinstance(declared, dict) and declared and all(map(_is_cache, declared.values()))
    if several:
        yield from ((str(name), cache) for name, cache in declared.items())
    else:
        yield "", declared


def _is_cache(thing: _Cache) -> bool:
    if isinstance(thing, str):
        return thing.startswith(_ADDRESSES)
    return isinstance(thing, Mapping) or _can(thing, "scan_iter") or _can(thing, "iterkeys")


def _entries(cache: _Cache) -> Iterable[tuple[Any, Any]]:
    if isinstance(cache, str):
        return _of_address(cache)
    if _can(cache, "scan_iter"):
        return _of_redis(cache)
    if isinstance(cache, Mapping):
        # A cache that counts what is read would evict others for being looked into.
        read = _reader(cache)
        return [(key, read(cache, key)) for key in list(cache)]
    if _can(cache, "iterkeys"):
        return ((key, cache.get(key)) for key in list(cache))
    msg = (
        f"caches() must give a mapping, a diskcache.Cache, or a Redis client or its address, got {type(cache).__name__}"
    )
    raise TypeError(msg)


def _reader(cache: _Cache) -> Callable[[_Cache, Any], Any]:
    """Return what reads a mapping's value: of cachetools, without noting that it was read."""
    plain = (kind for kind in type(cache).__mro__ if (kind.__module__, kind.__name__) == ("cachetools", "Cache"))
    kind = next(plain, None)
    read: Callable[[_Cache, Any], Any] = type(cache).get if kind is None else vars(kind)["__getitem__"]
    return read


def _of_address(address: str) -> Iterator[tuple[Any, Any]]:
    try:
        import redis  # noqa: PLC0415 - only who gives an address needs it
    except ImportError as error:
        msg = f"to look into {address} redis is needed: pip install redis"
        raise TargetError(msg) from error
    with redis.Redis.from_url(address) as client:
        yield from _of_redis(client)


def _of_redis(client: _Cache) -> Iterator[tuple[Any, Any]]:
    for key in client.scan_iter(count=1000):
        kind = client.type(key)
        read = _READERS.get(kind.decode() if isinstance(kind, bytes) else str(kind))
        yield key, None if read is None else read(client, key)


def _texts(value: object) -> list[bytes]:
    if isinstance(value, BYTES):
        return [_unpacked(bytes(value))]
    gathering = Gathering()
    gathering.take(value)
    return [text.encode(errors="surrogatepass") for text in gathering.texts]


def _unpacked(data: bytes) -> bytes:
    for unpack in (zlib.decompress, gzip.decompress):
        try:
            return unpack(data)
        except (zlib.error, OSError, EOFError):
            continue
    return data


def _shown(key: object) -> str:
    text = key.decode(errors="replace") if isinstance(key, bytes) else key if isinstance(key, str) else repr(key)
    line = " ".join(text.split())
    return repr(line if len(line) <= _LONGEST_KEY else f"{line[:_LONGEST_KEY]}...")


def _can(thing: _Cache, method: str) -> bool:
    return callable(getattr(thing, method, None))
