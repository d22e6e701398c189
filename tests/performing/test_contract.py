import asyncio
import functools
import math
from collections.abc import Callable
from functools import partial
from types import SimpleNamespace

import pytest

from memfence import Ability, Channel
from memfence.base.errors import TargetError
from memfence.performing.contract import METHODS, adapt
from memfence.performing.offers import methods, named, offered


class Full:
    """A target that says all it can."""

    disposable = True
    refusals = [KeyError, PermissionError]  # noqa: RUF012 - as users write it
    settle = 2
    packages = ("vendor",)

    def __init__(self) -> None:
        self.events: list[str] = []

    def start(self) -> None:
        self.events.append("start")

    def close(self) -> None:
        self.events.append("close")

    def make_memory(self, user_id: str) -> str:
        return f"memory of {user_id}"


def make_memory(user_id: str) -> str:
    return f"memory of {user_id}"


def test_a_function_is_a_target_about_which_nothing_is_assumed() -> None:
    target = adapt(make_memory, "app:make_memory")

    assert target.name == "app:make_memory"
    assert target.make_memory("u_alice") == "memory of u_alice"
    assert (target.start, target.close, target.disposable) == (None, None, None)
    assert (target.refusals, target.settle) == ((), 0.0)


def test_an_object_says_more() -> None:
    thing = Full()

    target = adapt(thing, "full")
    assert target.start is not None
    assert target.close is not None
    target.start()
    target.close()

    assert target.make_memory("u_alice") == "memory of u_alice"
    assert thing.events == ["start", "close"]
    assert target.disposable
    assert target.refusals == (KeyError, PermissionError)
    assert target.settle == 2.0


def test_a_class_with_make_memory_is_made_once() -> None:
    target = adapt(Full, "full")

    assert target.make_memory("u_alice") == "memory of u_alice"
    assert target.disposable


def test_a_class_without_make_memory_is_itself_the_function() -> None:
    class Notes:
        def __init__(self, user_id: str) -> None:
            self.user_id = user_id

    target = adapt(Notes, "app:Notes")

    assert target.make_memory("u_alice").user_id == "u_alice"


def test_a_class_that_is_itself_the_function_is_not_closed_like_an_object() -> None:
    class Notes:
        def __init__(self, user_id: str) -> None:
            self.user_id = user_id

        def start(self) -> None:
            """Belong to one user's memory."""

        def close(self) -> None:
            """Belong to one user's memory."""

    target = adapt(Notes, "app:Notes")

    assert (target.start, target.close) == (None, None)


def test_a_class_that_cannot_be_made_is_a_target_error_with_the_users_own() -> None:
    class NoDatabase(Full):
        def __init__(self) -> None:
            msg = "no database"
            raise RuntimeError(msg)

    with pytest.raises(TargetError, match="RuntimeError: no database"):
        adapt(NoDatabase, "x")


def test_the_code_of_the_target_is_where_its_function_was_written() -> None:
    assert adapt(make_memory, "x").packages == {"mem0", __name__}
    assert adapt(Full(), "x").packages == {"mem0", __name__, "vendor"}


def test_a_function_of_no_module_is_a_target_too() -> None:
    anonymous = eval("lambda user_id: user_id", {"__name__": "no_such_module"})  # noqa: S307 - code of no module
    anonymous.__module__ = None

    assert adapt(anonymous, "x").make_memory("u_alice") == "u_alice"


@pytest.mark.parametrize("thing", [None, 7, "app:make_memory", {}, SimpleNamespace(make_memory=7)])
def test_what_is_no_target_is_refused_with_what_to_give(thing: object) -> None:
    with pytest.raises(TargetError, match="x is no target: give a function from user id to memory"):
        adapt(thing, "x")


@pytest.mark.parametrize("refusals", [[7], ["KeyError"], [KeyError()], [int], int, 7, None])
def test_refusals_that_are_no_exceptions_are_refused(refusals: object) -> None:
    thing = SimpleNamespace(make_memory=make_memory, refusals=refusals)

    with pytest.raises(TargetError, match=r"x\.refusals must list exception classes"):
        adapt(thing, "x")


