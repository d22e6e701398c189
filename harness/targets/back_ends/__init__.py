"""What a keyed resource may lie in: a folder, a mapping, a server. A file `name.py` is found by its name.

It says its `KIND`, the built-in target that it is for, and `open_back_end(url)`, from a URL or None to a `BackEnd`.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from pkgutil import resolve_name
from typing import Any, ClassVar, TypeAlias

from ...base.errors import HarnessError

# By where it lies: a folder, or texts.
Kept: TypeAlias = Mapping[str, Path | list[str]]


class BackEnd(ABC):
    """Where many users' values lie: each world has a place of its own, which wrappers are given.

    `keys` is how it spells keys, as in `model/keys.py`. `module` is the package that it needs, `extra` what
    `pip install 'memfence[...]'` brings it; `server` is what a URL of it looks like, empty where it has none. `refuses`
    names the exceptions of its own that mean no.
    """

    keys: ClassVar[str]
    module: ClassVar[str] = ""
    extra: ClassVar[str] = ""
    server: ClassVar[str] = ""
    refuses: ClassVar[tuple[str, ...]] = ()

    def __init__(self, url: str | None = None) -> None:
        """Take the address of the user's server, None for our own; nothing is opened yet.

        Raises HarnessError where a package is missing, and for a URL where there is no server.
        """
        if self.module and not _is_there(self.module):
            msg = f"this store needs {self.module}: pip install 'memfence[{self.extra}]'"
            raise HarnessError(msg)
        if url is not None and not self.server:
            msg = "this store has no URL: leave out --store-url"
            raise HarnessError(msg)
        self.url = url

    @property
    def refusals(self) -> tuple[type[BaseException], ...]:
        """The exceptions with which it says no."""
        return tuple(resolve_name(name) for name in self.refuses)

    @abstractmethod
    def open(self) -> Any:  # noqa: ANN401 - a back end's own object
        """Return a fresh, empty place; raises HarnessError where the server does not answer."""

    @abstractmethod
    def close(self, place: Any) -> None:  # noqa: ANN401 - as above
        """Remove it, with all that lies there."""

    @abstractmethod
    def storage(self, place: Any) -> Kept:  # noqa: ANN401 - as above
        """Return what it keeps, by where: folders, or texts."""

    def expire(self, place: Any) -> None:  # noqa: ANN401, B027 - as above; most places have no time that runs out
        """Let run out what was put for a time."""

    def stop(self) -> None:  # noqa: B027 - most have started nothing
        """End what was started for it; once more does no harm."""


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        # Of a dotted name the first part is imported.
        return False
