"""A tenant cannot find its own fact."""

from collections.abc import Iterator
from dataclasses import replace

from ...model.findings import Finding, FindingClass, Severity
from ...model.observations import Returned, Step
from ...model.operations import Chat, Crowd, GetAll, ReadStorage, Search, is_probe
from ..attribution import Attributor
from ..oracles import Judge, oracle
from ..sightings import Sightings

_NOTHING_STORED = "its add returned no record"


@oracle(
    Search,
    GetAll,
    Chat,
    ReadStorage,
    advice=(
        "A user stored a fact and did not find it again.",
        "Look at whether `add` stores the text, at the size of a page, and at ids that others' records share with it.",
        "A right version shows a user all of its own records, however many others there are.",
    ),
)
def lost(attributor: Attributor) -> Judge:
    """A tenant stored a fact and cannot find it: also how "isolated because empty" is caught.

    So is a view that shows nothing: a storage in which a stored fact is not found, a prompt without what was just said.
    Its class is availability until `settle` has seen the tenant alone. A fact that was found before and is gone
    after another tenant's write is `tampering`'s finding.
    """
    sightings = Sightings(attributor)
    crowds: list[Crowd] = []

    def judge(step: Step) -> Iterator[Finding]:
        if isinstance(step.operation, Crowd):
            crowds.append(step.operation)
        miss = sightings.see(step)
        yield from _blind(attributor, sightings, step)
        if miss is None or miss.culprit is not None:
            return
        principal = step.operation.principal
        yield Finding(
            oracle="lost",
            klass=FindingClass.AVAILABILITY,
            severity=Severity.LOW,
            observer=principal,
            owner=principal,
            step=step,
            evidence=(
                *_unread(step),
                f"{principal.handle} stored its fact {miss.fact.number} ({miss.fact.canary}) and looked for it in vain",
                *_listed(step),
                "it had been found before" if miss.seen else "it had not been found until then",
                *([] if miss.stored else [_NOTHING_STORED]),
            ),
            witness=(*crowds[-1:], miss.planted, step.operation),
            look=miss.look,
            otherwise=miss.otherwise,
        )

    return judge


def _unread(step: Step) -> tuple[str, ...]:
    """Say that the reply was none in which a record can stand."""
    seen = step.observation
    if not isinstance(seen, Returned) or not seen.unread:
        return ()
    return (f"{step.operation.way} returned {seen.unread}; a list, a dict, a text is understood",)


def _listed(step: Step) -> tuple[str, ...]:
    """Say how long the list was in which it was not: one that is cut leaves out others' records, too."""
    if not isinstance(step.operation, GetAll) or not isinstance(step.observation, Returned):
        return ()
    shown = len(step.observation.records)
    told = f"the listing held {shown} other records; one that is cut proves nothing"
    return (told,) if shown else ()


def _blind(attributor: Attributor, sightings: Sightings, step: Step) -> Iterator[Finding]:
    """Yield a view from outside that does not show what must be there: what must not would not be seen either."""
    operation = step.operation
    match operation:
        case ReadStorage(seeks=fact) if not is_probe(operation) and sightings.is_stored(fact):
            view = "none of the places that storage() declares holds it"
        case Chat(fact=fact):
            view = "none of the prompts that prompts() shows for it holds it"
        case _:
            return
    seen = {(one.owner, one.fact) for outside in step.outside for one in attributor.content(outside.text)}
    if not isinstance(step.observation, Returned) or (fact.owner, fact.number) in seen:
        return
    yield Finding(
        oracle="lost",
        klass=FindingClass.AVAILABILITY,
        severity=Severity.LOW,
        observer=operation.principal,
        owner=operation.principal,
        step=step,
        evidence=(f"{operation.principal.handle} gave its fact {fact.number} ({fact.canary})", view),
        witness=(operation,),
    )


def settle(finding: Finding, *, shown: bool | None) -> Finding:
    """Return the finding with its class, given whether the same tenant alone in a fresh world sees its fact.

    It does: the others' presence took the fact away, which is interference. It does not, or it could not be tried
    (None): availability.
    """
    if shown:
        return replace(
            finding,
            klass=FindingClass.INTERFERENCE,
            severity=Severity.HIGH,
            evidence=(*finding.evidence, "alone in a fresh world the same calls find it"),
        )
    alone = "it could not be tried" if shown is None else "it is missing too"
    return replace(finding, evidence=(*finding.evidence, f"alone in a fresh world {alone}"))
