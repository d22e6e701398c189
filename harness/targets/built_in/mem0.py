"""A real mem0.Memory on a real store, through ScopedMemory or another wrapper."""

from collections.abc import Mapping

from ...real_mem0.embedders import Embedding
from ...real_mem0.store import Store
from ...scoped.wrappers import Wrap
from ..configured import ConfiguredMem0
from ..mem0_target import SEMANTIC, Mem0Target

# So that what helps with mem0 is told.
OVER_MEM0 = True
EMBEDDER = SEMANTIC.path


def open_target(
    wrap: Wrap,
    wrap_async: Wrap | None = None,
    *,
    store: Store | None = None,
    embedding: Embedding = SEMANTIC,
    shared: bool = False,
    config: Mapping[str, object] | None = None,
) -> Mem0Target | ConfiguredMem0:
    """Return the target, by a mem0 config where one is given; nothing is opened before it is needed."""
    if config is not None:
        return ConfiguredMem0(wrap, config, embedding)
    return Mem0Target(wrap, wrap_async, store=store, embedding=embedding, shared=shared)
