"""The ways to a crowd: what is audited, and mem0's own client beside it."""

from typing import Any

from ...breakages.broken_client import BrokenClient
from ...performing.contract import Target
from ...real_mem0.client import Client
from ...scoped.wrappers import Wrap
from ..resolve import all_breakages, modules
from .settings import MISLABELLED_ROW, ScaleSettings

AUDITED, PLAIN = "audited", "plain"
# More than one user has; what lists everybody's shows enough of it.
_PAGE = 500


class _InPages(BrokenClient):
    """mem0's client, which lists no more than a page: where everybody's is listed, that is enough to see it."""

    def get_all(self, *, filters: Any, top_k: int = 20) -> Any:  # noqa: ANN401 - as mem0
        return self.client.get_all(filters=filters, top_k=min(top_k, _PAGE))


def doors(settings: ScaleSettings, client: Client) -> dict[str, Target]:
    """Return the targets by name: two views of one store."""
    paged = _InPages(client)
    return {name: _target(name, wrap, paged) for name, wrap in _wraps(settings).items()}


def audited(settings: ScaleSettings, client: Client) -> Target:
    """Return what is audited, over another client."""
    return _target(AUDITED, _wraps(settings)[AUDITED], _InPages(client))


def _wraps(settings: ScaleSettings) -> dict[str, Wrap]:
    wrappers = modules("wrappers")
    broken = settings.breakage not in (None, MISLABELLED_ROW)
    wrap: Wrap = all_breakages()[str(settings.breakage)].wrap if broken else wrappers[settings.wrapper].wrap
    return {AUDITED: wrap, PLAIN: wrappers["plain"].wrap}


def _target(name: str, wrap: Wrap, client: Client) -> Target:
    # Nothing is wiped through it but what an operation says.
    return Target(name, wrap(client), disposable=True, packages=frozenset({"mem0", "memfence"}), mem0=True)
