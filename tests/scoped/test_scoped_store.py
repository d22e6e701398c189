import asyncio
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langgraph.store.base import (
    BaseStore,
    GetOp,
    InvalidNamespaceError,
    ListNamespacesOp,
    MatchCondition,
    PutOp,
    SearchOp,
)
from langgraph.store.memory import InMemoryStore
from langgraph.store.sqlite import SqliteStore

from memfence import ErasureIncomplete, IsolationError, ScopedStore, ScopeError
from memfence.scoped.namespaces import Namespaces

# They are prefixes of each other, differ by case, or hold what LIKE, a pattern or a dot gives a meaning.
USERS = ["al", "al-", "alice", "Alice", "a_", "ab", "a.b", "a", "x" * 128]


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest) -> Iterator[BaseStore]:
    """What is shared by all users."""
    if request.param == "memory":
        yield InMemoryStore()
        return
    with SqliteStore.from_conn_string(":memory:") as opened:
        opened.setup()
        yield opened


def told(items: Iterable[Any]) -> list[tuple[Any, ...]]:
    return sorted((tuple(item.namespace), item.key, item.value["of"]) for item in items)


def test_it_goes_wherever_langgraph_takes_a_store(store: BaseStore) -> None:
    own = ScopedStore("alice", store=store)

    assert isinstance(own, BaseStore)
    assert isinstance(own, ScopedStore)
    assert type(own).__name__ == "ScopedStore"
    assert (own.supports_ttl, own.ttl_config) == (store.supports_ttl, store.ttl_config)


def test_what_is_put_is_there_under_its_own_namespace_until_it_is_deleted(store: BaseStore) -> None:
    own = ScopedStore("alice", store=store)

    own.put(("notes", "today"), "k", {"of": "alice", "n": 1})
    own.put(("notes",), "k", {"of": "alice", "n": 2})

    item = own.get(("notes", "today"), "k")
    assert item is not None
    assert (tuple(item.namespace), item.key, item.value) == (("notes", "today"), "k", {"of": "alice", "n": 1})
    assert told(own.search(("notes",))) == [(("notes",), "k", "alice"), (("notes", "today"), "k", "alice")]
    assert told(own.search((), filter={"n": 2})) == [(("notes",), "k", "alice")]
    own.delete(("notes",), "k")
    assert own.get(("notes",), "k") is None
    assert told(own.search(())) == [(("notes", "today"), "k", "alice")]


def test_users_see_and_change_only_their_own_under_the_same_keys(store: BaseStore) -> None:
    for user in USERS:
        for namespace in (("n",), ("n", "m"), ("al",)):
            ScopedStore(user, store=store).put(namespace, "k", {"of": user})

    ScopedStore(USERS[0], store=store).clear()
    ScopedStore(USERS[1], store=store).delete(("n",), "k")

    def whole(user: str) -> list[tuple[Any, ...]]:
        return [(("al",), "k", user), (("n",), "k", user), (("n", "m"), "k", user)]

    seen = {user: told(ScopedStore(user, store=store).search(())) for user in USERS}
    assert seen == {user: whole(user) for user in USERS} | {
        USERS[0]: [],
        USERS[1]: [(("al",), "k", "al-"), (("n", "m"), "k", "al-")],
    }
    listed = {user: sorted(map(tuple, ScopedStore(user, store=store).list_namespaces())) for user in USERS[2:]}
    assert listed == {user: [("al",), ("n",), ("n", "m")] for user in listed}


def test_asynchronous_forms_see_the_same() -> None:
    async def story() -> tuple[Any, ...]:
        store = InMemoryStore()
        own, other = ScopedStore("al", store=store), ScopedStore("al-", store=store)
        await own.aput(("n",), "k", {"of": "al"})
        await other.aput(("n",), "k", {"of": "al-"})
        item = await own.aget(("n",), "k")
        found, listed = await own.asearch(()), await own.alist_namespaces()
        await other.adelete(("n",), "k")
        await own.aput(("m",), "k", {"of": "al"})
        await other.aput(("m",), "k", {"of": "al-"})
        await own.aclear()
        return item and item.value, told(found), listed, await own.asearch(()), told(await other.asearch(()))

    assert asyncio.run(story()) == (
        {"of": "al"},
        [(("n",), "k", "al")],
        [("n",)],
        [],
        [(("m",), "k", "al-")],
    )


def test_a_batch_is_answered_in_its_order(store: BaseStore) -> None:
    own = ScopedStore("alice", store=store)
    own.put(("n",), "k", {"of": "alice"})

    results: Any = own.batch(
        [
            GetOp(("n",), "k"),
            PutOp(("n",), "new", {"of": "alice"}),
            GetOp(("n",), "unknown"),
            SearchOp(("n",)),
            ListNamespacesOp((MatchCondition("prefix", ("n",)),)),
        ]
    )

    assert results[0].value == {"of": "alice"}
    assert results[1:3] == [None, None]
    assert told(results[3])[0] == (("n",), "k", "alice")
    assert [tuple(one) for one in results[4]] == [("n",)]


