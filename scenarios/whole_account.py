"""The page of one's own data, its export, and the assistant's answers."""

from memfence import Ability, Add, GetAll, Plan, Population, Search, scenario
from memfence.plans.strangers import WHOLE


@scenario(needs=(Add, (Ability.PAGE, Ability.EXPORT, Ability.ASK)), control="reroute")
def whole_account(population: Population) -> Plan:
    """The page and the export show all that is stored of their user and nothing else; answers hold nobody else's."""
    (many, _), *_ = population.pairs()
    for fact in population.facts_of(many.index, range(population.bulk)):
        yield Add(many, fact)
    last = population.fact(many.index, population.bulk - 1)
    for victim, attacker in population.pairs():
        fact = victim.facts[0]
        if victim.index != many.index:
            yield Add(victim, fact)
        for how in WHOLE:
            yield GetAll(victim, fact, how=how)
            yield GetAll(attacker, fact, how=how)
        # An answer quotes the best of what is known: among hundreds of sentences alike that may be another one.
        for asking in (attacker,) if victim.index == many.index else (victim, attacker):
            yield Search(asking, fact.bare, fact, how="ask")
    for how in WHOLE:
        yield GetAll(many, last, how=how)
