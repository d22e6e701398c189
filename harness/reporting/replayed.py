"""What became of a replay, on a terminal."""

from rich.console import Console

from ..counterexamples import flat
from ..replay import Outcome
from ..replays import Replay
from . import story
from .console import print_line


def write_outcome(outcome: Outcome, replay: Replay, target: str, console: Console) -> None:
    """Print the calls, what they showed, and the verdict."""
    print_line(console, f"replay of {replay.oracle} on {target}:")
    for line in story.script(flat(replay.moves)):
        print_line(console, f"  {line}")
    if outcome.finding is not None:
        told = outcome.finding
        if told.shown:
            print_line(console, f"came back: {told.shown!r}")
        for sentence in told.evidence:
            print_line(console, sentence)
        print_line(console, f"{outcome.verdict.upper()} it still fails: {told.oracle} by {told.channel}")
    elif outcome.reason:
        print_line(console, f"{outcome.verdict.upper()} {outcome.reason}")
    else:
        print_line(console, f"{outcome.verdict.upper()} each call was made, and {replay.oracle} found nothing")
