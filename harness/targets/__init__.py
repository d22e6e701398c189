"""What can be audited, one kind a file.

A file `name.py` here offers `open_target(wrap)`: an object that follows the target contract. `wrap` is a function
from client to make_memory, by which breakages take ScopedMemory's place.
"""

from collections.abc import Callable
from typing import TypeAlias

from ..contract import Memory
from ..mem0_client import Client

MakeMemory: TypeAlias = Callable[[str], Memory]
Wrap: TypeAlias = Callable[[Client], MakeMemory]