@pytest.mark.parametrize("settle", [-1, "2", None, math.nan, math.inf, -math.inf, 10**400])
def test_a_settle_that_is_no_time_is_refused(settle: object) -> None:
    thing = SimpleNamespace(make_memory=make_memory, settle=settle)

    with pytest.raises(TargetError, match=r"x\.settle must be a number of seconds"):
        adapt(thing, "x")


def test_one_exception_class_is_a_list_of_one() -> None:
    thing = SimpleNamespace(make_memory=make_memory, refusals=KeyError)

    assert adapt(thing, "x").refusals == (KeyError,)


@pytest.mark.parametrize("packages", [7, None, [7]])
def test_packages_that_are_no_names_are_refused(packages: object) -> None:
    thing = SimpleNamespace(make_memory=make_memory, packages=packages)

    with pytest.raises(TargetError, match=r"x\.packages must list names of packages"):
        adapt(thing, "x")


def test_one_package_is_a_list_of_one() -> None:
    thing = SimpleNamespace(make_memory=make_memory, packages="vendor")

    assert adapt(thing, "x").packages == {"mem0", __name__, "vendor"}


@pytest.mark.parametrize("disposable", [1, "no", []])
def test_whether_data_may_be_wiped_is_yes_or_no_and_nothing_like_it(disposable: object) -> None:
    thing = SimpleNamespace(make_memory=make_memory, disposable=disposable)

    with pytest.raises(TargetError, match=r"x\.disposable must be True or False, got "):
        adapt(thing, "x")


class Unsaid:
    """Even its repr fails."""

    def __repr__(self) -> str:
        raise asyncio.CancelledError

    def __iter__(self) -> None:
        raise SystemExit


@pytest.mark.parametrize("attribute", ["refusals", "settle", "disposable", "packages", "notes"])
def test_a_value_that_cannot_be_shown_is_refused_by_its_type(attribute: str) -> None:
    thing = SimpleNamespace(make_memory=make_memory, **{attribute: Unsaid()})

    with pytest.raises(TargetError, match=rf"x\.{attribute} must .*, got a Unsaid"):
        adapt(thing, "x")


@pytest.mark.parametrize(
    "attribute",
    [
        "make_memory",
        "make_async_memory",
        "start",
        "reopen",
        "close",
        "storage",
        "prompts",
        "notes",
        "disposable",
        "refusals",
        "settle",
        "packages",
    ],
)
@pytest.mark.parametrize("error", [RuntimeError("no server"), SystemExit("no server"), asyncio.CancelledError()])
def test_an_attribute_that_cannot_be_read_is_named(attribute: str, error: BaseException) -> None:
    def broken(_: object) -> None:
        raise error

    thing = type("Broken", (Full,), {attribute: property(broken)})()

    with pytest.raises(TargetError, match=rf"x\.{attribute} cannot be read: {type(error).__name__}"):
        adapt(thing, "x")


def test_a_target_that_exits_while_it_is_made_is_a_target_error() -> None:
    class Exiting(Full):
        def __init__(self) -> None:
            raise SystemExit(3)

    with pytest.raises(TargetError, match="x could not be made: SystemExit: 3"):
        adapt(Exiting, "x")


def test_the_code_of_a_partial_is_that_of_what_it_wraps() -> None:
    def connect(url: str, user_id: str) -> str:
        return f"{url}/{user_id}"

    target = adapt(partial(partial(connect), "db"), "x")

    assert target.make_memory("u_alice") == "db/u_alice"
    assert target.packages == {"mem0", __name__}


def test_a_module_that_cannot_be_told_names_no_package() -> None:
    class Nowhere:
        @property
        def __module__(self) -> str:  # type: ignore[override]  # a proxy may do this
            raise RuntimeError

        def __call__(self, user_id: str) -> str:
            return user_id

    assert adapt(Nowhere(), "x").packages == {"mem0"}


def test_a_start_that_cannot_be_called_is_none() -> None:
    target = adapt(SimpleNamespace(make_memory=make_memory, start="yes", close=None), "x")

    assert (target.start, target.close) == (None, None)


