"""Somebody closes its account."""

from memfence import Ability, Add, DeleteAll, GetAll, Plan, Population, ReadStorage, SignIn, scenario
from memfence.plans.strangers import look


@scenario(
    needs=(Ability.SIGN_IN, Ability.CLOSE_ACCOUNT, Add, GetAll), control="reroute", destructive=True, may_refuse=True
)
def closed_accounts(population: Population) -> Plan:
    """With an account all its sessions end; whoever signs up under the name again is served nothing of before."""
    for victim in population:
        fact, other = victim.facts[0], next(population.attackers(victim))
        planted = yield Add(victim, fact)
        kept = yield Add(other, other.facts[0])
        second = victim.bearing(device=1)
        yield GetAll(victim, fact)
        yield GetAll(other, other.facts[0])
        # Where a user may have one session alone, it is this one.
        yield SignIn(second)
        yield DeleteAll(second, owner=other.index, how="close_account")
        for device in (0, 1):
            yield from look(victim.bearing("closed", device=device), victim, planted.record)
        again = victim.after_erasure()
        yield SignIn(again)
        yield from look(again, victim, planted.record)
        yield ReadStorage(again, fact)
        yield from look(again, other, kept.record)
        yield GetAll(other, other.facts[0])
