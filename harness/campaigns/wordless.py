"""What a target says in words where it finds nothing, and beside what it finds: nobody's record, and so no leak."""

from collections.abc import Iterator

from ..judging.attribution import Attributor
from ..model.canaries import written_codes
from ..model.observations import Returned
from ..model.operations import Add, Get, GetAll, History, Operation, RecordRef, Search
from ..model.scenario_results import ScenarioResult
from ..model.tenants import Tenant
from ..model.wordings import wording
from ..performing.executor import Executor
from ..performing.worlds import Worlds
from ..plans.questions import WORDLESS

# So many facts of its own the newcomer stores: a heading may count them.
_FACTS = 2


def learn(
    result: ScenarioResult, worlds: Worlds, newcomer: Tenant, attributor: Attributor, available: frozenset[str]
) -> None:
    """Take bare texts for the target's own where a fresh world, in which there is nobody else, answers with them.

    Where the `newcomer` has stored nothing, each must come to two questions, an odd one to the same twice; where it has
    stored facts, once. One with a code, a damaged one, or another's id is never learned: it may be another's. Nor is a
    part of a fact. In a store that stays nothing is. A record of which each reader has a copy of its own, such as a
    welcome, is taken for the target's own as well. Raises what worlds raise.
    """
    if not worlds.fresh or not (result.words.counts or result.words.copies):
        result.take_for_own(())
        return
    asked = [pair for pair in _questions(newcomer) if pair[0].requires <= available]
    learned: set[str] = set()
    with worlds.open([newcomer]) as executor:
        if GetAll(newcomer, newcomer.facts[0]).requires <= available:
            _meet_copies(result, executor, newcomer)
        for first, second in asked:
            one, other = (_words(executor, operation, attributor) for operation in (first, second))
            learned |= one & other
        for fact in newcomer.facts[:_FACTS] if "add" in available else ():
            executor.perform(Add(newcomer, fact), 1)
            for _, look in asked:
                learned |= _words(executor, look, attributor)
    result.take_for_own(sorted(learned & result.words.counts.keys()))


def _meet_copies(result: ScenarioResult, executor: Executor, newcomer: Tenant) -> None:
    """Note which records without a label the newcomer is shown, who has stored nothing."""
    seen = executor.perform(GetAll(newcomer, newcomer.facts[0]), 1).observation
    for record in seen.records if isinstance(seen, Returned) else ():
        if record.id and record.label is None and record.structured:
            result.words.meet_copy(record.text, newcomer, record.id)


def _questions(newcomer: Tenant) -> Iterator[tuple[Operation, Operation]]:
    """Yield two questions of each kind, about what nobody has ever stored."""
    fact, *_ = newcomer.facts
    yield Search(newcomer, fact.bare, fact), Search(newcomer, f"Is there anything about {fact.about}?", fact)
    yield GetAll(newcomer, fact), GetAll(newcomer, fact)
    for _, question in WORDLESS:
        # What quotes it must quote the same.
        yield Search(newcomer, question, fact), Search(newcomer, question, fact)
    unknown, another = RecordRef(0, newcomer.index), RecordRef(0, newcomer.index + 1)
    yield Get(newcomer, unknown), Get(newcomer, another)
    yield History(newcomer, unknown), History(newcomer, another)


def _words(executor: Executor, operation: Operation, attributor: Attributor) -> set[str]:
    """Return the wordings of the bare texts in the answer that are nobody's."""
    seen = executor.perform(operation, 1).observation
    if not isinstance(seen, Returned) or seen.aside:
        return set()
    reader = operation.principal
    bare = (one.text for one in seen.records if not (one.structured or one.id or one.label or one.aside))
    return {wording(text, reader) for text in bare if not _is_somebodys(text, reader, attributor)}


def _is_somebodys(text: str, reader: Tenant, attributor: Attributor) -> bool:
    others = set(attributor.ids(text)) - {reader.index}
    part = text.strip(" -*")
    is_part = bool(part) and any(part in fact.text for fact in reader.facts)
    return bool(is_part or attributor.content(text) or written_codes(text) or others)
