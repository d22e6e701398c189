"""The same with hnsw: false and an index on the user id: what finds a tenant's own records among any number."""

from ..postgres import PostgresStore


def open_store(url: str | None = None) -> PostgresStore:
    """Return the store; no server is started yet."""
    return PostgresStore(url, exact=True)
