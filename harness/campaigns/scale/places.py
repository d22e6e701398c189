"""The place that this process has open: it serves one shard after the other."""

from contextlib import ExitStack, suppress

from ...performing.contract import FAILURES
from ...real_mem0.entities import has_entities, own_entities
from ...real_mem0.private_home import private_home
from ...targets.crowded_store import CrowdedStore, Where
from .settings import ScaleSettings

_open: list[tuple[Where, CrowdedStore, ExitStack]] = []


def opened(settings: ScaleSettings, where: Where) -> CrowdedStore:
    """Return the place, opened where it is not."""
    if _open and _open[0][0] == where:
        return _open[0][1]
    forget()
    ending = ExitStack()
    ending.enter_context(private_home())
    if settings.opens.over_mem0 and has_entities():
        ending.enter_context(own_entities())
    store = settings.opens(where)
    ending.callback(store.close)
    _open.append((where, store, ending))
    return store


def forget() -> None:
    """Close what is open."""
    while _open:
        _, _, ending = _open.pop()
        with suppress(*FAILURES):
            ending.close()
