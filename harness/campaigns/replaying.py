"""Runs a saved counterexample again: does it still fail? Nothing of what generated it is needed."""

import secrets
from dataclasses import dataclass, replace

from ..base.errors import HarnessError
from ..model.audited import Audited, audited
from ..model.counterexamples import Move, flat
from ..model.findings import Finding, Verdict
from ..model.observations import Returned
from ..model.operations import asks_for_the_unknown, is_probe
from ..model.reasons import Reason, Told
from ..performing.contract import Target
from ..performing.playing import Play
from ..plans.population import Population
from ..plans.recasting import Recast
from ..plans.replays import Replay
from . import resolve
from .explorations import ExploreSettings
from .generation.stages import TargetStage

# What is random in a target shows a thing not each time.
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a replay: `finding` where it still fails; else `reason` where that is not known either.

    `moves` are those that were made: by other tenants where the store stays. `what` it was made on.
    """

    finding: Finding | None
    moves: tuple[Move, ...]
    reason: Told | None = None
    what: Audited = Audited.MEMORY

    @property
    def verdict(self) -> Verdict:
        """Violated where it still fails, held where each move was made and nothing was found."""
        if self.finding is not None:
            return Verdict.VIOLATED
        return Verdict.INCONCLUSIVE if self.reason else Verdict.HELD


def run(replay: Replay, target: Target) -> Outcome:
    """Make the moves in a world of the target, up to three times; raises TargetError where it cannot be started."""
    # What the replay does not say, the target does: the tenants are to be those that were saved.
    replay = replace(replay, id_form=replay.id_form or target.id_form)
    target = replace(target, id_form=replay.population.id_form)
    oracles = resolve.all_oracles()
    if replay.oracle not in oracles:
        msg = f"the replay is of oracle {replay.oracle!r}, which this memfence has not"
        raise HarnessError(msg)
    if target.start is None:
        # In a store that stays, those who have played before would meet what they stored then.
        replay = _by_others(replay)
    stage = TargetStage(target, oracles, ExploreSettings(seed=replay.seed))
    try:
        for _ in range(_TRIES):
            finding, play = stage.again(replay.moves, replay.oracle, replay.verdict)
            if finding is not None:
                break
        moves = tuple(play.moves)
        what = audited(keys=target.keys, by_file=target.by_file)
        return Outcome(finding, moves, None if finding else _doubt(play, replay), what)
    finally:
        stage.close()


def _by_others(replay: Replay) -> Replay:
    indices = sorted({one.principal.index for one in flat(replay.moves)})
    keys = next(one.principal.keys for one in flat(replay.moves))
    others = Population(secrets.randbelow(2**31), len(indices), id_form=replay.population.id_form, keys=keys)
    parts = {index: position for position, index in enumerate(indices)}
    return replace(replay, seed=others.seed, moves=Recast(replay.population, others, parts)(replay.moves))


def _doubt(play: Play, replay: Replay) -> Told | None:
    """Say why that nothing was found proves nothing, where that is so."""
    if len(play.moves) < len(replay.moves):
        return Reason.NO_WAY.told(some=len(replay.moves) - len(play.moves), all=len(replay.moves))
    for step in play.steps:
        operation, seen = step.operation, step.observation
        own = not (is_probe(operation) or operation.principal.may_be_refused or asks_for_the_unknown(operation))
        if own and not isinstance(seen, Returned):
            return Reason.OWN_FAILED.told(
                who=operation.principal.handle, channel=operation.channel, kind=seen.kind, message=seen.message
            )
    return None
