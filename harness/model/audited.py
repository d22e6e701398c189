"""What is audited: it decides in which words a reader is told what to do."""

from enum import StrEnum


class Audited(StrEnum):
    """A memory in Python, a resource where callers choose the keys, or an application that a file says how to ask."""

    MEMORY = "memory"
    RESOURCE = "resource"
    APPLICATION = "application"


def audited(*, keys: str, by_file: bool) -> Audited:
    """Return what it is, by how it spells keys and whether it is asked by a file."""
    if by_file:
        return Audited.APPLICATION
    return Audited.RESOURCE if keys else Audited.MEMORY
