"""The reference application, visited in this process: pages and an API over one memory for each user."""

from functools import partial
from typing import TYPE_CHECKING

from ...base.errors import TargetError
from ...real_mem0.client import Client
from ...real_mem0.embedders import Embedding
from ...real_mem0.store import Store
from ...scoped.wrappers import Wrap
from ..application.whole import Application
from ..in_memory import InMemoryTarget
from ..mem0_target import SEMANTIC, Mem0Target
from ..reference_client import PAGE, ReferenceClient

if TYPE_CHECKING:
    from ..application.visited import VisitedApplication


def sound(client: Client) -> Application:
    """Return the application as it is: each part of it is as it should be."""
    return Application(client)


WRAPPERS = {"scoped": sound}


def open_target(
    wrap: Wrap,
    wrap_async: Wrap | None = None,
    *,
    page: int = PAGE,
    store: Store | None = None,
    embedding: Embedding | None = None,
) -> "VisitedApplication":
    """Return the target: over a reference client with pages of so many records, or a real mem0 where a store is given.

    Raises TargetError where packages are missing.
    """
    del wrap_async
    try:
        from ..application.visited import VisitedApplication  # noqa: PLC0415 - of an extra
    except ImportError as error:
        msg = f"the reference application needs {error.name}: pip install 'memfence[http,serve]'"
        raise TargetError(msg) from error
    if store is None:
        return VisitedApplication(wrap, lambda made: InMemoryTarget(made, None, partial(ReferenceClient, page=page)))
    return VisitedApplication(wrap, lambda made: Mem0Target(made, store=store, embedding=embedding or SEMANTIC))
