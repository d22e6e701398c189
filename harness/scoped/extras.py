"""Libraries that a wrapper goes round, and that memfence installs only where it is asked to."""

from importlib import import_module
from types import ModuleType


def library(name: str, *, extra: str) -> ModuleType:
    """Import a module by its name; raises ModuleNotFoundError that says which extra has it."""
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{name}.".startswith(f"{error.name}."):
            raise
        msg = f"{name} is not installed: pip install 'memfence[{extra}]'"
        raise ModuleNotFoundError(msg, name=error.name) from None


def homes(value: object) -> frozenset[str]:
    """Return the full names of the classes of an object: to know what it is, no library need be imported."""
    return frozenset(f"{one.__module__}.{one.__qualname__}" for one in type(value).__mro__)
