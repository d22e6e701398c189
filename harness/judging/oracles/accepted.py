"""A credential that must open nothing opened something."""

from collections.abc import Iterator

from ...model.credentials import CLOSED, EXPIRED, KEPT, MADE_UP, Credential
from ...model.findings import Finding, FindingClass, Severity
from ...model.observations import Returned, Step, shown_texts
from ...model.operations import OF_THE_STORE, Add, DeleteAll, Expire, Operation, SignIn, SignOut, is_of_a_feed
from ..attribution import Attributor
from ..oracles import Begin, Judge, oracle

_PLANTED = (MADE_UP, KEPT)


@oracle(
    advice=(
        "A call was answered that came with no valid credential.",
        "Look at where the token is checked: each route, the signature, the time, and what login and logout do to it.",
        "A right version looks the session up on each call, renews its id at login, and deletes it at logout.",
    ),
)
def accepted(attributor: Attributor) -> Judge:
    """A call was answered, and not refused, though its credential must open nothing: the reply may have been empty.

    Such are none at all, one that was altered, cut, forged, guessed or made for another purpose, and one whose session
    has ended. Cannot see: a credential that its owner gave away, which opens what it must.
    """
    ends, feeds = _Ends(), _Feeds()

    def judge(step: Step) -> Iterator[Finding]:
        operation = step.operation
        ends.note(step)
        news = feeds.news(step)
        credential = operation.principal.credential
        if credential is None or credential.opens or isinstance(operation, OF_THE_STORE):
            return
        causes = ends.of(operation, credential)
        if causes is None or not isinstance(step.observation, Returned) or not news:
            return
        yield Finding(
            oracle="accepted",
            klass=FindingClass.LEAK,
            severity=Severity.HIGH,
            observer=operation.principal,
            owner=attributor.tenant(operation.owner),
            step=step,
            evidence=(
                f"it came with {credential.told}, and was answered",
                f"the answer holds {len(step.observation.records)} records",
            ),
            witness=(*ends.planted(operation), *causes, operation),
        )

    return judge


def of_what_is_shown(begin: Begin) -> Begin:
    """Return it for targets that answer anybody: an answer that shows no fact was opened by no credential."""

    def begun(attributor: Attributor) -> Judge:
        judge = begin(attributor)

        def shown(step: Step) -> Iterator[Finding]:
            found = list(judge(step))
            return iter(found if any(map(attributor.content, shown_texts(step.observation))) else ())

        return shown

    return begun


class _Ends:
    """What the trace has shown so far of sessions: which have ended, and which were planted."""

    def __init__(self) -> None:
        self._signed_out: dict[tuple[int, int], Operation] = {}
        self._accounts: dict[int, Operation] = {}
        self._expired: Operation | None = None
        self._planted: dict[tuple[int, str], Operation] = {}
        self._adds: dict[int, Add] = {}

    def note(self, step: Step) -> None:
        operation = step.operation
        index = operation.principal.index
        if not isinstance(step.observation, Returned):
            return
        match operation:
            case SignOut():
                self._signed_out[index, _device(operation)] = operation
            case SignIn(carrying=str(how)) if how:
                self._planted[index, how] = operation
            case DeleteAll(how=str(how)) if how:
                self._accounts[index] = operation
            case Expire():
                self._expired = operation
            case Add():
                self._adds[index] = operation

    def of(self, operation: Operation, credential: Credential) -> tuple[Operation, ...] | None:
        """Return what ended or planted the session behind a credential; None where it may still be open.

        Nothing, where the credential was never valid.
        """
        whose = operation.principal.index if credential.of is None else credential.of
        if credential.form == CLOSED:
            found = self._signed_out.get((whose, credential.device)) or self._accounts.get(whose)
        elif credential.form == EXPIRED:
            found = self._expired
        elif credential.form in _PLANTED:
            found = self._planted.get((whose, credential.form))
        else:
            return ()
        return None if found is None else (found,)

    def planted(self, operation: Operation) -> tuple[Operation, ...]:
        """Return what its owner had stored, where it had."""
        add = self._adds.get(operation.owner)
        return () if add is None or add.principal.index == operation.principal.index else (add,)


class _Feeds:
    """How much each feed had told while its session was open."""

    def __init__(self) -> None:
        self._told: dict[tuple[int, int, str], int] = {}

    def news(self, step: Step) -> bool:
        """Tell whether an answer says anything that counts: a feed is still there when its session has ended.

        What it told before, it shows again to whoever looks; and it may be closed a moment after it was opened.
        """
        if not isinstance(step.observation, Returned) or not is_of_a_feed(step.operation):
            return True
        credential, records = step.operation.principal.credential, len(step.observation.records)
        whose = (step.operation.principal.index, _device(step.operation), str(getattr(step.operation, "how", "")))
        if credential is None or credential.opens:
            self._told[whose] = records
        ended = credential is not None and credential.form in (CLOSED, EXPIRED)
        return records > (self._told.get(whose, 0) if ended else 0)


def _device(operation: Operation) -> int:
    credential = operation.principal.credential
    return 0 if credential is None else credential.device
