"""Branch coverage of every process in an environment; it adds about a sixth to the time.

`python .ci/measured.py install` lets each interpreter of the environment measure what it runs of memfence, wherever
MEMFENCE_COVERAGE names a folder to write to. `python .ci/measured.py report FOLDER` says what was measured, and ends
with 1 where that is too little.
"""

import atexit
import json
import os
import sys
import sysconfig
from collections import defaultdict
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from shutil import copy
from types import ModuleType
from typing import SupportsIndex
from uuid import uuid4

import slipcover
from slipcover.importer import SlipcoverLoader

FOLDER = "MEMFENCE_COVERAGE"
AT_LEAST = 95
_PURELIB = Path(sysconfig.get_path("purelib"))
_MEASURED = _PURELIB / "memfence"
_NEVER_RUN = [
    r"assert_never\(",  # unreachable by construction
    r"def .*: \.\.\.",  # a protocol's body
    r"^\s*\.\.\.$",  # as above
]


def install() -> None:
    """Let the interpreters of this environment import this file when they start."""
    copy(__file__, _PURELIB / "memfence_measured.py")
    (_PURELIB / "memfence_measured.pth").write_text(
        f"import os, sys; '{FOLDER}' in os.environ and __import__('memfence_measured').begin()\n"
    )


def begin() -> None:
    """Measure this process, and write what was run when it ends."""
    measured, process = _slipcover(), os.getpid()

    class Measured(PathFinder):
        """Finds our modules, and has what is run of them noted."""

        @classmethod
        def find_spec(
            cls, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
        ) -> ModuleSpec | None:
            ours = fullname.partition(".")[0] == _MEASURED.name
            spec = super().find_spec(fullname, path, target) if ours else None
            # Not a copy of them, in a test's folder.
            ours = spec is not None and Path(spec.origin or "").is_relative_to(_MEASURED)
            if spec is not None and ours and isinstance(spec.loader, SourceFileLoader):
                spec.loader = SlipcoverLoader(measured, spec.loader, spec.origin or "")
            return spec

    def save() -> None:
        # A child that was forked has seen what its parent writes, too.
        if os.getpid() == process:
            (Path(os.environ[FOLDER]) / f"{uuid4().hex}.json").write_text(json.dumps(measured.get_coverage()))

    # pytest puts in front what rewrites assertions; it would find our modules first.
    sys.meta_path = _First([Measured, *sys.meta_path])
    atexit.register(save)


class _First(list[object]):
    """A list whose first item stays the first."""

    def insert(self, index: SupportsIndex, item: object) -> None:
        super().insert(max(int(index), 1), item)


def report(folder: Path) -> int:
    """Print what was measured, and return the exit code."""
    # What no process has imported counts as missed.
    whole = _slipcover(source=[str(_MEASURED)]).get_coverage()
    lines: dict[str, set[int]] = defaultdict(set)
    branches: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for file in folder.glob("*.json"):
        for name, told in json.loads(file.read_text())["files"].items():
            lines[_inside(name)].update(told["executed_lines"])
            branches[_inside(name)].update(map(tuple, told["executed_branches"]))
    run = {
        name: {
            "executed_lines": sorted(lines[_inside(name)]),
            "missing_lines": [],
            "executed_branches": sorted(branches[_inside(name)]),
            "missing_branches": [],
        }
        for name in whole["files"]
    }
    slipcover.merge_coverage(whole, {"meta": whole["meta"], "files": run})
    whole["files"] = {_inside(name): told for name, told in whole["files"].items()}
    slipcover.print_coverage(whole, skip_covered=True, missing_width=60)
    found = whole["summary"]["percent_covered"]
    print(f"{found:.1f} % of lines and branches were run; at least {AT_LEAST} % must be")
    return int(found < AT_LEAST)


def _inside(name: str) -> str:
    """Return a file's name as it is within the package: each process tells it from where it stands."""
    return name.rpartition(f"{_MEASURED.name}/")[2]


def _slipcover(source: list[str] | None = None) -> slipcover.Slipcover:
    return slipcover.Slipcover(branch=True, exclude_also=_NEVER_RUN, source=source)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["install"]:
            install()
        case ["report", folder]:
            raise SystemExit(report(Path(folder)))
        case _:
            raise SystemExit(__doc__)
