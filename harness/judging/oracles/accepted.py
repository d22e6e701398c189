"""A credential that must open nothing opened something."""

from collections.abc import Iterator

from ...model.credentials import CLOSED, EXPIRED, KEPT, MADE_UP, Credential
from ...model.findings import Finding, FindingClass, Severity
from ...model.observations import Returned, Step
from ...model.operations import OF_THE_STORE, Add, DeleteAll, Expire, Operation, SignIn, SignOut, is_of_a_feed
from ..attribution import Attributor
from ..oracles import Judge, oracle

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
    ends = _Ends()

    def judge(step: Step) -> Iterator[Finding]:
        operation = step.operation
        ends.note(step)
        credential = operation.principal.credential
        if credential is None or credential.opens or isinstance(operation, OF_THE_STORE):
            return
        cause = ends.of(operation, credential)
        if not isinstance(step.observation, Returned) or cause is False:
            return
        if is_of_a_feed(operation) and not step.observation.records:
            # A socket may be closed a moment after it was opened: what counts is what it tells.
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
            witness=(*ends.planted(operation), *(() if isinstance(cause, bool) else (cause,)), operation),
        )

    return judge


class _Ends:
    """What the trace has shown so far of sessions: which have ended, and which were planted."""

    def __init__(self) -> None:
        self._ended: dict[tuple[int, int, str], Operation] = {}
        self._planted: dict[tuple[int, str], Operation] = {}
        self._adds: dict[int, Add] = {}

    def note(self, step: Step) -> None:
        operation = step.operation
        index = operation.principal.index
        if not isinstance(step.observation, Returned):
            return
        match operation:
            case SignOut():
                self._ended[index, _device(operation), CLOSED] = operation
            case SignIn(carrying=str(how)) if how:
                self._planted[index, how] = operation
            case DeleteAll(how=str(how)) if how:
                self._ended[index, -1, CLOSED] = operation
            case Expire():
                self._ended[-1, -1, EXPIRED] = operation
            case Add():
                self._adds[index] = operation

    def of(self, operation: Operation, credential: Credential) -> Operation | bool:
        """Return what ended or planted the session behind a credential; whether it opens nothing without that."""
        whose = operation.principal.index if credential.of is None else credential.of
        if credential.form == CLOSED:
            found = self._ended.get((whose, credential.device, CLOSED)) or self._ended.get((whose, -1, CLOSED))
            return found or False
        if credential.form == EXPIRED:
            return self._ended.get((-1, -1, EXPIRED)) or False
        if credential.form in _PLANTED:
            return self._planted.get((whose, credential.form)) or False
        return True

    def planted(self, operation: Operation) -> tuple[Operation, ...]:
        """Return what its owner had stored, where it had."""
        add = self._adds.get(operation.owner)
        return () if add is None or add.principal.index == operation.principal.index else (add,)


def _device(operation: Operation) -> int:
    credential = operation.principal.credential
    return 0 if credential is None else credential.device
