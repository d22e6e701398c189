"""Another tenant's content, or erased content, was sent to an LLM."""

from collections.abc import Iterator

from ...model.findings import Finding, FindingClass, Severity
from ...model.observations import Step
from ...model.operations import Add, Chat, Operation, Search, is_prompted, sent_text
from ...model.tenants import Fact, Tenant
from ..attribution import Attributor, fact_of
from ..echoes import Echoes
from ..erasures import Erasure, Erasures
from ..oracles import Judge, oracle


@oracle(
    Chat,
    Search,
    advice=(
        "The prompt for one user's words or question held what is another's, or what was erased.",
        "Look at how the prompt finds earlier memories and messages, and at what deleting leaves there.",
        "A right version puts into a prompt only what this user has stored and has not deleted.",
    ),
)
def prompt_bleed(attributor: Attributor) -> Judge:
    """The prompt for one tenant's words or question held another's fact, or a fact of its own that had been erased.

    What the tenant has itself said, now or before, is no bleed. Cannot see: what was rephrased until neither its
    code nor its name is left.
    """
    erasures = Erasures(attributor)
    echoes = Echoes(attributor)

    def judge(step: Step) -> Iterator[Finding]:
        operation = step.operation
        erasures.note(step)
        echoes.note(operation)
        if not step.outside or not is_prompted(operation):
            return
        own = operation.principal.index
        # Of another's facts the echoes know which mark was sent.
        said = {(one.owner, one.fact) for one in attributor.content(sent_text(operation)) if one.owner == own}
        for outside in step.outside:
            for sighting in attributor.content(outside.text):
                key = (sighting.owner, sighting.fact)
                erasure = erasures.of(sighting)
                foreign = sighting.owner != own
                if key in said or not (foreign or erasure):
                    continue
                if foreign and echoes.explains(own, sighting, outside.text):
                    continue
                said.add(key)
                owner = attributor.tenant(sighting.owner)
                fact = fact_of(attributor, sighting)
                told = f"{owner.handle}'s fact {sighting.fact}{sighting.by}"
                gone = f": {erasure.story}" if erasure else ""
                yield Finding(
                    oracle="prompt_bleed",
                    klass=FindingClass.LEAK,
                    severity=Severity.HIGH if foreign else Severity.MEDIUM,
                    observer=operation.principal,
                    owner=owner,
                    step=step,
                    evidence=(f"{outside.place} held {sighting.evidence}: {told}{gone}",),
                    witness=(*_planted(erasure, owner, fact), operation),
                    shown=fact.text if fact and fact.text in outside.text else sighting.evidence,
                )

    return judge


def _planted(erasure: Erasure | None, owner: Tenant, fact: Fact | None) -> tuple[Operation, ...]:
    """Return what put the fact there, and what ought to have taken it away."""
    if erasure is not None:
        return tuple({id(one): one for one in (erasure.planted, erasure.by.operation)}.values())
    return (Add(owner, fact),) if fact else ()
