"""Why a question is left open: every sentence that says so, in one place."""

from enum import Enum
from typing import NewType

# A reason in words. Only what `Reason.told` returns is one, so that none is without a row in the guide.
Told = NewType("Told", str)


class Reason(Enum):
    """A sentence, with names for what differs from one report to the next.

    `harness/guide/inconclusive.md` says of each what it means and what to do.
    """

    # Of a scenario.
    FAILED = "it could not be carried out: {error}"
    STOPPED = "it had to stop: {why}"
    ENDED = "it ended before it was judged"
    INTERRUPTED = "it was interrupted"
    LOST = "a tenant could not find its own fact"
    FORGOTTEN = "of what {tenants} tenants said to the extraction LLM they found nothing again"
    CRASHED = "{calls} calls crashed, the first at {place}: {kind}: {message}"
    REFUSED = "{calls} calls on own records were refused, the first at {place}: {kind}: {message}"
    UNATTRIBUTED = (
        "{records} records were shown whose content and label name no user of this campaign, the first {text!r}: "
        "somebody else's, with a damaged code, or the target's own notes"
    )
    UNANSWERED = "no probe was answered"
    ALL_REFUSED = "no probe was answered: a refusal is no proof"
    MISSED = "The planted leak ({control}) was not noticed, so this scenario proves nothing."
    FALSE_ALARM = "a canary that was never planted was found, so its findings cannot be trusted"

    # Behind a leak that was not noticed.
    ASKED = "Asked, and what came back: {ways}. Try: {advice}."
    SAY_WHOSE = "let each record that `search` returns say whose it is (`user_id`): the text alone was in the query"
    LET_FIND = "give `search` a query that matches by meaning or by single words, or offer `get_all`"

    # Of an audit as a whole.
    NOT_JUDGED = "required and not judged: {channels}"
    SO_FAR = "interrupted: this is what was found so far"
    NOTHING_TRIED = "no attack was tried"
    NOTHING_YET = "interrupted before anything was judged"

    # Of a replay.
    NO_WAY = "the target has no way to make {some} of the {all} moves"
    OWN_FAILED = "{who}'s own {channel} failed: {kind}: {message}"

    def told(self, **details: object) -> Told:
        """Return it in words; `details` are what it has names for."""
        return Told(self.value.format(**details))

    def parted(self, **details: object) -> tuple[str, str]:
        """Return what stands before its first colon, and what stands behind it."""
        where, _, why = self.told(**details).partition(": ")
        return where, why