def test_only_methods_that_can_be_called_count() -> None:
    memory = SimpleNamespace(add=print, search=print, get_all=[], delete=None, wipe=print)

    assert methods(memory) == {Channel.ADD, Channel.SEARCH}


def test_a_property_that_fails_is_no_method() -> None:
    class Half:
        def add(self, text: str) -> None:
            """Store it."""

        @property
        def search(self) -> None:
            raise SystemExit

    assert methods(Half()) == {Channel.ADD}


def test_the_contract_has_the_eight_methods() -> None:
    memory = SimpleNamespace(**{channel.value: print for channel in METHODS})

    assert methods(memory) == set(METHODS)
    assert len(METHODS) == 8
    assert methods(None) == frozenset()


# What a target offers beside its methods.


def nothing() -> None:
    """Do nothing."""


WHOLE = SimpleNamespace(make_memory=make_memory, start=nothing, reopen=nothing, storage=nothing, prompts=nothing)


def test_what_an_object_says_of_its_world_is_taken_over() -> None:
    thing = SimpleNamespace(**vars(WHOLE), make_async_memory=make_memory, notes=["Calls are serialised."])

    target = adapt(thing, "x")

    assert (target.start, target.reopen, target.storage, target.prompts) == (nothing,) * 4
    assert target.make_async_memory is make_memory
    assert target.notes == ("Calls are serialised.",)
    bare = adapt(make_memory, "x")
    assert (bare.reopen, bare.storage, bare.prompts, bare.make_async_memory, bare.notes) == (None,) * 4 + ((),)


def test_what_cannot_be_called_is_not_offered() -> None:
    thing = SimpleNamespace(make_memory=make_memory, reopen=True, storage={}, prompts=[], make_async_memory=None)

    target = adapt(thing, "x")

    assert (target.reopen, target.storage, target.prompts, target.make_async_memory) == (None,) * 4


def test_one_note_is_a_list_of_one() -> None:
    assert adapt(SimpleNamespace(make_memory=make_memory, notes="One."), "x").notes == ("One.",)


@pytest.mark.parametrize("notes", [7, None, [7], [b"x"]], ids=repr)
def test_notes_that_are_no_sentences_are_refused(notes: object) -> None:
    with pytest.raises(TargetError, match=r"x\.notes must list sentences, got "):
        adapt(SimpleNamespace(make_memory=make_memory, notes=notes), "x")


class Everything:
    """A memory that takes all that a scenario may pass."""

    def add(self, text: str, *, metadata: object = None, infer: bool = True) -> None: ...
    def search(self, query: str, filters: object = None) -> None: ...
    def get_all(self, filters: object = None) -> None: ...
    def update(self, record_id: str, text: str, metadata: object = None) -> None: ...


BARE = SimpleNamespace(add=lambda text: text, search=lambda query: query)


def beyond_methods(thing: object, memory: object = BARE) -> set[str]:
    return set(offered(adapt(thing, "x"), memory)) - set(METHODS)


def test_a_bare_target_offers_its_methods_and_no_more() -> None:
    assert offered(adapt(make_memory, "x"), BARE) == {"add", "search"}


def test_arguments_are_offered_by_each_method_that_names_them() -> None:
    assert beyond_methods(make_memory, Everything()) == {
        *("filters", "metadata", "infer"),
        *("add.metadata", "add.infer", "update.metadata"),
        *("search.filters", "search.filters.list", "search.filters.text"),
        *("get_all.filters", "get_all.filters.list", "get_all.filters.text"),
    }
    only_listed = SimpleNamespace(search=lambda query: query, get_all=Everything().get_all)
    assert beyond_methods(make_memory, only_listed) == {
        *("filters", "get_all.filters", "get_all.filters.list", "get_all.filters.text")
    }


@pytest.mark.parametrize(
    "search",
    [
        lambda query, **options: (query, options),
        lambda query, filters, /: (query, filters),
        lambda query, *filters: (query, filters),
    ],
    ids=["anything", "by position", "surplus"],
)
def test_what_is_not_taken_by_name_is_not_offered(search: Callable[..., object]) -> None:
    assert beyond_methods(make_memory, SimpleNamespace(search=search)) == set()


