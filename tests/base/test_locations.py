import sys
from functools import partial, wraps
from pathlib import Path
from typing import Any

import pytest

from memfence.base.locations import Location, locate
from memfence.campaigns import resolve

SOURCE = """import functools


def make_memory(user_id):
    return Memory(user_id)


class Memory:
    def __init__(self, user_id): ...


class Target:
    def make_memory(self, user_id): ...


target = Target()
partly = functools.partial(make_memory, "u")
raises = 1 / 0 if __name__ == "twice" else 0
"""


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    folder = tmp_path / "located"
    folder.mkdir()
    (folder / "__init__.py").write_text("", encoding="utf-8")
    (folder / "memory.py").write_text(SOURCE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    from located import memory  # type: ignore[import-not-found]  # noqa: PLC0415 - written just now

    yield memory
    del sys.modules["located"], sys.modules["located.memory"]


@pytest.mark.parametrize(
    ("name", "line"), [("make_memory", 4), ("Memory", 8), ("Target", 12), ("target", 12), ("partly", 4)]
)
def test_a_location_is_relative_to_the_current_directory(module: Any, name: str, line: int) -> None:
    assert locate(getattr(module, name)) == Location("located/memory.py", line)


def test_outside_of_the_current_directory_it_is_relative_to_the_package(
    module: Any, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))

    assert locate(module.make_memory) == Location("located/memory.py", 4)


def test_what_a_decorator_wraps_is_shown(module: Any) -> None:
    @wraps(module.make_memory)
    def decorated(user_id: str) -> object:
        return module.make_memory(user_id)

    assert locate(partial(decorated, "u")) == Location("located/memory.py", 4)


@pytest.mark.parametrize("thing", [len, int, 3])
def test_what_is_not_written_in_python_has_none(thing: object) -> None:
    assert locate(thing) is None


def test_a_targets_location_is_its_factory_a_built_in_ones_what_isolates(module: Any) -> None:
    del module

    own = resolve.target("located.memory:Target").location
    assert own == Location("located/memory.py", 13)
    built_in = resolve.target("reference").location
    assert built_in is not None
    assert built_in.file.endswith("wrappers/scoped.py")
    broken = resolve.target("reference", breakage="drop_user_id").location
    assert broken is not None
    assert broken.file.endswith("breakages/wrapper/drop_user_id.py")
