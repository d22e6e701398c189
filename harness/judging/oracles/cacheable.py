"""A user's own answer may be given to others by a shared cache."""

from collections.abc import Iterator

from ...model.around import Around
from ...model.findings import Finding, FindingClass, Severity
from ...model.observations import Step
from ...model.operations import Add, Operation
from ..attribution import Attributor
from ..caching import Shared, shared, shown
from ..oracles import Judge, oracle
from ..own_answers import own_facts

_COOKIE = "set-cookie"


@oracle(
    advice=(
        "A shared cache may keep an answer that is one user's, and give it to the next who asks for that address.",
        "Look at the Cache-Control and Vary that the route, the framework and the proxy put on answers for users.",
        "A right version says `Cache-Control: no-store`, or `private`, on what is a user's, and on each new cookie.",
    ),
)
def cacheable(attributor: Attributor) -> Judge:
    """An answer showed a user its own facts, or set its session's cookie, and a shared cache may give it to others.

    Judged by RFC 9111 from the answer's fields: it may be kept (section 3; with Authorization, 3.5), and be given to
    others without asking (4.2), for nothing that tells users apart stands in its address or in `Vary` (4.1). A kept
    `Set-Cookie` is given to them, too (7.3). Where the answer says nothing, caches may guess (4.2.2): that is of class
    exposure, which leaves the verdict alone. Cannot see: what proxies add or take away behind the application, and
    answers to anything but GET.
    """
    latest: dict[int, Add] = {}

    def judge(step: Step) -> Iterator[Finding]:
        operation = step.operation
        if isinstance(operation, Add):
            latest[operation.principal.index] = operation
        read = step.around[-1:]
        facts = own_facts(attributor, step) if read else frozenset()
        for around in step.around:
            found = None if around.kept else shared(around)
            if found is None:
                continue
            if facts and around is read[0]:
                what = f"it shows {operation.principal.handle}'s own fact {min(facts)}"
                yield _finding(step, around, found, what, _witness(latest, operation))
            if found.said and around.own and _COOKIE not in found.without:
                what = f"it sets {operation.principal.handle}'s own cookie: {', '.join(sorted(around.own))}"
                yield _finding(step, around, found, what, (operation,))

    return judge


def _finding(step: Step, around: Around, found: Shared, what: str, witness: tuple[Operation, ...]) -> Finding:
    principal = step.operation.principal
    fields = "; ".join(shown(around))
    apart = " or ".join(sorted(around.by))
    return Finding(
        oracle="cacheable",
        klass=FindingClass.LEAK if found.said else FindingClass.EXPOSURE,
        severity=Severity.MEDIUM if found.said else Severity.LOW,
        observer=principal,
        owner=principal,
        step=step,
        evidence=(
            f"{around.method} {around.target} answered {around.status} with {fields}",
            what,
            f"a shared cache may give it to whoever asks for this address: {found.why}, and does not vary by {apart}",
        ),
        witness=witness,
    )


def _witness(latest: dict[int, Add], operation: Operation) -> tuple[Operation, ...]:
    add = latest.get(operation.principal.index)
    return (operation,) if add is None or add is operation else (add, operation)
