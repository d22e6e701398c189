"""Records that carry nobody's mark: somebody else's, or the target's own notes; which, cannot be told."""

from collections.abc import Iterator
from functools import lru_cache

from ..model.canaries import written_codes
from ..model.observations import Record, Returned, Step
from ..model.operations import Add, Get, GetAll, History, Operation, Search, Update, records_named, sent_text
from .attribution import Attributor

# A letter or a blank stands in any text: that is no quoted question.
_QUOTED = 6
_REMEMBERED = 4096


class Unattributed:
    """Counts records that a reader was shown and that neither content nor label gives to anybody it should see.

    A record is fine where its content is attributed (an oracle has judged it), or its label is the reader's id or
    stands on the reader's own records, or where it is what the reader itself wrote over a record: another's id may be
    one of its own there. Everything else leaves the question open: a tenant made up for the campaign
    has stored nothing but facts with a canary. So does a code that is damaged, whatever the label: it is nobody's, and
    it is not guessed whose it was.
    """

    def __init__(self, attributor: Attributor) -> None:
        """Start before the first step."""
        self._attributor = attributor
        self._own_labels: dict[int, set[str]] = {}
        # By principal, the keys that it has sent: a listing of keys may show them.
        self._own_keys: dict[int, set[str]] = {}
        # And the texts that it has put in the place of others.
        self._own_words: dict[int, set[str]] = {}
        # The same few records come back again and again.
        self._is_damaged = lru_cache(maxsize=_REMEMBERED)(self._holds_a_damaged_code)

    def see(self, step: Step) -> list[Record]:
        """Take the next step; return the records of its reply that nobody can be named for."""
        if step.operation.principal.keys:
            self._own_keys.setdefault(step.operation.principal.index, set()).update(self._keys(step.operation))
        if isinstance(step.operation, Update):
            self._own_words.setdefault(step.operation.principal.index, set()).add(step.operation.text)
        if not isinstance(step.observation, Returned) or not isinstance(
            step.operation, Search | GetAll | Get | History
        ):
            return []
        principal = step.operation.principal
        own = self._own_labels.setdefault(principal.index, {str(principal.id)})
        records = step.observation.records
        for record in records:
            owners = {sighting.owner for sighting in self._attributor.content(record.text)}
            if record.label is not None and owners == {principal.index}:
                own.add(record.label)
        sent, keys = sent_text(step.operation), self._own_keys.get(principal.index, ())
        written = self._own_words.get(principal.index, ())
        return [
            record
            for record in records
            if (record.label not in own and not self._explained(record, sent)) or self._is_damaged(record.text)
            if record.aside or record.id not in keys
            if record.text not in written
        ]

    def _keys(self, operation: Operation) -> Iterator[str]:
        """Yield the keys that an operation sends, as they are written."""
        if isinstance(operation, Add):
            yield operation.key
        for record in records_named(operation):
            yield record.written(record.key, str(self._attributor.tenant(record.owner).id))

    def _holds_a_damaged_code(self, text: str) -> bool:
        return any(not self._attributor.content(code) for code in written_codes(text))

    def _explained(self, record: Record, sent: str) -> bool:
        if not record.text or (not record.structured and len(sent) >= _QUOTED and sent in record.text):
            return True
        return any(self._attributor.content(text) for text in (record.text, *record.aside))
