"""What held, on half a screen: what was audited, what of it proves nothing, and what was not tried; for `--fast`."""

from collections.abc import Iterable, Iterator

from ..model.findings import Verdict
from ..model.results import CampaignResult
from . import story
from .console import notes
from .reading import Report, by_verdict, cautions
from .spared import spared
from .unasked import MOST, doubt, unasked
from .unasked import lines as untried

# With the last line, which is the verdict's.
_LINES = 25


def lines(result: CampaignResult, report: Report, beside: Iterable[str] = ()) -> Iterator[str]:
    """Yield the lines but for the last; `beside` is what a baseline says.

    Whatever was not tried has its line, as many as there is room for, and never fewer than on a whole screen.
    """
    counts = [f"{len(names)} {verdict}" for verdict, names in by_verdict(report).items()]
    head = [
        story.title(result),
        f"scenarios: {', '.join(counts)} (--verbose has them all)",
        *_refused(result),
        *spared(result),
        story.bound(result),
        *cautions(report),
        *(f"note: {note}" for note in notes(result)),
    ]
    tail = [*doubt(result), *beside]
    yield from head
    # One line counts what is tried, one may count the rest.
    yield from untried(unasked(result), max(MOST, _LINES - len(head) - len(tail) - 3))
    yield from tail


def _refused(result: CampaignResult) -> Iterator[str]:
    """Yield where no probe got more than a no: right for another's record, and no proof that the store isolates."""
    tallies = result.tallies
    silent = [
        channel.value
        for channel, verdict in result.channels.items()
        if verdict is Verdict.HELD and channel in tallies and not tallies[channel].returned
    ]
    if silent:
        yield f"held because each probe was refused: {', '.join(silent)}"
