from collections.abc import Callable
from types import MappingProxyType, SimpleNamespace
from typing import Any

import pytest

from memfence import ErasureIncomplete, IsolationError, RecordNotFoundError, ScopedMemory, ScopeError, Truncated
from memfence.real_mem0.client import FIRST_PAGE
from memfence.scoped.wrappers.scoped import wrap
from memfence.targets.reference_client import ReferenceClient


@pytest.fixture
def client() -> ReferenceClient:
    return ReferenceClient()


def test_a_user_finds_its_own_fact_and_not_anothers(client: ReferenceClient) -> None:
    alice, bob = ScopedMemory("u_alice", client=client), ScopedMemory("u_bob", client=client)
    alice.add("I am vegetarian.", infer=False)
    bob.add("I am a vegetarian too.", infer=False)

    found = alice.search("vegetarian", threshold=0)

    assert [record["memory"] for record in found] == ["I am vegetarian."]


def test_search_and_get_all_return_plain_lists_of_records(client: ReferenceClient) -> None:
    alice = ScopedMemory("u_alice", client=client)
    alice.add("I am vegetarian.")

    assert [type(reply) for reply in (alice.search("vegetarian", top_k=1), alice.get_all())] == [list, list]


def test_the_scope_is_read_only_and_shown(client: ReferenceClient) -> None:
    memory = ScopedMemory("u_alice", client=client, agent_id="cook", run_id="monday")

    with pytest.raises(AttributeError):
        memory.user_id = "u_bob"  # type: ignore[misc]  # what the test is about

    assert (memory.user_id, memory.agent_id, memory.run_id) == ("u_alice", "cook", "monday")
    assert repr(memory) == "ScopedMemory('u_alice', agent_id='cook', run_id='monday')"
    assert repr(ScopedMemory("u_alice", client=client)) == "ScopedMemory('u_alice')"


@pytest.mark.parametrize("user_id", ["", "*", "al ice", "alice ", "al%", "a'b", "a|b", "a&b", "jos\u00e9", "a\x00b"])
def test_an_id_to_which_a_store_may_give_a_meaning_is_refused(client: ReferenceClient, user_id: str) -> None:
    with pytest.raises(ScopeError, match="user_id"):
        ScopedMemory(user_id, client=client)


@pytest.mark.parametrize("name", ["agent_id", "run_id"])
def test_further_ids_are_held_to_the_same_rule(client: ReferenceClient, name: str) -> None:
    with pytest.raises(ScopeError, match=f"{name} holds '\\*'"):
        ScopedMemory("u_alice", client=client, **{name: "*"})


IDS = ("user_id", "agent_id", "run_id")
NO_IDS: tuple[Any, ...] = ("", None, {}, [], (), ["u_alice"], {"ne": "x"}, False, 0, 7, b"alice")


@pytest.mark.parametrize(
    ("name", "nothing"),
    # None is how a further id is left out.
    [(name, nothing) for name in IDS for nothing in NO_IDS if name == "user_id" or nothing is not None],
    ids=repr,
)
def test_what_is_no_id_is_refused_by_our_own_code_before_anything_is_sent(name: str, nothing: Any) -> None:
    client = CountingClient()
    ids = {"user_id": "u_alice", name: nothing}

    with pytest.raises((TypeError, ScopeError), match=f"{name} (must be a str|is empty)") as caught:
        ScopedMemory(ids.pop("user_id"), client=client, **ids).delete_all()

    assert caught.traceback[-1].frame.f_globals["__name__"] == "memfence.scoped.user_ids"
    assert client.seen == []


@pytest.mark.parametrize(
    "user_id",
    [
        "auth0:5f7c8ec7c33c6c004bbafe82",
        "google-oauth2:103547991597142817347",
        "alice+tag@example.com",
        "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
        "A.B_c",
        "x" * 128,
    ],
)
def test_ids_of_common_identity_services_pass_as_they_are(client: ReferenceClient, user_id: str) -> None:
    assert ScopedMemory(user_id, client=client).user_id == user_id


def test_upper_case_is_refused_where_the_store_folds_case(client: ReferenceClient) -> None:
    folding = type("RedisDB", (), {"__module__": "mem0.vector_stores.redis"})
    client.vector_store = folding()  # type: ignore[attr-defined]  # where mem0 keeps its store

    with pytest.raises(ScopeError, match="folds case"):
        ScopedMemory("Alice", client=client)

    assert ScopedMemory("alice", client=client).user_id == "alice"