# Listing.

OWN = [("a",), ("a", "b"), ("a", "b", "c"), ("a", "x", "c"), ("ab", "c"), ("c",), ("b", "a", "b", "c")]


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"prefix": ("a",)},
        {"prefix": ("a", "*", "c")},
        {"prefix": ("*", "b")},
        {"suffix": ("c",)},
        {"suffix": ("*", "c")},
        {"suffix": ("b", "*")},
        {"suffix": ("*", "*", "*", "*")},
        {"prefix": ("a",), "suffix": ("c",)},
        {"max_depth": 1},
        {"max_depth": 2},
        {"prefix": ("a",), "max_depth": 2},
        {"suffix": ("*", "c"), "max_depth": 1},
        {"prefix": ("A",)},
        {"limit": 2},
        {"limit": 3, "offset": 2},
    ],
    ids=repr,
)
def test_namespaces_are_listed_as_if_the_store_were_the_users_alone(asked: dict[str, Any]) -> None:
    store, alone = InMemoryStore(), InMemoryStore()
    own = ScopedStore("alice", store=store)
    for namespace in OWN:
        own.put(namespace, "k", {"of": "alice"})
        alone.put(namespace, "k", {"of": "alice"})
        for other in ("ali", "alice-", "Alice"):
            ScopedStore(other, store=store).put((*namespace, "c"), "k", {"of": other})

    assert own.list_namespaces(**asked) == alone.list_namespaces(**asked)


def test_no_condition_reaches_the_namespaces_of_others(store: BaseStore) -> None:
    own, other = ScopedStore("al", store=store), ScopedStore("alice", store=store)
    own.put(("mine",), "k", {"of": "al"})
    other.put(("theirs", "deep"), "k", {"of": "alice"})
    theirs = Namespaces("alice").segment

    for path in [("*",), (theirs,), (theirs, "theirs"), ("theirs",), ("deep",), ("*", "deep"), ("*", "*", "*")]:
        for kind in ("prefix", "suffix"):
            found = own.list_namespaces(**{kind: path})  # type: ignore[arg-type]  # either name
            assert [one for one in found if tuple(one) != ("mine",)] == []


# Names.


@pytest.mark.parametrize("namespace", [("a.b",), ("",), ("a", "\x00"), ("..",), (7,)])
def test_what_is_no_label_is_refused_also_in_a_batch(store: BaseStore, namespace: tuple[Any, ...]) -> None:
    own = ScopedStore("alice", store=store)
    operations: list[Any] = [
        GetOp(namespace, "k"),
        PutOp(namespace, "k", {}),
        SearchOp(namespace),
        ListNamespacesOp((MatchCondition("prefix", namespace),)),
        ListNamespacesOp((MatchCondition("suffix", namespace),)),
    ]

    for operation in operations:
        with pytest.raises((ScopeError, TypeError), match="label"):
            own.batch([operation])
    with pytest.raises(InvalidNamespaceError):
        own.get(namespace, "k")
    assert store.search(()) == []


@pytest.mark.parametrize("namespace", ["notes", None, 7])
def test_a_namespace_is_a_tuple(store: BaseStore, namespace: Any) -> None:
    with pytest.raises(TypeError, match=r"a namespace must be a tuple such as \('notes',\), got"):
        ScopedStore("alice", store=store).batch([GetOp(namespace, "k")])


def test_an_operation_that_is_not_known_is_not_passed_on(store: BaseStore) -> None:
    with pytest.raises(TypeError, match="tuple is no operation that ScopedStore knows"):
        ScopedStore("alice", store=store).batch([("n",)])  # type: ignore[list-item]  # what the test is about


def test_a_condition_that_is_not_known_is_refused(store: BaseStore) -> None:
    condition: Any = MatchCondition("anywhere", ("n",))  # type: ignore[arg-type]  # what the test is about

    with pytest.raises(ScopeError, match="match_type must be prefix or suffix, got 'anywhere'"):
        ScopedStore("alice", store=store).batch([ListNamespacesOp((condition,))])


users = st.text("aA-_.2e", min_size=1, max_size=4)


@given(one=users, other=users)
def test_no_segment_of_a_user_is_the_beginning_of_another(one: str, other: str) -> None:
    segments = [Namespaces(user).segment for user in (one, other)]

    assert segments[0].startswith(segments[1]) == (one == other)
    assert not set(segments[0]) & set("._%*?[")


# Stores that answer with what is not asked for.


