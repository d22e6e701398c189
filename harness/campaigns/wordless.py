"""What a target says where it finds nothing: an answer in words, learned where there is nothing to be found."""

from collections.abc import Iterator

from ..judging.attribution import Attributor
from ..model.asked import RecordRef
from ..model.canaries import written_codes
from ..model.observations import Returned
from ..model.operations import Get, GetAll, History, Operation, Search
from ..model.scenario_results import ScenarioResult
from ..model.tenants import Tenant
from ..performing.executor import Executor
from ..performing.worlds import Worlds


def learn(
    result: ScenarioResult, worlds: Worlds, newcomer: Tenant, attributor: Attributor, available: frozenset[str]
) -> None:
    """Take answers in words for "nothing found" where a fresh world, in which nobody has stored a word, answers so.

    Each must be the whole of two answers to two questions of the `newcomer`. One with a code, a damaged one, or an id
    of the campaign is never learned: it may be another's. In a store that stays nothing is. Raises what worlds raise.
    """
    if not result.words or not worlds.fresh:
        return
    learned: set[str] = set()
    with worlds.open([newcomer]) as executor:
        for first, second in _questions(newcomer):
            if first.requires <= available:
                one, other = (_words(executor, operation) for operation in (first, second))
                if one and one == other and not _is_somebodys(one, attributor):
                    learned.add(one)
    result.take_for_nothing(learned & result.words.keys())


def _questions(newcomer: Tenant) -> Iterator[tuple[Operation, Operation]]:
    """Yield two questions of each kind, about what nobody has ever stored."""
    fact, *_ = newcomer.facts
    yield Search(newcomer, fact.bare, fact), Search(newcomer, f"Is there anything about {fact.about}?", fact)
    yield GetAll(newcomer, fact), GetAll(newcomer, fact)
    unknown, another = RecordRef(0, newcomer.index), RecordRef(0, newcomer.index + 1)
    yield Get(newcomer, unknown), Get(newcomer, another)
    yield History(newcomer, unknown), History(newcomer, another)


def _words(executor: Executor, operation: Operation) -> str:
    """Return the text that is all of the answer; nothing where it is a list of records, or none."""
    seen = executor.perform(operation, 1).observation
    if not isinstance(seen, Returned) or len(seen.records) != 1:
        return ""
    (record,) = seen.records
    return "" if record.structured or record.id or record.label or record.aside or seen.aside else record.text


def _is_somebodys(text: str, attributor: Attributor) -> bool:
    return bool(attributor.content(text) or written_codes(text) or attributor.ids(text))
