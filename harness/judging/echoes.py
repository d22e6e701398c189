"""What each principal has sent itself: its own words leak nothing, wherever they come back."""

from ..model.findings import Attribution
from ..model.marks import Mark
from ..model.operations import Add, Chat, Operation, Update, sent_text
from .attribution import Attributor, fact_of
from .carried import beside


class Echoes:
    """Remembers, per principal, which marks of others' facts its own requests have carried, and whether whole facts.

    A target may quote a query back, keep a list of recent queries, store what its user says in a chat, put any of it
    into the next prompt, or show metadata as they were given.
    """

    def __init__(self, attributor: Attributor) -> None:
        """Start before the first step."""
        self._attributor = attributor
        self._sent: dict[tuple[int, int, int | None], frozenset[Mark]] = {}
        self._whole: set[tuple[int, int, int | None]] = set()
        self._stored: set[tuple[int, int | None]] = set()
        self._given: dict[int, set[str]] = {}

    def note(self, operation: Operation) -> None:
        """Take what the operation carries to the store: its text, its metadata, its filters."""
        principal = operation.principal.index
        given = beside(operation)
        for text in (sent_text(operation), *given):
            for sighting in self._attributor.content(text):
                if sighting.owner != principal:
                    key = (principal, sighting.owner, sighting.fact)
                    sent = self._sent.setdefault(key, sighting.marks)
                    if not sighting.marks <= sent:
                        # One that is shared where there is one: a new set for each fact would be most of what is kept.
                        self._sent[key] = sighting.marks if sent <= sighting.marks else sent | sighting.marks
                    if self._is_whole(sighting, text):
                        self._whole.add(key)
                    if isinstance(operation, Add | Chat | Update):
                        self._stored.add((sighting.owner, sighting.fact))
        if given and isinstance(operation, Add | Update):
            self._given.setdefault(principal, set()).update(given)

    def explains(self, principal: int, sighting: Attribution, text: str) -> bool:
        """Tell whether the principal's own requests, so far, suffice to explain this sighting.

        One that sent one mark and gets the other, or the whole sentence, was answered from somewhere else.
        """
        key = (principal, sighting.owner, sighting.fact)
        sent = self._sent.get(key)
        if sent is None or key in self._whole:
            return sent is not None
        return sighting.marks <= sent and not self._is_whole(sighting, text)

    def gave(self, principal: int, label: str | None) -> bool:
        """Tell whether the label stood in the principal's own metadata: a store may show these as they were given."""
        return label in self._given.get(principal, ())

    def wrote(self, principal: int, label: str, sighting: Attribution, text: str) -> bool:
        """Tell whether the principal may have written a record itself that shows this label and this content."""
        own = sighting.owner == principal or self.explains(principal, sighting, text)
        return own and self.gave(principal, label)

    def stored_by_another(self, sighting: Attribution) -> bool:
        """Tell whether somebody else has put the same words into the store: what lies there may be that one's."""
        return (sighting.owner, sighting.fact) in self._stored

    def _is_whole(self, sighting: Attribution, text: str) -> bool:
        fact = fact_of(self._attributor, sighting)
        return fact is not None and fact.text.casefold() in text.casefold()
