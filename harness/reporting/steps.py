"""A finding as the steps of a picture: who called what on behalf of whom, and what came back."""

from collections.abc import Mapping

from ..model.findings import Finding, FindingGroup
from ..model.observations import Crashed, Observation, Refused, Returned
from ..model.operations import Anew, Crowd, Operation, ReadStorage, Reopen, Reset
from ..model.results import CampaignResult
from .calls import call, deed
from .story import doing


def steps(result: CampaignResult, group: FindingGroup) -> list[dict[str, object]]:
    """Return the witness step by step, `came_back` with the last one that was asked.

    `who` is the tenant's name, `role` whether it is the finding's `owner`, its `observer`, or nobody (`world`: it was
    done to the store itself). `call` is the call as Python, `doing` and `deed` the same in words.
    """
    finding = group.example
    last = len(finding.witness) - 1
    return [
        _step(finding, operation, result.passed.get(operation.method), last=place == last)
        for place, operation in enumerate(finding.witness)
    ]


def _step(
    finding: Finding, operation: Operation, options: Mapping[str, object] | None, *, last: bool
) -> dict[str, object]:
    observation = finding.step.observation if operation == finding.step.operation else None
    return {
        "who": operation.principal.handle,
        "role": _role(finding, operation),
        "channel": operation.way,
        "doing": doing(operation),
        "deed": deed(operation),
        "call": call(operation, options),
        "came_back": {"as": _kind(observation), "text": finding.shown} if last else None,
    }


def _role(finding: Finding, operation: Operation) -> str:
    if isinstance(operation, ReadStorage | Reopen | Reset | Crowd | Anew):
        return "world"
    return "owner" if operation.principal.index == finding.owner.index else "observer"


def _kind(observation: Observation | None) -> str:
    match observation:
        case Refused(contained=True):
            return "contained"
        case Refused():
            return "refused"
        case Crashed():
            return "crashed"
        case Returned() | None:
            return "returned"
