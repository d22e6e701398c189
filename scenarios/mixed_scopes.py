"""Two users talk to one agent, in a run of the same name."""

from memfence import Ability, Add, Chat, GetAll, Plan, Population, Search, Tenant, scenario

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
            yield from look(attacker.posing_as(attacker.id).in_scope(run_id=run), signed_up)


def share(victim: Tenant, attacker: Tenant) -> Plan:
    """Both store a fact in a scope of the same name; each looks for both."""
    yield Add(victim, victim.facts[0])
    yield Add(attacker, attacker.facts[0])
    yield GetAll(victim, victim.facts[0])
    yield from look(attacker, victim)
    yield Chat(attacker, attacker.facts[-1], seeks=victim.facts[0])


def look(attacker: Tenant, victim: Tenant) -> Plan:
    """The attacker looks for the victim's fact."""
    yield Search(attacker, victim.facts[0].about, victim.facts[0])
    yield GetAll(attacker, victim.facts[0])


def separated(victim: str) -> tuple[str, ...]:
    """Return run ids that hold what joins the parts of a key."""
    return (
        f"run-1&user_id={victim}",
        f"{victim}&run_id=run-1",
        f"run-1|{victim}",
        f"run-1:{victim}",
        f"run-1/{victim}",
    )
