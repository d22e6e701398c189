"""Memories whose `search` is cached by a real library as its tutorial shows it; each has a cured form."""

import itertools
from typing import Any

import dogpile.cache
from aiocache import cached
from cachetools import LRUCache, cachedmethod
from flask import Flask
from flask_caching import Cache
from leaky_targets import checked

from memfence.scoped.call_keys import call_key, key_generator, method_key

Row = dict[str, str]


class Cached:
    """A world of rows; `kind` makes a user's memory, `kept` is what the library keeps, emptied with each world."""

    disposable = True
    kind: Any
    kept: Any

    def start(self) -> None:
        self.rows: list[tuple[str, Row]] = []
        self.serial = itertools.count(1)
        self.kept.clear()

    def make_memory(self, user_id: object) -> Any:
        return self.kind(self, checked(user_id))


class Memory:
    """One user's rows."""

    def __init__(self, world: Cached, user_id: str) -> None:
        self.world, self.user_id = world, user_id

    def add(self, text: str) -> Row:
        row = {"id": f"record-{next(self.world.serial)}", "memory": text}
        self.world.rows.append((self.user_id, row))
        return row

    def get_all(self) -> list[Row]:
        return [row for owner, row in self.world.rows if owner == self.user_id]

    def found(self, query: str) -> list[Row]:
        words = set(query.lower().split())
        return [row for row in self.get_all() if words & set(row["memory"].lower().split())]


class Tools(Cached):
    """cachetools: the key of a cached method leaves `self` out."""

    kept: Any = LRUCache(maxsize=10_000)

    class kind(Memory):  # noqa: N801 - it is read as a function
        @cachedmethod(lambda self: self.world.kept)
        def search(self, query: str) -> list[Row]:
            return self.found(query)


class ToolsCured(Cached):
    """cachetools, with the user in the key."""

    kept: Any = LRUCache(maxsize=10_000)

    class kind(Memory):  # noqa: N801 - as above
        @cachedmethod(lambda self: self.world.kept, key=method_key)
        def search(self, query: str) -> list[Row]:
            return self.found(query)


class Region:
    """A region of dogpile's that can be emptied."""

    def __init__(self, **options: Any) -> None:
        self.rows: dict[str, Any] = {}
        self.region = dogpile.cache.make_region(**options)
        self.region.configure("dogpile.cache.memory", arguments={"cache_dict": self.rows})

    def clear(self) -> None:
        self.rows.clear()


_plain, _scoped = Region(), Region(function_key_generator=key_generator)


class Dogpile(Cached):
    """dogpile.cache: the key of a method leaves `self` out."""

    kept = _plain

    class kind(Memory):  # noqa: N801 - as above
        @_plain.region.cache_on_arguments()
        def search(self, query: str) -> list[Row]:
            return self.found(query)


class DogpileCured(Cached):
    """dogpile.cache, with the user in the key."""

    kept = _scoped

    class kind(Memory):  # noqa: N801 - as above
        @_scoped.region.cache_on_arguments()
        def search(self, query: str) -> list[Row]:
            return self.found(query)


class Aio(Cached):
    """aiocache: the key of a method has its object's text, which is its address."""

    @property
    def kept(self) -> Any:
        # It is emptied between worlds, outside of any event loop.
        return self.kind.search.cache._cache  # noqa: SLF001 - as above

    class kind(Memory):  # noqa: N801 - as above
        @cached()
        async def search(self, query: str) -> list[Row]:
            return self.found(query)


class AioCured(Aio):
    """aiocache, with the user in the key."""

    class kind(Memory):  # noqa: N801 - as above
        @cached(key_builder=call_key)
        async def search(self, query: str) -> list[Row]:
            return self.found(query)


_flask = Cache(Flask(__name__), config={"CACHE_TYPE": "SimpleCache", "CACHE_DEFAULT_TIMEOUT": 3600})


class Memoized(Cached):
    """Flask-Caching: the key of a memoized method has its object's text, which is its address."""

    kept = _flask

    class kind(Memory):  # noqa: N801 - as above
        @_flask.memoize()
        def search(self, query: str) -> list[Row]:
            return self.found(query)


class MemoizedCured(Cached):
    """Flask-Caching, with the user in the key."""

    kept = _flask

    class kind(Memory):  # noqa: N801 - as above
        @_flask.cached(make_cache_key=method_key)
        def search(self, query: str) -> list[Row]:
            return self.found(query)


class Answers(Cached):
    """A cached method of a keyed resource, by cachetools; in the cured form each user has a cache of its own."""

    kept: Any = LRUCache(maxsize=10_000)
    kind: Any

    def start(self) -> None:
        super().start()
        self.values: dict[tuple[str, str], str] = {}

    def make_resource(self, user_id: object) -> Any:
        return self.kind(self, checked(user_id))


class Values:
    """One user's values under keys."""

    def __init__(self, world: Any, user_id: str) -> None:
        self.world, self.user_id = world, user_id

    def put(self, key: str, value: str) -> None:
        self.world.values[self.user_id, key] = value


class Kept(Answers):
    """The key of a cached read is the key alone."""

    class kind(Values):  # noqa: N801 - as above
        @cachedmethod(lambda self: self.world.kept)
        def get(self, key: str) -> str:
            value: str = self.world.values[self.user_id, key]
            return value


class KeptCured(Answers):
    """The user is in the key of a cached read."""

    class kind(Values):  # noqa: N801 - as above
        @cachedmethod(lambda self: self.world.kept, key=method_key)
        def get(self, key: str) -> str:
            value: str = self.world.values[self.user_id, key]
            return value


PAIRS = ((Tools, ToolsCured), (Dogpile, DogpileCured), (Aio, AioCured), (Memoized, MemoizedCured), (Kept, KeptCured))
