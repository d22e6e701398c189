"""An operation as a call on the target, as Python."""

from collections.abc import Iterator, Mapping
from typing import assert_never

from ..model.channels import Channel
from ..model.credentials import Credential
from ..model.keys import called, sent_key, sent_value
from ..model.operations import (
    Add,
    Anew,
    Chat,
    Copy,
    Crowd,
    Delete,
    DeleteAll,
    Expire,
    Get,
    GetAll,
    History,
    Operation,
    PlantLink,
    ReadStorage,
    RecordRef,
    Reopen,
    Reset,
    Search,
    SignIn,
    SignOut,
    Update,
)
from ..model.tenants import Tenant

_DEEDS = {
    Reopen: "the store is closed and opened again: reopen()",
    Expire: "what was put or issued for a time runs out: expire()",
    Anew: "every memory is let go, and the next is made anew",
}


def call(operation: Operation, options: Mapping[str, object] | None = None) -> str:
    """Return the operation as a call on the target: `make_memory("mf-ann-0").add("...", infer=False)`.

    What no call of a user's does is a comment.
    """
    match operation:
        case Reopen() | Reset() | Crowd() | Expire() | PlantLink() | Anew() | SignIn() | SignOut():
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
        case Add() if operation.metadata is None and not operation.key:
            return repr(operation.sent)
        case Chat():
            return repr(operation.fact.text)
        case ReadStorage():
            return f"the store's files and tables, for {operation.seeks.canary}"
        case Reopen() | Expire() | Anew():
            return _DEEDS[type(operation)]
        case SignIn() | SignOut():
            return session_of(operation)
        case PlantLink(record=record, to=to, opening=opening):
            when = " just before it is opened" + (" again" if opening > 1 else "") if opening else ""
            of = "the folder of " if operation.folder else ""
            return f"in storage(), a symbolic link to {of}{to.key!r} takes the place of {of}{record.key!r}{when}"
        case Reset():
            return f"the store is reset: {reset_of(operation)}"
        case Crowd(principal=principal, adds=adds):
            alone = all(add.principal == principal for add in adds)
            whose = f"{principal.handle}'s own" if alone else "others"
            return f"{len(adds)} records of {whose} are put into the store: load(...)"
        case _:
            return method(operation)


def memory_of(principal: Tenant) -> str:
    """Return how a tenant's memory is made: `make_memory("mf-ann-0")`."""
    if principal.credential is not None:
        return f"sessions.memory({', '.join([principal.written, *_of_credential(principal.credential)])})"
    make = "make_async_memory" if principal.asynchronous else "make_resource" if principal.keys else "make_memory"
    return f"{make}({', '.join([principal.written, *(f'{name}={value!r}' for name, value in principal.within)])})"


def session_of(operation: SignIn | SignOut) -> str:
    """Return the call that opens or ends a session."""
    credential = operation.principal.credential
    said = [] if credential is None or not credential.device else [f"device={credential.device}"]
    if isinstance(operation, SignOut):
        return f"sessions.sign_out({', '.join([operation.principal.written, *said])})"
    said += [f"carrying={operation.carrying!r}"] if operation.carrying else []
    said += [] if credential is None or credential.of is None else [f"left_by={credential.of_id!r}"]
    return f"sessions.sign_in({', '.join([operation.principal.written, *said])})"


def _of_credential(credential: Credential) -> Iterator[str]:
    """Yield what is said of a credential as arguments."""
    named = {"form": credential.form, "of": credential.of_id, "device": credential.device, "number": credential.number}
    named |= {"claim": credential.claim, "spelling": credential.spelling}
    yield from (f"{name}={value!r}" for name, value in named.items() if value)


def reset_of(reset: Reset) -> str:
    """Return the call that resets the store: awaited where it is the asynchronous client's."""
    return "awaited(target.async_reset())" if reset.principal.asynchronous else "target.reset()"


def load_of(crowd: Crowd) -> Iterator[str]:
    """Yield how the records were put there: one tenant's as a line that runs, with other words, others' to read."""
    yield f"# {deed(crowd)}"
    if all(add.principal == crowd.principal for add in crowd.adds):
        yield f'target.load([({crowd.principal.written}, f"note {{number}}") for number in range({len(crowd.adds)})])'


def method(operation: Operation, options: Mapping[str, object] | None = None) -> str:
    """Return the call itself: `search("...", threshold=0)`."""
    arguments = [*_arguments(operation), *(f"{name}={value!r}" for name, value in (options or {}).items())]
    channel = Channel.ADD if isinstance(operation, Chat) else operation.channel
    how = getattr(operation, "how", "")
    name = how or called(operation.principal.keys, channel)
    return f"{name}({', '.join(arguments)})"


def _arguments(operation: Operation) -> list[str]:
    match operation:
        case Add():
            keys, ttl = operation.principal.keys, {} if operation.ttl is None else {"ttl": operation.ttl}
            key = [repr(sent_key(keys, operation.key))] if keys else []
            return [*key, repr(sent_value(keys, operation.sent)), *_named(metadata=operation.metadata, **ttl)]
        case Chat(fact=fact):
            return [repr(fact.text)]
        case Search(query=query, filters=filters, record=record):
            return [repr(query) if record is None else id_of(record), *_named(filters=filters)]
        case GetAll(filters=filters, prefix=prefix):
            under = None if prefix is None else sent_key(operation.principal.keys, prefix)
            return _named(filters=filters, prefix=under)
        case Get(record=record) | History(record=record) | Delete(record=record):
            return [id_of(record)]
        case Copy(record=record, to=to):
            return [id_of(record), id_of(to)]
        case Update(record=record, text=text, metadata=metadata):
            text_sent = sent_value(operation.principal.keys, text)
            return [id_of(record), repr(text_sent), *_named(metadata=metadata)]
        case DeleteAll():
            return []
        case ReadStorage() | Reopen() | Reset() | Crowd() | Expire() | PlantLink() | Anew() | SignIn() | SignOut():
            return []
        case _:
            assert_never(operation)


def _named(**arguments: object) -> list[str]:
    return [f"{name}={_written(value)}" for name, value in arguments.items() if value is not None]


def _written(value: object) -> str:
    """Return a value as Python makes it: what an attack passes may have a repr that is none."""
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key!r}: {_written(one)}' for key, one in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    return "object()" if type(value) is object else repr(value)


def id_of(record: RecordRef) -> str:
    """Return what stands for a record's id, where no variable holds it, spelt as it is sent."""
    if record.key:
        return repr(record.written(record.key, "<its user id>"))
    unknown = "an id that no record has"
    known = unknown if record.is_unknown else f"id of the record added at operation {record.step}"
    words = {"{id}": f"<{known}>", "{ID}": f"<{known}, in capitals>", "{digits}": f"<{known}, without dashes>"}
    words |= {
        "{begin}": f"<the beginning of {known if record.is_unknown else f'the {known}'}>",
        "{own}": "<id of its own record>",
    }
    spelt = (record.spelt or "{id}").replace("{owner}", "<its user id>")
    for word, told in words.items():
        spelt = spelt.replace(word, told)
    return spelt
