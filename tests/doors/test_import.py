"""Importing memfence costs nothing and changes nothing."""

import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import memfence

HEAVY = {"mem0", "qdrant_client", "wordllama", "numpy", "hypothesis", "faker", "pytest", "rich", "typer"}
HEAVY |= {"fsspec", "cachetools", "diskcache", "redis", "langgraph", "chromadb", "lancedb"}
# The tenants are made of Faker's word lists, and a plan takes a population.
NEED_FAKER = {"Plan", "Population", "Scenario", "interleave", "read_beside", "read_under", "scenario"}

PROBE = """
import json, os, sys
before, paths, modules = dict(os.environ), sys.path[:], set(sys.modules)
import memfence
for name in sys.argv[1:]:
    getattr(memfence, name)
print(json.dumps({
    "imported": sorted({name.partition(".")[0] for name in set(sys.modules) - modules}),
    "changed": dict(os.environ) != before or sys.path != paths,
}))
"""


def after_access(folder: Path, *names: str) -> tuple[set[str], bool]:
    """Return which packages a fresh process imports for these names, and whether its environment changed."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *names], cwd=folder, capture_output=True, text=True, timeout=60, check=True
    )
    seen = json.loads(done.stdout)
    return set(seen["imported"]), seen["changed"]


def test_importing_memfence_imports_none_of_its_dependencies_and_changes_nothing(tmp_path: Path) -> None:
    imported, changed = after_access(tmp_path)

    assert imported & HEAVY == set()
    assert not changed


def test_public_names_import_no_dependency_and_change_nothing(tmp_path: Path) -> None:
    names = set(memfence.__all__) - NEED_FAKER

    imported, changed = after_access(tmp_path, *sorted(names))

    assert imported & HEAVY == set()
    assert not changed


def test_names_that_need_a_population_import_faker_alone_and_change_nothing(tmp_path: Path) -> None:
    imported, changed = after_access(tmp_path, *sorted(NEED_FAKER))

    assert imported & HEAVY == {"faker"}
    assert not changed


@pytest.mark.parametrize("name", memfence.__all__)
def test_a_public_name_is_looked_up_once_and_then_kept(name: str) -> None:
    found = getattr(memfence, name)

    assert vars(memfence)[name] is found


def test_the_public_names_are_listed_and_no_others() -> None:
    assert dir(memfence) == sorted(memfence.__all__)


def test_an_unknown_name_is_an_attribute_error_as_in_any_module() -> None:
    with pytest.raises(AttributeError, match=r"^module 'memfence' has no attribute 'Tenants'$"):
        _ = memfence.Tenants  # type: ignore[attr-defined]  # that is the point


def test_a_public_name_can_be_imported_by_name_and_from_its_home() -> None:
    from memfence import ScopedMemory  # noqa: PLC0415 - the statement under test

    assert import_module("memfence.scoped.wrappers.scoped").ScopedMemory is ScopedMemory
