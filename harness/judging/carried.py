"""Every text that an operation carries to the store: what is said, and what stands in metadata or filters."""

from ..base.plain_objects import Gathering
from ..model.operations import Add, GetAll, Operation, Search, Update, records_named, sent_text


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
        case GetAll(prefix=str(prefix)):
            return [prefix]
        case _:
            return [record.key for record in records_named(operation)]


def _given(operation: Operation) -> list[str]:
    match operation:
        case Add(metadata=given) | Update(metadata=given) | Search(filters=given) | GetAll(filters=given) if given:
            found = Gathering()
            found.take(given)
            return found.texts
    return []