@pytest.mark.parametrize("name", [Ability.AGENT_ID, Ability.RUN_ID, Ability.APP_ID])
def test_a_further_id_is_offered_where_make_memory_names_it(name: str) -> None:
    function = eval(f"lambda user_id, *, {name}=None: user_id")  # noqa: S307 - the example's own text

    assert beyond_methods(function) == {name}
    assert beyond_methods(SimpleNamespace(make_memory=function)) == {name}
    assert beyond_methods(lambda user_id, **ids: (user_id, ids)) == set()


def test_a_class_that_is_itself_the_function_offers_the_ids_that_it_is_made_of() -> None:
    class Notes:
        def __init__(self, user_id: str, run_id: str | None = None) -> None:
            """Take both."""

    assert beyond_methods(Notes) == {"run_id"}


@pytest.mark.parametrize(
    ("function", "ability"), [("start", Ability.START), ("reopen", Ability.REOPEN), ("storage", Ability.STORAGE)]
)
def test_what_can_be_done_to_the_world_is_offered(function: str, ability: Ability) -> None:
    assert beyond_methods(SimpleNamespace(make_memory=make_memory, **{function: nothing})) == {ability}


def test_prompts_are_offered_where_an_add_can_be_told_to_extract() -> None:
    thing = SimpleNamespace(make_memory=make_memory, prompts=nothing)

    assert Ability.PROMPTS in beyond_methods(thing, Everything())
    assert Ability.PROMPTS not in beyond_methods(thing, BARE)
    assert Ability.PROMPTS not in beyond_methods(make_memory, Everything())


def test_a_second_client_is_both_asynchronous_and_beside_the_other() -> None:
    both = SimpleNamespace(make_memory=make_memory, make_async_memory=make_memory)

    assert beyond_methods(both) == {Ability.ASYNC, Ability.BOTH_CLIENTS, "async.add", "async.search"}


def test_methods_that_are_coroutines_are_asynchronous_and_there_is_no_other_client() -> None:
    class Awaited:
        async def search(self, query: str) -> None: ...

    assert beyond_methods(make_memory, Awaited()) == {Ability.ASYNC, "async.search"}


def test_the_parameters_of_anything_that_can_be_called_are_read() -> None:
    class Unhashable:
        __hash__ = None  # type: ignore[assignment]  # the point

        def __call__(self, query: str, *, limit: int = 1) -> None: ...

    @functools.wraps(Everything.search)
    def wrapped(query: str) -> None:
        del query

    assert named(Everything().search) >= {"query", "filters"}
    assert named(partial(Everything().search, "x")) == {"filters"}
    assert named(Unhashable()) == {"query", "limit"}
    # What it wraps may take more; this does not.
    assert named(wrapped) == {"query"}
    assert named(type) == frozenset()
    assert named(7) == frozenset()


def test_what_the_asynchronous_memory_has_no_method_for_is_not_asked_of_it() -> None:
    class Whole:
        def add(self, text: str) -> None: ...

        def history(self, record_id: str) -> None: ...

    class Less:
        async def add(self, text: str) -> None: ...

    offers = offered(adapt(Two(Whole(), Less()), "two"), Whole(), Less())

    assert {"add", "history", "async", "both_clients", "async.add"} <= offers
    assert "async.history" not in offers


class Two:
    """A target with both clients."""

    def __init__(self, memory: object, beside: object) -> None:
        self.memory = memory
        self.beside = beside

    def make_memory(self, user_id: str) -> object:
        del user_id
        return self.memory

    def make_async_memory(self, user_id: str) -> object:
        del user_id
        return self.beside


def test_a_method_that_is_called_like_what_only_our_targets_say_says_nothing() -> None:
    class Memory:
        def __init__(self, user_id: str) -> None:
            self.user_id = user_id

        def by_file(self) -> None:
            """Store something that lies in a file."""

    assert not adapt(Memory, "Memory").by_file
