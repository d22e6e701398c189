"""A page of another origin may read a user's own answer."""

from collections.abc import Iterator

from ...model.around import Around
from ...model.findings import Finding, FindingClass, Severity
from ...model.observations import Step
from ...model.operations import Add
from ..attribution import Attributor
from ..oracles import Judge, oracle
from ..own_answers import own_facts

# Any page can be of this origin, by a sandboxed frame.
_NO_ORIGIN = "null"
# What browsers send along by themselves, beside cookies.
_AMBIENT = frozenset({"basic", "digest", "negotiate"})


@oracle(
    advice=(
        "Any page that a signed-in user opens may read that user's data from the application.",
        "Look at what fills Access-Control-Allow-Origin: the request's own Origin, or a pattern that fits too much.",
        "A right version compares the Origin with a list of whole origins, and answers others without these fields.",
    ),
)
def cross_origin(attributor: Attributor) -> Judge:
    """A page of an origin that nobody has named was allowed to read a user's own answer, with the user's credential.

    By the Fetch standard (CORS check) a browser shows a page the answer where `Access-Control-Allow-Origin` names the
    page's origin and `Access-Control-Allow-Credentials` is `true`. Where the browser does not send the credential along
    (a cookie that is SameSite=Lax or Strict, a bearer token) that is of class exposure, which leaves the verdict alone:
    pages of the same site, and whoever has the token, may still read it. Cannot see: answers to preflight requests.
    """
    latest: dict[int, Add] = {}

    def judge(step: Step) -> Iterator[Finding]:
        operation = step.operation
        if isinstance(operation, Add):
            latest[operation.principal.index] = operation
        around = step.around[-1] if step.around else None
        if around is None or not around.origin or not _allowed(around) or not own_facts(attributor, step):
            return
        sent = around.cross_site or around.scheme in _AMBIENT
        add = latest.get(operation.principal.index)
        yield Finding(
            oracle="cross_origin",
            klass=FindingClass.LEAK if sent else FindingClass.EXPOSURE,
            severity=Severity.HIGH if sent else Severity.LOW,
            observer=operation.principal,
            owner=operation.principal,
            step=step,
            evidence=(
                f"{around.method} {around.target} was asked by a page of {around.origin}, which nobody has named",
                f"it answered with access-control-allow-origin: {around.field('access-control-allow-origin')}",
                "and with access-control-allow-credentials: true",
                "browsers send the credential along"
                if sent
                else "browsers do not send the credential along by themselves",
            ),
            witness=(operation,) if add is None else (add, operation),
        )

    return judge


def _allowed(around: Around) -> bool:
    origin = around.field("access-control-allow-origin")
    # `*` is for requests without credentials alone.
    return origin in (around.origin, _NO_ORIGIN) and around.field("access-control-allow-credentials") == "true"
