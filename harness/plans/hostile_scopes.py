"""Ids that are an attack, beside an agent or a run that is shared: what is refused bare may be let in there."""

from ..model.tenants import Tenant
from .hostile_ids import expressions, no_ids, padded, patterns
from .identities import Couple

_NOBODY = "scope: no user id beside a shared one"
_HOSTILE = "scope: a hostile user id beside a shared one"
_OPEN = "scope: a hostile agent or run"
CLASSES = {
    _NOBODY: "no user id, or a blank one, with the agent or in the run that another user has",
    _HOSTILE: "a pattern, a blank or an expression as the user id, with the agent or in the run that another user has",
    _OPEN: "a pattern, a blank or an expression as the agent or the run, under one's own user id",
}
_SCOPES: tuple[dict[str, str], ...] = ({"agent_id": "assistant"}, {"run_id": "run-1"})


def beside_a_shared_one(victim: Tenant, attacker: Tenant) -> tuple[Couple, ...]:
    """Return couples of which both have one agent or one run, and the second comes under an id that is an attack."""
    nobody = [(hostile, scope) for hostile in (*no_ids(victim.id), " ") for scope in _SCOPES]
    ids = (*patterns(victim.id), *padded(victim.id)[:2], victim.id.upper(), *expressions(victim.id)[:4])
    hostile = [(own, _SCOPES[position % len(_SCOPES)]) for position, own in enumerate(ids)]
    return tuple(
        (victim.in_scope(**scope), attacker.posing_as(own, kind).in_scope(**scope))
        for kind, found in ((_NOBODY, nobody), (_HOSTILE, hostile))
        for own, scope in found
    )


def hostile_parts(victim: Tenant, attacker: Tenant) -> tuple[Couple, ...]:
    """Return couples of which the second comes under its own user id, with an agent or in a run that is an attack."""
    own = attacker.posing_as(attacker.id, _OPEN)
    parts = ("*", "%", "", " ", *expressions(victim.id)[3:5])
    return tuple(
        (victim.in_scope(**scope), own.in_scope(**dict.fromkeys(scope, part))) for scope in _SCOPES for part in parts
    )
