"""Generates histories on a stage, a few at a time."""

from itertools import count

from hypothesis import seed as seeded
from hypothesis.errors import Flaky
from hypothesis.stateful import run_state_machine_as_test

from .draws import from_the_seed_alone
from .keyed_machine import KeyedMachine
from .machine import IsolationMachine
from .profiles import in_a_temporary_folder, settings_for
from .stages import TargetStage

_FEW = 4
# So that neighbouring seeds begin with other couples.
_APART = 53


class Enough(BaseException):
    """Ends an exploration whose question is answered; Hypothesis lets through what is no Exception."""


def generate(stage: TargetStage, seed: int, examples: int, steps: int) -> None:
    """Generate histories, a few at a time.

    Left to itself for long, Hypothesis varies what it has drawn before: of all couples it would try some often and
    others never. So each few examples begin anew, and couples come in turn.
    """
    stage.deck = count(_APART * seed)
    kind = KeyedMachine if stage.target.keys else IsolationMachine
    for turn in count():
        left = examples - stage.played
        if left <= 0:
            return
        machine = seeded(seed << 20 | turn)(type("GeneratedHistory", (kind,), {"stage": stage}))
        with in_a_temporary_folder(), from_the_seed_alone():
            try:
                run_state_machine_as_test(machine, settings=settings_for(examples=min(left, _FEW), steps=steps))
            except Flaky:
                # The target answered the same calls otherwise than before, so Hypothesis gives up on these.
                if stage.enough:
                    raise Enough from None
            except Exception:
                if stage.failure is not None:
                    raise stage.failure from None
                raise
