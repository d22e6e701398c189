"""What can be audited, one kind a file.

A file `name.py` here offers `open_target(wrap, wrap_async)`: an object that follows the target contract. `wrap` is a
function from client to make_memory, by which breakages take ScopedMemory's place; `wrap_async` the same for the
asynchronous client, None where there is none.
"""

from collections.abc import Callable
from typing import TypeAlias

from ..contract import Memory
from ..mem0_client import Client

# From user id, and further ids by name, to memory.
MakeMemory: TypeAlias = Callable[..., Memory]
Wrap: TypeAlias = Callable[[Client], MakeMemory]


def given(**ids: str | None) -> dict[str, str]:
    """Return the further ids that were given: wrappers take none that is None."""
    return {name: value for name, value in ids.items() if value is not None}
