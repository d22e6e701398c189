"""A plan, performed step by step."""

from collections.abc import Callable, Iterator
from functools import partial

from .errors import HarnessError
from .observations import Returned, Step
from .operations import Channel, Delete, DeleteAll, GetAll, Operation, Search, Update
from .plans import Scenario
from .population import Population
from .wording import in_one_line


def drive(
    scenario: Scenario,
    population: Population,
    perform: Callable[[Operation, int], Step],
    available: frozenset[Channel],
) -> Iterator[Step]:
    """Perform a scenario and yield its steps; what the target has no method for is replaced or left out.

    Raises HarnessError where the scenario itself is broken, or deletes without having said so.
    """
    plan = scenario.tell(population)
    index = 0
    operation = _told(scenario, lambda: next(plan, None))
    while operation is not None:
        if isinstance(operation, Update | Delete | DeleteAll) and not scenario.destructive:
            msg = f"scenario {scenario.name} is broken: it uses {operation.channel}, so it must say destructive=True"
            raise HarnessError(msg)
        fitting = either(operation, available)
        if fitting is None:
            # Index 0 is no step's: a reference to what was left out is unknown to the executor.
            step = Step(0, operation, Returned())
        else:
            index += 1
            step = perform(fitting, index)
            yield step
        operation = _told(scenario, partial(plan.send, step))


def either(operation: Operation, available: frozenset[Channel]) -> Operation | None:
    """Return the operation, or the other way to look for the same fact, where the target offers it."""
    if operation.channel in available:
        return operation
    match operation:
        case Search(principal, _, seeks) if Channel.GET_ALL in available:
            return GetAll(principal, seeks)
        case GetAll(principal, seeks) if Channel.SEARCH in available:
            return Search(principal, seeks.text, seeks)
        case _:
            return None


def _told(scenario: Scenario, ask: Callable[[], Operation | None]) -> Operation | None:
    """Return the scenario's next operation, None at its end; its own mistakes are not the target's."""
    try:
        return ask()
    except StopIteration:
        return None
    except Exception as error:
        # Scenarios live in our package, so the place is the innermost line of ours: theirs, or an operation's check.
        msg = f"scenario {scenario.name} is broken: {in_one_line(error, frozenset({__name__.partition('.')[0]}))}"
        raise HarnessError(msg) from error
