"""The tutorial's two users."""

from memfence import Add, GetAll, Plan, Population, Search, scenario


@scenario(needs=(Add, (Search, GetAll)), control="reroute")
def alice_and_bob(population: Population) -> Plan:
    """Two users store a fact each, search for the other's subject and list all they have."""
    (alice, bob), *_ = population.pairs()
    yield Add(alice, alice.facts[0])
    yield Add(bob, bob.facts[0])
    for observer, other in ((alice, bob), (bob, alice)):
        yield Search(observer, observer.facts[0].text, observer.facts[0])
        yield Search(observer, other.facts[0].about, other.facts[0])
        yield GetAll(observer, observer.facts[0])
        yield GetAll(observer, other.facts[0])
