"""Oracles, one file each: a pure function from the steps of a trace to findings.

An oracle is begun for one trace and then fed each step in order; it never sees the target.
"""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from ...model.findings import Finding
from ...model.observations import Step
from ...model.operations import OPERATIONS, Operation
from ..attribution import Attributor

Judge: TypeAlias = Callable[[Step], Iterator[Finding]]
Begin: TypeAlias = Callable[[Attributor], Judge]


@dataclass(frozen=True, slots=True)
class Oracle:
    """One kind of violation: `begin` starts a judge of one trace, `judges` are the operations that it can speak of.

    `alone` says that it needs to see a tenant's steps repeated without the others. `advice` is three sentences: what is
    wrong, where to look, and what a right version does.
    """

    name: str
    summary: str
    judges: tuple[type[Operation], ...]
    alone: bool
    begin: Begin
    advice: tuple[str, ...] = ()

    @property
    def meaning(self) -> str:
        """What the anomaly is, and what it cannot see: the whole docstring."""
        return inspect.getdoc(self.begin) or ""

    def __call__(self, attributor: Attributor) -> Judge:
        """Begin a trace."""
        return self.begin(attributor)


def oracle(*judges: type[Operation], advice: tuple[str, ...] = (), alone: bool = False) -> Callable[[Begin], Oracle]:
    """Make a function from attributor to judge an oracle of the same name; without `judges` it judges everything."""

    def decorate(begin: Begin) -> Oracle:
        summary = (inspect.getdoc(begin) or "").partition("\n")[0]
        return Oracle(begin.__name__, summary, judges or OPERATIONS, alone, begin, advice)

    return decorate
