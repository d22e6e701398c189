"""The entity extraction of our own targets: mem0's needs spaCy and a downloaded model."""

import re
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

# mem0 calls them by these names in this module, so that is where they are replaced.
_MODULE = "mem0.memory.main"
# A canary's code, or a capitalised word; "I" and "My" would be everybody's.
_ENTITY = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b|\b[A-Z][a-z]{2,}\b")

_guard = threading.Lock()
_users = 0
_before: dict[str, object] = {}


def extract_entities(text: str) -> list[tuple[str, str]]:
    """Return (type, entity) pairs as mem0 wants them: codes and capitalised words, each once, in their order."""
    return [("PROPER", entity) for entity in dict.fromkeys(_ENTITY.findall(text))]


def extract_entities_batch(texts: Iterable[str], batch_size: int = 32) -> list[list[tuple[str, str]]]:
    """Return the entities of each text; `batch_size` makes no difference here."""
    del batch_size
    return [extract_entities(text) for text in texts]


def has_entities() -> bool:
    """Tell whether the installed mem0 extracts entities at all (since 2.0), without importing it."""
    spec = find_spec("mem0")
    folders = (spec and spec.submodule_search_locations) or ()
    return any(Path(folder, "utils", "entity_extraction.py").is_file() for folder in folders)


@contextmanager
def own_entities() -> Iterator[None]:
    """Put our extraction in the place of mem0's; what stood there comes back when the last of these ends.

    It is mem0's for the whole process: a Memory of somebody else's in it uses ours too, meanwhile.
    """
    global _users  # noqa: PLW0603 - one mem0 module in a process, however many of our targets are open
    module = vars(import_module(_MODULE))
    with _guard:
        _users += 1
        for ours in (extract_entities, extract_entities_batch):
            if ours.__name__ in module and module[ours.__name__] is not ours:
                _before[ours.__name__] = module[ours.__name__]
                module[ours.__name__] = ours
    try:
        yield
    finally:
        with _guard:
            _users -= 1
            if _users == 0:
                module.update(_before)
                _before.clear()
