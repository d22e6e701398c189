"""PostgreSQL with pgvector, as mem0 sets it up: a private server, or one at a URL."""

from ..postgres import PostgresStore


def open_store(url: str | None = None) -> PostgresStore:
    """Return the store; no server is started yet."""
    return PostgresStore(url)
