"""Somebody copies, moves or links another's value to a key of its own, or its own over another's."""

from dataclasses import replace
from itertools import cycle

from memfence import Ability, Add, Copy, Get, Plan, Population, RecordRef, scenario
from memfence.model.keys import key_of

# As it is, and by paths that most would try.
SPELT = (
    "{id}",
    "../{owner}/{id}",
    "../../{owner}/{id}",
    "/{owner}/{id}",
    "x/../../{owner}/{id}",
    "{climb}",
    "{file}",
    "..%2f{owner}%2f{id}",
)


@scenario(
    needs=(Ability.KEYS, Add, Get, (Ability.COPY, Ability.MOVE, Ability.LINK)),
    control="reroute",
    destructive=True,
    may_refuse=True,
)
def copied_keys(population: Population) -> Plan:
    """Nothing of another tenant's is copied, moved or linked to one's own keys, and nothing of one's own over it."""
    pairs = cycle(population.pairs())
    for number, (by, spelt) in enumerate((by, spelt) for by in ("copy", "move", "link") for spelt in SPELT):
        victim, attacker = next(pairs)
        fact, own_fact = population.fact(victim.index, number), population.fact(attacker.index, number)
        planted = yield Add(victim, fact)
        yield Get(victim, planted.record, fact)
        own = yield Add(attacker, own_fact)
        theirs = replace(planted.record, spelt=spelt)
        taken = RecordRef(0, victim.index, key=key_of(population.keys, f"taken-{number}-{attacker.index}"))
        trying = attacker.trying("key: path")
        yield Copy(trying, theirs, taken, by)
        yield Get(trying, taken)
        yield Copy(trying, own.record, theirs, by)
        yield Get(victim, planted.record, fact)
