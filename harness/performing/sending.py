"""Which method an operation calls, and with what."""

from collections.abc import Callable
from typing import TypeAlias

from ..model.operations import Copy, Delete, DeleteAll, Get, GetAll, History, RecordRef, Search, Update
from ..model.tenants import Tenant
from .arguments import given

# What asks something of one memory, but for what stores a fact.
Question: TypeAlias = Search | GetAll | Get | Update | Delete | DeleteAll | History | Copy
_Sent: TypeAlias = tuple[str, tuple[str, ...], dict[str, object]]


def sent(operation: Question, id_of: Callable[[RecordRef, Tenant], str]) -> _Sent:
    """Return the method, its positional and its named arguments; `id_of` is the id behind a reference."""
    principal, method = operation.principal, operation.channel.value
    match operation:
        case Search(query=query, filters=filters, how=how, record=record):
            asked = query if record is None else id_of(record, principal)
            return how or method, (asked,), given(filters=filters)
        case GetAll(filters=filters, prefix=prefix, how=how):
            return how or method, (), given(filters=filters, prefix=prefix)
        case DeleteAll(how=how):
            return how or method, (), {}
        case Copy(record=record, to=to, how=how):
            return how, (id_of(record, principal), id_of(to, principal)), {}
        case Get(record=record) | Delete(record=record) | History(record=record):
            return method, (id_of(record, principal),), {}
        case Update(record=record, text=text, metadata=metadata):
            return method, (id_of(record, principal), text), given(metadata=metadata)
