"""A credential that must open nothing opened something."""

from collections.abc import Iterator
from dataclasses import dataclass

from ...model.credentials import CLOSED, EXPIRED, KEPT, MADE_UP, Credential
from ...model.findings import Finding, FindingClass, Severity
from ...model.observations import Returned, Step, shown_texts
from ...model.operations import (
    OF_THE_STORE,
    Add,
    Chat,
    DeleteAll,
    Expire,
    Operation,
    SignIn,
    SignOut,
    Update,
    is_of_a_feed,
    sent_text,
)
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
    ends = _Ends(attributor)

    def judge(step: Step) -> Iterator[Finding]:
        operation = step.operation
        ends.note(step)
        credential = operation.principal.credential
        if credential is None or credential.opens or isinstance(operation, OF_THE_STORE):
            return
        cause = ends.of(operation, credential)
        if cause is None or not isinstance(step.observation, Returned) or not ends.counts(step, cause):
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
            witness=(*ends.planted(operation), *cause.operations, operation),
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


@dataclass(frozen=True, slots=True)
class _Cause:
    """What ended or planted the session behind a credential, nothing where it was never valid; `at` is its step."""

    operations: tuple[Operation, ...] = ()
    at: int = 0


class _Ends:
    """What the trace has shown so far of sessions: which have ended, which were planted, and what was stored when."""

    def __init__(self, attributor: Attributor) -> None:
        self._content = attributor.content
        self._signed_out: dict[tuple[int, int], _Cause] = {}
        self._accounts: dict[int, _Cause] = {}
        self._expired: _Cause | None = None
        self._planted: dict[tuple[int, str], _Cause] = {}
        self._adds: dict[int, Add] = {}
        # The step that first stored each fact, or may have.
        self._stored: dict[tuple[int, int | None], int] = {}

    def note(self, step: Step) -> None:
        operation = step.operation
        index = operation.principal.index
        if isinstance(operation, Add | Chat | Update):
            for fact in self._facts(sent_text(operation)):
                self._stored.setdefault(fact, step.index)
        if not isinstance(step.observation, Returned):
            return
        cause = _Cause((operation,), step.index)
        match operation:
            case SignOut():
                self._signed_out[index, _device(operation)] = cause
            case SignIn(carrying=str(how)) if how:
                self._planted[index, how] = cause
            case DeleteAll(how=str(how)) if how:
                self._accounts[index] = cause
            case Expire():
                self._expired = cause
            case Add():
                self._adds[index] = operation

    def of(self, operation: Operation, credential: Credential) -> _Cause | None:
        """Return what ended or planted the session behind a credential; None where it may still be open."""
        whose = operation.principal.index if credential.of is None else credential.of
        if credential.form == CLOSED:
            return self._signed_out.get((whose, credential.device)) or self._accounts.get(whose)
        if credential.form == EXPIRED:
            return self._expired
        return self._planted.get((whose, credential.form)) if credential.form in _PLANTED else _Cause()

    def counts(self, step: Step, cause: _Cause) -> bool:
        """Tell whether an answer opened anything: a feed is still there when its session has ended.

        It then shows again what it had told, and what it had sent may come a moment late: a greeting, a sign of life,
        what was stored before. Whether it goes on is told by a fact that was stored after the end.
        """
        if not isinstance(step.observation, Returned) or not is_of_a_feed(step.operation):
            return True
        facts = {fact for text in shown_texts(step.observation) for fact in self._facts(text)}
        credential = step.operation.principal.credential
        if credential is not None and credential.form in (CLOSED, EXPIRED):
            return any(self._stored.get(fact, step.index) > cause.at for fact in facts)
        return bool(step.observation.records or facts)

    def planted(self, operation: Operation) -> tuple[Operation, ...]:
        """Return what its owner had stored, where it had."""
        add = self._adds.get(operation.owner)
        return () if add is None or add.principal.index == operation.principal.index else (add,)

    def _facts(self, text: str) -> Iterator[tuple[int, int | None]]:
        return ((sighting.owner, sighting.fact) for sighting in self._content(text))


def _device(operation: Operation) -> int:
    credential = operation.principal.credential
    return 0 if credential is None else credential.device
