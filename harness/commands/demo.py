"""The tutorial's Alice and Bob on real mem0: by hand, with the user id dropped, and two wrappers under attack."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from textwrap import fill

from ..base.refusals import RecordNotFoundError, ScopeError
from ..base.versions import versions
from ..judging.attribution import ExactAttributor
from ..model.tenants import Fact, Tenant
from ..performing.contract import Memory
from ..performing.replies import read_reply, record_ids
from ..real_mem0.client import Client
from ..scoped.wrappers import scoped, tutorial
from ..scoped.wrappers.plain import PlainMemory
from ..targets.mem0_target import Mem0Target

QUERY = "food preferences"
SENTENCES = {"alice": "I am vegetarian. Please remember that.", "bob": "I prefer a window seat when I fly."}
TENANTS = {
    index: Tenant(index, f"u_{name}", name.capitalize(), (Fact(index, 0, sentence, QUERY, sentence),))
    for index, (name, sentence) in enumerate(SENTENCES.items())
}
FORGED = "I eat meat every day."
_ALICE, _BOB = TENANTS.values()
_STRANGER = Tenant(len(TENANTS), "*", "The user '*'", ())
_ATTRIBUTOR = ExactAttributor(TENANTS)
_AGENT = {"agent_id": "assistant"}

REFUSALS = (ScopeError, RecordNotFoundError)

MakeMemory = Callable[[str], Memory]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the demonstration: what was done, what came back, and whether it was as it should be.

    `leaked` is True where somebody was shown another's fact, or lost its own by another's hand; None where nothing
    was to be seen. `mark` says whose that was: `LEAK: Alice's`.
    """

    what: str
    answer: str = ""
    mark: str = ""
    leaked: bool | None = None

    @property
    def text(self) -> str:
        """The whole line."""
        answered = f"{self.what}: {self.answer}" if self.answer else self.what
        return f"{answered}  <- {self.mark}" if self.mark else answered

    def shown(self, width: int) -> str:
        """Return it as it stands on a screen, the lines that follow further in."""
        return fill(self.text, width, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)


@dataclass(frozen=True, slots=True)
class Act:
    """A part of the demonstration: a story told through one wrapper. `must_leak` is what the act is there to show."""

    title: str
    explanation: str
    must_leak: bool
    wrap: Callable[[Client], MakeMemory]
    story: Callable[[MakeMemory], Iterator[Line]]


def by_hand(client: Client) -> MakeMemory:
    """Pass the user's id with each call, as the tutorial's first half does."""

    def make_memory(user_id: str) -> PlainMemory:
        both = {"user_id": user_id, **_AGENT}
        return PlainMemory(client, write=both, read=both, erase=both)

    return make_memory


def dropped(client: Client) -> MakeMemory:
    """Forget the user's id in each call; the agent's, which all share, is left."""

    def make_memory(user_id: str) -> PlainMemory:
        del user_id
        return PlainMemory(client, write=_AGENT, read=_AGENT, erase=_AGENT)

    return make_memory


def acts() -> tuple[Act, ...]:
    """Return the acts in order."""
    return (
        Act(
            "1. The user id passed by hand",
            "Every call carries user_id and agent_id.",
            must_leak=False,
            wrap=by_hand,
            story=everyday,
        ),
        Act(
            "2. The user id dropped",
            "mem0 2.x refuses a call with no id at all; what is left in real code is the agent_id that all users "
            "share, so all users are in one bucket.",
            must_leak=True,
            wrap=dropped,
            story=everyday,
        ),
        Act(
            "3. The user id dropped, under attack",
            "The same code as in the second act: what is attacked for lies open, for all are in one bucket.",
            must_leak=True,
            wrap=dropped,
            story=attacked,
        ),
        Act(
            "4. The tutorial's ScopedMemory, under attack",
            "It adds the user id to each call, checks nothing, and passes on what it is given.",
            must_leak=True,
            wrap=tutorial.wrap,
            story=attacked,
        ),
        Act(
            "5. ScopedMemory, under the same attacks",
            "The user id is checked and bound when the object is made; no call widens it.",
            must_leak=False,
            wrap=scoped.wrap,
            story=attacked,
        ),
    )


def play(act: Act) -> Iterator[Line]:
    """Perform one act in a fresh mem0 with a real embedder, at mem0's own threshold, and tell what came back."""
    target = Mem0Target(act.wrap)
    try:
        target.start()
        yield from act.story(target.make_memory)
    finally:
        target.close()


