"""Ids that broke a constructor: no memory came of them, so nothing leaked; but nobody said no either."""

from collections import Counter
from dataclasses import dataclass, field

from .observations import Refused, Step

_LONGEST = 60


@dataclass(slots=True)
class Accidents:
    """Calls that were refused by accident, counted; `first` is the first of them, under `first_id` as Python writes it.

    `no_texts` and `texts`: among these ids was one that is no text, or an empty one; was another text. `why`
    counts the calls that were not made, by the reason: nobody refused them, either.
    """

    count: int = 0
    first: Refused | None = None
    first_id: str = ""
    no_texts: bool = False
    texts: bool = False
    why: Counter[str] = field(default_factory=Counter)

    def note(self, step: Step) -> None:
        """Take the next step."""
        seen, known = step.observation, step.operation.principal.id
        if isinstance(seen, Refused) and seen.untried:
            self.why[seen.message] += 1
        if isinstance(seen, Refused) and seen.by_accident and step.operation.principal.hostile:
            if self.first is None:
                self.first, self.first_id = seen, ascii(known)[:_LONGEST]
            self.count += 1
            is_text = isinstance(known, str) and bool(known)
            self.texts, self.no_texts = self.texts or is_text, self.no_texts or not is_text
