"""Histories of a keyed resource: now and then two put something under one key, and let what they put run out."""

from collections.abc import Iterator

import hypothesis.strategies as st
from hypothesis.stateful import precondition, rule

from ...model.channels import Ability
from ...model.keys import key_of
from ...model.observations import Returned
from ...model.operations import Add, Anew, Delete, Expire, Get, Operation, Together
from .ledger import Planted
from .machine import IsolationMachine

# A few keys, so that they are used again; and for how many seconds something is put.
_KEYS, _SECONDS = 3, 60.0


class KeyedMachine(IsolationMachine):
    """The machine, with moves that only callers make who choose keys."""

    planted = IsolationMachine.planted

    @rule(one=planted, other=planted, number=st.integers(0, _KEYS - 1), anew=st.booleans())
    def put_under_one_key(self, one: Planted, other: Planted, number: int, *, anew: bool) -> None:
        """Let two put a value under one key; each reads it before, between and after."""
        if one.by.index == other.by.index:
            return
        key = key_of(one.by.keys, f"shared-{number}")
        theirs = self._put_under(one, key)
        if theirs is None:
            return
        # Who asks too early must not be shown another's, and must find its own later.
        self._make(Get(other.by, theirs.record))
        own = self._put_under(other, key)
        if own is None:
            return
        if anew:
            self._make(Anew(other.by))
        looks = tuple(self._looks(theirs, own))
        self._make(*looks, Together(looks), *self._removed(own, theirs), Get(other.by, theirs.record))

    @precondition(lambda self: {Ability.EXPIRE, Ability.TTL} <= self.stage.available)
    @rule(one=planted, other=planted, number=st.integers(0, _KEYS - 1))
    def put_for_a_time(self, one: Planted, other: Planted, number: int) -> None:
        """Let one put a value for a time and another one for good, and let the time run out."""
        if one.by.index == other.by.index:
            return
        key = key_of(one.by.keys, f"brief-{number}")
        brief, lasting = self._put_under(one, key, ttl=_SECONDS), self._put_under(other, key)
        if brief is None or lasting is None:
            return
        self._make(*self._looks(brief, lasting), Expire(one.by))
        self._make(Get(one.by.after_erasure(), brief.record), Get(other.by, lasting.record, lasting.fact))

    def _put_under(self, of: Planted, key: str, ttl: float | None = None) -> Planted | None:
        """Let somebody put its next fact under a key; None where that is refused."""
        fact = self._ledger.next_fact(of.by)
        step = self._make(Add(of.by, fact, under=key, ttl=ttl))
        if step is None or not isinstance(step.observation, Returned):
            return None
        return Planted(step.record, fact, of.by)

    def _looks(self, one: Planted, other: Planted) -> Iterator[Get]:
        """Yield what each reads: its own, by its own reference."""
        yield from (Get(each.by, each.record, each.fact) for each in (one, other))

    def _removed(self, own: Planted, theirs: Planted) -> Iterator[Operation]:
        """Yield that one removes its own, where that may be; the other's is still there."""
        if self.stage.may_destroy:
            yield Delete(own.by, own.record)
            yield Get(theirs.by, theirs.record, theirs.fact)
            yield Get(own.by.after_erasure(), own.record)
