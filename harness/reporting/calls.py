"""An operation as a call on the target, as Python."""

from collections.abc import Mapping
from typing import assert_never

from ..model.channels import Channel
from ..model.operations import (
    Add,
    Chat,
    Crowd,
    Delete,
    DeleteAll,
    Get,
    GetAll,
    History,
    Operation,
    ReadStorage,
    RecordRef,
    Reopen,
    Reset,
    Search,
    Update,
)
from ..model.tenants import Tenant


def call(operation: Operation, options: Mapping[str, object] | None = None) -> str:
    """Return the operation as a call on the target: `make_memory("mf-ann-0").add("...", infer=False)`.

    What no call of a user's does is a comment.
    """
    match operation:
        case Reopen() | Reset() | Crowd():
            return f"# {deed(operation)}"
        case ReadStorage(seeks=seeks):
            return f"# search storage() for {seeks.canary!r}"
        case Chat():
            options = {"infer": True}
        case _:
            pass
    return f"{memory_of(operation.principal)}.{method(operation, options)}"


def deed(operation: Operation) -> str:
    """Return what was done, in short: the text that was planted, or the call."""
    match operation:
        case Add() if operation.metadata is None:
            return repr(operation.sent)
        case Chat():
            return repr(operation.fact.text)
        case ReadStorage():
            return f"the store's files and tables, for {operation.seeks.canary}"
        case Reopen():
            return "the store is closed and opened again: reopen()"
        case Reset():
            return "the store is reset: start()"
        case Crowd(adds=adds):
            return f"{len(adds)} records of others are put into the store: load(...)"
        case _:
            return method(operation)


def memory_of(principal: Tenant) -> str:
    """Return how a tenant's memory is made: `make_memory("mf-ann-0")`."""
    make = "make_async_memory" if principal.asynchronous else "make_memory"
    identity = repr(principal.id)
    if identity == f"'{principal.id}'" and '"' not in identity:
        # An ordinary id; it stands in double quotes, as most people write it.
        identity = f'"{principal.id}"'
    return f"{make}({', '.join([identity, *(f'{name}={value!r}' for name, value in principal.within)])})"


def method(operation: Operation, options: Mapping[str, object] | None = None) -> str:
    """Return the call itself: `search("...", threshold=0)`."""
    arguments = [*_arguments(operation), *(f"{name}={value!r}" for name, value in (options or {}).items())]
    name = Channel.ADD if isinstance(operation, Chat) else operation.channel
    return f"{name}({', '.join(arguments)})"


def _arguments(operation: Operation) -> list[str]:
    match operation:
        case Add():
            return [repr(operation.sent), *_named(metadata=operation.metadata)]
        case Chat(fact=fact):
            return [repr(fact.text)]
        case Search(query=query, filters=filters):
            return [repr(query), *_named(filters=filters)]
        case GetAll(filters=filters):
            return _named(filters=filters)
        case Get(record=record) | History(record=record) | Delete(record=record):
            return [id_of(record)]
        case Update(record=record, text=text, metadata=metadata):
            return [id_of(record), repr(text), *_named(metadata=metadata)]
        case DeleteAll() | ReadStorage() | Reopen() | Reset() | Crowd():
            return []
        case _:
            assert_never(operation)


def _named(**arguments: Mapping[str, object] | None) -> list[str]:
    return [f"{name}={_written(value)}" for name, value in arguments.items() if value is not None]


def _written(value: object) -> str:
    """Return a value as Python makes it: what an attack passes may have a repr that is none."""
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key!r}: {_written(one)}' for key, one in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    return "object()" if type(value) is object else repr(value)


def id_of(record: RecordRef) -> str:
    """Return what stands for a record's id, where no variable holds it."""
    return "<an id that no record has>" if record.is_unknown else f"<id of the record added at operation {record.step}>"
