"""What an audit changes in the process it runs in: mem0's telemetry is off, and nothing is downloaded for it."""

import logging
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any, NoReturn

from ..base.errors import HarnessError


def keep_to_ourselves() -> None:
    """Turn mem0's telemetry and downloads of models off, and keep libraries' log lines out of the report."""
    silence_telemetry()
    block_downloads()
    # A handler on the root logger also stops a library's basicConfig from printing.
    logging.getLogger().addHandler(logging.NullHandler())


def keep_warnings_off_the_screen() -> None:
    """Send what Python or a library warns of to logging: whoever has set that up reads it, and no report is broken.

    For a process that is ours, not for a project's tests: pytest shows warnings in its own way.
    """
    logging.captureWarnings(capture=True)


def silence_telemetry() -> None:
    """Set `MEM0_TELEMETRY=False`; raises HarnessError where mem0 was imported before with telemetry on."""
    os.environ["MEM0_TELEMETRY"] = "False"
    telemetry = sys.modules.get("mem0.memory.telemetry")
    if telemetry is not None and getattr(telemetry, "MEM0_TELEMETRY", False):
        msg = "mem0 was imported with its telemetry on: set MEM0_TELEMETRY=False before the first import of mem0"
        raise HarnessError(msg)


def block_downloads() -> None:
    """Let no model of spaCy's, fastembed's or Hugging Face's be downloaded in the rest of this process.

    What is there already works. mem0 takes a refusal as it takes a missing package: it does without.
    """
    # transformers and sentence-transformers ask huggingface_hub, which reads them when it is imported.
    os.environ["HF_HUB_OFFLINE"] = os.environ["TRANSFORMERS_OFFLINE"] = "1"
    for name, change in _CHANGES.items():
        if name in sys.modules:
            change(sys.modules[name])
    if not any(isinstance(finder, _AsImported) for finder in sys.meta_path):
        sys.meta_path.insert(0, _AsImported(_CHANGES))


class _AsImported(MetaPathFinder):
    """Changes a module as soon as its own code has run: nobody has to import it for that."""

    def __init__(self, changes: Mapping[str, Callable[[ModuleType], None]]) -> None:
        self._changes = changes

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        change = self._changes.get(fullname)
        spec = None if change is None else PathFinder.find_spec(fullname, path, target)
        if change is None or spec is None or spec.loader is None:
            return None
        execute = spec.loader.exec_module

        def execute_and_change(module: ModuleType) -> None:
            execute(module)
            change(module)

        spec.loader.exec_module = execute_and_change  # type: ignore[method-assign]  # of this one import's loader
        return spec


def _refuse_models(spacy_cli: ModuleType) -> None:
    def download(model: str, *_: object, **__: object) -> NoReturn:
        msg = f"no downloads during an audit: to have spaCy's, run `python -m spacy download {model}` before it"
        raise RuntimeError(msg)

    vars(spacy_cli)["download"] = download


def _use_the_cache(management: ModuleType) -> None:
    """Have fastembed look for models in its cache alone; offline it would ask for each three times, in 39 s."""
    found = management.ModelManagement
    original = found.download_model.__func__

    def download_model(cls: type, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - fastembed's own
        return original(cls, *arguments, **{**options, "local_files_only": True})

    found.download_model = classmethod(download_model)


def _go_offline(constants: ModuleType) -> None:
    """Tell a huggingface_hub that was imported before: it has read its environment."""
    vars(constants)["HF_HUB_OFFLINE"] = True


_CHANGES: Mapping[str, Callable[[ModuleType], None]] = {
    "spacy.cli": _refuse_models,
    "fastembed.common.model_management": _use_the_cache,
    "huggingface_hub.constants": _go_offline,
}
