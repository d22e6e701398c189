import asyncio
from collections.abc import Callable
from typing import Any

import aiocache
import cachetools
import flask
import flask_caching
import pytest
from dogpile.cache import make_region

from memfence import ScopeError, call_key, key_generator, method_key, user_key
from memfence.scoped.keys import user_prefix


class Menu:
    """What depends on the user that it is made for."""

    def __init__(self, user_id: str) -> None:
        self.user_id = user_id

    def read(self, day: int) -> str:
        return f"{self.user_id} on {day}"


class Menus:
    """What is told the user on each call."""

    def read(self, user_id: str, day: int = 1) -> str:
        return f"{user_id} on {day}"


# With each library.


def test_cachetools_keeps_users_apart_for_functions() -> None:
    cache: dict[str, str] = {}

    @cachetools.cached(cache, key=user_key)
    def read(user_id: str, day: Any) -> str:
        return f"{user_id} on {day!r}"

    answers = [read("al", 1), read("Al", 1), read("al", "1"), read(user_id="al", day=1), read("al", 1)]

    assert answers == ["al on 1", "Al on 1", "al on '1'", "al on 1", "al on 1"]
    assert len(cache) == 4


def test_cachetools_keeps_users_apart_for_methods_of_objects_that_share_a_cache() -> None:
    shared: dict[str, str] = {}

    class Cached(Menu):
        @cachetools.cachedmethod(lambda _: shared, key=method_key)
        def read(self, day: int) -> str:
            return super().read(day)

    assert [Cached("al").read(1), Cached("al-").read(1), Cached("al").read(1)] == ["al on 1", "al- on 1", "al on 1"]
    assert len(shared) == 2


def test_dogpile_keeps_users_and_functions_apart() -> None:
    region = make_region(function_key_generator=key_generator).configure("dogpile.cache.memory")

    class Cached(Menu):
        @region.cache_on_arguments()
        def read(self, day: int) -> str:
            return super().read(day)

        @region.cache_on_arguments()
        def other(self, day: int) -> str:
            return f"not {self.read(day)}"

    answers = [Cached("al").read(1), Cached("bo").read(1), Cached("bo").other(1)]

    assert answers == ["al on 1", "bo on 1", "not bo on 1"]


def test_aiocache_keeps_users_apart() -> None:
    @aiocache.cached(key_builder=call_key)
    async def read(day: int, user_id: str) -> str:
        return f"{user_id} on {day}"

    async def both() -> list[str]:
        return [await read(1, "al"), await read(1, "bo"), await read(day=1, user_id="cy"), await read(1, "al")]

    assert asyncio.run(both()) == ["al on 1", "bo on 1", "cy on 1", "al on 1"]


def test_flask_caching_keeps_users_apart() -> None:
    app = flask.Flask("menus")
    cache = flask_caching.Cache(app, config={"CACHE_TYPE": "SimpleCache"})

    @app.get("/<user_id>")
    @cache.cached(make_cache_key=user_key)
    def read(user_id: str) -> str:
        return f"menu of {user_id}"

    client = app.test_client()

    assert [client.get(f"/{user}").text for user in ("al", "bo", "al")] == ["menu of al", "menu of bo", "menu of al"]


# By themselves.


@pytest.mark.parametrize(
    "make",
    [
        lambda user: user_key(user, 1),
        lambda user: user_key(1, user_id=user),
        lambda user: method_key(Menus(), user, 1),
        lambda user: method_key(Menus(), 1, user_id=user),
        lambda user: method_key(Menu(user), 1),
        lambda user: call_key(Menu.read, Menu(user), 1),
        lambda user: call_key(Menus.read, Menus(), user),
        lambda user: call_key(Menus.read, Menus(), user_id=user),
        lambda user: key_generator(None, Menu.read)(Menu(user), 1),
        lambda user: key_generator("space", Menu.read)(Menu(user), 1),
    ],
)
def test_a_key_begins_with_the_user_wherever_the_user_stands(make: Callable[[str], str]) -> None:
    assert make("al").startswith(user_prefix("al"))
    assert len({make(user) for user in ("al", "Al", "al-", "a", "al:1")}) == 5
    with pytest.raises(ScopeError):
        make("al*")


def test_the_argument_counts_beside_the_user_of_the_object() -> None:
    class Both(Menu):
        def other(self, user_id: str) -> str:
            return f"{user_id} as {self.user_id} sees it"

    keys = {
        make(Both(viewer), seen)
        for make in (method_key, lambda *args: call_key(Both.other, *args))
        for viewer in ("al", "bo")
        for seen in ("al", "bo")
    }

    assert len(keys) == 8


def test_a_call_of_another_function_argument_or_namespace_has_another_key() -> None:
    keys = [
        call_key(Menus.read, Menus(), "al"),
        call_key(Menus.read, Menus(), "al", 1),
        call_key(Menus.read, Menus(), "al", "1"),
        call_key(Menus.read, Menus(), "al", day=1),
        call_key(Menus.read, Menus(), "al", {"day": 1}),
        call_key(Menu.read, Menu("al"), "al"),
        key_generator(None, Menus.read)(Menus(), "al"),
        key_generator("one", Menus.read)(Menus(), "al"),
        key_generator("other", Menus.read)(Menus(), "al"),
    ]

    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("make", [user_key, lambda: method_key(Menus())])
def test_a_call_without_a_user_is_refused(make: Callable[[], str]) -> None:
    with pytest.raises(TypeError, match="the call has no user: give user_id="):
        make()


def test_a_function_that_takes_no_user_is_refused() -> None:
    def read(day: int) -> int:
        return day

    with pytest.raises(TypeError, match="read has no user: let it take user_id, or be a method of an object"):
        call_key(read, 1)


def test_an_argument_that_has_no_text_is_refused_by_its_type() -> None:
    with pytest.raises(TypeError, match="is a Menus, and no key can be made of that"):
        user_key("al", Menus())
