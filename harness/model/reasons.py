"""Why a question is left open: every sentence that says so, and the one that says what to do, in one place."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Self

from .audited import Audited
from .observations import Crashed, Refused


class Told(str):
    """A reason in words; `todo` is what to do about it, in one sentence, empty where the reason says it itself.

    `todo_of` is that of whatever is audited, where it is another than that of a memory.
    Only what `Reason.told` returns is one, so that none is without a row in the guide.
    """

    __slots__ = ("todo", "todo_of")

    todo: str
    todo_of: Mapping[Audited, str]

    def __new__(cls, text: str, todo: str = "", todo_of: Mapping[Audited, str] | None = None) -> Self:
        """Take all of it."""
        told = super().__new__(cls, text)
        told.todo = todo
        told.todo_of = todo_of or {}
        return told

    def __reduce__(self) -> tuple[type[Self], tuple[str, str, Mapping[Audited, str]]]:
        """Return all of it, for a copy in another process."""
        return type(self), (str(self), self.todo, self.todo_of)

    def todo_for(self, what: Audited) -> str:
        """Return what to do about it, in the words of what is audited."""
        return self.todo_of.get(what, self.todo)


def with_advice(reasons: Sequence[str], todo: str) -> str:
    """Return reasons in a line, and behind them what to do about the first: the others often go with it."""
    told = "; ".join(reasons)
    return f"{told.rstrip('.')}. {todo}" if todo else told


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
    NARROWED = "a filter of a tenant's own left out a record that it takes in"
    FORGOTTEN = "of what {tenants} tenants said to the extraction LLM they found nothing again"
    CRASHED = "{calls} crashed, the first at {place}: {kind}: {message}"
    OWN_ERROR = "calls got {kinds}, an error of the target's own that may mean no, and nobody has said so"
    REFUSED = "{calls} on own records got a refusal, the first at {place}: {kind}: {message}"
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
    UNSAID = (
        "nobody said whether the store may be wiped: write {disposable} where it may be, "
        "{lasting} where it holds other data"
    )
    NOT_JUDGED = "required and not judged: {channels}"
    SO_FAR = "interrupted: this is what was found so far"
    NOTHING_TRIED = "no attack was tried"
    NOTHING_YET = "interrupted before anything was judged"

    # Of a replay.
    NO_WAY = "the target has no way to make {some} of the {all} moves"
    OWN_FAILED = "{who}'s own {channel} failed: {kind}: {message}"

    def told(self, **details: object) -> Told:
        """Return it in words; `details` are what it has names for."""
        return Told(self.value.format(**details), _TODO.get(self.name, ""), _todo_of(self.name))

    def of_calls(self, count: int, first: Crashed | Refused) -> Told:
        """Return it of so many calls, with what came of the first."""
        calls = "1 call" if count == 1 else f"{count} calls"
        return self.told(calls=calls, place=first.place, kind=first.kind, message=first.message)

    def parted(self, what: Audited, **details: object) -> tuple[str, str]:
        """Return what stands before its first colon, and what stands behind it; `what` is audited."""
        told = self.told(**details)
        where, _, why = told.partition(": ")
        return where, with_advice([why], told.todo_for(what))


_TODO: Mapping[str, str] = {
    "FAILED": "Mend the error: its place is in your code.",
    "STOPPED": "Allow more requests, or ask less: fewer `--users`, a single `--scenario`.",
    "ENDED": "Run it by itself, in one process: `-n 1`, and in pytest without `-n`.",
    "INTERRUPTED": "Run it again.",
    "LOST": "Let `add` store the text as it is (mem0: `infer=False`), and `get_all` list all of a user's records.",
    "NARROWED": "Send each condition to the store as it is, and raise for those that it does not know.",
    "FORGOTTEN": "Audit with an LLM that keeps names and codes.",
    "CRASHED": "Mend the error; where it means no, say so: `make_memory.refusals = (ThatError,)`.",
    "OWN_ERROR": "Where it means no, say so: `make_memory.refusals = (ThatError,)`.",
    "REFUSED": "Let ordinary ids and plain facts through.",
    "UNATTRIBUTED": "Audit an empty store, and return each record with its `user_id`.",
    "UNANSWERED": "Let `search` and `get_all` return the records of the user who asks.",
    "ALL_REFUSED": "Let an ordinary search or listing through, with the user's own records.",
    "FALSE_ALARM": "Return stored records alone, not an echo of the query.",
    "NOT_JUDGED": "Offer the method, or leave the channel out of `--require`.",
    "SO_FAR": "Run it again, to its end.",
    "NOTHING_TRIED": "Each line `... not judged:` says what an attack needs.",
    "NOTHING_YET": "Run it again.",
    "NO_WAY": "Replay it on the target that it was found on, or offer the method.",
    "OWN_FAILED": "Mend the error, then replay it again.",
}
# What is said otherwise of a resource, such as a folder or a cache.
_OF_A_RESOURCE: Mapping[str, str] = {
    "LOST": "Let `put` store the value as it is, and `get` and `list` show all that a user has put.",
    "CRASHED": "Mend the error; where it means no, say so: `make_resource.refusals = (ThatError,)`.",
    "OWN_ERROR": "Where it means no, say so: `make_resource.refusals = (ThatError,)`.",
    "UNATTRIBUTED": "Audit an empty store, and return each value as it was put.",
    "UNANSWERED": "Let `get` and `list` return the values of the user who asks.",
    "ALL_REFUSED": "Let an ordinary `get` or `list` through, of the user's own values.",
    "FALSE_ALARM": "Return stored values alone, not an echo of the key or the query.",
}
# What is said otherwise of an application: it is mended there, or its file is.
_OF_AN_APPLICATION: Mapping[str, str] = {
    "LOST": "Let the application store a text as it is, and the listing in its file show all that is a user's.",
    "CRASHED": "Mend the error; where it means no, answer so: with 403, 404 or another 4xx.",
    "OWN_ERROR": "Where it means no, answer so: with 403, 404 or another 4xx.",
    "UNATTRIBUTED": "Audit an empty store, and say in the file whose a record is: `-> /notes user_id=owner`.",
    "UNANSWERED": "Say in the application's file where an answer has its records: `get_all = 'GET /notes -> /notes'`.",
    "ALL_REFUSED": "Look at `sign_in` in the application's file: who has signed in may list what is its own.",
    "FALSE_ALARM": "Say in the application's file where the records lie: an echo of the question is none.",
    "NOT_JUDGED": "Write the line into the application's file, or leave the channel out of `--require`.",
    "NO_WAY": "Replay it on the target that it was found on, or write the line into the application's file.",
}


def _todo_of(name: str) -> Mapping[Audited, str]:
    """Return what to do about the reason of this name, for what is no memory."""
    told = {Audited.RESOURCE: _OF_A_RESOURCE, Audited.APPLICATION: _OF_AN_APPLICATION}
    return {what: said[name] for what, said in told.items() if name in said}
