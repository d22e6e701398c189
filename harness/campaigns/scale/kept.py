"""The folder of a crowd: what it is of, and a file for each shard that is done and need not be done again."""

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ...base.errors import HarnessError
from ...plans.shards import Shard
from ...targets.crowded_store import Where
from .settings import ScaleSettings

_PLAN = "plan.json"
_BEGUN = ".part"
# By what `begin`, `once` and `keep` name files, whole or begun by a process that was killed.
_is_ours = re.compile(
    rf"plan\.json|extent-\w+\.json|[0-9a-f]{{32}}\.json|\.\S+\.json\.\d+{re.escape(_BEGUN)}"
).fullmatch


@dataclass(frozen=True, slots=True)
class Kept:
    """A folder; each file in it is whole or not there."""

    folder: Path

    def plan(self) -> tuple[ScaleSettings, Where] | None:
        """Return what it is of, None where nothing was begun; raises HarnessError where it is something else's."""
        try:
            told = json.loads((self.folder / _PLAN).read_text(encoding="utf-8"))
            return ScaleSettings.read(told["settings"]), Where(**told["where"])
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            msg = f"{self.folder / _PLAN} is no plan of memfence scale: {error}"
            raise HarnessError(msg) from error

    def begin(self, settings: ScaleSettings, where: Where) -> None:
        """Note what it is of."""
        self._put(_PLAN, {"settings": asdict(settings), "where": asdict(where)})

    def has(self, shard: Shard) -> bool:
        """Tell whether a shard is done."""
        return self._path(shard).exists()

    def result(self, shard: Shard) -> dict[str, Any] | None:
        """Return the result of a shard, None where it is not done."""
        try:
            found: dict[str, Any] = json.loads(self._path(shard).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        return found

    def results(self, shards: Iterable[Shard]) -> Iterator[dict[str, Any]]:
        """Yield the results of those that are done, one after the other."""
        for shard in shards:
            found = self.result(shard)
            if found is not None:
                yield found

    def keep(self, shard: Shard, result: Mapping[str, Any]) -> None:
        """Write a result; of two who write the same one the later takes its place."""
        self._put(self._path(shard).name, result)

    def once(self, name: str, count: Callable[[], int]) -> int:
        """Return the number that was noted under a name; count it and note it where none was."""
        path = self.folder / f"{name}.json"
        if not path.exists():
            self._put(path.name, {"value": count()})
        noted: int = json.loads(path.read_text(encoding="utf-8"))["value"]
        return noted

    def forget(self) -> None:
        """Remove our own files; a report or whatever else somebody keeps in the folder stays."""
        for path in self.folder.iterdir():
            if _is_ours(path.name) and path.is_file():
                path.unlink(missing_ok=True)

    def _path(self, shard: Shard) -> Path:
        return self.folder / f"{shard.digest}.json"

    def _put(self, name: str, value: Mapping[str, Any]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        beside = self.folder / f".{name}.{os.getpid()}{_BEGUN}"
        beside.write_text(json.dumps(value), encoding="utf-8")
        beside.replace(self.folder / name)
