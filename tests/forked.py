"""Plays printed lines, each block in a process of its own: forked from one that has imported memfence and done no more.

As a program it is that process: one JSON object a line comes in, `setup` and `lines`, and a JSON list goes out, what
each call of the block returned or raised.
"""

import ast
import gc
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

Played = list[dict[str, Any]]


class Fresh:
    """Where blocks are played; each finds a world in which nothing has been before."""

    def __init__(self) -> None:
        self._server = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.communicate(timeout=60)

    def play(self, setup: str, lines: list[str]) -> Played:
        """Return what each call gave, the last one's last; `setup` makes the `target`, where no line does."""
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.write(json.dumps({"setup": setup, "lines": lines}) + "\n")
        self._server.stdin.flush()
        answer = self._server.stdout.readline()
        assert answer, "the process that forks has ended"
        played: Played = json.loads(answer)
        return played


def _serve() -> None:
    sys.path.insert(0, str(Path(__file__).parent))
    # What every target needs is imported once; no target is made here.
    import leaky_targets  # noqa: F401, PLC0415 - imported once, before the forks

    import memfence.replay  # noqa: PLC0415 - as above
    import memfence.targets.built_in.reference  # noqa: F401, PLC0415 - as above
    from memfence.campaigns import resolve  # noqa: PLC0415 - as above

    resolve.all_breakages()
    gc.freeze()
    for line in sys.stdin:
        print(_in_a_child(line), flush=True)  # noqa: T201 - it is what the other process reads


def _in_a_child(job: str) -> str:
    from_child, to_parent = os.pipe()
    child = os.fork()
    if child == 0:
        _answer(job, to_parent)
    os.close(to_parent)
    with os.fdopen(from_child, encoding="utf-8") as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    return answer


def _answer(job: str, to_parent: int) -> None:
    """Play, answer and end: the child must never come back into the loop."""
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    os.dup2(2, 1)
    with os.fdopen(to_parent, "w", encoding="utf-8") as pipe:
        try:
            pipe.write(json.dumps(list(_played(**json.loads(job)))))
        except BaseException as error:  # noqa: BLE001 - whatever it is, the test must read it
            pipe.write(json.dumps([{"source": "", "broken": repr(error)}]))
    os._exit(0)


def _played(setup: str, lines: list[str]) -> Iterator[dict[str, Any]]:
    space: dict[str, Any] = {}
    if setup:
        exec(setup, space)  # noqa: S102 - as above - our own
        target = space["target"]
        target.start()
        space["make_memory"] = target.make_memory
        space["make_async_memory"] = getattr(target, "make_async_memory", None)
    text = "\n".join(lines)
    statements = ast.parse(text).body
    for statement in statements:
        source = ast.get_source_segment(text, statement) or ""
        # Its error is what such a line would have shown.
        called = statement.body[0] if isinstance(statement, ast.With) else statement
        try:
            if isinstance(called, ast.Expr):
                value = eval(compile(ast.Expression(called.value), source, "eval"), space)  # noqa: S307 - the lines that are under test
                yield {"source": source, "raised": False, "value": _plain(value)}
            else:
                exec(compile(ast.Module([called], []), source, "exec"), space)  # noqa: S102 - the lines that are to be played
        except Exception as error:  # noqa: BLE001 - what the target raises
            expected = called is not statement or statement is statements[-1]
            yield {"source": source, "raised": expected, "value": f"{type(error).__name__}: {error}"}
            if not expected:
                yield {"source": source, "broken": repr(error)}
                return


def _plain(value: object) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    # What is no plain value is read by its fields, as a person would print it.
    return _plain(vars(value)) if hasattr(value, "__dict__") else repr(value)


if __name__ == "__main__":
    _serve()
