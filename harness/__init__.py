"""Memfence proves, or disproves, that one user's agent memory never reaches another.

Public names are resolved on first use: importing memfence imports no mem0, Hypothesis, Faker or pytest and changes
nothing in the process.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .base.refusals import (
        ErasureIncomplete,
        FileMissingError,
        IsolationError,
        KeyNotFoundError,
        RecordNotFoundError,
        ScopeError,
        SessionEnded,
        Truncated,
        UnexpectedReplyError,
    )
    from .model.channels import Ability, Channel
    from .model.observations import Record, Returned, Step
    from .model.operations import (
        Add,
        Anew,
        Chat,
        Copy,
        Crowd,
        Delete,
        DeleteAll,
        Expire,
        Get,
        GetAll,
        History,
        Operation,
        PlantLink,
        ReadStorage,
        RecordRef,
        Reopen,
        Reset,
        Search,
        SignIn,
        SignOut,
        Together,
        Update,
    )
    from .model.tenants import Fact, Tenant
    from .plans.population import Population
    from .plans.scenario import Plan, Scenario, scenario
    from .plans.stories import interleave, read_beside, read_under
    from .real_mem0.stores.qdrant import offline_mem0
    from .real_mem0.word_counts import count_own_words
    from .scoped.cache import ScopedCache
    from .scoped.call_keys import call_key, key_generator, method_key, user_key
    from .scoped.files import ScopedFiles
    from .scoped.keys import scoped_key, scoped_segment
    from .scoped.sessions import ScopedSession, ScopedSessions
    from .scoped.store import ScopedStore
    from .scoped.user_ids import opaque_user_id
    from .scoped.vector_stores.qdrant import QdrantCollection
    from .scoped.vectors import ScopedVectors, VectorRecord
    from .scoped.wrappers.scoped import AsyncScopedMemory, ScopedMemory

_HOMES = {
    "model.observations": ("Record", "Returned", "Step"),
    "model.channels": ("Ability", "Channel"),
    "model.operations": (
        "Add",
        "Anew",
        "Chat",
        "Copy",
        "Crowd",
        "Delete",
        "DeleteAll",
        "Expire",
        "Get",
        "GetAll",
        "History",
        "Operation",
        "PlantLink",
        "ReadStorage",
        "RecordRef",
        "Reopen",
        "Reset",
        "Search",
        "SignIn",
        "SignOut",
        "Together",
        "Update",
    ),
    "plans.scenario": ("Plan", "Scenario", "scenario"),
    "plans.population": ("Population",),
    "base.refusals": (
        "ErasureIncomplete",
        "FileMissingError",
        "IsolationError",
        "KeyNotFoundError",
        "RecordNotFoundError",
        "ScopeError",
        "SessionEnded",
        "Truncated",
        "UnexpectedReplyError",
    ),
    "model.tenants": ("Fact", "Tenant"),
    "scoped.cache": ("ScopedCache",),
    "scoped.call_keys": ("call_key", "key_generator", "method_key", "user_key"),
    "scoped.files": ("ScopedFiles",),
    "scoped.keys": ("scoped_key", "scoped_segment"),
    "scoped.sessions": ("ScopedSession", "ScopedSessions"),
    "scoped.store": ("ScopedStore",),
    "scoped.user_ids": ("opaque_user_id",),
    "scoped.vector_stores.qdrant": ("QdrantCollection",),
    "scoped.vectors": ("ScopedVectors", "VectorRecord"),
    "real_mem0.stores.qdrant": ("offline_mem0",),
    "real_mem0.word_counts": ("count_own_words",),
    "plans.stories": ("interleave", "read_beside", "read_under"),
    "scoped.wrappers.scoped": ("AsyncScopedMemory", "ScopedMemory"),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Ability",
    "Add",
    "Anew",
    "AsyncScopedMemory",
    "Channel",
    "Chat",
    "Copy",
    "Crowd",
    "Delete",
    "DeleteAll",
    "ErasureIncomplete",
    "Expire",
    "Fact",
    "FileMissingError",
    "Get",
    "GetAll",
    "History",
    "IsolationError",
    "KeyNotFoundError",
    "Operation",
    "Plan",
    "PlantLink",
    "Population",
    "QdrantCollection",
    "ReadStorage",
    "Record",
    "RecordNotFoundError",
    "RecordRef",
    "Reopen",
    "Reset",
    "Returned",
    "Scenario",
    "ScopeError",
    "ScopedCache",
    "ScopedFiles",
    "ScopedMemory",
    "ScopedSession",
    "ScopedSessions",
    "ScopedStore",
    "ScopedVectors",
    "Search",
    "SessionEnded",
    "SignIn",
    "SignOut",
    "Step",
    "Tenant",
    "Together",
    "Truncated",
    "UnexpectedReplyError",
    "Update",
    "VectorRecord",
    "call_key",
    "count_own_words",
    "interleave",
    "key_generator",
    "method_key",
    "offline_mem0",
    "opaque_user_id",
    "read_beside",
    "read_under",
    "scenario",
    "scoped_key",
    "scoped_segment",
    "user_key",
]


def __getattr__(name: str) -> object:
    """Import a public name from its home (PEP 562)."""
    if name not in _HOME:
        msg = f"module 'memfence' has no attribute {name!r}"
        raise AttributeError(msg)
    value: object = getattr(import_module(f".{_HOME[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names."""
    return list(__all__)
