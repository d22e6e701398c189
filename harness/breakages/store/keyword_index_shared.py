"""A search by meaning gets a second half."""

from collections import defaultdict
from typing import Any

from ...real_mem0.client import Client, Stored, records
from ...real_mem0.keywords import words
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import UncheckedMemory, bind


@breakage(Layer.STORE, caught_by="canary_leak")
def keyword_index_shared(client: Client) -> MakeMemory:
    """The index of words beside the vectors is one for all users, and who searches gets each record with its words."""
    index: defaultdict[str, dict[str, Stored]] = defaultdict(dict)

    class _Memory(UncheckedMemory):
        def put(self, messages: object, **options: Any) -> Any:
            reply = super().put(messages, **options)
            for record in records(reply):
                for word in words(record["memory"]):
                    index[word][record["id"]] = record
            return reply

        def find(self, query: str, **options: Any) -> list[Stored]:
            by_meaning = super().find(query, **options)
            known = {record["id"] for record in by_meaning}
            pages = [index.get(word, {}) for word in words(query)] or [{}]
            by_word = [pages[0][one] for one in pages[0] if all(one in page for page in pages)]
            return [*by_meaning, *(record for record in by_word if record["id"] not in known)]

    return bind(client, _Memory)
