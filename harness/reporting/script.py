"""The calls that show a finding, as lines that run as they are, or where `make_memory` is the target's."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import assert_never

from ..model.channels import Channel
from ..model.credentials import Credential
from ..model.keys import sent_key
from ..model.operations import (
    OF_THE_STORE,
    Add,
    Anew,
    Chat,
    Crowd,
    DeleteAll,
    Expire,
    Operation,
    PlantLink,
    ReadStorage,
    RecordRef,
    Reopen,
    Reset,
    SignIn,
    SignOut,
    Together,
    records_named,
)
from ..model.retold import Moves, Retold
from ..model.tenants import Tenant
from ..plans.unknown_ids import unknown_id
from .calls import id_of, load_of, memory_of, method, reset_of, session_of

Passed = Mapping[str, Mapping[str, object]]
_HELPERS = ("Sessions", "at_once", "awaited", "plant_link", "plant_link_before_opening", "record_id")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def script(retold: Retold, passed: Passed, preamble: Sequence[str] = ()) -> Iterator[str]:
    """Yield the lines; `passed` holds the named arguments that each operation was called with.

    `preamble` makes the target; what of it no line needs is left out.
    """
    return headed(_Script(retold, passed).lines(), preamble)


def headed(calls: Iterable[str], preamble: Sequence[str]) -> Iterator[str]:
    """Yield calls under the imports that they need, and under those lines of the preamble."""
    lines = list(calls)
    lines = [*_needed(preamble[1:], lines), *lines]
    yield from preamble[:1]
    helpers = [name for name in _HELPERS if any(f"{name}(" in line for line in lines)]
    if any("suppress(" in line for line in lines):
        yield "from contextlib import suppress"
    if helpers:
        yield f"from memfence.replay import {', '.join(helpers)}"
    yield from lines


def _needed(preamble: Sequence[str], lines: Sequence[str]) -> Iterator[str]:
    """Yield the lines but for a name that stands in no later one."""
    for position, line in enumerate(preamble):
        name, assigned, _ = line.partition(" = ")
        if not assigned or any(re.search(rf"\b{name}\b", later) for later in (*preamble[position + 1 :], *lines)):
            yield line


def told(moves: Moves) -> Iterator[str]:
    """Yield moves of which nobody knows what became, as lines to read."""
    known = Retold(moves, 0)
    return script(replace(known, named=frozenset(range(1, len(known.operations) + 1))), {})


def _own_records(retold: Retold) -> dict[int, int]:
    """Return the step of the record that each caller had stored last, of those who name it beside another's."""
    stored: dict[int, int] = {}
    own: dict[int, int] = {}
    for step, operation in enumerate(retold.operations, 1):
        by = operation.principal.index
        if isinstance(operation, Add | Chat) and step not in retold.raised:
            stored[by] = step
        if by in stored and any(record.names_own for record in records_named(operation)):
            own[by] = stored[by]
    return own


