"""Every text that an operation carries to the store: what is said, and what stands in metadata or filters."""

from ..base.plain_objects import Gathering
from ..model.operations import Add, GetAll, Operation, Search, Update, sent_text


def carried(operation: Operation) -> list[str]:
    """Return what is said, first, and each text beside it."""
    return [sent_text(operation), *beside(operation)]


def beside(operation: Operation) -> list[str]:
    """Return the texts in an operation's metadata or filters, keys too."""
    match operation:
        case Add(metadata=given) | Update(metadata=given) | Search(filters=given) | GetAll(filters=given) if given:
            found = Gathering()
            found.take(given)
            return found.texts
    return []
