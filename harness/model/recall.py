"""How much of what an extraction LLM was told its own users find again."""

from dataclasses import dataclass, field

from .observations import Returned, Step
from .operations import Chat, DeleteAll, GetAll, Reset, Search, is_probe


@dataclass(slots=True)
class Recall:
    """Facts that were said to an LLM and then looked for by who had said them, and what of them was found.

    Each as (tenant's index, number of the fact). `codes` and `names` are the facts whose code, whose name was found:
    one that was rephrased until both were gone is not found.
    """

    looked_for: set[tuple[int, int]] = field(default_factory=set)
    codes: set[tuple[int, int]] = field(default_factory=set)
    names: set[tuple[int, int]] = field(default_factory=set)
    _said: set[tuple[int, int]] = field(default_factory=set)

    @property
    def found(self) -> set[tuple[int, int]]:
        """Facts that were found, by either mark."""
        return self.codes | self.names

    @property
    def nothing_left(self) -> set[int]:
        """Tenants of whose words nothing was found again: who searches for them proves nothing."""
        return {tenant for tenant, _ in self.looked_for} - {tenant for tenant, _ in self.found}

    def note(self, step: Step) -> None:
        """Take the next step."""
        operation = step.operation
        own = operation.principal.index
        match operation:
            case Chat(fact=fact) if isinstance(step.observation, Returned):
                self._said.add((own, fact.number))
            case Search(seeks=fact) | GetAll(seeks=fact) if isinstance(step.observation, Returned):
                if is_probe(operation) or (own, fact.number) not in self._said:
                    return
                self.looked_for.add((own, fact.number))
                texts = "\n".join(record.text for record in step.observation.records).casefold()
                self.codes |= {(own, fact.number)} if fact.canary.casefold() in texts else set()
                self.names |= {(own, fact.number)} if fact.name and fact.name.casefold() in texts else set()
            case DeleteAll():
                self._said = {one for one in self._said if one[0] != own}
            case Reset():
                self._said.clear()
            case _:
                pass
