"""Somebody asks for nothing, for a letter, for a thousand words."""

from memfence import Add, GetAll, Plan, Population, Search, Tenant, scenario
from memfence.plans.questions import one_of_each, questions

# The number of a fact that this story does not store: not to see it is no loss.
NEVER_STORED = 20


@scenario(needs=(Add, Search), control="reroute", may_refuse=True)
def odd_questions(population: Population) -> Plan:
    """However odd a question is, it is answered from the asker's own records, or refused.

    The owner asks first, in the same words: a cache may keep what it is told. The first victim meets all questions, the
    others one of each class.
    """
    for victim in population:
        attacker = next(population.attackers(victim))
        yield Add(victim, victim.facts[0])
        yield Add(attacker, attacker.facts[-1])
        yield GetAll(victim, victim.facts[0])
        every = victim.index == population.first
        asked = questions(victim) if every else one_of_each(victim, victim.index - population.first)
        for kind, question in asked:
            yield from ask(victim, attacker, kind, question, population)


def ask(victim: Tenant, attacker: Tenant, kind: str, question: str, population: Population) -> Plan:
    """Let both ask in the same words."""
    yield Search(victim.trying(kind), question, population.fact(victim.index, NEVER_STORED))
    yield Search(attacker.trying(kind), question, victim.facts[0])
