"""A tenant cannot find its own fact."""

from collections.abc import Iterator
from dataclasses import replace

from ..attribution import Attributor
from ..findings import Finding, FindingClass, Severity
from ..observations import Step
from ..sightings import Sightings
from . import Judge

_NOTHING_STORED = (
    "its add returned no record: mem0 stores what its LLM extracts, unless add is called with infer=False "
    "(the harness passes it where your add names an infer parameter)"
)


def lost(attributor: Attributor) -> Judge:
    """A tenant stored a fact and cannot find it: also how "isolated because empty" is caught.

    Its class is availability until `settle` has seen the tenant alone. A fact that was found before and is gone
    after another tenant's write is `tampering`'s finding.
    """
    sightings = Sightings(attributor)

    def judge(step: Step) -> Iterator[Finding]:
        miss = sightings.see(step)
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
                f"{principal.handle} stored its fact {miss.fact.number} ({miss.fact.canary}) and looked for it in vain",
                "it had been found before" if miss.seen else "it was never found",
                *([] if miss.stored else [_NOTHING_STORED]),
            ),
            witness=(miss.planted, step.operation),
            look=miss.look,
        )

    return judge


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
