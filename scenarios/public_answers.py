"""What each answer says of itself to caches and browsers."""

from memfence import Ability, Add, Get, GetAll, Plan, Population, Search, scenario
from memfence.model.credentials import OTHER_ORIGIN
from memfence.plans.strangers import WHOLE


@scenario(
    needs=(Ability.SIGN_IN, Ability.AROUND, Add, (Search, GetAll, Ability.PAGE, Ability.EXPORT)),
    control="publish",
    may_refuse=True,
)
def public_answers(population: Population) -> Plan:
    """No answer that shows a user's own may be kept for others, or be read by a page of another origin."""
    for victim, attacker in population.pairs():
        fact = victim.facts[0]
        planted = yield Add(victim, fact)
        # Whoever asks last asks for the same addresses: what was kept on the way is given to that one.
        for by in (victim, victim.bearing(spelling=OTHER_ORIGIN), attacker):
            for how in ("", *WHOLE):
                yield GetAll(by, fact, how=how)
            yield Search(by, fact.bare, fact)
            yield Get(by, planted.record)
