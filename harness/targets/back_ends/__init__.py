"""What a keyed resource may lie in: a folder, a mapping, a server. A file `name.py` is found by its name.

It says its `KIND`, the built-in target that it is for, and `open_back_end(url)`, from a URL or None to a `BackEnd`.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol


class BackEnd(Protocol):
    """Where many users' values lie: each world has a place of its own, which wrappers are given.

    `keys` is how it spells keys, as in `model/keys.py`.
    """

    keys: str

    def open(self) -> Any:  # noqa: ANN401 - a back end's own object
        """Return a fresh, empty place."""
        ...

    def close(self, place: Any) -> None:  # noqa: ANN401 - as above
        """Remove it, with all that lies there."""
        ...

    def storage(self, place: Any) -> Mapping[str, Path | list[str]]:  # noqa: ANN401 - as above
        """Return what it keeps, by where: folders, or texts."""
        ...

    def expire(self, place: Any) -> None:  # noqa: ANN401 - as above
        """Let run out what was put for a time."""
        ...
