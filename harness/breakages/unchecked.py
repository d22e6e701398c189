"""The plain code in which breakages are planted: ScopedMemory as it would be without its last net."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias
from urllib.parse import quote

from ..model.channels import Channel
from ..performing.scripts import Script, perform, perform_async
from ..real_mem0.client import Client, Stored, dialect, label, records
from ..scoped import given
from ..scoped.scope import Scope
from ..scoped.wrappers import MakeMemory

# All users talk to one agent: what is left where the user id is dropped.
AGENT = "assistant"
# More than a small campaign stores.
EVERYTHING = 1000

Ids: TypeAlias = Mapping[str, str]


class _UncheckedScope(Scope):
    """A scope that believes its store, under whatever ids."""

    __slots__ = ()

    def __init__(self, ids: Ids) -> None:
        self.ids = dict(ids)

    def own(self, found: list[Stored], ids: Ids, operation: str) -> list[Stored]:
        """Return the records as they came."""
        del ids, operation
        return found


class UncheckedMemory:
    """One user's memory: ids go with each call, record ids are checked for their owner, and replies are believed.

    By itself it isolates over a client that does; over an asynchronous one, all that its methods return is to be
    awaited. A breakage replaces one of its methods: `ids_for` chooses the ids that go with a kind of call, `find` and
    `listed` are what search and get_all come down to.
    """

    def __init__(self, client: Client, ids: Ids) -> None:
        """Bind the ids: of the user, of the agent that all users share, and of a run."""
        self.client = client
        self.ids = dict(ids)

    @property
    def user_id(self) -> str:
        """The bound user."""
        return self.ids["user_id"]

    def everybodys(self) -> "UncheckedMemory":
        """Return the memory of all users of this agent."""
        return UncheckedMemory(self.client, without_user(self.ids))

    def ids_for(self, channel: Channel) -> Ids:
        """Return the ids that go with a call."""
        del channel
        return self.ids

    def add(self, text: str, *, infer: bool = True, metadata: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401 - mem0's reply, unchanged
        """Store a text."""
        return self.put(text, infer=infer, **({} if metadata is None else {"metadata": metadata}))

    def put(self, messages: object, **options: Any) -> Any:  # noqa: ANN401 - as add
        """Store messages as mem0 takes them."""
        return self._perform(self._scope(Channel.ADD).add(self.client, messages, options))

    def search(
        self,
        query: str,
        *,
        top_k: int | None = None,
        threshold: float | None = None,
        filters: Mapping[str, Any] | None = None,
    ) -> Any:  # noqa: ANN401 - a breakage may answer in another shape
        """Return the records nearest to the query."""
        return self.find(query, top_k=top_k, threshold=threshold, filters=filters)

    def find(self, query: str, **options: Any) -> list[Stored]:  # noqa: ANN401 - top_k, threshold and filters, as search takes them
        """Search under the ids for it."""
        found: list[Stored] = self._perform(self._scope(Channel.SEARCH).search(self.client, query, **options))
        return found

    def get_all(self, *, filters: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401 - as search
        """Return all records."""
        return self.listed(filters)

    def listed(self, filters: Mapping[str, Any] | None) -> list[Stored]:
        """List everything under the ids for it."""
        found: list[Stored] = self._perform(self._scope(Channel.GET_ALL).get_all(self.client, filters))
        return found

    def page(self, ids: Ids, filters: Mapping[str, Any] | None = None) -> list[Stored]:
        """Return what mem0's own listing gives under these ids: 20 records, and no word of the others."""
        return records(self.client.get_all(filters={**given.filters(filters or {}), **ids}))

    def get(self, record_id: str) -> Any:  # noqa: ANN401 - as add
        """Return a record of one's own."""
        return self._perform(self._scope(Channel.GET).get(self.client, record_id))

    def update(self, record_id: str, text: str, metadata: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401 - as add
        """Replace the text of a record of one's own."""
        return self._perform(self._scope(Channel.UPDATE).update(self.client, record_id, text, metadata))

    def delete(self, record_id: str) -> Any:  # noqa: ANN401 - as add
        """Remove a record of one's own, with its history."""
        return self._perform(self._scope(Channel.DELETE).delete(self.client, record_id))

    def delete_all(self) -> Any:  # noqa: ANN401 - as add
        """Remove all records, and what is kept beside them."""
        ids = self.ids_for(Channel.DELETE_ALL)
        return self._perform(self._scope(Channel.DELETE_ALL).delete_all(self.client, ids, verify=False))

    def history(self, record_id: str) -> Any:  # noqa: ANN401 - as add
        """Return the earlier texts of a record of one's own."""
        return self._perform(self._scope(Channel.HISTORY).history(self.client, record_id))

    def _scope(self, channel: Channel) -> Scope:
        return _UncheckedScope(self.ids_for(channel))

    def _perform(self, script: Script[Any]) -> Any:  # noqa: ANN401 - as add
        return (perform_async if dialect(self.client).awaits else perform)(script)


class SiftedMemory(UncheckedMemory):
    """Fetches everybody's records and keeps those that are its own by their label, as `is_own` sees it."""

    def is_own(self, found: str) -> bool:
        """Tell whether a record with this label is the bound user's."""
        return found == self.user_id

    def find(self, query: str, **options: Any) -> list[Stored]:  # noqa: ANN401 - as above
        """Search everything, then sift."""
        return self._sifted(self.everybodys().find(query, **{**options, "top_k": EVERYTHING}))

    def listed(self, filters: Mapping[str, Any] | None) -> list[Stored]:
        """List everything, then sift."""
        return self._sifted(self.everybodys().listed(filters))

    def _sifted(self, found: list[Stored]) -> list[Stored]:
        return [record for record in found if self.is_own(str(label(record, "user_id")))]


def without_user(ids: Ids) -> dict[str, str]:
    """Return the ids but for the user's."""
    return {name: value for name, value in ids.items() if name != "user_id"}


def of_all_agents(ids: Ids) -> dict[str, str]:
    """Return the ids but for that of the agent that all users share: records that came in bulk name none."""
    return {name: value for name, value in ids.items() if (name, value) != ("agent_id", AGENT)}


def after(before: list[str], text: str) -> list[dict[str, str]]:
    """Return a new message of the user behind those of before, as mem0's extraction takes them."""
    context = [{"role": "system", "content": "Earlier messages:\n" + "\n".join(before)}] if before else []
    return [*context, {"role": "user", "content": text}]


def reworded(text: str) -> str:
    """Return what a model that takes numbers for noise makes of a sentence: no word with a digit is left."""
    return " ".join(["The user said:", *(word for word in text.split() if not any(map(str.isdigit, word)))])


def bind(
    client: Client,
    kind: Callable[[Client, Ids], Any] = UncheckedMemory,
    *,
    spelled: Callable[[str], str] = str,
    checked: bool = True,
) -> MakeMemory:
    """Return a make_memory that binds each user, and the agent that all share, in this kind of memory.

    `spelled` is what becomes of a user's id at first; then it is `checked` as ScopedMemory does, or any text is taken,
    percent-encoded: mem0 itself strips blanks, and takes some texts for more than one user's.
    """

    def make_memory(user_id: Any, *, agent_id: str = AGENT, run_id: str | None = None) -> Any:  # noqa: ANN401 - of a kind
        if isinstance(user_id, str):
            user_id = spelled(user_id)
            if user_id and not checked:
                encoded = quote(user_id, safe="", errors="surrogatepass")
                return kind(
                    client, {"user_id": encoded, "agent_id": agent_id, **({} if run_id is None else {"run_id": run_id})}
                )
        return kind(client, Scope(user_id, agent_id, run_id).ids)

    return resetting(make_memory, client.reset)


def caching(make_memory: MakeMemory, **caches: object) -> MakeMemory:
    """Return the same make_memory, which says what it keeps answers in, by name."""
    make_memory.caches = lambda: caches  # type: ignore[attr-defined]  # as below
    return make_memory


def resetting(make_memory: MakeMemory, reset: Callable[[], Any]) -> MakeMemory:
    """Return the same make_memory with a reset of its own: a defect may lie in what stands before the client."""
    make_memory.reset = reset  # type: ignore[attr-defined]  # wrappers that have none of their own are plain functions
    return make_memory
