"""A rule-based state machine over any target: every operation of every channel, in any order, under any ids."""

from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, ClassVar

import hypothesis.strategies as st
from hypothesis.stateful import Bundle, MultipleResults, RuleBasedStateMachine, initialize, multiple, precondition, rule

from ...model.channels import Ability, Channel
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
    Search,
    Together,
    Update,
)
from ...model.tenants import Fact, Tenant
from ...performing.playing import Play
from ...plans.casting import ORDER, Couple
from ...plans.overrides import claims, widening
from .stages import CAST, TargetStage

# What a page of mem0's holds, and some.
MANY = 25
_ADD_METADATA, _UPDATE_METADATA = (f"{channel}.{Ability.METADATA}" for channel in (Channel.ADD, Channel.UPDATE))
_FILTERS = len(widening("", ""))
_CLAIMS = len(claims(""))
_QUERIES = ("{bare}", "{text}", "{about}", "{id}", "What does {id} like?", "user_id: {id}")


@dataclass(frozen=True, slots=True)
class Planted:
    """A record that a tenant stored, with its fact."""

    record: RecordRef
    fact: Fact
    by: Tenant


class IsolationMachine(RuleBasedStateMachine):
    """Two tenants or more, under ordinary and adversarial ids, do everything that a target offers.

    The oracles judge each step; at the end, where the target can begin fresh worlds, each tenant is compared with
    itself alone. `stage` is where it plays: a subclass names one.
    """

    stage: ClassVar[TargetStage]
    planted = Bundle("planted")
    # Whoever has stored something; each tenant does when it signs up.
    tenants = planted.map(lambda one: one.by)

    def __init__(self) -> None:
        """Take the next tenants; the world opens with the first rule."""
        super().__init__()
        self._leaving = ExitStack()
        self._cast = self.stage.cast()
        self._waiting: list[Couple] = []
        self._facts: dict[int, int] = {}
        self._piled: set[int] = set()
        self._stored: list[Planted] = []
        self._gone: set[RecordRef] = set()
        self._asked: Search | None = None
        self._reopens = False
        self._play: Play | None = None

    @initialize(
        target=planted,
        hostile=st.integers(0, 3),
        which=st.integers(0, len(ORDER) - 1),
        durable=st.integers(0, 9),
    )
    def begin(self, *, hostile: int, which: int, durable: int) -> MultipleResults[Planted]:
        """Let two tenants sign up; ordinary ids are what shrinking tends to."""
        couples = [(self._tenant(role), self._tenant(role + 1)) for role in range(0, CAST, 2)]
        if hostile:
            couples = [self.stage.couple(*two, which * len(couples) + n) for n, two in enumerate(couples)]
        first, *self._waiting = couples
        self._reopens = self.stage.reopens(durable=durable == 1)
        self._play = self.stage.open(self._cast, self._leaving, durable=durable == 1)
        return multiple(*[self._signed_up(one) for one in first])

    @precondition(lambda self: self._waiting)
    @rule(target=planted)
    def sign_up(self) -> MultipleResults[Planted]:
        """Let two others sign up."""
        return multiple(*[self._signed_up(one) for one in self._waiting.pop()])

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

    @rule(target=planted, by=tenants, of=planted)
    def add_naming(self, by: Tenant, of: Planted) -> Planted | MultipleResults[Planted]:
        """Store a sentence that names another user."""
        return self._add(by, naming=of.by)

    @precondition(lambda self: _ADD_METADATA in self.stage.available)
    @rule(target=planted, by=tenants, of=tenants, which=st.integers(0, _CLAIMS - 1))
    def add_claiming(self, by: Tenant, of: Tenant, which: int) -> Planted | MultipleResults[Planted]:
        """Store a fact whose metadata give it to somebody else."""
        if of.index == by.index:
            return multiple()
        return self._add(by, claimed=of, metadata=claims(str(of.id))[which])

    @precondition(lambda self: Ability.METADATA in self.stage.available)
    @rule(target=planted, by=tenants)
    def add_unwritable(self, by: Tenant) -> Planted | MultipleResults[Planted]:
        """Store a fact whose metadata have no UTF-8: such an add fails."""
        return self._add(by.posing_as(by.id), metadata={"note": "\ud800"})

    @precondition(lambda self: Ability.PROMPTS in self.stage.available)
    @rule(by=tenants, of=planted)
    def chat(self, by: Tenant, of: Planted) -> None:
        """Say something of which an LLM extracts facts."""
        self._make(Chat(by, self._next_fact(by), seeks=of.fact))

    @rule(by=tenants, of=planted, query=st.sampled_from(_QUERIES))
    def search(self, by: Tenant, of: Planted, query: str) -> None:
        """Search for a fact of one's own or another's; one's own by its very words, which no other is nearer to."""
        fact = of.fact
        words = {"bare": fact.bare, "text": fact.text, "about": fact.about, "id": str(of.by.id)}
        words_of = fact.text if of.by.index == by.index else query.format(**words)
        self._asked = Search(self._of(by, of), words_of, fact)
        self._make(self._asked)

    @precondition(lambda self: self._asked is not None)
    @rule(by=tenants)
    def search_for_the_same(self, by: Tenant) -> None:
        """Search in the very words of the search before."""
        asked = self._asked
        if asked is not None and by.index != asked.seeks.owner:
            self._make(Search(by, asked.query, asked.seeks))

    @precondition(lambda self: Ability.FILTERS in self.stage.available)
    @rule(by=tenants, of=planted, which=st.integers(0, _FILTERS - 1), listing=st.booleans())
    def look_with_filters(self, by: Tenant, of: Planted, which: int, *, listing: bool) -> None:
        """Search or list with a filter that tries to widen."""
        filters = widening(str(of.by.id), str(by.id))[which]
        look: Move = GetAll(by, of.fact, filters) if listing else Search(by, of.fact.bare, of.fact, filters)
        if of.by.index != by.index:
            self._make(look)

    @rule(by=tenants, of=planted)
    def get_all(self, by: Tenant, of: Planted) -> None:
        """List everything."""
        self._make(GetAll(self._of(by, of), of.fact))

    @rule(by=tenants, of=planted, known=st.booleans())
    def get(self, by: Tenant, of: Planted, *, known: bool) -> None:
        """Read a record of one's own or another's, or one that there is not."""
        self._make(Get(self._of(by, of), of.record if known else RecordRef(0, by.index)))

    @rule(by=tenants, of=planted)
    def history(self, by: Tenant, of: Planted) -> None:
        """Read a record's earlier texts."""
        self._make(History(self._of(by, of), of.record))

    @precondition(lambda self: self.stage.may_destroy)
    @rule(by=tenants, of=planted)
    def update(self, by: Tenant, of: Planted) -> None:
        """Change a record of one's own or another's."""
        if of.record not in self._gone:
            self._make(Update(self._of(by, of), of.record, self._next_fact(by).text))

    @precondition(lambda self: self.stage.may_destroy and _UPDATE_METADATA in self.stage.available)
    @rule(by=tenants, of=planted, to=tenants, which=st.integers(0, _CLAIMS - 1))
    def update_claiming(self, by: Tenant, of: Planted, to: Tenant, which: int) -> None:
        """Change a record of one's own so that its metadata give it to somebody else."""
        if of.by.index == by.index != to.index and of.record not in self._gone:
            self._make(Update(self._of(by, of), of.record, of.fact.text, claims(str(to.id))[which], into=to.index))

    @precondition(lambda self: self.stage.may_destroy)
    @rule(by=tenants, of=planted)
    def delete(self, by: Tenant, of: Planted) -> None:
        """Remove a record of one's own or another's, once: a store may have given its number to the next."""
        if of.record in self._gone:
            return
        self._make(Delete(self._of(by, of), of.record))
        if by.index == of.by.index:
            self._gone.add(of.record)

    @precondition(lambda self: self.stage.may_destroy)
    @rule(by=tenants, of=planted)
    def delete_all(self, by: Tenant, of: Planted) -> None:
        """Remove everything of one's own."""
        self._make(DeleteAll(by, owner=of.by.index))
        self._gone |= {one.record for one in self._stored if one.by.index == by.index}

    @precondition(lambda self: self._reopens)
    @rule(by=tenants, of=planted)
    def reopen(self, by: Tenant, of: Planted) -> None:
        """Close the store and open it again."""
        del of  # there is something to be found again
        self._make(Reopen(by))

    @precondition(lambda self: Ability.STORAGE in self.stage.available)
    @rule(by=tenants, of=planted)
    def read_storage(self, by: Tenant, of: Planted) -> None:
        """Look for a fact in the store's files and tables."""
        self._make(ReadStorage(self._of(by, of), of.fact))

    @rule(one=planted, other=planted)
    def look_at_once(self, one: Planted, other: Planted) -> None:
        """Let two users list at the same moment, each for its own."""
        if one.by.index != other.by.index:
            self._make(Together(tuple(GetAll(self._of(each.by, each), each.fact) for each in (one, other))))

    def teardown(self) -> None:
        """Leave the world; compare each tenant with itself alone."""
        self._leaving.close()
        play, self._play = self._play, None
        if play is not None:
            for finding in self.stage.settled(play):
                self.stage.found(play, finding)

    def _tenant(self, role: int) -> Tenant:
        return self._cast.tenant(self._cast.first + role)

    def _signed_up(self, tenant: Tenant) -> Planted:
        """Let a tenant store its first fact; one whose id is refused comes under an ordinary one."""
        fact = self._next_fact(tenant)
        step = self._make(Add(tenant, fact))
        if tenant.hostile and step is not None and isinstance(step.observation, Refused):
            return self._signed_up(self._tenant(tenant.index - self._cast.first))
        stored = Planted(RecordRef(0, tenant.index) if step is None else step.record, fact, tenant)
        self._stored.append(stored)
        return stored

    def _next_fact(self, by: Tenant) -> Fact:
        number = self._facts.get(by.index, 0)
        self._facts[by.index] = number + 1
        return self._cast.fact(by.index, number)

    def _add(
        self,
        by: Tenant,
        *,
        text: str | None = None,
        naming: Tenant | None = None,
        metadata: dict[str, Any] | None = None,
        claimed: Tenant | None = None,
    ) -> Planted | MultipleResults[Planted]:
        fact = self._next_fact(by)
        if naming is not None:
            text = f"user_id: {naming.id}. {fact.text}"
        step = self._make(Add(by, fact, text, metadata, None if claimed is None else claimed.index))
        if step is None or not isinstance(step.observation, Returned):
            return multiple()
        stored = Planted(step.record, fact, by)
        self._stored.append(stored)
        return stored

    def _of(self, by: Tenant, of: Planted) -> Tenant:
        """Return the one who asks; what it has erased itself is as foreign to it as anybody's."""
        return by.after_erasure() if by.index == of.by.index and of.record in self._gone else by

    def _make(self, move: Move) -> Step | None:
        play = self._play
        assert play is not None  # noqa: S101 - `begin` comes before any other rule
        seen, told = len(play.steps), len(play.findings)
        last = play.make(move)
        for step in play.steps[seen:]:
            self.stage.noted(step)
        for finding in play.findings[told:]:
            self.stage.found(play, finding)
        return last
