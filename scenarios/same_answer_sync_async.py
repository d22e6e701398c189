"""One service uses the library's synchronous client, the next its asynchronous one."""

from memfence import Ability, Add, DeleteAll, Get, GetAll, History, Plan, Population, Search, Tenant, scenario


@scenario(needs=(Add, (GetAll, Search), Ability.BOTH_CLIENTS), control="reroute", destructive=True, may_refuse=True)
def same_answer_sync_async(population: Population) -> Plan:
    """Through either client of one library a tenant sees its own records, and nobody else's."""
    for victim in population:
        attacker = next(population.attackers(victim))
        for writer, reader in ((victim, victim.through_async()), (victim.through_async(), victim)):
            yield from write_and_read(writer, reader, attacker)


def write_and_read(writer: Tenant, reader: Tenant, attacker: Tenant) -> Plan:
    """One client writes what the other reads, and then deletes."""
    fact = writer.facts[0]
    planted = yield Add(writer, fact)
    for observer in (writer, reader, attacker, attacker.through_async()):
        yield Search(observer, fact.bare, fact)
        yield GetAll(observer, fact)
        yield Get(observer, planted.record)
        yield History(observer, planted.record)
    yield DeleteAll(reader, owner=reader.index)
    for gone in (writer.after_erasure(), reader.after_erasure()):
        yield Search(gone, fact.bare, fact)
        yield GetAll(gone, fact)
        yield Get(gone, planted.record)
        yield History(gone, planted.record)
