"""The control of generated histories: a leak that was made certain must be seen."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

from ...judging.oracles import Oracle
from ...model.control_results import ControlResult
from ...model.findings import Finding, Verdict
from ...performing.awaiting import Awaiter
from ...performing.contract import Target
from ...performing.playing import Play
from ..explorations import ExploreSettings
from .histories import Enough, generate
from .stages import TargetStage

_CONTROL = "reroute"
# How many examples may pass until a leak that was made certain is seen.
_EXAMPLES = 60


class _Controlled(TargetStage):
    """A stage on which each probe goes to the victim's own memory: the first oracle that sees it is enough."""

    caught_by: str | None = None
    silent = True

    def found(self, play: Play, finding: Finding) -> None:
        # The negative control: in a fresh world nobody stored anything for who has not acted.
        if self.worlds.fresh and not play.includes(finding.owner):
            self.silent = False
        if finding.verdict is Verdict.VIOLATED:
            self.caught_by = finding.oracle
            self.enough = True
            raise Enough


def try_control(
    target: Target, settings: ExploreSettings, oracles: Mapping[str, Oracle], awaiter: Awaiter
) -> ControlResult:
    """Tell whether a leak that was made certain is seen by the same machine on the same target."""
    stage = _Controlled(replace(target, close=None), oracles, settings, controlled=_CONTROL, awaiter=awaiter)
    try:
        with suppress(Enough):
            generate(stage, settings.seed, _EXAMPLES, settings.steps)
    finally:
        stage.close()
    return ControlResult(_CONTROL, stage.caught_by, negative_silent=stage.silent)
