"""An add goes wrong half-way."""

from memfence import Add, DeleteAll, GetAll, Plan, Population, ReadStorage, Search, scenario
from memfence.model.observations import Crashed

# A half of a pair of surrogates has no UTF-8: what takes it first may not be what writes it.
LONE = "\ud800"
UNWRITABLE: tuple[dict[str, object], ...] = (
    {"note": LONE},
    {"note": {1, 2}},
    {"note": b"\x00\xff"},
    # mem0 stores the record, then binds this as text to a column of its history.
    {"created_at": LONE},
)


@scenario(needs=(Add, (GetAll, Search)), control="echo", destructive=True, may_refuse=True)
def failed_write(population: Population) -> Plan:
    """After an add that raised, nothing of it can be read by anyone."""
    for victim in population:
        # Under its own name, but such that a refusal is a good answer.
        clumsy = victim.posing_as(victim.id)
        attacker = next(population.attackers(victim))
        unsendable, *unwritable = population.facts_of(victim.index, range(len(UNWRITABLE) + 1))
        yield Add(clumsy, unsendable, text=f"{unsendable.text} {LONE}")
        looked = yield GetAll(clumsy, unwritable[-1])
        if isinstance(looked.observation, Crashed):
            # What was kept of it breaks its owner's own listing, where nothing else can be seen then.
            yield DeleteAll(clumsy, owner=victim.index)
        for fact, metadata in zip(unwritable, UNWRITABLE, strict=True):
            yield Add(clumsy, fact, metadata=metadata)
        for fact in (unsendable, *unwritable):
            for observer in (victim.after_erasure(), attacker):
                yield Search(observer, fact.bare, fact)
                yield GetAll(observer, fact)
            yield ReadStorage(attacker, fact)
