"""Two users have the same browser, which asks whether what it has kept still holds."""

from memfence import Ability, Add, GetAll, Plan, Population, Search, scenario
from memfence.model.credentials import KNOWN_TAG
from memfence.plans.strangers import WHOLE


@scenario(
    needs=(Ability.SIGN_IN, Ability.AROUND, Ability.SPELLING, Add, (GetAll, Search, Ability.PAGE, Ability.EXPORT)),
    control="reroute",
    may_refuse=True,
)
def kept_tags(population: Population) -> Plan:
    """Nobody is told that another's answer still holds for oneself: the tag of an answer is its user's own."""
    for victim, attacker in population.pairs():
        fact, following = victim.facts[0], attacker.bearing(spelling=KNOWN_TAG)
        yield Add(victim, fact)
        yield Add(attacker, attacker.facts[0])
        for how in ("", *WHOLE):
            yield GetAll(victim, fact, how=how)
            yield GetAll(following, fact, how=how)
        for asking in (victim, following):
            yield Search(asking, fact.bare, fact)
