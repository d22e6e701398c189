"""Every text that an operation carries to the store: what is said, and what stands in metadata or filters."""

from ..base.plain_objects import Gathering
from ..model.operations import Add, GetAll, Operation, Search, Update, records_named, sent_text


def carried(operation: Operation) -> list[str]:
    """Return what is said, first, and each text in its metadata or filters; a key only names what is meant."""
    return [sent_text(operation), *_given(operation)]


def beside(operation: Operation) -> list[str]:
    """Return the texts in an operation's metadata or filters, keys too, and the key that it names a record by."""
    # Several oracles ask of each step, and hardly any carries something: one look at its kind must do.
    match operation:
        case Search(filters=given):
            return _texts(given)
        case GetAll(filters=given, prefix=key) | Add(metadata=given, key=key):
            return [*_texts(given), key] if key else _texts(given)
        case Update(metadata=given, record=record):
            return [*_texts(given), record.key] if record.key else _texts(given)
        case _:
            return [record.key for record in records_named(operation) if record.key]


def _given(operation: Operation) -> list[str]:
    match operation:
        case Add(metadata=given) | Update(metadata=given) | Search(filters=given) | GetAll(filters=given):
            return _texts(given)
    return []


def _texts(given: object) -> list[str]:
    if not given:
        return []
    found = Gathering()
    found.take(given)
    return found.texts
