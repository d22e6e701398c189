"""A store with a defect, seen from above: mem0's client with some of its calls replaced."""

from typing import Any

from ..real_mem0.client import Client


class BrokenClient:
    """Passes each call on to mem0's client; a breakage replaces those that it breaks.

    Signatures are those of mem0 2.x, for wrappers read them: `search(query, *, filters, **options)`,
    `get_all(*, filters, top_k=20)`.
    """

    def __init__(self, client: Client) -> None:
        """Take the client that works."""
        self.client = client

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the client offers
        """Pass on what is not broken."""
        return getattr(self.client, name)
