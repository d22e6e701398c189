"""The calls that show a finding, as lines that run where `make_memory` and `target` are the target's."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from ..model.channels import Channel
from ..model.operations import (
    Chat,
    Crowd,
    Delete,
    Get,
    History,
    Operation,
    ReadStorage,
    Reopen,
    Reset,
    Together,
    Update,
)
from ..model.retold import Moves, Retold
from ..plans.unknown_ids import unknown_id
from .calls import deed, id_of, memory_of, method

Passed = Mapping[Channel, Mapping[str, object]]
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def script(retold: Retold, passed: Passed) -> Iterator[str]:
    """Yield the lines; `passed` holds the named arguments that each operation was called with."""
    lines = list(_Script(retold, passed).lines())
    helpers = [name for name in ("at_once", "record_id") if any(f"{name}(" in line for line in lines)]
    if any("suppress(" in line for line in lines):
        yield "from contextlib import suppress"
    if helpers:
        yield f"from memfence.replay import {', '.join(helpers)}"
    yield from lines


def told(moves: Moves) -> Iterator[str]:
    """Yield moves of which nobody knows what became, as lines to read."""
    known = Retold(moves, 0)
    return script(replace(known, named=frozenset(range(1, len(known.operations) + 1))), {})


class _Script:
    def __init__(self, retold: Retold, passed: Passed) -> None:
        self._retold = retold
        self._passed = passed
        refers = (one.record for one in retold.operations if isinstance(one, Get | Update | Delete | History))
        steps = sorted({record.step for record in refers if not record.is_unknown})
        self._ids = {step: _ORDINALS[at] if at < len(_ORDINALS) else f"record_{step}" for at, step in enumerate(steps)}
        # A memory that is used once needs no name.
        self._uses = Counter(memory_of(operation.principal) for operation in retold.operations)
        self._names: dict[str, str] = {}
        self._taken: Counter[str] = Counter()

    def lines(self) -> Iterator[str]:
        step = 0
        for move in self._retold.moves:
            if isinstance(move, Together):
                yield "at_once("
                for operation in move.operations:
                    yield f"    lambda: {memory_of(operation.principal)}.{self._call(operation)},"
                yield ")"
                step += len(move.operations)
                self._names.clear()
                continue
            step += 1
            match move:
                case ReadStorage(seeks=seeks):
                    yield f"target.storage()  # look for {seeks.canary!r}"
                case Reopen() | Reset():
                    yield f"target.{'reopen' if isinstance(move, Reopen) else 'start'}()"
                    self._names.clear()
                case Crowd():
                    yield f"# {deed(move)}"
                    self._names.clear()
                case _:
                    yield from self._made(move, step)

    def _made(self, operation: Operation, step: int) -> Iterator[str]:
        receiver = memory_of(operation.principal)
        if self._uses[receiver] > 1:
            if receiver not in self._names:
                self._names[receiver] = self._name(operation)
                yield f"{self._names[receiver]} = {receiver}"
            receiver = self._names[receiver]
        made = f"{'await ' * operation.principal.asynchronous}{receiver}.{self._call(operation)}"
        name = self._ids.get(step)
        is_last = step == len(self._retold.operations)
        if step in self._retold.raised and not is_last:
            yield f"with suppress(Exception): {made}"
        elif name is None:
            yield made
        elif step in self._retold.named:
            yield f"{name} = record_id({made})"
        else:
            # Its reply tells no id, so the record is found by its code.
            yield made
            yield f"{name} = record_id({receiver}.get_all(), {_canary(operation)!r})"
        if isinstance(operation, Chat) and is_last:
            yield "target.prompts()"

    def _call(self, operation: Operation) -> str:
        options = {"infer": True} if isinstance(operation, Chat) else self._passed.get(operation.channel)
        told_as = method(operation, options)
        if isinstance(operation, Get | Update | Delete | History):
            record = operation.record
            known = self._ids.get(record.step) or repr(unknown_id(f"{record.owner}/{record.step}", None))
            return told_as.replace(id_of(record), known)
        return told_as

    def _name(self, operation: Operation) -> str:
        handle = operation.principal.handle
        self._taken[handle] += 1
        return handle if self._taken[handle] == 1 else f"{handle}_again{self._taken[handle] - 1 or ''}"


def _canary(operation: Operation) -> str:
    fact = getattr(operation, "fact", None)
    return "" if fact is None else str(fact.canary)
