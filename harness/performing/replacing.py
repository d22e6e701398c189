"""Which of a tenant's records its own later ones take the place of: uploads under one name, say."""

from collections.abc import Iterable

from ..judging.attribution import Attributor
from ..judging.sightings import shows
from ..model.observations import Record, Returned
from ..model.operations import Add, GetAll, Search
from ..model.tenants import Fact
from .executor import Executor

# Whatever is seen once in so many looks is there.
_LOOKS = 6


def replaced(adds: Iterable[tuple[int, Add]], executor: Executor, attributor: Attributor) -> dict[int, int]:
    """Return the numbers of the facts whose place another of these adds took, each with that add's index.

    They are performed in turn, by one tenant alone in a fresh world. An add has replaced a record where the listing
    after it holds the new one and all of the old but one, and no search finds that one either: a listing that is cut
    hides a record, and loses none.
    """
    gone: dict[int, int] = {}
    known: dict[int, Fact] = {}
    before: set[int] = set()
    for index, add in adds:
        known[add.fact.number] = add.fact
        gone.pop(add.fact.number, None)
        if not isinstance(executor.perform(add, index).observation, Returned):
            return {}
        shown = _listing(add, executor)
        now = _own(shown, add, attributor)
        # What it stored may be another's words.
        stored = add.fact.number in now or any(add.sent in record.text for record in shown)
        vanished = before - now
        if stored and len(vanished) == 1:
            (number,) = vanished
            if not any(_is_there(add, known[number], executor, attributor) for _ in range(_LOOKS)):
                gone[number] = index
        before = now
    return gone


def _listing(add: Add, executor: Executor) -> tuple[Record, ...]:
    """Return the records that the tenant's listing shows."""
    seen = executor.perform(GetAll(add.principal, add.fact), 0).observation
    return tuple(seen.records) if isinstance(seen, Returned) else ()


def _own(records: Iterable[Record], add: Add, attributor: Attributor) -> set[int]:
    """Return the numbers of the tenant's facts among these."""
    sightings = (one for record in records for one in attributor.content(record.text))
    return {one.fact for one in sightings if one.owner == add.principal.index and one.fact is not None}


def _is_there(add: Add, fact: Fact, executor: Executor, attributor: Attributor) -> bool:
    if fact.number in _own(_listing(add, executor), add, attributor):
        return True
    look = Search(add.principal, fact.text, fact)
    seen = executor.perform(look, 0).observation
    return isinstance(seen, Returned) and shows(attributor, look, seen, fact)
