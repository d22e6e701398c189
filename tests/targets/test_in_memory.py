import asyncio

from memfence.scoped.wrappers import scoped
from memfence.targets.in_memory import InMemoryTarget
from memfence.targets.reference_client import ReferenceClient


class Counting:
    """A wrapper that counts how often it was made anew, and remembers what it has made."""

    def __init__(self) -> None:
        self.clients: list[object] = []

    def __call__(self, client: ReferenceClient) -> object:
        self.clients.append(client)
        return scoped.wrap(client)


def opened(wrap: object = scoped.wrap) -> InMemoryTarget:
    return InMemoryTarget(wrap, None)  # type: ignore[arg-type]  # a test's own wrapper


def test_records_outlive_a_reopening_and_what_a_wrapper_remembers_does_not() -> None:
    wrap = Counting()
    target = opened(wrap)
    target.make_memory("u_alice").add("I am vegan.", infer=False)

    target.reopen()

    assert [record["memory"] for record in target.make_memory("u_alice").get_all()] == ["I am vegan."]
    assert len(wrap.clients) == 2
    assert wrap.clients[0] is wrap.clients[1]


def test_a_start_is_a_fresh_client_and_a_fresh_wrapper() -> None:
    wrap = Counting()
    target = opened(wrap)
    target.make_memory("u_alice").add("I am vegan.")

    target.start()

    assert target.make_memory("u_alice").get_all() == []
    assert target.prompts() == []
    assert target.storage() == {"records": [], "history": [], "messages": []}
    assert wrap.clients[0] is not wrap.clients[1]


def test_its_client_is_made_by_whoever_was_given_for_each_world_anew() -> None:
    made: list[ReferenceClient] = []

    def open_client() -> ReferenceClient:
        made.append(ReferenceClient(page=1))
        return made[-1]

    target = InMemoryTarget(scoped.wrap, None, open_client)
    target.start()
    target.reopen()

    assert len(made) == 2


def test_what_is_kept_and_what_was_sent_to_the_extraction_can_be_read() -> None:
    target = opened()

    target.make_memory("u_alice").add("I am vegan.", infer=True)

    assert target.storage()["records"] == ["I am vegan."]
    assert [prompt for prompt in target.prompts() if "I am vegan." in prompt] == target.prompts() != []


def test_there_is_an_asynchronous_way_only_where_it_was_given() -> None:
    both = InMemoryTarget(scoped.wrap, scoped.wrap_async)

    assert opened().make_async_memory is None
    assert both.make_async_memory is not None
    assert both.disposable


def test_both_ways_lead_to_the_same_records_and_take_further_ids() -> None:
    target = InMemoryTarget(scoped.wrap, scoped.wrap_async)
    assert target.make_async_memory is not None

    asyncio.run(target.make_async_memory("u_alice", agent_id="cook").add("I am vegan.", infer=False))

    listed = [target.make_memory("u_alice", agent_id=agent).get_all() for agent in (None, "cook", "other")]
    assert [[record["memory"] for record in records] for records in listed] == [["I am vegan."], ["I am vegan."], []]


def test_a_reset_is_the_clients_own_and_leaves_the_wrapper_as_it_is() -> None:
    wrap = Counting()
    target = opened(wrap)
    before = target.make_memory("u_alice")
    (first,) = before.add("I am vegan.", infer=False)["results"]

    target.reset()

    (second,) = before.add("I like tea.", infer=False)["results"]
    assert [record["memory"] for record in before.get_all()] == ["I like tea."]
    assert first["id"] != second["id"]
    assert len(wrap.clients) == 1


def test_the_asynchronous_client_resets_the_same_records() -> None:
    target = InMemoryTarget(scoped.wrap, scoped.wrap_async)
    target.make_memory("u_alice").add("I am vegan.")
    reset = target.async_reset
    assert reset is not None

    asyncio.run(reset())

    assert target.storage() == {"records": [], "history": [], "messages": []}
    assert opened().async_reset is None
