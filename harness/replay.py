"""The public door to saved counterexamples, and to what the lines of a finding use: run one, hold a test to it."""

import atexit
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from .campaigns import resolve
from .campaigns.replaying import Outcome, run
from .model.credentials import Credential
from .model.findings import Verdict
from .performing.awaiting import Awaiter
from .performing.contract import Memory, adapt
from .performing.credentials import Credentials
from .performing.linking import plant_link, plant_link_before_opening
from .performing.replies import read_reply
from .performing.typed_ids import native
from .plans.replays import Replay, from_json, load
from .real_mem0.environment import keep_to_ourselves
from .reporting.replayed import told

__all__ = [
    "Outcome",
    "Replay",
    "Sessions",
    "assert_held",
    "at_once",
    "awaited",
    "from_json",
    "load",
    "plant_link",
    "plant_link_before_opening",
    "record_id",
    "run",
]

# What a target binds to its event loop lives from line to line.
_LOOP = Awaiter()
atexit.register(_LOOP.close)


def assert_held(replay: Mapping[str, Any], make_memory: object) -> None:
    """Run a replay, as `memfence explore --save` writes it, and raise AssertionError unless it is held.

    `make_memory` is a target: a function from user id to memory, an object with one, or a built-in target's name. This
    is what a regression test calls. Raises HarnessError where the replay is none, or the target cannot be started.
    """
    # A failure shows the test's own line alone.
    __tracebackhide__ = True
    keep_to_ourselves()
    known = from_json(replay)
    if isinstance(make_memory, str):
        # Another target has its records elsewhere.
        place = resolve.placed(make_memory, **known.placed) if make_memory == known.target else {}
        target = resolve.target(make_memory, breakage=known.breakage, wrapper=known.wrapper, **place)
    else:
        target = adapt(make_memory, getattr(make_memory, "__qualname__", type(make_memory).__name__))
    outcome = run(known, target)
    if outcome.verdict is not Verdict.HELD:
        raise AssertionError("\n".join(told(outcome)))


class Sessions:
    """What users of a target hold, and the memories behind it: as an audit comes to them."""

    def __init__(self, target: object) -> None:
        """Take a target with `sign_in` and `bearing`; raises TargetError where it is none."""
        self._credentials = Credentials(adapt(target, type(target).__name__), _LOOP)
        self.sign_in, self.sign_out = self._credentials.sign_in, self._credentials.sign_out
        self.expired, self.account_closed = self._credentials.expired, self._credentials.account_closed

    def memory(self, user_id: object, *, of: object = None, **said: Any) -> Memory:  # noqa: ANN401 - as Credential
        """Return what comes through a credential of this form, by default the user's own; `of` is whose it was."""
        return self._credentials.memory(user_id, Credential(of=None if of is None else 0, of_id=of, **said))


def record_id(reply: object, holding: str = "") -> Any:  # noqa: ANN401 - whatever a target takes for an id
    """Return the id of the first record in what an add or a listing returned, of those that hold a text.

    It is what the target gave, be it a text or a number. Raises LookupError where there is none.
    """
    for record in read_reply(reply, str).records:
        if record.id is not None and holding in "\n".join((record.text, *record.aside)):
            return native(record.id)
    msg = f"no record with an id{' that holds ' + holding if holding else ''} in {reply!r}"
    raise LookupError(msg)


def awaited(reply: Any) -> Any:  # noqa: ANN401 - whatever a target answers
    """Return what an asynchronous call answers, in one event loop for all; any other reply as it is.

    What an asynchronous generator yields comes as a list.
    """
    return _LOOP(reply)


def at_once(*calls: Callable[[], object]) -> list[object]:
    """Make calls that begin at the same moment, each in a thread of its own, and return their awaited answers.

    Where one raises, its exception stands in the place of its answer.
    """
    return _LOOP.together([partial(_outcome, call) for call in calls])


def _outcome(call: Callable[[], object]) -> object:
    try:
        return awaited(call())
    except Exception as error:  # noqa: BLE001 - what a stranger's code raises
        return error
