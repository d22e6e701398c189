"""The reference application: many users, an assistant that remembers what each says, pages and a JSON API."""

from typing import TYPE_CHECKING

from ...real_mem0.client import Client

if TYPE_CHECKING:
    from .whole import Application


def create_app(client: Client | None = None) -> "Application":
    """Return a fresh application, as an ASGI server wants it; without a client its memory is ours, and in memory.

    Raises TargetError where packages are missing.
    """
    # FastAPI and all else are an extra.
    from ..reference_client import ReferenceClient  # noqa: PLC0415 - as above
    from .whole import Application  # noqa: PLC0415 - as above

    return Application(ReferenceClient() if client is None else client)
