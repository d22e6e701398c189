"""A foreign record's id is answered differently from an unknown one."""

from collections.abc import Iterator

from ...model.channels import Channel
from ...model.findings import Finding, FindingClass, Severity
from ...model.observations import Crashed, Observation, Refused, Returned, Step
from ...model.operations import Add, Delete, Get, History, Update
from ..answers import refusal
from ..attribution import Attributor
from ..oracles import Judge, oracle

_READS = frozenset({Channel.GET, Channel.HISTORY})


@oracle(
    Get,
    Update,
    Delete,
    History,
    advice=(
        "An answer tells whether another user's record id exists.",
        "Look at what the call does for an id that nobody has, and for one of another user.",
        "A right version answers both in the same way, as for an id that no record has.",
    ),
)
def existence(attributor: Attributor) -> Judge:
    """A principal can tell another tenant's record id from one that does not exist: the answers differ.

    Where the foreign record itself is shown or changed, that is `canary_leak`'s or `tampering`'s finding. Cannot
    see: a difference in time, or in texts that were masked.
    """
    # By who asks, under which id, which an answer may quote; by which call, and how the record's id was spelt.
    unknown: dict[tuple[int, str, Channel, str], str] = {}
    planted: dict[int, Add] = {}

    def judge(step: Step) -> Iterator[Finding]:
        operation = step.operation
        if isinstance(operation, Add):
            planted[step.index] = operation
        if not isinstance(operation, Get | Update | Delete | History) or operation.record.names_owner:
            # Who writes the owner into the id asks for something else each time, and may be told what it asked for.
            return
        answer = _answer(step.observation, operation.channel)
        asks = operation.principal
        key = (asks.index, repr((asks.id, asks.within)), operation.channel, operation.record.spelt)
        if operation.record.is_unknown and answer is not None:
            unknown[key] = answer
        # One's own record that was erased may be called so.
        if operation.owner == operation.principal.index or answer is None or unknown.get(key, answer) == answer:
            return
        owner = attributor.tenant(operation.owner)
        add = planted.get(operation.record.step)
        yield Finding(
            oracle="existence",
            klass=FindingClass.LEAK,
            severity=Severity.LOW,
            observer=operation.principal,
            owner=owner,
            step=step,
            evidence=(f"an unknown id is answered: {unknown[key]}", f"{owner.handle}'s id is answered: {answer}"),
            witness=(*([add] if add else []), operation),
        )

    return judge


def _answer(observation: Observation, channel: Channel) -> str | None:
    """Return what the answer says but for the id itself; None where it says nothing of existence by itself."""
    match observation:
        case Refused(contained=False, untried=False):
            return refusal(observation)
        case Returned(records=()) if channel in _READS:
            return "nothing"
        case Returned() | Refused() | Crashed():
            return None
