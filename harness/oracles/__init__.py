"""Oracles, one file each: a pure function from the steps of a trace to findings.

An oracle is made for one trace and then fed each step in order; it never sees the target.
"""

from collections.abc import Callable, Iterator
from typing import TypeAlias

from ..attribution import Attributor
from ..findings import Finding
from ..observations import Step

Judge: TypeAlias = Callable[[Step], Iterator[Finding]]
Oracle: TypeAlias = Callable[[Attributor], Judge]