def as_plain(told: Iterable[Iterable[Line]], *, as_told: bool) -> dict[str, object]:
    """Return the acts with the lines that each of them told, as plain values, for a report.

    `as_told` says whether each showed what it is there to show.
    """
    return {
        "as_told": as_told,
        "versions": dict(versions()),
        "acts": [
            {
                "title": act.title,
                "explanation": act.explanation,
                "story": act.story.__name__,
                "must_leak": act.must_leak,
                "lines": [asdict(line) for line in lines],
            }
            for act, lines in zip(acts(), told, strict=True)
        ],
    }


def everyday(make_memory: MakeMemory) -> Iterator[Line]:
    """Store, search, list and delete, as everybody does."""
    alice, bob = (make_memory(tenant.id) for tenant in TENANTS.values())
    for tenant, memory in ((_ALICE, alice), (_BOB, bob)):
        memory.add(tenant.facts[0].text, infer=False)
        yield Line(f"{tenant.name} stores", repr(tenant.facts[0].text))
    for tenant, memory in ((_ALICE, alice), (_BOB, bob)):
        yield _seen(tenant, f"{tenant.name} searches {QUERY!r} and sees", _texts(memory.search(QUERY)))
    yield _seen(_ALICE, "All of Alice's memories", _texts(alice.get_all()))
    alice.delete_all()
    yield Line("Alice's memories are deleted")
    yield _seen(_ALICE, "Alice has now", _texts(alice.get_all()))
    kept = _texts(bob.get_all())
    seen = _seen(_BOB, "Bob has still", kept)
    if _BOB.facts[0].text in kept:
        yield seen
    else:
        yield replace(seen, leaked=None)
        yield Line("Bob's own memory was deleted with Alice's", leaked=True)


def attacked(make_memory: MakeMemory) -> Iterator[Line]:
    """Store, then try every door that mem0 leaves open."""
    alice, bob = (make_memory(tenant.id) for tenant in TENANTS.values())
    (record_id,) = record_ids(alice.add(_ALICE.facts[0].text, infer=False))
    bob.add(_BOB.facts[0].text, infer=False)
    yield _seen(_ALICE, f"Alice searches {QUERY!r} and sees", _texts(alice.search(QUERY)))
    yield _read(_STRANGER, "A user called '*' lists its memories", lambda: make_memory("*").get_all())
    filters = {"AND": [{"user_id": _ALICE.id}]}
    yield _read(_BOB, f"Bob searches with filters={filters}", lambda: bob.search(QUERY, filters=filters))
    yield _read(_BOB, "Bob reads Alice's record by an id from a log", lambda: bob.get(record_id))
    yield _harm(_ALICE, alice, f"Bob changes it to {FORGED!r}", lambda: bob.update(record_id, FORGED))
    alice.delete_all()
    yield _read(_BOB, "Alice deletes all of hers; Bob asks for its history", lambda: bob.history(record_id))
    yield _harm(_BOB, bob, "The user '*' deletes all its memories", lambda: make_memory("*").delete_all())


def _read(observer: Tenant, what: str, call: Callable[[], object]) -> Line:
    """Tell what an attacker is shown."""
    try:
        return _seen(observer, what, _texts(call()))
    except REFUSALS as refusal:
        return Line(what, f"refused, {refusal}", leaked=False)


def _harm(victim: Tenant, memory: Memory, what: str, call: Callable[[], object]) -> Line:
    """Tell what is left to the victim."""
    answer = "done"
    try:
        call()
    except REFUSALS as refusal:
        answer = f"refused, {refusal}"
    own = _texts(memory.get_all())
    harmed = victim.facts[0].text not in own
    mark = f"LOST: {victim.name}'s" if harmed else ""
    return Line(what, f"{answer}; {victim.name} has now: {_quoted(own)}", mark, leaked=harmed)


def _texts(reply: object) -> tuple[str, ...]:
    """Return the sentences that a reply shows, each once: a history tells the same one as new and then as old."""
    records = read_reply(reply, str).records
    return tuple(dict.fromkeys(text for record in records for text in (record.text, *record.aside) if " " in text))


def _seen(observer: Tenant, what: str, texts: tuple[str, ...]) -> Line:
    """Tell whose the texts are, by exact sentences."""
    owners = (sighting.owner for text in texts for sighting in _ATTRIBUTOR.content(text))
    foreign = dict.fromkeys(f"{TENANTS[owner].name}'s" for owner in owners if owner != observer.index)
    mark = f"LEAK: {', '.join(foreign)}" if foreign else ""
    return Line(what, _quoted(texts), mark, leaked=bool(foreign))


def _quoted(texts: tuple[str, ...]) -> str:
    return ", ".join(map(repr, texts)) or "nothing"
