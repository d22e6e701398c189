"""Ids that broke a constructor: no memory came of them, so nothing leaked; but nobody said no either."""

from dataclasses import dataclass

from .observations import Refused, Step

_LONGEST = 60


@dataclass(slots=True)
class Accidents:
    """Calls that were refused by accident, counted; `first` is the first of them, under `first_id` as Python writes it.

    `no_texts` and `texts`: among these ids was one that is no text, or an empty one; was another text. `untried` are
    calls that were not made: nobody refused them, either.
    """

    count: int = 0
    first: Refused | None = None
    first_id: str = ""
    no_texts: bool = False
    texts: bool = False
    untried: int = 0

    def note(self, step: Step) -> None:
        """Take the next step."""
        seen, known = step.observation, step.operation.principal.id
        self.untried += isinstance(seen, Refused) and seen.untried
        if isinstance(seen, Refused) and seen.by_accident and step.operation.principal.hostile:
            if self.first is None:
                self.first, self.first_id = seen, ascii(known)[:_LONGEST]
            self.count += 1
            is_text = isinstance(known, str) and bool(known)
            self.texts, self.no_texts = self.texts or is_text, self.no_texts or not is_text
