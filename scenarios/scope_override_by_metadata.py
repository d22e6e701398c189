"""A record's metadata name somebody else as its owner."""

from memfence import Ability, Add, GetAll, Plan, Population, Search, Update, scenario
from memfence.plans.overrides import claims


@scenario(needs=(Add, (GetAll, Search), Ability.METADATA), control="reroute", destructive=True, may_refuse=True)
def scope_override_by_metadata(population: Population) -> Plan:
    """What a tenant writes into a record's metadata moves the record into nobody else's memory."""
    for victim in population:
        attacker = next(population.attackers(victim))
        facts = iter(list(population.facts_of(attacker.index, range(100, 120))))
        yield Add(victim, victim.facts[0])
        for metadata in claims(victim.id):
            yield Add(attacker, next(facts), metadata=metadata, into=victim.index)
            yield GetAll(victim, victim.facts[0])
            own = next(facts)
            planted = yield Add(attacker, own)
            yield Update(attacker, planted.record, own.text, metadata, into=victim.index)
            yield GetAll(victim, victim.facts[0])
