"""A story told by somebody who insists: what a look does not show is asked for in other ways."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from ..model.observations import Crashed, Refused, Returned, Step, visible_texts
from ..model.operations import Add, Get, GetAll, Operation, RecordRef, Search, Together, is_probe
from ..model.reasons import Reason
from .population import Population
from .scenario import Plan, Scenario


@dataclass(slots=True)
class Insisting:
    """Tells a plan; after each look for another's fact that does not show it, the same principal asks otherwise.

    A store that finds words and no meaning shows nothing to a question about a subject. `asked` holds each way of
    asking, once, with what came back last; `shown` tells whether any of them ever showed the fact.
    """

    tell: Callable[[Population], Plan]
    asked: dict[str, str] = field(default_factory=dict)
    shown: bool = False

    def __call__(self, population: Population) -> Plan:
        """Tell it; the plan itself is answered as ever."""
        records: dict[tuple[int, int], RecordRef] = {}
        plan = self.tell(population)
        found = next(plan, None)
        while found is not None:
            step = yield found
            match found:
                case Add(principal=principal, fact=fact):
                    records[principal.index, fact.number] = step.record
                case Search() | GetAll() if is_probe(found) and not self._is_shown(step):
                    for way in _ways(found, records):
                        if self._is_shown((yield way)):
                            break
            found = _next(plan, step)

    def _is_shown(self, step: Step) -> bool:
        """Note a look and what came back; tell whether it shows the fact."""
        if not step.index:
            # The target has no such method.
            return False
        operation, seen = step.operation, step.observation
        match seen:
            case Returned(records=records):
                came_back = f"{len(records)} records"
            case Refused(kind=kind) | Crashed(kind=kind):
                came_back = kind
        self.asked[_said(operation)] = came_back
        texts = [record.text for record in seen.records] if isinstance(seen, Returned) else []
        sought = operation.seeks if isinstance(operation, Search | GetAll) else None
        shown = sought is not None and any(map(sought.stands_in, (*texts, *visible_texts(seen))))
        self.shown = self.shown or shown
        return shown

    @property
    def told(self) -> str:
        """What was asked, what came back, and what to do; nothing where nothing was asked."""
        if not self.asked:
            return ""
        ways = "; ".join(f"{how}: {came_back}" for how, came_back in self.asked.items())
        advice = Reason.SAY_WHOSE if self.shown else Reason.LET_FIND
        return Reason.ASKED.told(ways=ways, advice=advice.told())


def insisting(scenario: Scenario) -> tuple[Scenario, Insisting]:
    """Return the scenario as one who insists tells it, and what keeps note of how it asks."""
    tell = Insisting(scenario.tell)
    return replace(scenario, tell=tell), tell


def _ways(look: Search | GetAll, records: dict[tuple[int, int], RecordRef]) -> Iterator[Operation]:
    principal, fact = look.principal, look.seeks
    yield Search(principal, fact.bare, fact)
    if not principal.erased:
        # Who had it erased does not say it again.
        yield Search(principal, fact.canary, fact)
    yield GetAll(principal, fact)
    if (fact.owner, fact.number) in records:
        yield Get(principal, records[fact.owner, fact.number])
    if not principal.erased:
        # Last: to whom has said the whole sentence it comes back as an echo, unless the record says whose it is.
        yield Search(principal, fact.text, fact)


def _said(operation: Operation) -> str:
    """Return how it was asked, in the words of a report."""
    if not isinstance(operation, Search):
        return operation.channel
    fact = operation.seeks
    named = {fact.bare: "the fact's words", fact.canary: "its code", fact.text: "the whole fact"}
    return f"search for {named.get(operation.query, 'what the scenario asks')}"


def _next(plan: Plan, step: Step) -> Operation | Together | None:
    try:
        return plan.send(step)
    except StopIteration:
        return None
