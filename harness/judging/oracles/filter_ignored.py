"""A tenant's own filter was not followed."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from ...model.findings import Finding, FindingClass, Severity
from ...model.observations import Returned, Step
from ...model.operations import GetAll, Search
from ..attribution import Attributor
from ..filters_said import includes, words_of
from ..oracles import Judge, oracle
from ..shelves import Kept, Shelves

# Who forgets by chance forgets whatever the filter: it is asked once more, so many times.
_AGAIN = 12


@oracle(
    Search,
    GetAll,
    advice=(
        "A user's own filter was not followed, and nobody said so: the same code carries the user id.",
        "Look at operators that the store does not know, conditions that replace others, and the keys of caches.",
        "A right version sends each condition to the store, or raises where the store does not know it.",
    ),
)
def filter_ignored(attributor: Attributor) -> Judge:
    """A tenant's own filter was not followed: what it leaves out came back, or what it takes in is missing.

    Asked over metadata that the tenant has stored itself. A refusal is fine. A record is missing only where the same
    look without the filter has shown it since the last write, in a reply that was longer, and each operator of the
    filter has shown something before: to whom `{"gt": 1}` is a value like any other, no record has it. Cannot see: what
    stores mean differently, as a field that a record lacks, the case of letters, values of two types.
    """
    shelves = Shelves(attributor)
    understood: set[str] = set()

    def judge(step: Step) -> Iterator[Finding]:
        shelves.note(step)
        look = step.operation
        if not isinstance(look, Search | GetAll) or not isinstance(step.observation, Returned):
            return
        filters, own = look.filters, shelves.own(look)
        if not own or not isinstance(filters, Mapping):
            return
        said = {number: includes(filters, kept.metadata) for number, kept in own.items()}
        records = step.observation.records
        shown = [(number, one.text) for one in records for number in shelves.numbers(look.principal, one.text)]
        for number, text in shown:
            if said.get(number) is False:
                yield _excluded(step, own[number], look, text)
                break
        words = set(words_of(filters))
        if any(said.get(number) for number, _ in shown):
            understood.update(words)
        plain = shelves.plain(look)
        if plain is None or len(records) >= plain.records or not words <= understood:
            return
        for number in sorted(plain.shown.difference(number for number, _ in shown)):
            if said.get(number):
                yield _missing(step, own[number], look, plain.look)
                break

    return judge


def _excluded(step: Step, kept: Kept, look: Search | GetAll, shown: str) -> Finding:
    fact = kept.add.fact
    return Finding(
        oracle="filter_ignored",
        klass=FindingClass.INTEGRITY,
        severity=Severity.MEDIUM,
        observer=look.principal,
        owner=look.principal,
        step=step,
        evidence=(
            f"its own filter {look.filters!r} leaves out its fact {fact.number} ({fact.canary}), which came back",
            _stored(kept),
        ),
        witness=(kept.add, look),
        shown=shown,
    )


def _missing(step: Step, kept: Kept, look: Search | GetAll, plain: Search | GetAll) -> Finding:
    fact = kept.add.fact
    again = replace(look, seeks=fact)
    return Finding(
        oracle="filter_ignored",
        klass=FindingClass.AVAILABILITY,
        severity=Severity.LOW,
        observer=look.principal,
        owner=look.principal,
        step=step,
        evidence=(
            f"its own filter {look.filters!r} takes in its fact {fact.number} ({fact.canary}), which is not shown",
            _stored(kept),
            "without the filter the same look shows it",
        ),
        witness=(kept.add, plain, look),
        look=again,
        otherwise=(again,) * _AGAIN,
    )


def _stored(kept: Kept) -> str:
    return f"it was stored with {kept.add.metadata!r}" if kept.metadata else "it was stored without metadata"