class Wide(InMemoryStore):
    """A store that searches, lists and reads beyond the namespace that it is given."""

    def batch(self, ops: Any) -> Any:
        return [self.answer(one) for one in ops]

    def answer(self, operation: Any) -> Any:
        match operation:
            case SearchOp():
                operation = operation._replace(namespace_prefix=())
            case ListNamespacesOp():
                operation = operation._replace(match_conditions=())
            case GetOp():
                return super().batch([SearchOp(())])[0][0]
        return super().batch([operation])[0]


@pytest.mark.parametrize(
    "call",
    [
        lambda own: own.get(("n",), "k"),
        lambda own: own.search(("n",)),
        lambda own: own.list_namespaces(),
        lambda own: own.clear(),
        lambda own: own.batch([PutOp(("n",), "k", {}), SearchOp(())]),
    ],
)
def test_a_store_that_answers_with_a_neighbours_item_is_caught(call: Callable[[ScopedStore], Any]) -> None:
    store = Wide()
    ScopedStore("alice", store=store).put(("n",), "k", {"of": "alice"})

    with pytest.raises(IsolationError, match="outside the bound scope") as caught:
        call(ScopedStore("al", store=store))

    assert "of" not in str(caught.value.args[0]).split("'")
    assert len(store.search(())) >= 1


def test_own_items_beside_the_namespace_that_was_asked_for_are_left_out() -> None:
    own = ScopedStore("alice", store=Wide())
    own.put(("acme",), "k", {"of": "alice"})
    own.put(("acme-corp",), "k", {"of": "alice"})

    assert told(own.search(("acme",))) == [(("acme",), "k", "alice")]
    assert own.list_namespaces(prefix=("acme",)) == [("acme",)]
    with pytest.raises(IsolationError, match=r"^get: "):
        own.get(("other",), "k")


class Like(InMemoryStore):
    """A store that compares the beginning of texts, and takes _ for any sign: as SQL's LIKE without an escape."""

    def batch(self, ops: Any) -> Any:
        (operation,) = ops
        if not isinstance(operation, SearchOp):
            return super().batch(ops)
        pattern = ".".join(operation.namespace_prefix)
        found = super().batch([SearchOp((), limit=100)])[0]
        return [[one for one in found if self.like(".".join(one.namespace).lower(), pattern.lower())]]

    def like(self, text: str, pattern: str) -> bool:
        return len(text) >= len(pattern) and all(
            sign in ("_", other) for sign, other in zip(pattern, text, strict=False)
        )


def test_a_store_that_compares_as_like_does_answers_each_user_with_their_own() -> None:
    store = Like()
    for user in USERS:
        ScopedStore(user, store=store).put(("n",), "k", {"of": user})

    seen = {user: told(ScopedStore(user, store=store).search(())) for user in USERS}

    assert seen == {user: [(("n",), "k", user)] for user in USERS}


class Deaf(InMemoryStore):
    """A store that deletes nothing."""

    def batch(self, ops: Any) -> Any:
        return super().batch([one for one in ops if not (isinstance(one, PutOp) and one.value is None)]) or [None]


def test_clear_says_so_where_items_stay() -> None:
    own = ScopedStore("alice", store=Deaf())
    own.put(("n",), "k", {"of": "alice"})

    with pytest.raises(ErasureIncomplete, match="1 items"):
        own.clear()


def test_clear_goes_through_more_items_than_one_search_gives(store: BaseStore) -> None:
    own, other = ScopedStore("al", store=store), ScopedStore("ali", store=store)
    for number in range(250):
        own.put(("n", str(number % 3)), str(number), {"of": "al"})
    other.put(("n",), "k", {"of": "ali"})

    own.clear()

    assert own.search(()) == []
    assert told(other.search(())) == [(("n",), "k", "ali")]


# What it goes round.


@pytest.mark.parametrize("what", [None, {}, object()])
def test_what_is_no_store_is_refused_with_what_to_give(what: object) -> None:
    with pytest.raises(TypeError, match="store must be a store of LangGraph such as InMemoryStore, got"):
        ScopedStore("alice", store=what)


@pytest.mark.parametrize("user", ["*", "", "a/b"])
def test_a_user_id_is_refused_as_scoped_memory_refuses_it(user: str) -> None:
    with pytest.raises(ScopeError, match="user_id"):
        ScopedStore(user, store=InMemoryStore())


def test_without_langgraph_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "langgraph.store.base", None)

    with pytest.raises(
        ModuleNotFoundError, match=r"langgraph\.store\.base is not installed: pip install 'memfence\[kv\]'"
    ):
        ScopedStore("alice", store=object())


def test_it_shows_its_scope_and_has_no_way_to_another(store: BaseStore) -> None:
    own = ScopedStore("alice", store=store)

    assert repr(own) == "ScopedStore('alice')"
    assert own.user_id == "alice"
    with pytest.raises(AttributeError):
        own.user_id = "bob"  # type: ignore[misc]  # what the test is about
