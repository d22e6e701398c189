"""A plan, performed step by step."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from ..base.errors import HarnessError
from ..base.wording import in_one_line
from ..model.keys import key_of
from ..model.observations import Returned, Step
from ..model.operations import (
    Copy,
    Delete,
    DeleteAll,
    Get,
    GetAll,
    Operation,
    PlantLink,
    RecordRef,
    Reset,
    Search,
    Together,
    Update,
    is_probe,
)
from ..plans.population import Population
from ..plans.scenario import Scenario


def drive(
    scenario: Scenario,
    population: Population,
    perform: Callable[[Operation, int], Step],
    available: frozenset[str],
    *,
    together: Callable[[Sequence[Operation], int], list[Step]] | None = None,
) -> Iterator[Step]:
    """Perform a scenario and yield its steps; what the target has no method for is replaced or left out.

    What is to begin together is performed one by one where no `together` is given. Raises HarnessError where the
    scenario itself is broken, or deletes without having said so.
    """
    plan = scenario.tell(population)
    index = 0
    asked = _told(scenario, lambda: next(plan, None))
    while asked is not None:
        wanted = asked.operations if isinstance(asked, Together) else (asked,)
        if not scenario.destructive:
            _refuse_destruction(scenario, wanted)
        fitting = [found for found in (either(operation, available) for operation in wanted) if found is not None]
        # Index 0 is no step's: a reference to what was left out is unknown to the executor.
        step = Step(0, wanted[-1], Returned())
        if len(fitting) > 1 and together is not None:
            for step in together(fitting, index + 1):
                yield step
            index += len(fitting)
        else:
            for operation in fitting:
                index += 1
                step = perform(operation, index)
                yield step
        asked = _told(scenario, partial(plan.send, step))


def either(operation: Operation, available: frozenset[str]) -> Operation | None:
    """Return the operation, or the other way to look for the same fact, where the target offers it."""
    if operation.principal.keys and isinstance(operation, Update) and operation.record.is_unknown:
        # To put something under a key that nobody has used is an add.
        return None
    if operation.requires <= available:
        return operation
    other: Search | GetAll
    match operation:
        case Search(principal=principal, seeks=seeks, filters=filters, how=""):
            other = GetAll(principal, seeks, filters)
        case GetAll(principal=principal, seeks=seeks, filters=filters, prefix=None, how=""):
            # Another's sentence, or one's own that was erased, is not said whole: to get it back would be no news.
            other = Search(principal, seeks.bare if is_probe(operation) else seeks.text, seeks, filters)
        case _:
            return None
    # The other way stands in where the method is missing, not where it takes no filters.
    if operation.channel in available:
        return None
    return next((one for one in (other, _by_key(other)) if one is not None and one.requires <= available), None)


def _by_key(look: Search | GetAll) -> Get | None:
    """Return the look for a fact by its key, where callers choose keys; a prefix or filters have no such way."""
    key = key_of(look.principal.keys, look.seeks.canary)
    plain = look.filters is None and (isinstance(look, Search) or look.prefix is None)
    return Get(look.principal, RecordRef(0, look.owner, key=key), look.seeks) if key and plain else None


def _refuse_destruction(scenario: Scenario, operations: Sequence[Operation]) -> None:
    for operation in operations:
        if isinstance(operation, Update | Delete | DeleteAll | Reset | Copy | PlantLink):
            what = "a reset" if isinstance(operation, Reset) else operation.channel
            msg = f"scenario {scenario.name} is broken: it uses {what}, so it must say destructive=True"
            raise HarnessError(msg)


def _told(scenario: Scenario, ask: Callable[[], Operation | Together | None]) -> Operation | Together | None:
    """Return the scenario's next operation, None at its end; its own mistakes are not the target's."""
    try:
        return ask()
    except StopIteration:
        return None
    except Exception as error:
        # Scenarios live in our package, so the place is the innermost line of ours: theirs, or an operation's check.
        msg = f"scenario {scenario.name} is broken: {in_one_line(error, frozenset({__name__.partition('.')[0]}))}"
        raise HarnessError(msg) from error
