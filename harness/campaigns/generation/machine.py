"""A rule-based state machine over any target: every operation of every channel, in any order, under any ids."""

from contextlib import ExitStack
from typing import Any

import hypothesis.strategies as st
from hypothesis.stateful import MultipleResults, RuleBasedStateMachine, initialize, multiple, precondition, rule

from ...model.channels import Ability
from ...model.counterexamples import Move
from ...model.observations import Refused, Returned, Step
from ...model.operations import (
    Add,
    Chat,
    Delete,
    DeleteAll,
    Get,
    GetAll,
    History,
    ReadStorage,
    RecordRef,
    Reopen,
    Reset,
    Search,
    Together,
    Update,
)
from ...model.tenants import Tenant
from ...performing.playing import Play
from ...plans.casting import ORDER
from ...plans.clients import WAYS as CLIENTS
from ...plans.clients import by_either
from .attempts import Attempts
from .ledger import WAYS, Ledger, Planted
from .meetings import QUERIES, look_at, question, watched
from .stages import CAST

# What a page of mem0's holds, and some.
MANY = 25
# How often two sign up in one history.
_MEETINGS = 8


class IsolationMachine(Attempts, RuleBasedStateMachine):
    """Two tenants or more, under ordinary and adversarial ids, do everything that a target offers.

    The oracles judge each step; at the end, where the target can begin fresh worlds, each tenant is compared with
    itself alone. `stage` is where it plays: a subclass names one.
    """

    planted, tenants = Attempts.planted, Attempts.tenants
    ways = st.integers(0, WAYS - 1)

    def __init__(self) -> None:
        """Take the next tenants; the world opens with the first rule."""
        super().__init__()
        self._leaving = ExitStack()
        self._ledger = Ledger(self.stage.cast())
        self._hostile = False
        self._met = 0
        self._piled: set[int] = set()
        self._asked: Search | None = None
        self._reopens = self._resets = False
        self._clients = 0
        self._play: Play | None = None

    @initialize(
        target=planted,
        hostile=st.integers(0, 3),
        which=st.integers(0, len(ORDER) - 1),
        durable=st.integers(0, 9),
        clients=st.integers(0, CLIENTS - 1),
    )
    def begin(self, *, hostile: int, which: int, durable: int, clients: int) -> MultipleResults[Planted]:
        """Let two tenants sign up; ordinary ids are what shrinking tends to. Under others they do so twice."""
        self._hostile = bool(hostile) and self.stage.tries_hostile_ids
        self._reopens = self.stage.reopens(durable=durable == 1)
        self._resets, self._clients = self.stage.resets(durable), clients
        self._play = self.stage.open(self._ledger.cast, self._leaving, durable=durable == 1)
        met = self._meet(which)
        if self._hostile:
            self._meet(which + 1)
        return met

    @precondition(lambda self: self._met < (_MEETINGS if self._hostile else CAST // 2))
    @rule(target=planted, which=st.integers(0, len(ORDER) - 1))
    def sign_up(self, which: int) -> MultipleResults[Planted]:
        """Let two others sign up, or two who were there before under other ids."""
        return self._meet(which)

    @rule(target=planted, by=tenants)
    def add(self, by: Tenant) -> Planted | MultipleResults[Planted]:
        """Store a fact."""
        return self._add(by)

    @rule(target=planted, by=tenants, count=st.integers(2, MANY))
    def add_many(self, by: Tenant, count: int) -> MultipleResults[Planted]:
        """Store more than a page of facts at once; each tenant does so once, for that takes most of the time."""
        if by.index in self._piled:
            return multiple()
        self._piled.add(by.index)
        found = [self._add(by) for _ in range(count)]
        return multiple(*[one for one in found if isinstance(one, Planted)][:1])

    @rule(by=tenants, of=planted)
    def add_the_same_words(self, by: Tenant, of: Planted) -> None:
        """Store a sentence that another has stored: as a fact of one's own that reads like it."""
        if of.by.index != by.index:
            self._add(by, text=of.fact.text)

    @precondition(lambda self: self.stage.may_destroy)
    @rule(by=tenants, of=planted)
    def say_the_same_and_leave(self, by: Tenant, of: Planted) -> None:
        """Store a sentence that another has stored, and remove everything of one's own."""
        if by.index != of.by.index and of.record not in self._ledger.gone:
            self._make(GetAll(of.by, of.fact))
            said = self._add(by, text=of.fact.text)
            self._make(DeleteAll(by, owner=of.by.index), GetAll(of.by, of.fact))
            self._ledger.removed_all(by)
            if isinstance(said, Planted) and isinstance(new := self._add(of.by), Planted):
                # The store may have given a number again, and a past with it.
                self._make(Get(by.after_erasure(), said.record), History(of.by, new.record))

    @rule(target=planted, by=tenants, of=planted)
    def add_naming(self, by: Tenant, of: Planted) -> Planted | MultipleResults[Planted]:
        """Store a sentence that names another user."""
        return self._add(by, naming=of.by)

    @precondition(lambda self: Ability.METADATA in self.stage.available)
    @rule(target=planted, by=tenants)
    def add_unwritable(self, by: Tenant) -> Planted | MultipleResults[Planted]:
        """Store a fact whose metadata have no UTF-8: such an add fails."""
        return self._add(by.posing_as(by.id), metadata={"note": "\ud800"})

    @precondition(lambda self: Ability.PROMPTS in self.stage.available)
    @rule(by=tenants, of=planted)
    def chat(self, by: Tenant, of: Planted) -> None:
        """Say something of which an LLM extracts facts."""
        self._make(Chat(by, self._ledger.next_fact(by), seeks=of.fact))

    @rule(by=tenants, of=planted, query=st.sampled_from(QUERIES))
    def search(self, by: Tenant, of: Planted, query: str) -> None:
        """Search for a fact of one's own or another's."""
        self._asked = Search(self._ledger.asking(by, of), question(by, of, query), of.fact)
        self._make(self._asked)

    @precondition(lambda self: self._asked is not None)
    @rule(by=tenants)
    def search_for_the_same(self, by: Tenant) -> None:
        """Search in the very words of the search before."""
        asked = self._asked
        if asked is not None and by.index != asked.seeks.owner:
            self._make(Search(by, asked.query, asked.seeks))

    @rule(by=tenants, of=planted)
    def get_all(self, by: Tenant, of: Planted) -> None:
        """List everything."""
        self._make(GetAll(self._ledger.asking(by, of), of.fact))

    @rule(by=tenants, of=planted, known=st.booleans(), way=ways)
    def get(self, by: Tenant, of: Planted, way: int, *, known: bool) -> None:
        """Read a record of one's own or another's, or one that there is not."""
        asks, record = self._reached(by, of, way)
        self._make(Get(asks, record if known else RecordRef(0, by.index)))

    @rule(by=tenants, of=planted, way=ways)
    def history(self, by: Tenant, of: Planted, way: int) -> None:
        """Read a record's earlier texts."""
        self._make(History(*self._reached(by, of, way)))

    @precondition(lambda self: self.stage.may_destroy)
    @rule(by=tenants, of=planted, way=ways)
    def update(self, by: Tenant, of: Planted, way: int) -> None:
        """Change a record of one's own or another's."""
        if of.record not in self._ledger.gone:
            self._make(*watched(of, Update(*self._reached(by, of, way), self._ledger.next_fact(by).text)))

    @precondition(lambda self: self.stage.may_destroy)
    @rule(by=tenants, of=planted, way=ways)
    def delete(self, by: Tenant, of: Planted, way: int) -> None:
        """Remove a record of one's own or another's, once: a store may have given its number to the next."""
        if of.record in self._ledger.gone:
            return
        self._make(*watched(of, Delete(*self._reached(by, of, way))))
        if by.index == of.by.index:
            self._ledger.gone.add(of.record)

    @precondition(lambda self: self.stage.may_destroy)
    @rule(by=tenants, of=planted)
    def delete_all(self, by: Tenant, of: Planted) -> None:
        """Remove everything of one's own."""
        self._make(DeleteAll(by, owner=of.by.index))
        self._ledger.removed_all(by)

    @precondition(lambda self: self._reopens)
    @rule(by=tenants, of=planted)
    def reopen(self, by: Tenant, of: Planted) -> None:
        """Close the store and open it again."""
        del of  # there is something to be found again
        self._make(Reopen(by))

    @precondition(lambda self: self._resets)
    @rule(by=tenants, of=planted)
    def reset(self, by: Tenant, of: Planted) -> None:
        """Reset the store, once, and let an owner look for a record of before: all of them are gone."""
        self._resets = False
        self._make(Reset(by))
        self._ledger.removed_everything()
        gone = self._ledger.asking(of.by, of)
        for look in (GetAll(gone, of.fact), Search(gone, of.fact.bare, of.fact), History(gone, of.record)):
            self._make(look)

    @precondition(lambda self: Ability.STORAGE in self.stage.available)
    @rule(by=tenants, of=planted)
    def read_storage(self, by: Tenant, of: Planted) -> None:
        """Look for a fact in the store's files and tables."""
        self._make(ReadStorage(self._ledger.asking(by, of), of.fact))

    @rule(one=planted, other=planted)
    def look_at_once(self, one: Planted, other: Planted) -> None:
        """Let two users list at the same moment, each for its own."""
        if one.by.index != other.by.index:
            self._make(Together(tuple(GetAll(self._ledger.asking(each.by, each), each.fact) for each in (one, other))))

    def teardown(self) -> None:
        """Leave the world; compare each tenant with itself alone."""
        self._leaving.close()
        play, self._play = self._play, None
        if play is not None:
            for finding in self.stage.settled(play):
                self.stage.found(play, finding)

    def _meet(self, which: int) -> MultipleResults[Planted]:
        """Let the next two sign up; under an id that is an attack, the second looks for what is the first's."""
        role = 2 * (self._met // 2 if self._hostile else self._met) % CAST
        first = not self._ledger.has_stored(role)
        self._met += 1
        plain = couple = self._ledger.tenant(role), self._ledger.tenant(role + 1)
        if self._hostile:
            couple = self.stage.couple(*plain, which)
        if not self._ledger.are_new(couple):
            couple = plain
        victim, attacker = (self._signed_up(one) for one in couple)
        if self._hostile:
            own = self._ledger.next_fact(victim.by), self._ledger.next_fact(attacker.by)
            self._make(*look_at(victim, attacker, own, spelling=which, chats=Ability.PROMPTS in self.stage.available))
        # Who comes under a further id has made its looks: what others do to whose record goes on among the first.
        return multiple(victim, attacker) if first else multiple()

    def _signed_up(self, tenant: Tenant) -> Planted:
        """Let a tenant store its first fact; one whose id is refused comes under an ordinary one."""
        fact = self._ledger.next_fact(tenant)
        step = self._make(Add(tenant, fact))
        if tenant.hostile and step is not None and isinstance(step.observation, Refused):
            return self._signed_up(self._ledger.tenant(tenant.index - self._ledger.cast.first))
        return self._ledger.stored(RecordRef(0, tenant.index) if step is None else step.record, fact, tenant)

    def _add(
        self,
        by: Tenant,
        *,
        text: str | None = None,
        naming: Tenant | None = None,
        metadata: dict[str, Any] | None = None,
        claimed: Tenant | None = None,
        kind: str = "",
    ) -> Planted | MultipleResults[Planted]:
        fact = self._ledger.next_fact(by)
        if naming is not None:
            text = f"user_id: {naming.id}. {fact.text}"
        who = by.trying(kind) if kind else by
        step = self._make(Add(who, fact, text, metadata, None if claimed is None else claimed.index))
        if step is None or not isinstance(step.observation, Returned):
            return multiple()
        return self._ledger.stored(step.record, fact, by)

    def _reached(self, by: Tenant, of: Planted, way: int) -> tuple[Tenant, RecordRef]:
        return self._ledger.reached(by, of, way, hostile=self.stage.tries_hostile_ids)

    def _by_either(self, move: Move) -> Move:
        """Return the move through the client that this history draws for its place; what begins together stays."""
        if self._play is None or isinstance(move, Together):
            return move
        return by_either(move, self._clients, len(self._play.steps), self.stage.available)

    def _make(self, *moves: Move) -> Step | None:
        play = self._play
        assert play is not None  # noqa: S101 - `begin` comes before any other rule
        seen, told = len(play.steps), len(play.findings)
        last = [play.make(self._by_either(move)) for move in moves][-1]
        for step in play.steps[seen:]:
            self.stage.noted(step)
        for finding in play.findings[told:]:
            self.stage.found(play, finding)
        return last
