"""Every text that an operation carries to the store: what is said, and what stands in metadata or filters."""

from ..base.plain_objects import Gathering
from ..model.operations import BY_ID, Add, Copy, GetAll, Operation, Search, Update, sent_text


def carried(operation: Operation) -> list[str]:
    """Return what is said, first, and each text in its metadata or filters; a key only names what is meant."""
    return [sent_text(operation), *_given(operation)]


def beside(operation: Operation) -> list[str]:
    """Return the texts in an operation's metadata or filters, keys too, and the key that it names a record by."""
    return [*_given(operation), *filter(None, _keys(operation))]


def _keys(operation: Operation) -> list[str]:
    match operation:
        case Add():
            return [operation.key]
        case Copy(record=record, to=to):
            return [record.key, to.key]
        case GetAll(prefix=str(prefix)):
            return [prefix]
        case _:
            return [operation.record.key] if isinstance(operation, BY_ID) else []


def _given(operation: Operation) -> list[str]:
    match operation:
        case Add(metadata=given) | Update(metadata=given) | Search(filters=given) | GetAll(filters=given) if given:
            found = Gathering()
            found.take(given)
            return found.texts
    return []
