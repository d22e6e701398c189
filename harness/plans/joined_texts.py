"""A user's id and a text that the caller gives, a question or a record's id, which joined are those of another user."""

from collections.abc import Iterator
from dataclasses import replace

from ..model.operations import Get, History, RecordRef, Search
from ..model.tenants import Fact, Tenant
from .hostile_keys import JOINTS
from .identities import Couple

KIND = "text: joint"
_SHOWN = " ".join(filter(str.strip, JOINTS))
CLASSES: dict[str, str] = {
    KIND: f"a user's id and a question or a record's id that are another's where `{_SHOWN}` or nothing joins them"
}
# What one of the two has in its id, and the other in its question.
_PART = "x"


def couples(victim: Tenant, attacker: Tenant) -> list[Couple]:
    """Return the two where the attacker's id is the victim's and a part, for each joint before and behind."""
    return [
        (victim, attacker.posing_as(one, KIND))
        for joint in JOINTS
        for one in (f"{victim.id}{joint}{_PART}", f"{_PART}{joint}{victim.id}")
    ]


def as_the_longer(shorter: Tenant, longer: Tenant, text: str) -> str:
    """Return the text that, joined to the shorter id, is this text joined to the longer one."""
    mine, others = str(shorter.id), str(longer.id)
    if others.startswith(mine):
        # `a` with `x:q` is `a:x` with `q`.
        return f"{_PART}{others.removeprefix(mine).removesuffix(_PART)}{text}"
    return f"{text}{others.removesuffix(mine).removeprefix(_PART)}{_PART}"


def ask_joined(
    shorter: Tenant, longer: Tenant, facts: tuple[Fact, Fact], record: RecordRef | None, unsaid: Fact
) -> Iterator[Search | Get | History]:
    """Yield calls of both whose ids and texts are one when joined: the owner first, for a cache to keep its answer.

    `facts` are those of the shorter id and of the longer one, `record` is the longer one's, where it has stored any.
    `unsaid` is a fact that nobody has stored: not to find it is no loss.
    """
    mine, others = facts
    asks = shorter.trying(KIND)
    yield Search(asks, as_the_longer(shorter, longer, mine.bare), unsaid)
    yield Search(longer, mine.bare, mine)
    yield Search(longer, others.bare, others)
    yield Search(asks, as_the_longer(shorter, longer, others.bare), others)
    if record is not None:
        for look in (Get, History):
            yield look(longer, record)
            yield look(asks, replace(record, spelt=as_the_longer(shorter, longer, "{id}")))
