"""Where the files of each kind and the guides lie: a new one needs no other edit. None is imported."""

import pkgutil
from collections.abc import Mapping
from pathlib import Path

_ROOT = __name__.partition(".")[0]
_HERE = Path(__file__).parents[1]
# Kind to folder; `*` stands for each folder there.
FOLDERS: Mapping[str, str] = {
    "scenarios": "scenarios",
    "breakages": "breakages/*",
    "oracles": "judging/oracles",
    "wrappers": "scoped/wrappers",
    "stores": "real_mem0/stores",
    "embedders": "real_mem0/embedders",
    "targets": "targets/built_in",
    "back_ends": "targets/back_ends",
    "crowded": "targets/crowded",
}


def files(kind: str) -> dict[str, str]:
    """Return the files of a kind in alphabetical order, from name to the dotted name of its module."""
    # Installed, the scenarios are among our folders; in a checkout they stand beside them.
    found = {
        name: ".".join([_ROOT, *folder.relative_to(base).parts, name])
        for base in (_HERE, _HERE.parent)
        for folder in base.glob(FOLDERS[kind])
        for _, name, _ in pkgutil.iter_modules([str(folder)])
    }
    return dict(sorted(found.items()))


def guides() -> dict[str, Path]:
    """Return the guides in alphabetical order, from name to file."""
    return {path.stem: path for path in sorted((_HERE / "guide").glob("*.md"))}
