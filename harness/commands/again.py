"""`memfence replay`: a saved counterexample once more, or as a test."""

from pathlib import Path

from ..campaigns import resolve
from ..campaigns.replaying import run
from ..plans.replays import load
from ..real_mem0.environment import keep_to_ourselves
from ..reporting.console import open_console, print_line
from ..reporting.files import check_new, writing
from ..reporting.replayed import told
from ..reporting.test_file import test_of


def replay(file: Path, target: str | None, emit_test: Path | None) -> int:
    """Run the counterexample on its own target or another and return the exit code, or only write the test for it.

    Raises HarnessError.
    """
    known = load(file)
    name = target or known.target
    console = open_console()
    if emit_test is not None:
        check_new(emit_test)
        with writing(emit_test):
            emit_test.write_text(test_of(known, name), encoding="utf-8")
        print_line(console, f"written: pytest {emit_test} fails until {name} is mended")
        return 0
    keep_to_ourselves()
    # Another target has its records elsewhere.
    place = resolve.placed(name, **known.placed) if name == known.target else {}
    outcome = run(known, resolve.target(name, breakage=known.breakage, wrapper=known.wrapper, **place))
    print_line(console, f"replay of {known.oracle} on {name}:")
    for line in told(outcome):
        print_line(console, line)
    return outcome.verdict.exit_code
