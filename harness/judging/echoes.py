"""What each principal has sent itself: its own words coming back leak nothing."""

from ..model.findings import Attribution
from ..model.operations import Operation, sent_text
from .attribution import Attributor, fact_of


class Echoes:
    """Remembers, per principal, which canaries of others its own requests have carried, and whether whole facts.

    A target may quote a query back, keep a list of recent queries, or store what its user says in a chat.
    """

    def __init__(self, attributor: Attributor) -> None:
        """Start before the first step."""
        self._attributor = attributor
        self._sent: dict[tuple[int, int, int | None], bool] = {}

    def note(self, operation: Operation) -> None:
        """Take what the operation carries to the store."""
        text = sent_text(operation)
        principal = operation.principal.index
        for sighting in self._attributor.content(text):
            if sighting.owner != principal:
                key = (principal, sighting.owner, sighting.fact)
                self._sent[key] = self._sent.get(key, False) or self._is_whole(sighting, text)

    def explains(self, principal: int, sighting: Attribution, text: str) -> bool:
        """Tell whether the principal's own requests, so far, suffice to explain this sighting.

        One that sent a canary alone and gets the whole sentence back was answered from somewhere else.
        """
        whole = self._sent.get((principal, sighting.owner, sighting.fact))
        return whole is not None and (whole or not self._is_whole(sighting, text))

    def _is_whole(self, sighting: Attribution, text: str) -> bool:
        fact = fact_of(self._attributor, sighting)
        return fact is not None and fact.text.casefold() in text.casefold()
