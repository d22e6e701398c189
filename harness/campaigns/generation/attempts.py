"""Moves with filters, metadata and questions that a sound caller never sends; and filters that narrow."""

from dataclasses import replace
from typing import Any, ClassVar

import hypothesis.strategies as st
from hypothesis.stateful import Bundle, MultipleResults, multiple, precondition, rule

from ...model.channels import Ability, Channel
from ...model.counterexamples import Move
from ...model.observations import Step
from ...model.operations import GetAll, Search, Update
from ...model.tenants import Tenant
from ...plans.narrowing import nth_narrowing, nth_on_shelf
from ...plans.overrides import nth_claim, nth_filters
from ...plans.questions import nth_questions
from .ledger import Ledger, Planted
from .stages import TargetStage

_ADD_METADATA, _UPDATE_METADATA = (f"{channel}.{Ability.METADATA}" for channel in (Channel.ADD, Channel.UPDATE))
# One of so many, taken in turns: how many filters and claims there are hangs on the target's own keys.
_WHICH = st.integers(0, 99)
# The number of a fact that no history stores.
_NEVER_STORED = 240


class Attempts:
    """Such moves, for a machine that has these bundles, and that makes moves, adds and lists."""

    stage: ClassVar[TargetStage]
    planted = Bundle("planted")
    # Whoever has stored something; each tenant does when it signs up.
    tenants = planted.map(lambda one: one.by)
    _ledger: Ledger

    @precondition(lambda self: _ADD_METADATA in self.stage.available)
    @rule(target=planted, by=tenants, of=planted, which=_WHICH)
    def add_claiming(self, by: Tenant, of: Planted, which: int) -> Planted | MultipleResults[Planted]:
        """Store a fact whose metadata give it to somebody else, who then lists."""
        if of.by.index == by.index:
            return multiple()
        kind, metadata = nth_claim(which, of.by, by, self.stage.scope_keys)
        stored = self._add(by, claimed=of.by, metadata=metadata, kind=kind)
        self._list(of)
        return stored

    @precondition(lambda self: self.stage.may_destroy and _UPDATE_METADATA in self.stage.available)
    @rule(by=tenants, of=planted, to=planted, which=_WHICH)
    def update_claiming(self, by: Tenant, of: Planted, to: Planted, which: int) -> None:
        """Change a record of one's own so that its metadata give it to somebody else, who then lists."""
        if of.by.index == by.index != to.by.index and of.record not in self._ledger.gone:
            kind, metadata = nth_claim(which, to.by, by, self.stage.scope_keys)
            self._make(Update(of.by.trying(kind), of.record, of.fact.text, metadata, into=to.by.index))
            self._list(to)

    @precondition(lambda self: Ability.FILTERS in self.stage.available)
    @rule(by=tenants, of=planted, which=_WHICH)
    def look_with_filters(self, by: Tenant, of: Planted, which: int) -> None:
        """Search and list with all filters of one kind, which try to widen."""
        if of.by.index == by.index:
            return
        for kind, filters in nth_filters(which, of.by, by, self.stage.scope_keys):
            who = by.trying(kind)
            self._make(Search(who, of.fact.bare, of.fact, filters))
            self._make(GetAll(who, of.fact, filters))

    @precondition(lambda self: Ability.FILTERS in self.stage.available and _ADD_METADATA in self.stage.available)
    @rule(by=tenants, of=planted, which=_WHICH)
    def look_narrowly(self, by: Tenant, of: Planted, which: int) -> None:
        """Store a fact with metadata, and narrow a search or a listing by them."""
        if of.by.index == by.index or by.hostile:
            return
        kind, filters, turn = nth_narrowing(which)
        self._add(by, metadata=nth_on_shelf(which))
        look: Search | GetAll = Search(by, of.fact.bare, of.fact) if turn % 2 else GetAll(by, of.fact)
        self._make(look, replace(look, principal=by.trying(kind), filters=filters))

    @rule(by=tenants, of=planted, which=_WHICH)
    def ask_oddly(self, by: Tenant, of: Planted, which: int) -> None:
        """Ask what is no sentence: the owner first, who is not said to look for anything stored, then another."""
        if of.by.index == by.index:
            return
        for kind, question in nth_questions(which, of.by):
            unsaid = self._ledger.cast.fact(of.by.index, _NEVER_STORED)
            self._make(Search(of.by.trying(kind), question, unsaid))
            self._make(Search(by.trying(kind), question, of.fact))

    def _list(self, one: Planted) -> None:
        """Let the one who stored it list."""
        self._make(GetAll(self._ledger.asking(one.by, one), one.fact))

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
        """Let a tenant store its next fact, as one that tries an attack of this kind."""
        raise NotImplementedError

    def _make(self, *moves: Move) -> Step | None:
        """Make these moves, and have them judged; return the last step."""
        raise NotImplementedError
