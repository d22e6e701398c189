import sys
from collections.abc import Iterator
from importlib import metadata

import pytest

from memfence.base.versions import versions

NEEDED = ("memfence", "mem0ai", "qdrant-client", "wordllama")
OPTIONAL = ("spacy", "fastembed")


def installed(monkeypatch: pytest.MonkeyPatch, found: dict[str, str]) -> None:
    def version(name: str) -> str:
        if name not in found:
            raise metadata.PackageNotFoundError(name)
        return found[name]

    monkeypatch.setattr(metadata, "version", version)
    versions.cache_clear()


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    yield
    versions.cache_clear()


def test_what_is_installed_is_told_with_its_version() -> None:
    found = versions()

    assert found["python"] == sys.version.split()[0].rstrip("+")
    assert {name: found[name] for name in NEEDED} == {name: metadata.version(name) for name in NEEDED}


def test_what_mem0_can_do_without_is_said_to_be_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    installed(monkeypatch, dict.fromkeys((*NEEDED, "fastembed"), "1.2"))

    found = versions()

    assert (found["spacy"], found["fastembed"]) == ("absent", "1.2")


def test_a_needed_package_that_is_missing_is_left_out_and_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    installed(monkeypatch, {"mem0ai": "2.2.1", "spacy": "3.8"})

    assert list(versions()) == ["python", "mem0ai", *OPTIONAL]
    assert versions()["mem0ai"] == "2.2.1"
