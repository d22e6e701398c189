"""Two users talk to one agent, in a run of the same name."""

from memfence import Ability, Add, Chat, GetAll, Plan, Population, Search, Tenant, scenario
from memfence.plans.hostile_ids import JOINTS, joined

SCOPES: tuple[dict[str, str], ...] = (
    {"run_id": "run-1"},
    {"agent_id": "assistant"},
    {"agent_id": "assistant", "run_id": "run-1"},
    {"app_id": "app"},
)


@scenario(
    needs=(Add, (Search, GetAll), (Ability.RUN_ID, Ability.AGENT_ID, Ability.APP_ID)),
    control="reroute",
    destructive=True,
    may_refuse=True,
)
def mixed_scopes(population: Population) -> Plan:
    """A run, an agent or an app that two users share does not join them, nor do ids that hold separators."""
    for victim in population:
        attacker = next(population.attackers(victim))
        for scope in SCOPES:
            yield from share(victim.in_scope(**scope), attacker.in_scope(**scope))
        signed_up = victim.in_scope(run_id="run-1")
        for run in separated(victim.id):
            yield from look(attacker.posing_as(attacker.id, "id: joint").in_scope(run_id=run), signed_up)
        for joint in JOINTS:
            yield from collide(victim, attacker, joint)


def share(victim: Tenant, attacker: Tenant) -> Plan:
    """Both store a fact in a scope of the same name, and one looks for the other's."""
    yield Add(victim, victim.facts[0])
    yield Chat(victim, victim.facts[0], seeks=victim.facts[0])
    yield Add(attacker, attacker.facts[0])
    yield GetAll(victim, victim.facts[0])
    yield from look(attacker, victim)
    yield Chat(attacker, attacker.facts[-1], seeks=victim.facts[0])


def look(attacker: Tenant, victim: Tenant) -> Plan:
    """The attacker looks for the victim's fact."""
    yield Search(attacker, victim.facts[0].bare, victim.facts[0])
    yield GetAll(attacker, victim.facts[0])


def collide(victim: Tenant, attacker: Tenant, joint: str) -> Plan:
    """The attacker signs up so that its ids, joined with its run's in either order, read as the victim's do."""
    own_run, strangers = joined(victim.id, joint)
    signed_up = victim.posing_as(victim.id).in_scope(run_id=own_run)
    yield Chat(signed_up, victim.facts[0], seeks=victim.facts[0])
    yield Add(signed_up, victim.facts[0])
    for user, run in strangers:
        stranger = attacker.posing_as(user, "id: joint").in_scope(run_id=run)
        yield from look(stranger, signed_up)
        yield Chat(stranger, attacker.facts[-1], seeks=victim.facts[0])


def separated(victim: str) -> tuple[str, ...]:
    """Return run ids that hold what joins the parts of a key."""
    return (
        f"run-1&user_id={victim}",
        f"{victim}&run_id=run-1",
        f"run-1|{victim}",
        f"run-1:{victim}",
        f"run-1/{victim}",
    )
