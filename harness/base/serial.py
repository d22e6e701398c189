"""One call at a time into an object that is not thread-safe."""

import inspect
import threading
from collections.abc import Callable
from functools import wraps
from typing import TypeVar

_T = TypeVar("_T")


def one_at_a_time(thing: _T, lock: threading.RLock) -> _T:
    """Return the same object, into whose public methods the lock now lets one thread at a time."""
    # Of the class: the properties of some raise when they are read.
    for name, _ in inspect.getmembers(type(thing), inspect.isfunction):
        if not name.startswith("_"):
            setattr(thing, name, _locked(getattr(thing, name), lock))
    return thing


def _locked(method: Callable[..., object], lock: threading.RLock) -> Callable[..., object]:
    @wraps(method)
    def call(*arguments: object, **options: object) -> object:
        with lock:
            return method(*arguments, **options)

    return call
