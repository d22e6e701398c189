"""Another tenant's content was seen."""

from collections.abc import Iterator

from ...model.findings import Attribution, Finding, FindingClass, Severity
from ...model.observations import Returned, Step, visible_texts
from ...model.operations import Add, Chat, Update, sent_text
from ..attribution import Attributor, Labels, fact_of, is_own_alias
from ..echoes import Echoes
from ..oracles import Judge, oracle


@oracle(
    advice=(
        "One user was shown what another had stored.",
        "Look at the id that the call sends to the store, at caches, and at variables that requests share.",
        "A right version sends the user id with each call, keys each cache by it, and checks whose a record is.",
    ),
)
def canary_leak(attributor: Attributor) -> Judge:
    """A principal saw another tenant's content: in a record, beside one, or in an error's text.

    What the principal's own requests have carried explains itself, unless the record is labelled as another's and the
    principal has never given that label in metadata.
    Cannot see: content that was rephrased until neither its code nor its name is left; `foreign_record` may.
    """
    echoes = Echoes(attributor)
    labels = Labels(attributor)
    known = _Known(attributor)

    def judge(step: Step) -> Iterator[Finding]:
        principal = step.operation.principal.index
        echoes.note(step.operation)
        known.note(step)
        records = step.observation.records if isinstance(step.observation, Returned) else ()
        for record in records:
            labels.learn(principal, record)
        for position, record in enumerate(records):
            # Under an id that is an attack a tenant's own label is known by nothing else.
            alias = is_own_alias(record.label, step.operation.principal)
            own = alias or record.label is None or labels.owner(record.label) == principal
            own = own or echoes.gave(principal, record.label)
            label = "carries no user_id" if record.label is None else f"is labelled user_id={record.label!r}"
            where = f"record {position + 1} of {len(records)} {label}"
            for sighting in _foreign(record.text, principal):
                if not (own and echoes.explains(principal, sighting, record.text)):
                    yield _finding(attributor, known, step, sighting, record.text, where)
        for text in visible_texts(step.observation):
            for sighting in _foreign(text, principal):
                if not echoes.explains(principal, sighting, text):
                    kind = type(step.observation).__name__.lower()
                    place = f"it stood beside the records ({kind})"
                    yield _finding(attributor, known, step, sighting, text, place)

    def _foreign(text: str, principal: int) -> list[Attribution]:
        return [sighting for sighting in attributor.content(text) if sighting.owner != principal]

    return judge


class _Known:
    """What the trace has shown so far of how facts came to be where they are."""

    def __init__(self, attributor: Attributor) -> None:
        self._attributor = attributor
        # By owner and number of the fact: what stored it, under the id that was really used.
        self.planted: dict[tuple[int, int | None], Add | Chat] = {}
        # Into whose memory, whose fact, which: the step whose metadata claimed to put it there.
        self.claims: dict[tuple[int, int, int | None], Step] = {}

    def note(self, step: Step) -> None:
        operation = step.operation
        if isinstance(operation, Add | Chat):
            self.planted[operation.principal.index, operation.fact.number] = operation
        if isinstance(operation, Add | Update) and operation.into is not None:
            for sighting in self._attributor.content(sent_text(operation)):
                self.claims[operation.into, sighting.owner, sighting.fact] = step


def _finding(
    attributor: Attributor, known: _Known, step: Step, sighting: Attribution, shown: str, place: str
) -> Finding:
    owner = attributor.tenant(sighting.owner)
    fact = fact_of(attributor, sighting)
    observer = step.operation.principal
    claim = known.claims.get((observer.index, sighting.owner, sighting.fact))
    add = known.planted.get((sighting.owner, sighting.fact)) or (Add(owner, fact) if fact else None)
    planted = () if add is None or (claim and isinstance(claim.operation, Add)) else (add,)
    moved = (f"{owner.handle}'s {claim.operation.way} had put it there",) if claim else ()
    kept = tuple(f"it lies in {one.place}" for one in step.kept if sighting in attributor.content(one.text))
    return Finding(
        oracle="canary_leak",
        klass=FindingClass.LEAK,
        severity=Severity.HIGH,
        observer=observer,
        owner=owner,
        # Where the owner itself put it there, that is the way by which it crossed.
        step=claim or step,
        evidence=(
            f"it holds {sighting.evidence}: {owner.handle}'s fact {sighting.fact}{sighting.by}",
            place,
            *kept,
            *moved,
        ),
        witness=(*planted, *((claim.operation,) if claim else ()), step.operation),
        shown=shown,
    )