def test_punctuation_is_refused_where_the_store_compares_word_by_word(client: ReferenceClient) -> None:
    cutting = type("Weaviate", (), {"__module__": "mem0.vector_stores.weaviate"})
    client.vector_store = cutting()  # type: ignore[attr-defined]  # where mem0 keeps its store

    with pytest.raises(ScopeError, match="word by word"):
        ScopedMemory("u.alice", client=client)

    assert ScopedMemory("ualice", client=client).user_id == "ualice"


@pytest.mark.parametrize("record_id", [None, 7, ["1"], b"1"])
def test_a_record_id_that_is_no_str_is_a_type_error(client: ReferenceClient, record_id: Any) -> None:
    with pytest.raises(TypeError, match="record_id must be a str"):
        ScopedMemory("u_alice", client=client).get(record_id)


def test_read_only_mappings_are_fine_as_messages_and_metadata(client: ReferenceClient) -> None:
    alice = ScopedMemory("u_alice", client=client)

    message = MappingProxyType({"role": "user", "content": "x"})
    alice.add(message, infer=False, metadata=MappingProxyType({"topic": "food"}))

    assert alice.get_all()[0]["metadata"] == {"topic": "food"}


CALLS: dict[str, Callable[[ScopedMemory, str], object]] = {
    "get": lambda memory, record_id: memory.get(record_id),
    "update": lambda memory, record_id: memory.update(record_id, "changed"),
    "delete": lambda memory, record_id: memory.delete(record_id),
    "history": lambda memory, record_id: memory.history(record_id),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_foreign_id_and_an_unknown_id_raise_the_same_error(
    client: ReferenceClient, call: Callable[[ScopedMemory, str], object]
) -> None:
    alice, bob = ScopedMemory("u_alice", client=client), ScopedMemory("u_bob", client=client)
    foreign = alice.add("I am vegetarian.")["results"][0]["id"]

    with pytest.raises(RecordNotFoundError) as of_foreign:
        call(bob, foreign)
    with pytest.raises(RecordNotFoundError) as of_unknown:
        call(bob, "6ba7b810-9dad-11d1-80b4-00c04fd430c8")

    assert str(of_foreign.value) == str(of_unknown.value)
    assert of_foreign.value.__cause__ is of_unknown.value.__cause__ is None
    assert alice.get(foreign)["memory"] == "I am vegetarian."


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_calls_on_ones_own_record_work(client: ReferenceClient, call: Callable[[ScopedMemory, str], object]) -> None:
    alice = ScopedMemory("u_alice", client=client)
    own = alice.add("I am vegetarian.")["results"][0]["id"]

    assert call(alice, own) is not None


class CountingClient(ReferenceClient):
    """Notes each call that reaches the client, and the ids of those that delete."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.erased: list[dict[str, str]] = []

    def get_all(self, *, filters: Any, top_k: int = 20) -> Any:
        self.seen.append("get_all")
        return super().get_all(filters=filters, top_k=top_k)

    def delete_all(self, user_id: str | None = None, agent_id: str | None = None, run_id: str | None = None) -> Any:
        self.seen.append("delete_all")
        ids = {"user_id": user_id, "agent_id": agent_id, "run_id": run_id}
        self.erased.append({name: value for name, value in ids.items() if value is not None})
        return super().delete_all(**ids)

    def add(self, messages: str, **options: Any) -> Any:
        self.seen.append("add")
        return super().add(messages, **options)

    def search(self, query: str, *, filters: Any, top_k: int = 20, threshold: float = 0.1) -> Any:
        self.seen.append("search")
        return super().search(query, filters=filters, top_k=top_k, threshold=threshold)

    def get(self, memory_id: str) -> Any:
        self.seen.append("get")
        return super().get(memory_id)

    def update(self, memory_id: str, text: str, *, metadata: Any = None) -> Any:
        self.seen.append("update")
        return super().update(memory_id, text, metadata=metadata)

    def delete(self, memory_id: str) -> Any:
        self.seen.append("delete")
        return super().delete(memory_id)

    def history(self, memory_id: str) -> Any:
        self.seen.append("history")
        return super().history(memory_id)


@pytest.mark.parametrize(
    ("call", "extra"),
    [
        (lambda memory, _: memory.add("x"), []),
        (lambda memory, _: memory.search("x"), []),
        (lambda memory, record_id: memory.get(record_id), []),
        (lambda memory, record_id: memory.update(record_id, "y"), ["get"]),
        (lambda memory, record_id: memory.delete(record_id), ["get"]),
        (lambda memory, record_id: memory.history(record_id), ["get"]),
    ],
    ids=["add", "search", "get", "update", "delete", "history"],
)
def test_at_most_one_extra_client_call_is_made(
    call: Callable[[ScopedMemory, str], object], extra: list[str], request: pytest.FixtureRequest
) -> None:
    client = CountingClient()
    memory = ScopedMemory("u_alice", client=client)
    record_id = memory.add("I am vegetarian.")["results"][0]["id"]
    client.seen.clear()

    call(memory, record_id)

    assert client.seen == [*extra, request.node.callspec.id]


class LeakyClient(ReferenceClient):
    """A store whose filter fell away: every reply holds everybody's records."""

    def search(self, query: str, *, filters: Any, top_k: int = 20, threshold: float = 0.1) -> dict[str, Any]:
        del query, filters, threshold
        return {"results": list(self._records.values())[:top_k]}

    def get_all(self, *, filters: Any, top_k: int = 20) -> dict[str, Any]:
        del filters
        return {"results": list(self._records.values())[:top_k]}


@pytest.mark.parametrize("agent_id", [None, "cook"])
@pytest.mark.parametrize("name", ["search", "get_all", "delete_all"])
def test_a_record_outside_the_scope_withholds_the_whole_reply(name: str, agent_id: str | None) -> None:
    client = LeakyClient()
    ScopedMemory("u_alice", client=client, agent_id=agent_id).add("My locker code is 1234.")
    bob = ScopedMemory("u_bob", client=client, agent_id=agent_id)
    calls: dict[str, Callable[[], object]] = {
        "search": lambda: bob.search("code"),
        "get_all": bob.get_all,
        "delete_all": bob.delete_all,
    }

    with pytest.raises(IsolationError) as caught:
        calls[name]()

    assert "1234" not in str(caught.value)
    assert "u_alice" not in str(caught.value)


def test_a_record_without_a_label_fails_closed() -> None:
    client = SimpleNamespace(
        search=lambda query, *, filters: {"results": [{"id": "1", "memory": "whose?"}]},  # noqa: ARG005 - a client's form
        get_all=lambda *, filters, top_k: {"results": []},  # noqa: ARG005 - as above
        update=lambda memory_id, text: None,  # noqa: ARG005 - as above
    )

    with pytest.raises(IsolationError):
        ScopedMemory("u_alice", client=client).search("x")


@pytest.mark.parametrize("name", ["agent_id", "run_id"])
def test_with_a_further_id_bound_only_its_records_are_seen_and_deleted(client: ReferenceClient, name: str) -> None:
    narrow = ScopedMemory("u_alice", client=client, **{name: "cook"})
    beside = ScopedMemory("u_alice", client=client, **{name: "pilot"})
    everything = ScopedMemory("u_alice", client=client)
    narrow.add("I am vegetarian.")
    beside.add("I fly at night.")

    seen = [[record["memory"] for record in found] for found in (narrow.get_all(), narrow.search("I", threshold=0))]
    narrow.delete_all()

    assert seen == [["I am vegetarian."]] * 2
    assert [record["memory"] for record in everything.get_all()] == ["I fly at night."]


@pytest.mark.parametrize("name", ["agent_id", "run_id"])
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_the_same_users_record_of_another_agent_or_run_is_not_found(
    client: ReferenceClient, call: Callable[[ScopedMemory, str], object], name: str
) -> None:
    ours = ScopedMemory("u_alice", client=client, **{name: "cook"})
    record_id = ours.add("x")["results"][0]["id"]

    with pytest.raises(RecordNotFoundError):
        call(ScopedMemory("u_alice", client=client, **{name: "pilot"}), record_id)


def test_the_factory_takes_further_ids(client: ReferenceClient) -> None:
    make_memory = wrap(client)

    made = make_memory("u_alice"), make_memory("u_alice", agent_id="cook", run_id="monday")

    assert list(map(repr, made)) == [
        "ScopedMemory('u_alice')",
        "ScopedMemory('u_alice', agent_id='cook', run_id='monday')",
    ]


def test_a_run_of_the_same_name_joins_no_two_users(client: ReferenceClient) -> None:
    alice, bob = (ScopedMemory(user, client=client, run_id="monday") for user in ("u_alice", "u_bob"))
    record_id = alice.add("I am vegetarian.")["results"][0]["id"]

    with pytest.raises(RecordNotFoundError):
        bob.get(record_id)

    bob.delete_all()
    assert (bob.get_all(), len(alice.get_all())) == ([], 1)


def test_erasing_a_user_goes_across_agents_and_runs_and_every_deletion_names_the_user() -> None:
    client = CountingClient()
    scopes: list[dict[str, Any]] = [{}, {"agent_id": "cook"}, {"run_id": "r"}, {"agent_id": "cook", "run_id": "r"}]
    memories = [ScopedMemory("u_alice", client=client, **scope) for scope in scopes]
    other = ScopedMemory("u_bob", client=client, run_id="r")
    for memory in (*memories, other):
        memory.add("I am vegetarian.")

    memories[-1].delete_all()
    left = len(memories[0].get_all())
    memories[-1].erase_user()

    assert (left, memories[0].get_all(), len(other.get_all())) == (3, [], 1)
    assert client.erased == [{"user_id": "u_alice", **scopes[-1]}, {"user_id": "u_alice"}]


@pytest.mark.parametrize("count", [0, 1, FIRST_PAGE - 1, FIRST_PAGE, FIRST_PAGE + 1, 4 * FIRST_PAGE, 999])
def test_get_all_returns_all_however_many_there_are(client: ReferenceClient, count: int) -> None:
    alice = ScopedMemory("u_alice", client=client)
    for number in range(count):
        alice.add(f"fact {number}")

    assert len(alice.get_all()) == count


class SmallPages(ReferenceClient):
    """A store that refuses pages of more than 100 records, or cuts them in silence to fewer than before."""

    def __init__(self, *, shrinks: bool) -> None:
        super().__init__()
        self.shrinks = shrinks

    def get_all(self, *, filters: Any, top_k: int = 20) -> dict[str, Any]:
        if top_k <= FIRST_PAGE:
            return super().get_all(filters=filters, top_k=top_k)
        if self.shrinks:
            return super().get_all(filters=filters, top_k=FIRST_PAGE // 2)
        msg = "page too big"
        raise RuntimeError(msg)


@pytest.mark.parametrize("shrinks", [True, False])
def test_a_store_that_refuses_a_bigger_page_raises_rather_than_giving_a_short_list(*, shrinks: bool) -> None:
    alice = ScopedMemory("u_alice", client=SmallPages(shrinks=shrinks))
    for number in range(FIRST_PAGE + 1):
        alice.add(f"fact {number}")

    with pytest.raises(Truncated, match="100 records"):
        alice.get_all()


class HundredAtATime(ReferenceClient):
    """mem0 1.x: delete_all removes the first hundred and says it is done."""

    def delete_all(self, user_id: str | None = None, agent_id: str | None = None, run_id: str | None = None) -> Any:
        for record in self.get_all(filters={"user_id": user_id or ""}, top_k=100)["results"]:
            self.delete(record["id"])
        return {"message": f"{agent_id} {run_id}"}


def test_delete_all_leaves_nothing_where_the_client_stops_at_a_hundred() -> None:
    alice = ScopedMemory("u_alice", client=HundredAtATime())
    for number in range(250):
        alice.add(f"fact {number}", infer=False)

    alice.delete_all()

    assert alice.get_all() == []


class Stubborn(ReferenceClient):
    """delete_all does nothing and says that it is done."""

    def delete_all(self, user_id: str | None = None, agent_id: str | None = None, run_id: str | None = None) -> Any:
        return {"message": f"{user_id} {agent_id} {run_id}"}


def test_delete_all_that_leaves_something_says_so() -> None:
    alice = ScopedMemory("u_alice", client=Stubborn())
    alice.add("I am vegetarian.")

    with pytest.raises(ErasureIncomplete, match="1 records"):
        alice.delete_all()


class Shifting(dict[str, object]):
    """Shows one thing when it is checked, and another afterwards."""

    def __init__(self, *shown: dict[str, object]) -> None:
        super().__init__(shown[-1])
        self._shown = list(shown)

    def items(self) -> Any:
        return (self._shown.pop(0) if len(self._shown) > 1 else self._shown[0]).items()


def test_what_was_checked_is_what_is_sent() -> None:
    seen: list[Any] = []

    class Noting(ReferenceClient):
        def add(self, messages: str, *, metadata: Any = None, **ids: Any) -> Any:
            seen.append(metadata)
            return super().add(messages, metadata=metadata, **ids)

        def search(self, query: str, *, filters: Any, top_k: int = 20, threshold: float = 0.1) -> Any:
            seen.append(filters)
            return super().search(query, filters=filters, top_k=top_k, threshold=threshold)

    alice = ScopedMemory("u_alice", client=Noting())

    alice.add("x", metadata=Shifting({"topic": "food"}, {"user_id": "u_bob"}))
    alice.search("x", filters=Shifting({"topic": "food"}, {"AND": [{"user_id": "u_bob"}]}))

    assert seen == [{"topic": "food"}, {"topic": "food", "user_id": "u_alice"}]
    assert [type(one) for one in seen] == [dict, dict]


# Any memory: half of these calls are wrong in type too.
REFUSED: dict[str, tuple[type[Exception], str, Callable[[Any], object]]] = {
    "identity in filters": (ScopeError, "in filters", lambda m: m.search("x", filters={"user_id": "u_bob"})),
    "logic in filters": (ScopeError, "in filters", lambda m: m.get_all(filters={"AND": [{"user_id": "u_bob"}]})),
    "filters that are pairs": (TypeError, "must be a mapping", lambda m: m.search("x", filters=[("user_id", "b")])),
    "filters that are no mapping": (TypeError, "must be a mapping", lambda m: m.get_all(filters="")),
    "identity in metadata": (ScopeError, "in metadata", lambda m: m.add("x", metadata={"user_id": "u_bob"})),
    "metadata that is pairs": (
        TypeError,
        "must be a mapping",
        lambda m: m.update("1", "x", metadata=[("user_id", "b")]),
    ),
    "identity in an update": (
        ScopeError,
        "in metadata",
        lambda m: m.update("1", "x", metadata={"d": [{"run_id": "r"}]}),
    ),
    "identity in an add": (ScopeError, "'run_id' in add", lambda m: m.add("x", run_id="r")),
    "a scope in an add": (ScopeError, "'filters' in add", lambda m: m.add("x", filters={})),
    "typed options in an add": (ScopeError, "'options' in add", lambda m: m.add("x", options=object())),
    "a lone surrogate in a text": (ValueError, "lone surrogate", lambda m: m.add("x\ud800")),
    "a lone surrogate in metadata": (
        ValueError,
        "lone surrogate",
        lambda m: m.add("x", metadata={"d": [{"e": "\ud800"}]}),
    ),
    "a lone surrogate in a changed text": (ValueError, "text holds", lambda m: m.update("1", "\ud800")),
    "a lone surrogate in a query": (ValueError, "query holds", lambda m: m.search("\ud800")),
    "a text that is none": (TypeError, "text must be a str", lambda m: m.update("1", None)),
    "a query that is none": (TypeError, "query must be a str", lambda m: m.search(7)),
    "messages that are none": (TypeError, "messages must be", lambda m: m.add(None)),
}


@pytest.mark.parametrize(("kind", "words", "call"), REFUSED.values(), ids=REFUSED)
def test_a_refused_call_sends_nothing_at_all(
    kind: type[Exception], words: str, call: Callable[[ScopedMemory], object]
) -> None:
    client = CountingClient()

    with pytest.raises(kind, match=words):
        call(ScopedMemory("u_alice", client=client))

    assert client.seen == []


def test_harmless_metadata_and_filters_pass() -> None:
    seen: list[dict[str, Any]] = []

    class Noting(ReferenceClient):
        def search(self, query: str, *, filters: Any, top_k: int = 20, threshold: float = 0.1) -> dict[str, Any]:
            seen.append({"query": query, "filters": filters, "top_k": top_k, "threshold": threshold})
            return {"results": []}

    alice = ScopedMemory("u_alice", client=Noting())

    stored = alice.add("x", metadata={"topic": "food"})["results"][0]["id"]
    alice.search("x", filters={"topic": "food"}, top_k=3, threshold=0.5)

    assert alice.get(stored)["metadata"] == {"topic": "food"}
    filters = {"topic": "food", "user_id": "u_alice"}
    assert seen == [{"query": "x", "filters": filters, "top_k": 3, "threshold": 0.5}]


def test_without_a_client_and_without_a_key_the_error_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MEM0_API_KEY", raising=False)
    memory = ScopedMemory("u_alice")

    with pytest.raises(ValueError, match="set MEM0_API_KEY, or pass client="):
        memory.search("x")


def test_making_one_needs_no_key_and_calls_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MEM0_API_KEY", raising=False)
    client = CountingClient()

    made = ScopedMemory("u_alice"), ScopedMemory("u_alice", client=client)

    assert [memory.user_id for memory in made] == ["u_alice", "u_alice"]
    assert client.seen == []


def test_an_instance_holds_nothing_but_scope_and_client(client: ReferenceClient) -> None:
    memory = ScopedMemory("u_alice", client=client)

    with pytest.raises(AttributeError):
        memory.cache = []  # type: ignore[attr-defined]  # what the test is about