class _Script:
    def __init__(self, retold: Retold, passed: Passed) -> None:
        self._retold = retold
        self._passed = passed
        refers = [one for named in map(records_named, retold.operations) for one in named[:1] if not one.key]
        self._own = _own_records(retold)
        # What raised told no id: the record is one that nobody has.
        named = {record.step for record in refers if not record.is_unknown} | set(self._own.values())
        steps = sorted(named - retold.raised)
        self._ids = {step: _ORDINALS[at] if at < len(_ORDINALS) else f"record_{step}" for at, step in enumerate(steps)}
        # Whoever comes through a credential has a session; then everybody is spoken to so.
        self._sessions = any(one.principal.credential or isinstance(one, SignIn | SignOut) for one in retold.operations)
        # A memory that is used once needs no name, and one that cannot be made has none.
        no_call = (Together, *OF_THE_STORE)
        alone = (one for one in retold.moves if not isinstance(one, no_call))
        uses = Counter(map(self._memory, alone))
        made = (one for step, one in enumerate(retold.operations, 1) if step not in retold.raised)
        self._nameable = {memory for memory in map(self._memory, made) if uses[memory] > 1}
        self._chats = sum(isinstance(operation, Chat) for operation in retold.operations)
        self._names: dict[str, str] = {}
        self._taken: Counter[str] = Counter()

    def lines(self) -> Iterator[str]:
        step = 0
        if self._sessions:
            yield "sessions = Sessions(target)"
        for move in self._retold.moves:
            if isinstance(move, Together):
                yield from self._together(move, step + 1)
                step += len(move.operations)
                continue
            step += 1
            match move:
                case ReadStorage() | Reset() | Expire() | PlantLink():
                    yield from _beside(move, over=self._sessions)
                    if isinstance(move, Expire) and self._sessions:
                        self._names.clear()
                case Reopen():
                    yield "target.reopen()"
                    self._names.clear()
                case Anew():
                    yield from self._let_go()
                case Crowd():
                    yield from load_of(move)
                    self._names.clear()
                case _:
                    yield from self._of_sessions(move, step) if self._sessions else self._made(move, step)

    def _of_sessions(self, operation: Operation, step: int) -> Iterator[str]:
        """Yield the lines where users sign in: one that opens or ends a session ends the memories behind it."""
        if isinstance(operation, SignIn | SignOut):
            yield session_of(operation)
            self._names.clear()
            return
        yield from self._made(operation, step)
        if isinstance(operation, DeleteAll) and operation.how and step not in self._retold.raised:
            yield f"sessions.account_closed({operation.principal.written})"
            self._names.clear()

    def _let_go(self) -> Iterator[str]:
        """Yield the line that lets go of all memories that have a name; the names are free again."""
        if self._names:
            yield f"del {', '.join(self._names.values())}  # the next is made anew, perhaps at its address"
        self._names.clear()
        self._taken.clear()

    def _together(self, move: Together, first: int) -> Iterator[str]:
        asked = [(place, one) for place, one in enumerate(move.operations) if first + place in self._ids]
        yield "answers = at_once(" if asked else "at_once("
        for operation in move.operations:
            yield f"    lambda: {self._memory(operation)}.{self._call(operation)},"
        yield ")"
        self._names.clear()
        for place, operation in asked:
            yield from self._id_of(operation, first + place, f"answers[{place}]", self._memory(operation))

    def _made(self, operation: Operation, step: int) -> Iterator[str]:
        receiver = self._memory(operation)
        if receiver in self._nameable:
            if receiver not in self._names:
                self._names[receiver] = self._name(operation)
                yield f"{self._names[receiver]} = {receiver}"
            receiver = self._names[receiver]
        channel = Channel.ADD if isinstance(operation, Chat) else operation.channel
        made = self._awaited(operation, channel, f"{receiver}.{self._call(operation)}")
        is_last = step == len(self._retold.operations)
        shows_prompts = isinstance(operation, Chat) and is_last
        if shows_prompts and self._chats > 1:
            yield "before = len(target.prompts())"
        if step in self._retold.raised and not is_last:
            yield f"with suppress(Exception): {made}"
        elif step not in self._ids:
            yield made
        else:
            if step not in self._retold.named:
                yield made
            yield from self._id_of(operation, step, made, receiver)
        if shows_prompts:
            # The earlier ones quote what their own users said.
            yield "target.prompts()[before:]" if self._chats > 1 else "target.prompts()"

    def _id_of(self, operation: Operation, step: int, reply: str, receiver: str) -> Iterator[str]:
        if step in self._retold.named:
            yield f"{self._ids[step]} = record_id({reply})"
        else:
            # Its reply tells no id, so the record is found by its code.
            listing = self._awaited(operation, Channel.GET_ALL, f"{receiver}.get_all()")
            yield f"{self._ids[step]} = record_id({listing}, {_canary(operation)!r})"

    def _memory(self, operation: Operation) -> str:
        if self._sessions:
            return memory_of(replace(operation.principal, credential=operation.principal.credential or Credential()))
        if not self._retold.awaited:
            return memory_of(operation.principal)
        # The plain client is asynchronous itself, and there is no other.
        memory = memory_of(replace(operation.principal, asynchronous=False))
        return f"awaited({memory})" if "make_memory" in self._retold.awaited else memory

    def _awaited(self, operation: Operation, channel: Channel, made: str) -> str:
        return f"awaited({made})" if operation.principal.asynchronous or channel in self._retold.awaited else made

    def _call(self, operation: Operation) -> str:
        options = {"infer": True} if isinstance(operation, Chat) else self._passed.get(operation.method)
        told_as = method(operation, options)
        for record in records_named(operation):
            told_as = told_as.replace(id_of(record), self._written(record, operation.principal), 1)
        return told_as

    def _written(self, record: RecordRef, by: Tenant) -> str:
        """Return a record's id as Python: a variable, a text made of one, or a text; a key as it is sent."""
        if record.key:
            owner = str(self._retold.operations[record.step - 1].principal.id) if record.step else "nobody"
            return repr(sent_key(by.keys, record.written(record.key, owner)))
        known = self._ids.get(record.step)
        if known is None:
            own = unknown_id(f"own of {by.index}", None)
            return repr(record.written(unknown_id(f"{record.owner}/{record.step}", None), "nobody", own=own))
        if not record.spelt:
            return known
        owner = str(self._retold.operations[record.step - 1].principal.id)
        words = {"{id}": known, "{ID}": f"{known}.upper()", "{digits}": f"{known}.replace('-', '')"}
        words |= {"{begin}": f"{known}[:8]", "{own}": self._ids.get(self._own.get(by.index, 0), "''")}
        spelt = record.spelt
        if spelt in words:
            return words[spelt]
        for word, told in words.items():
            spelt = spelt.replace(word, f"{{{told}}}")
        return f"f{spelt.replace('{owner}', owner.replace('{', '{{').replace('}', '}}'))!r}"

    def _name(self, operation: Operation) -> str:
        handle = operation.principal.handle
        self._taken[handle] += 1
        return handle if self._taken[handle] == 1 else f"{handle}_again{self._taken[handle] - 1 or ''}"


def _beside(operation: ReadStorage | Reset | Expire | PlantLink, *, over: bool) -> Iterator[str]:
    """Yield what is done beside the memories; `over`: sessions are over then, too."""
    match operation:
        case ReadStorage(seeks=seeks):
            yield f"target.storage()  # look for {seeks.canary!r}"
        case Reset():
            yield reset_of(operation)
        case Expire():
            yield "target.expire()"
            yield from ("sessions.expired()",) if over else ()
        case PlantLink(record=record, to=to, opening=opening):
            whole = ", folder=True" if operation.folder else ""
            name, last = ("plant_link_before_opening", f", {opening}{whole}") if opening else ("plant_link", "")
            yield f"{name}(target.storage(), {record.key!r}, {to.key!r}{last})"
        case _:
            assert_never(operation)


def _canary(operation: Operation) -> str:
    fact = getattr(operation, "fact", None)
    return "" if fact is None else str(fact.canary)
