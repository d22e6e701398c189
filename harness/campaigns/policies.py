"""What an audit and an exploration are told in the same words: policies, and what stands before mem0's client."""

from typing import Any

from ..base.errors import HarnessError, UnknownNameError

ALLOW, DENY = "allow", "deny"
_POLICIES = ("wildcard_ids", "aliases")


def check(said: Any) -> None:  # noqa: ANN401 - settings of either kind
    """Raise UnknownNameError for what is no policy, HarnessError where both a breakage and a wrapper are named."""
    for name in _POLICIES:
        if getattr(said, name) not in (ALLOW, DENY):
            raise UnknownNameError(getattr(said, name), kind=name.replace("_", "-"), choices=(ALLOW, DENY))
    if said.breakage is not None and said.wrapper != "scoped":
        msg = f"a breakage takes the wrapper's place: give --breakage {said.breakage} or --wrapper {said.wrapper}"
        raise HarnessError(msg)


def allowed(said: Any) -> tuple[str, ...]:  # noqa: ANN401 - as above
    """Return the policies that allow what some attacks try, as the options' names."""
    return tuple(name.replace("_", "-") for name in _POLICIES if getattr(said, name) == ALLOW)
