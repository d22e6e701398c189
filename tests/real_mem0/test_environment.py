import os
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from memfence.base.errors import HarnessError
from memfence.real_mem0.environment import block_downloads, silence_telemetry

TELEMETRY = "mem0.memory.telemetry"


def mem0_with_telemetry(flag: object) -> ModuleType:
    """Return a module like mem0's, as it looks once imported."""
    module = ModuleType(TELEMETRY)
    vars(module)["MEM0_TELEMETRY"] = flag
    return module


@pytest.mark.parametrize("before", ["True", None])
def test_telemetry_is_turned_off_whatever_it_was(before: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, TELEMETRY, raising=False)
    monkeypatch.delenv("MEM0_TELEMETRY", raising=False)
    if before is not None:
        monkeypatch.setenv("MEM0_TELEMETRY", before)

    silence_telemetry()

    assert os.environ["MEM0_TELEMETRY"] == "False"


def test_a_mem0_that_was_imported_with_telemetry_on_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, TELEMETRY, mem0_with_telemetry(flag=True))

    with pytest.raises(HarnessError, match="set MEM0_TELEMETRY=False before the first import of mem0"):
        silence_telemetry()


def test_a_mem0_that_was_imported_with_telemetry_off_is_fine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, TELEMETRY, mem0_with_telemetry(flag=False))

    silence_telemetry()

    assert os.environ["MEM0_TELEMETRY"] == "False"


def test_the_real_mem0_is_silent_when_it_is_imported_afterwards() -> None:
    source = (
        "from memfence.real_mem0.environment import silence_telemetry; silence_telemetry(); "
        "from mem0.memory import telemetry; print(bool(telemetry.MEM0_TELEMETRY)); silence_telemetry()"
    )

    done = subprocess.run(
        [sys.executable, "-c", source],
        env=os.environ | {"MEM0_TELEMETRY": "True"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (done.returncode, done.stdout) == (0, "False\n"), done.stderr


@pytest.fixture
def downloaders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a folder for packages like spaCy's and fastembed's, before the real ones; afterwards all is as it was."""
    for name in ("spacy", "spacy.cli", "fastembed", "fastembed.common", "fastembed.common.model_management"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setitem(sys.modules, "huggingface_hub.constants", ModuleType("huggingface_hub.constants"))
    # An audit in this process may have blocked downloads already.
    monkeypatch.setattr(sys, "meta_path", [one for one in sys.meta_path if type(one).__name__ != "_AsImported"])
    monkeypatch.syspath_prepend(str(tmp_path))
    for variable in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):
        monkeypatch.setenv(variable, "0")
    yield tmp_path
    for name in [name for name in sys.modules if name.partition(".")[0] in {"spacy", "fastembed"}]:
        del sys.modules[name]


def write_spacy(folder: Path) -> None:
    (folder / "spacy").mkdir()
    (folder / "spacy" / "__init__.py").write_text("from . import cli\n")
    (folder / "spacy" / "cli.py").write_text("def download(model): raise AssertionError('it was downloaded')\n")


def write_fastembed(folder: Path) -> None:
    (folder / "fastembed" / "common").mkdir(parents=True)
    (folder / "fastembed" / "common" / "model_management.py").write_text(
        "class ModelManagement:\n"
        "    @classmethod\n"
        "    def download_model(cls, model, cache_dir, retries=3, **options):\n"
        "        return cls.__name__, model, cache_dir, retries, options\n"
    )


def test_a_spacy_that_is_imported_afterwards_downloads_nothing_and_says_what_to_do(downloaders: Path) -> None:
    write_spacy(downloaders)

    block_downloads()

    with pytest.raises(RuntimeError, match="run `python -m spacy download en_core_web_sm` before it"):
        import_module("spacy").cli.download("en_core_web_sm")


def test_a_spacy_that_was_imported_before_downloads_nothing_either(downloaders: Path) -> None:
    write_spacy(downloaders)
    spacy = import_module("spacy")

    block_downloads()

    with pytest.raises(RuntimeError, match="no downloads during an audit"):
        spacy.cli.download("en_core_web_sm")


def test_blocking_imports_neither_spacy_nor_fastembed(downloaders: Path) -> None:
    write_spacy(downloaders)
    write_fastembed(downloaders)

    block_downloads()

    assert {"spacy", "fastembed"}.isdisjoint(sys.modules)


@pytest.mark.parametrize("early", [True, False])
def test_fastembed_looks_for_models_in_its_cache_alone(downloaders: Path, *, early: bool) -> None:
    write_fastembed(downloaders)
    name = "fastembed.common.model_management"
    if early:
        import_module(name)

    block_downloads()

    class Bm25(import_module(name).ModelManagement):  # type: ignore[misc]  # a fake of a package without types
        pass

    found: Any = Bm25.download_model("bm25", "cache", local_files_only=False, more=1)
    assert found == ("Bm25", "bm25", "cache", 3, {"local_files_only": True, "more": 1})


@pytest.mark.usefixtures("downloaders")
def test_hugging_faces_libraries_are_told_to_stay_offline_also_where_they_were_imported_before() -> None:
    block_downloads()

    assert (os.environ["HF_HUB_OFFLINE"], os.environ["TRANSFORMERS_OFFLINE"]) == ("1", "1")
    assert vars(sys.modules["huggingface_hub.constants"])["HF_HUB_OFFLINE"] is True


def test_blocking_twice_is_blocking_once(downloaders: Path) -> None:
    write_spacy(downloaders)
    before = len(sys.meta_path)

    block_downloads()
    block_downloads()

    assert len(sys.meta_path) == before + 1
    with pytest.raises(RuntimeError, match="no downloads"):
        import_module("spacy").cli.download("en_core_web_sm")


def test_where_neither_is_installed_their_absence_is_as_before(
    downloaders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "path", [str(downloaders)])

    block_downloads()

    with pytest.raises(ModuleNotFoundError):
        import_module("spacy.cli")


def test_the_real_huggingface_hub_is_offline_when_it_is_imported_afterwards() -> None:
    source = (
        "from memfence.real_mem0.environment import block_downloads; block_downloads(); "
        "from huggingface_hub import constants; print(constants.HF_HUB_OFFLINE)"
    )

    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, timeout=60, check=False)

    assert (done.returncode, done.stdout) == (0, "True\n"), done.stderr
