"""What an audit and an exploration are told in the same words: policies, and what stands before mem0's client."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..base.errors import HarnessError, UnknownNameError
from ..judging.oracles import Oracle
from ..judging.oracles.accepted import of_what_is_shown
from ..plans.id_forms import FORMS

ALLOW, DENY = "allow", "deny"
_POLICIES = ("wildcard_ids", "aliases", "anonymous")


def check(said: Any) -> None:  # noqa: ANN401 - settings of either kind
    """Raise UnknownNameError for no policy or form of ids, HarnessError for a breakage beside a wrapper."""
    for name in _POLICIES:
        if getattr(said, name, DENY) not in (ALLOW, DENY):
            raise UnknownNameError(getattr(said, name), kind=name.replace("_", "-"), choices=(ALLOW, DENY))
    if said.id_form not in (None, *FORMS):
        raise UnknownNameError(said.id_form, kind="id form", choices=FORMS)
    if said.breakage is not None and said.wrapper != "scoped":
        msg = f"a breakage takes the wrapper's place: give --breakage {said.breakage} or --wrapper {said.wrapper}"
        raise HarnessError(msg)


def allowed(said: Any) -> tuple[str, ...]:  # noqa: ANN401 - as above
    """Return the policies that allow what some attacks try, as the options' names."""
    return tuple(name.replace("_", "-") for name in _POLICIES if getattr(said, name, DENY) == ALLOW)


def judged(oracles: Mapping[str, Oracle], said: Any) -> Mapping[str, Oracle]:  # noqa: ANN401 - as above
    """Return the oracles as these policies leave them: who may be answered without a credential is not told on."""
    if "anonymous" not in allowed(said) or "accepted" not in oracles:
        return oracles
    accepted = oracles["accepted"]
    return {**oracles, "accepted": replace(accepted, begin=of_what_is_shown(accepted.begin))}
