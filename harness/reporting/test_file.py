"""A counterexample as a test for pytest: it fails for as long as the target does."""

import json
import pprint
import textwrap
from dataclasses import replace

from ..plans.replays import Replay, as_json
from . import script

_TEMPLATE = '''"""What memfence found in {target}; it fails for as long as that is there.

{calls}
"""

from memfence.replay import assert_held
{imports}
REPLAY = {replay}


def test_{oracle}_is_held() -> None:
    assert_held(REPLAY, {argument})
'''


def test_of(replay: Replay, target: str) -> str:
    """Return the source of a test module for a target, `module:callable` or a built-in one's name."""
    module, _, name = target.partition(":")
    calls = "\n".join(script.told(replay.moves)).replace("\\", "\\\\").replace('"""', r"\"\"\"")
    place = replay.place if target == replay.target else {}
    # Once through JSON: what is left are plain values.
    plain = json.loads(json.dumps(as_json(replace(replay, target=target, place=place))))
    return _TEMPLATE.format(
        target=target,
        calls=textwrap.indent(calls, "    "),
        imports=f"\nfrom {module} import {name.partition('.')[0]}\n" if name else "",
        replay=pprint.pformat(plain, width=110, sort_dicts=False),
        oracle=replay.oracle,
        argument=name or repr(target),
    )
