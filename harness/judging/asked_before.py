"""What each tenant has asked before, and since when it is answered as it is: a cache gives the old answer again."""

from dataclasses import dataclass, field

from ..model.observations import Returned, Step
from ..model.operations import Get, GetAll, Search


@dataclass(slots=True)
class Asked:
    """Follows the looks of all tenants, each with its last answer and the step that first got this answer.

    Of question and answer their hashes are kept: all texts that each user was shown would be kept for ever.
    """

    _answers: dict[int, tuple[int, int]] = field(default_factory=dict)

    def since(self, step: Step, look: Search | GetAll | Get, returned: Returned) -> int:
        """Take the next look; return the step since which this very question has had this very answer."""
        principal = look.principal
        query = look.query if isinstance(look, Search) else None
        question = hash(
            (
                principal.index,
                repr(principal.id),
                principal.within,
                principal.asynchronous,
                query,
                repr((look.record.key, look.record.spelt) if isinstance(look, Get) else (look.filters, _prefix(look))),
            )
        )
        answer = hash(tuple([(record.id, record.text) for record in returned.records]))
        first, known = self._answers.get(question, (step.index, answer))
        since = first if known == answer else step.index
        self._answers[question] = (since, answer)
        return since


def _prefix(look: Search | GetAll) -> tuple[str | None, str]:
    return look.prefix if isinstance(look, GetAll) else None, look.how


def in_other_words(look: Search | GetAll | Get) -> tuple[Search | GetAll, ...]:
    """Return looks for the same fact that no scenario makes: words of its sentence, its code, then a listing."""
    if isinstance(look, Get):
        return () if look.seeks is None else (GetAll(look.principal, look.seeks),)
    principal, fact = look.principal, look.seeks
    tail = fact.text.partition("; ")[2] or fact.text
    listing = (GetAll(principal, fact),) if isinstance(look, Search) else ()
    return (Search(principal, tail, fact), Search(principal, f"{fact.canary}.", fact), *listing)
