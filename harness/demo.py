"""The tutorial's Alice and Bob on real mem0: by hand, with the user id dropped, and with ScopedMemory."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .attribution import Attributor, ExactAttributor
from .contract import Memory
from .mem0_client import Client
from .observations import Record
from .replies import read_reply
from .resolve import all_breakages
from .targets.mem0 import open_target
from .tenants import Fact, Tenant
from .wrappers.plain import PlainMemory
from .wrappers.scoped import ScopedMemory

QUERY = "food preferences"
SENTENCES = {"alice": "I am vegetarian. Please remember that.", "bob": "I prefer a window seat when I fly."}
TENANTS = {
    index: Tenant(index, f"u_{name}", name.capitalize(), (Fact(index, 0, sentence, QUERY, sentence),))
    for index, (name, sentence) in enumerate(SENTENCES.items())
}
_AGENT = {"agent_id": "assistant"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the demonstration: what was done, what came back, and whether it was as it should be.

    `leaked` is True where somebody was shown another's fact; None where nothing was to be seen.
    """

    text: str
    leaked: bool | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """A part of the demonstration: the same calls through one wrapper. `must_leak` is what the act is there to show."""

    title: str
    explanation: str
    must_leak: bool
    wrap: Callable[[Client], Callable[[str], Memory]]


def by_hand(client: Client) -> Callable[[str], Memory]:
    """Pass the user's id with each call, as the tutorial's first half does."""

    def make_memory(user_id: str) -> PlainMemory:
        both = {"user_id": user_id, **_AGENT}
        return PlainMemory(client, write=both, read=both, erase=both)

    return make_memory


def scoped(client: Client) -> Callable[[str], Memory]:
    """Bind the user once, in ScopedMemory."""
    return lambda user_id: ScopedMemory(user_id, client=client)


def acts() -> tuple[Act, ...]:
    """Return the three acts in order."""
    return (
        Act("1. The user id passed by hand", "Every call carries user_id and agent_id.", must_leak=False, wrap=by_hand),
        Act(
            "2. The user id dropped",
            "mem0 2.x refuses a call with no id at all; what is left in real code is the agent_id that all users "
            "share, so all users are in one bucket.",
            must_leak=True,
            wrap=all_breakages()["drop_user_id"].wrap,
        ),
        Act(
            "3. ScopedMemory",
            "The user id is bound when the object is made; there is no call left to forget it in.",
            must_leak=False,
            wrap=scoped,
        ),
    )


def play(act: Act) -> Iterator[Line]:
    """Perform one act in a fresh mem0 with a real embedder, at mem0's own threshold, and tell what came back."""
    target = open_target(act.wrap)
    attributor = ExactAttributor(TENANTS)
    try:
        target.start()
        memories = {index: target.make_memory(tenant.id) for index, tenant in TENANTS.items()}
        for index, tenant in TENANTS.items():
            memories[index].add(tenant.facts[0].text, infer=False)
            yield Line(f"{tenant.name} stores: {tenant.facts[0].text!r}")
        for index, tenant in TENANTS.items():
            found = read_reply(memories[index].search(QUERY), str).records
            yield _seen(attributor, tenant, f"{tenant.name} searches {QUERY!r} and sees", found)
        alice, bob = TENANTS.values()
        listed = read_reply(memories[alice.index].get_all(), str).records
        yield _seen(attributor, alice, "All of Alice's memories", listed)
        memories[alice.index].delete_all()
        yield Line("Alice's memories are deleted")
        left = read_reply(memories[alice.index].get_all(), str).records
        yield _seen(attributor, alice, "Alice has now", left)
        kept = read_reply(memories[bob.index].get_all(), str).records
        yield _seen(attributor, bob, "Bob has still", kept)
        if bob.facts[0].text not in [record.text for record in kept]:
            yield Line("Bob's own memory was deleted with Alice's", leaked=True)
    finally:
        target.close()


def _seen(attributor: Attributor, observer: Tenant, what: str, records: tuple[Record, ...]) -> Line:
    """Tell whose the records are, by their exact text."""
    foreign = [
        f"{record.text!r} is {attributor.tenant(sighting.owner).name}'s"
        for record in records
        for sighting in attributor.content(record.text)
        if sighting.owner != observer.index
    ]
    shown = ", ".join(repr(record.text) for record in records) or "nothing"
    text = f"{what}: {shown}"
    return Line(f"{text}  <- LEAK: {'; '.join(foreign)}" if foreign else text, leaked=bool(foreign))
