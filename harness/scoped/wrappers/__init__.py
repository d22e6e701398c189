"""What stands between a principal and mem0's client.

A file `name.py` here offers `wrap(client)` and `wrap_async(client)`: what they return makes a user's memory.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from ...performing.contract import Memory
from ...real_mem0.client import Client

# From user id, and further ids by name, to memory.
MakeMemory: TypeAlias = Callable[..., Memory]
Wrap: TypeAlias = Callable[[Client], MakeMemory]


def given(**ids: str | None) -> dict[str, str]:
    """Return the further ids that were given: wrappers take none that is None."""
    return {name: value for name, value in ids.items() if value is not None}


def caches_of(made: MakeMemory) -> Mapping[str, Any]:
    """Return what stands before a client and keeps answers, by name; a wrapper says it by its `caches`."""
    own: Callable[[], Mapping[str, Any]] = getattr(made, "caches", dict)
    return own()


def reset_of(made: MakeMemory, client: Client) -> Callable[[], Any]:
    """Return the reset of what stands before a client, where it has one of its own (`reset`), else the client's."""
    own: Callable[[], Any] = getattr(made, "reset", client.reset)
    return own
