"""How rare a word is: counted in the records that a search may see, and not in everybody's."""

from functools import wraps
from typing import Any

from ..base.errors import HarnessError
from .client import Client, store_of

# The name under which mem0 keeps the words of a record in Qdrant.
_WORDS = "bm25"
_MARK = "memfence_own_words"


def count_own_words(client: Client) -> Client:
    """Have a mem0 on Qdrant weigh each word by the records of whoever searches; return the same client.

    mem0 leaves the weight to Qdrant, and that counts a word in the records of all users: a score then tells how many of
    them use it. With this, each search by keywords counts under its own filters. `offline_mem0` does so by itself.

    Raises HarnessError where the store is not Qdrant, or the installed qdrant-client cannot count so. A server of an
    older version than that client may not know of it and go on counting everybody's.
    """
    connection = getattr(client.vector_store, "client", None)
    if not store_of(client).endswith("vector_stores.qdrant"):
        msg = f"count_own_words is for mem0 on Qdrant, got {type(client.vector_store).__name__}"
        raise HarnessError(msg)
    if not can_count_own_words():
        msg = "this qdrant-client counts words in everybody's records alone: pip install -U qdrant-client"
        raise HarnessError(msg)
    count_under_filters(connection)
    return client


def can_count_own_words() -> bool:
    """Tell whether the installed qdrant-client counts words under a filter."""
    from qdrant_client import models  # noqa: PLC0415 - 0.5 s that other targets do not need

    return hasattr(models, "IdfCorpusParams")


def count_under_filters(connection: Any) -> None:  # noqa: ANN401 - qdrant_client's own object
    """Let each search by keywords over this connection count words under its own filter; once more does no harm."""
    from qdrant_client import models  # noqa: PLC0415 - as above

    if hasattr(connection, _MARK):
        return
    ask = connection.query_points

    @wraps(ask)
    def ask_for_own(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - as above
        seen = options.get("query_filter")
        if options.get("using") == _WORDS and seen is not None and options.get("search_params") is None:
            counted = models.IdfCorpusParams(corpus=seen)
            options["search_params"] = models.SearchParams(idf=counted)
        return ask(*arguments, **options)

    connection.query_points = ask_for_own
    setattr(connection, _MARK, True)
