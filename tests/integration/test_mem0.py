"""ScopedMemory held to its promise on a real, embedded mem0."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from memfence import ScopedMemory
from memfence.campaigns import resolve
from memfence.campaigns.campaign import Campaign
from memfence.campaigns.settings import AuditSettings
from memfence.model.channels import OF_A_MEMORY
from memfence.model.findings import FindingClass, Verdict
from memfence.model.results import CampaignResult
from memfence.performing.contract import Target, adapt
from memfence.real_mem0.embedders.semantic import DIMENSIONS, SemanticEmbedder
from memfence.real_mem0.stores.qdrant import QdrantStore
from memfence.scoped.wrappers import scoped
from memfence.targets.built_in.mem0 import EMBEDDER
from memfence.targets.mem0_target import Mem0Target


def campaigns(*, seeds: int) -> st.SearchStrategy[AuditSettings]:
    return st.builds(
        AuditSettings,
        seed=st.integers(0, seeds),
        users=st.integers(2, 6),
        facts=st.integers(1, 3),
        scenarios=st.sampled_from(
            [("alice_and_bob",), ("cross_search",), ("list_all",), ("delete_all_leaves_others",)]
        ),
    )


class Reused:
    """Keeps one client over many campaigns: each `start` empties it, `close` is left to the fixture."""

    disposable = True

    def __init__(self, target: Mem0Target) -> None:
        self.make_memory = target.make_memory
        self.make_async_memory = target.make_async_memory
        self.start = target.start
        self.reopen = target.reopen
        self.reset = target.reset
        self.async_reset = target.async_reset
        self.storage = target.storage
        self.prompts = target.prompts
        self.load = target.load


@pytest.fixture(scope="module")
def scoped_target() -> Iterator[Target]:
    target = Mem0Target(scoped.wrap, scoped.wrap_async)
    yield adapt(Reused(target), "mem0")
    target.close()


@pytest.fixture(scope="module")
def broken_target() -> Iterator[Target]:
    target = Mem0Target(resolve.all_breakages()["drop_user_id"].wrap)
    yield adapt(Reused(target), "mem0")
    target.close()


def run(target: Target, chosen: AuditSettings) -> CampaignResult:
    catalogue = list(resolve.all_scenarios())
    oracles = resolve.all_oracles()
    asked = [one for one in resolve.scenarios(chosen.scenarios) if one.fits("")]
    return Campaign(target, asked, chosen, oracles, catalogue=catalogue).run()


@settings(max_examples=10)
@given(chosen=campaigns(seeds=2**31 - 1))
def test_scoped_memory_holds_whoever_the_users_are(scoped_target: Target, chosen: AuditSettings) -> None:
    result = run(scoped_target, chosen)

    assert result.verdict is Verdict.HELD, result.first_finding


def test_with_the_user_id_dropped_the_smallest_campaign_that_leaks_has_two_users(broken_target: Target) -> None:
    smallest = find(
        # Few seeds: each step of shrinking is a whole campaign.
        campaigns(seeds=20),
        lambda chosen: run(broken_target, chosen).verdict is Verdict.VIOLATED,
        # Explaining would trace every line of mem0.
        settings=settings(max_examples=30, database=None, phases=(Phase.generate, Phase.shrink)),
    )

    assert (smallest.users, smallest.facts) == (2, 1)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 51))
def test_the_dropped_user_id_is_found_within_ten_operations_of_cross_search(broken_target: Target, seed: int) -> None:
    result = run(broken_target, AuditSettings(seed=seed, scenarios=("cross_search",)))

    assert result.first_finding is not None
    scenario, group = result.first_finding
    assert (scenario.verdict, group.example.oracle) == (Verdict.VIOLATED, "canary_leak")
    assert group.earliest <= 10


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 51))
def test_fifty_seeds_on_the_default_target_give_no_finding(scoped_target: Target, seed: int) -> None:
    result = run(scoped_target, AuditSettings(seed=seed, users=8))

    # Residue that nothing serves is told, and is none of the wrapper's.
    assert {group.example.klass for one in result.scenarios for group in one.findings} <= {FindingClass.RESIDUE}
    assert result.verdict is Verdict.HELD


class DroppedBeneath:
    """The user id falls away beneath ScopedMemory, between it and mem0: only the agent's is left."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def search(self, query: str, *, filters: dict[str, str], top_k: int = 20, threshold: float = 0.1) -> Any:
        rest = {key: value for key, value in filters.items() if key != "user_id"}
        return self._client.search(query, filters=rest, top_k=top_k, threshold=threshold)


def test_a_user_id_dropped_beneath_scoped_memory_is_contained() -> None:
    def wrap(client: Any) -> Callable[[str], ScopedMemory]:
        beneath = DroppedBeneath(client)
        return lambda user_id: ScopedMemory(user_id, client=beneath, agent_id="assistant")

    result = run(adapt(Mem0Target(wrap), "mem0"), AuditSettings(seed=1, users=3, scenarios=("cross_search",)))

    assert result.verdict is Verdict.VIOLATED
    found = {(group.example.oracle, str(group.example.severity)) for one in result.scenarios for group in one.findings}
    assert found == {("contained", "medium")}


def test_each_world_is_empty() -> None:
    target = Mem0Target(scoped.wrap, scoped.wrap_async)
    try:
        target.make_memory("u_alice").add("I am vegetarian.", infer=False)
        before = len(target.make_memory("u_alice").get_all())

        target.start()

        assert (before, target.make_memory("u_alice").get_all()) == (1, [])
    finally:
        target.close()


def test_mem0s_own_factories_are_as_they_were_after_a_memory_was_opened() -> None:
    from mem0.utils.factory import EmbedderFactory, LlmFactory  # noqa: PLC0415 - for this test alone

    store = QdrantStore()
    before = dict(EmbedderFactory.provider_to_class), dict(LlmFactory.provider_to_class)

    store.close(store.open(embedder=EMBEDDER, dimensions=DIMENSIONS))

    assert (EmbedderFactory.provider_to_class, LlmFactory.provider_to_class) == before


def cosine(one: str, other: str) -> float:
    first, second = SemanticEmbedder().embed_batch([one, other])
    return sum(a * b for a, b in zip(first, second, strict=True))


def test_the_tutorials_sentence_is_near_its_query_and_a_code_in_it_pushes_it_under_the_threshold() -> None:
    threshold = 0.1

    bare = cosine("food preferences", "I am vegetarian. Please remember that.")
    with_code = cosine("food preferences", "I am vegetarian. Please remember that. My locker code is 7QK2-M9XD-04TV.")

    assert bare == pytest.approx(0.195, abs=0.001)
    assert with_code == pytest.approx(0.06, abs=0.02)
    assert with_code < threshold < bare


@pytest.mark.long
def test_every_channel_that_the_scenarios_probe_is_reported(scoped_target: Target) -> None:
    result = run(scoped_target, AuditSettings(seed=3, users=2, crowd=60, load=60))

    assert set(result.channels) == set(OF_A_MEMORY)
    assert list(itertools.chain.from_iterable(one.reasons for one in result.scenarios)) == []
