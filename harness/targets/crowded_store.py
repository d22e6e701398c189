"""What a store of a crowd is: planted in bulk, read row by row, asked through mem0, opened in many processes."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from ..judging.stored_rows import Row
from ..real_mem0.client import Client

# A row to be planted: the id of its record, the user id that it is to carry, its text.
Planted = tuple[UUID, str, str]


class Index(StrEnum):
    """What helps the store to find a user's records, beside what mem0 itself sets up."""

    USER = "user_id"
    NONE = "none"
    HNSW = "hnsw"


@dataclass(frozen=True, slots=True)
class Where:
    """A crowd's place: an address that each process can reach, a collection there, what mem0 writes with a text."""

    store: str
    address: str
    collection: str
    pattern: dict[str, Any] = field(default_factory=dict, hash=False)


class CrowdedStore(ABC):
    """One open place. What is planted once more changes nothing; what fails raises whatever the store's client raises.

    `indices` are the arrangements that it knows, `files` what `serve` keeps in its folder, `notes` what a reader of the
    verdict should know; `over_mem0` whether its client is mem0's, which takes each process a second to import.
    """

    indices: tuple[Index, ...] = ()
    files: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    over_mem0 = True

    def __init__(self, where: Where) -> None:
        """Take the place; it is reached when it is needed."""
        self.where = where

    @classmethod
    @abstractmethod
    def serve(cls, folder: str, url: str | None) -> str:
        """Start a server of our own in the folder, where there is no `url` and it does not run; return the address."""

    @classmethod
    @abstractmethod
    def stop(cls, folder: str, url: str | None) -> None:
        """Stop a server of our own; once more does no harm."""

    @abstractmethod
    def prepare(self) -> dict[str, Any]:
        """Make the collection as mem0 makes it, where there is none; return what mem0 writes with a text."""

    @property
    @abstractmethod
    def client(self) -> Client:
        """mem0's client on the collection, or what stands in for it."""

    @abstractmethod
    def holding(self, lock: int) -> AbstractContextManager[object]:
        """Return what lets no other process do what holds the same lock, however that process ends."""

    @abstractmethod
    def plant(self, rows: Sequence[Planted]) -> None:
        """Store the rows in bulk, those that are not there."""

    @abstractmethod
    def of(self, label: str) -> list[Row]:
        """Return the rows that carry a user id."""

    @abstractmethod
    def extent(self) -> int:
        """Return how many parts it can be read in."""

    @abstractmethod
    def rows(self, first: int, count: int | None) -> Iterator[Row]:
        """Yield each row of so many parts, once, whoever it belongs to; without a count, to the end."""

    @abstractmethod
    def check(self) -> None:
        """Ask the store for next to nothing; raises where it has ended."""

    @abstractmethod
    def size(self) -> int:
        """Return how many bytes it takes, with its indices."""

    @abstractmethod
    def arrange(self, index: Index) -> None:
        """Have exactly this index, and what the store knows of its rows up to date."""

    @abstractmethod
    def alone(self) -> AbstractContextManager[Self]:
        """Return a fresh, empty place like this one, which goes with the context."""

    @abstractmethod
    def remove(self) -> int:
        """Remove the collection, and all that mem0 put beside it; return how much is still there."""

    @abstractmethod
    def close(self) -> None:
        """Let go of connections."""
