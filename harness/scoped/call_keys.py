"""Keys for what caches the answers of functions: the user is in each key, whatever the decorator.

| cache | hand it over as |
| --- | --- |
| cachetools | `@cached(cache, key=user_key)`, `@cachedmethod(cache, key=method_key)` |
| Flask-Caching | `@cache.cached(make_cache_key=user_key)` |
| aiocache | `@cached(key_builder=call_key)` |
| dogpile.cache | `make_region(function_key_generator=key_generator)` |

All raise ScopeError or TypeError for a user id that ScopedMemory refuses too, and TypeError where no user is found or
an argument is nothing that `scoped_key` takes. `f(1)` and `f(x=1)` are two keys: that costs a second call, and mixes
nothing up.
"""

import inspect
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from .keys import scoped_key

_NAME = "user_id"
_SELVES = ("self", "cls")


def user_key(*args: object, **named: object) -> str:
    """Return the key of a call of a function that takes the user's id as `user_id=`, else as its first argument.

    The function's name is not in it: give each function a cache of its own.
    """
    return scoped_key(_named_user(args, named), args, named)


def method_key(instance: object, /, *args: object, **named: object) -> str:
    """Return the key of a call of a method: of its object's `user_id`, else as `user_key` does.

    What else of the object the answer depends on must be an argument. The method's name is not in the key.
    """
    owner: Any = getattr(instance, _NAME, None)
    return scoped_key(_named_user(args, named) if owner is None else owner, args, named)


def call_key(function: Callable[..., Any], /, *args: object, **named: object) -> str:
    """Return the key of a call of this function: its module and name are in it.

    The user is the object's `user_id` where it is a method of an object that has one, else the argument `user_id`.
    """
    return _key(function, args, named)


def key_generator(namespace: str | None, function: Callable[..., Any], **_: object) -> Callable[..., str]:
    """Return what makes the key of each call of this function: as `call_key`, with dogpile's namespace in it."""
    return lambda *args, **named: _key(function, args, named, namespace)


def _key(function: Callable[..., Any], args: tuple[object, ...], named: dict[str, object], *more: object) -> str:
    own, place = _places(function)
    owner: Any = getattr(args[0], _NAME, None) if own and args else None
    if owner is None:
        owner = args[place] if place is not None and place < len(args) else named.get(_NAME)
    if owner is None:
        msg = f"{function.__qualname__} has no user: let it take user_id, or be a method of an object that has user_id"
        raise TypeError(msg)
    # The object itself has no text; its user is in the key.
    return scoped_key(owner, function.__module__, function.__qualname__, args[own:], named, *more)


def _named_user(args: tuple[object, ...], named: dict[str, object]) -> Any:  # noqa: ANN401 - check_id looks at it
    if _NAME in named:
        return named[_NAME]
    if not args:
        msg = "the call has no user: give user_id=, or the user's id as the first argument"
        raise TypeError(msg)
    return args[0]


@lru_cache(maxsize=4096)
def _places(function: Callable[..., Any]) -> tuple[int, int | None]:
    """Return how many arguments are the object itself, and at which place the user stands; None is nowhere."""
    names = list(inspect.signature(function).parameters)
    return int(bool(names) and names[0] in _SELVES), names.index(_NAME) if _NAME in names else None
