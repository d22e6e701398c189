"""What happens at once where two meet: chance would seldom make the few moves that show what they were cast for."""

from collections.abc import Iterator
from dataclasses import replace

from ...model.counterexamples import Move
from ...model.operations import Chat, Delete, Get, GetAll, Search, Update
from ...model.tenants import Fact, Tenant
from ...plans import joined_texts
from ...plans.by_record_id import CHANGED
from ...plans.record_ids import SPELT
from .ledger import Planted

QUERIES = ("{bare}", "{text}", "{about}", "{id}", "What does {id} like?", "user_id: {id}")


def look_at(
    victim: Planted, attacker: Planted, own: tuple[Fact, Fact], *, spelling: int, chats: bool
) -> Iterator[Move]:
    """Yield what an attacker tries that has come under an id for this victim: it looks, and acts by its record id.

    One look is at the record under its id spelt otherwise. Where their ids join with a question, both ask such.
    Where they have further ids, and `chats`, each says something, too: `own` are their next facts.
    """
    if attacker.by.kind == joined_texts.KIND:
        facts = victim.fact, attacker.fact
        yield from joined_texts.ask_joined(victim.by, attacker.by, facts, attacker.record, own[0])
    kind, spelt = SPELT[spelling % len(SPELT)]
    yield Search(attacker.by, victim.fact.bare, victim.fact)
    yield Get(attacker.by.trying(kind), replace(victim.record, spelt=spelt))
    yield GetAll(attacker.by, victim.fact)
    yield Get(attacker.by, victim.record)
    yield GetAll(victim.by, victim.fact)
    yield Update(attacker.by, victim.record, CHANGED)
    yield Delete(attacker.by, victim.record)
    yield GetAll(victim.by, victim.fact)
    if chats and attacker.by.within:
        yield Chat(victim.by, own[0], seeks=own[0])
        yield Chat(attacker.by, own[1], seeks=own[0])


def question(by: Tenant, of: Planted, query: str) -> str:
    """Return what is searched for: one's own fact by its very words, which no other is nearer to."""
    fact = of.fact
    words = {"bare": fact.bare, "text": fact.text, "about": fact.about, "id": str(of.by.id)}
    return fact.text if of.by.index == by.index else query.format(**words)


def watched(of: Planted, move: Update | Delete) -> Iterator[Move]:
    """Yield the move; where it writes to another's record, that one looks for it before and after."""
    if move.principal.index == of.by.index:
        yield move
        return
    yield GetAll(of.by, of.fact)
    yield move
    yield GetAll(of.by, of.fact)
