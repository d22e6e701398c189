"""What became of a replay."""

from collections.abc import Iterator

from ..campaigns.replaying import Outcome
from ..model.reasons import with_advice
from . import script


def told(outcome: Outcome) -> Iterator[str]:
    """Yield it line by line: the calls that were made, what they showed, and the verdict."""
    yield from (f"  {line}" for line in script.told(outcome.moves))
    if outcome.finding is None:
        why = outcome.reason
        said = with_advice([why], why.todo_for(outcome.what)) if why else "each call was made, and nothing was found"
        yield f"{outcome.verdict.upper()} {said}"
        return
    finding = outcome.finding
    if finding.shown:
        yield f"came back: {finding.shown!r}"
    yield from finding.evidence
    yield f"{outcome.verdict.upper()} it still fails: {finding.oracle} by {finding.channel}"
