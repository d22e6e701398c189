"""Removes what a campaign stored, record by record, and nothing else: a `delete_all` could be the broken one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from ..model.channels import Channel
from ..model.observations import Observation, Record, Refused, Returned, visible_texts
from ..model.tenants import Fact, Tenant

# Calls the tenant's own memory: ask(channel, *arguments). It never raises.
Ask: TypeAlias = Callable[..., Observation]

# A listing that is cut shows at least one more record each time; a store that invents new ones is left alone.
_LISTINGS_PER_ADD = 4
_LISTINGS = 8


@dataclass(slots=True)
class Attempt:
    """An Add, noted before it is called: one that raised may have stored its fact all the same.

    `key` is what it puts the fact under, empty where the store gives ids; `ids` are those of new records in its reply;
    `reference` is the id that stands for this Add in later operations, `unnamed` tells that it is made up.
    """

    tenant: Tenant
    fact: Fact
    key: str = ""
    returned: bool = False
    ids: tuple[str, ...] = ()
    reference: str | None = None
    unnamed: bool = False

    def note(self, reply: Returned, ids: Sequence[str]) -> None:
        """Take the Add's reply and the ids of new records in it."""
        self.returned = True
        showing = [record.id for record in reply.records if shows(record, self.fact)]
        # Some adds list records that were there before: whose text is another is not this fact's.
        others = {record.id for record in reply.records if record.text} - set(showing)
        self.ids = tuple(known for known in ids if known not in others)
        self.reference = next((known for known in ids if known in showing), next(iter(ids), None))


def shows(record: Record, fact: Fact) -> bool:
    """Tell whether the record holds one of the fact's marks, in its text or beside it, in capitals or not."""
    return _holds((record.text, *record.aside), fact)


def sweep(
    attempts: Sequence[Attempt],
    offered: frozenset[Channel],
    ask: Ask,
    *,
    tenant: Tenant,
    ours: Callable[[str], bool],
) -> int:
    """Remove what one tenant stored; return how many facts and further records are not proven gone.

    Only what shows a mark of the campaign is removed (its own facts, or queries that a chat memory kept), or, where
    no record can be read by its id, what an Add's reply named as new and showed no other text for. `ours` tells
    whether a text holds such a mark. What merely carries the tenant's id is counted, not removed.
    """
    return _Sweep(attempts, offered, ask, tenant, ours).left()


class _Sweep:
    def __init__(
        self,
        attempts: Sequence[Attempt],
        offered: frozenset[Channel],
        ask: Ask,
        tenant: Tenant,
        ours: Callable[[str], bool],
    ) -> None:
        self._tenant = tenant
        self._ours = ours
        self._facts = list({attempt.fact.canary: attempt.fact for attempt in attempts}.values())
        self._ids: dict[str, list[str]] = {}
        # Facts of which a record may be stored under an id that no reply named.
        self._untold = {attempt.fact.canary for attempt in attempts if not attempt.ids}
        for attempt in attempts:
            self._ids.setdefault(attempt.fact.canary, []).extend(attempt.ids)
        self._offered = offered
        self._ask = ask
        self._listings = _LISTINGS + _LISTINGS_PER_ADD * len(attempts)
        self._removed: set[str] = set()
        self._stuck: set[str] = set()

    def left(self) -> int:
        if Channel.DELETE in self._offered:
            for fact in self._facts:
                for known in self._ids[fact.canary]:
                    if Channel.GET not in self._offered or self._by_id(known):
                        self._remove(known)
        listing = self._clear()
        further = [] if listing is None else [record for record in listing.records if self._is_further(record)]
        return len(further) + sum(not self._is_gone(fact, listing) for fact in self._facts)

    def _remove(self, known: str) -> None:
        done = isinstance(self._ask(Channel.DELETE, known), Returned)
        (self._removed if done else self._stuck).add(known)

    def _clear(self) -> Returned | None:
        """Remove what the tenant's listing shows of its facts, page by page; return the last listing."""
        if Channel.GET_ALL not in self._offered:
            return None
        tried: set[str] = set()
        while True:
            listing = self._ask(Channel.GET_ALL)
            if not isinstance(listing, Returned):
                return None
            own = dict.fromkeys(record.id for record in listing.records if self._is_own(record))
            fresh = [known for known in own if known is not None and known not in tried]
            self._listings -= 1
            if not fresh or not self._listings or Channel.DELETE not in self._offered:
                return listing
            tried.update(fresh)
            for known in fresh:
                self._remove(known)

    def _is_own(self, record: Record) -> bool:
        if self._shows_a_fact(record):
            return True
        # Another tenant's, in a listing that leaks, is that tenant's to remove.
        mine = record.label in (None, self._tenant.id)
        return mine and any(self._ours(text) for text in (record.text, *record.aside))

    def _is_further(self, record: Record) -> bool:
        return not self._shows_a_fact(record) and (record.label == self._tenant.id or self._is_own(record))

    def _shows_a_fact(self, record: Record) -> bool:
        return any(shows(record, fact) for fact in self._facts)

    def _by_id(self, known: str) -> bool | None:
        """Tell whether a record with this id shows one of the facts; None where that cannot be told."""
        reply = self._ask(Channel.GET, known)
        if not isinstance(reply, Returned):
            return False if isinstance(reply, Refused) else None
        texts = [record.text for record in reply.records] + [*visible_texts(reply)]
        return any(_holds(texts, fact) for fact in self._facts)

    def _is_gone(self, fact: Fact, listing: Returned | None) -> bool:
        ids = self._ids[fact.canary]
        readable = Channel.GET in self._offered
        if readable and any(self._by_id(known) for known in ids if known in self._stuck):
            return False
        if listing is None and Channel.SEARCH in self._offered:
            found = self._ask(Channel.SEARCH, fact.text)
            listing = found if isinstance(found, Returned) else None
        if listing is not None:
            return not any(shows(record, fact) for record in listing.records)
        if fact.canary in self._untold:
            return False
        if readable:
            return all(self._by_id(known) is False for known in ids)
        return self._removed.issuperset(ids)


def _holds(texts: Sequence[str], fact: Fact) -> bool:
    return any(map(fact.stands_in, texts))
