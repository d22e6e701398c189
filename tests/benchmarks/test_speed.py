"""Speed, side by side in one process. Reported, never asserted: machines are shared and noisy.

Run with `pytest tests/benchmarks -n 0`; each ratio stands in the column "extra info" of the JSON and is printed.
"""

import subprocess
import sys
import time
from collections.abc import Callable
from itertools import count, cycle
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from memfence import Population, ScopedMemory
from memfence.campaigns import resolve
from memfence.campaigns.campaign import Campaign
from memfence.campaigns.settings import AuditSettings
from memfence.judging.attribution import CanaryAttributor
from memfence.model.findings import Attribution
from memfence.real_mem0.embedders.semantic import DIMENSIONS, SemanticEmbedder
from memfence.real_mem0.stores.qdrant import QdrantStore
from memfence.targets.built_in.mem0 import EMBEDDER
from memfence.targets.built_in.reference import ReferenceClient


@pytest.fixture
def report(benchmark: BenchmarkFixture, capsys: pytest.CaptureFixture[str]) -> Callable[..., None]:
    """Print a figure where a reader of the run sees it, and keep it in the benchmark's own report."""

    def show(**figures: float | str) -> None:
        benchmark.extra_info.update(figures)
        with capsys.disabled():
            for name, value in figures.items():
                sys.stdout.write(f"\n  {name}: {value:.4g}" if isinstance(value, float) else f"\n  {name}: {value}")
            sys.stdout.write("\n")

    return show


def test_harness_overhead_at_100_users(benchmark: BenchmarkFixture, report: Callable[..., None]) -> None:
    """Wall time of a campaign over the time spent inside the target's own calls; wanted: at most 1.15."""
    settings = AuditSettings(seed=1, users=100)
    target = resolve.target("mem0")
    # Those that end in minutes with 100 users, and are most of the work of the others, too.
    scenarios = resolve.scenarios(("cross_search", "delete_all_leaves_others", "list_all"))
    campaign = Campaign(target, scenarios, settings, resolve.all_oracles())

    result = benchmark.pedantic(campaign.run, rounds=1)

    report(campaign_over_target=result.seconds / result.inside, seconds=result.seconds)


@pytest.mark.parametrize("name", ["add", "search", "get"])
def test_scoped_memory_over_the_raw_client(benchmark: BenchmarkFixture, report: Callable[..., None], name: str) -> None:
    """Extra time of a call through ScopedMemory; wanted: at most 5 microseconds."""
    client = Instant()
    memory = ScopedMemory("u_alice", client=client)
    scope = {"user_id": "u_alice"}
    raw: dict[str, Callable[[], Any]] = {
        "add": lambda: client.add("x", user_id="u_alice", infer=True),
        "search": lambda: client.search("x", filters=dict(scope)),
        "get": lambda: client.get("1"),
    }
    through: dict[str, Callable[[], Any]] = {
        "add": lambda: memory.add("x"),
        "search": lambda: memory.search("x"),
        "get": lambda: memory.get("1"),
    }

    benchmark(through[name])

    report(extra_microseconds=paired(through[name], raw[name]) * 1e6)


def test_making_a_scoped_memory(benchmark: BenchmarkFixture, report: Callable[..., None]) -> None:
    """Wanted: at most 2 microseconds with a client at hand."""
    client = Instant()

    benchmark(lambda: ScopedMemory("u_alice", client=client))

    report(microseconds=paired(lambda: ScopedMemory("u_alice", client=client), lambda: None) * 1e6)


def test_opening_the_embedded_target(benchmark: BenchmarkFixture, report: Callable[..., None]) -> None:
    """A fresh mem0 with our embedder and extractor, against emptying one; wanted: 0.02 s."""
    store = QdrantStore()
    SemanticEmbedder()
    kept = store.open(embedder=EMBEDDER, dimensions=DIMENSIONS)

    def fresh() -> None:
        store.close(store.open(embedder=EMBEDDER, dimensions=DIMENSIONS))

    benchmark.pedantic(fresh, rounds=20, warmup_rounds=1)

    started = time.perf_counter()
    for _ in range(20):
        store.empty(kept)
    report(open_seconds=benchmark.stats["median"], empty_seconds=(time.perf_counter() - started) / 20)


@pytest.mark.parametrize("order", ["in order", "scattered"])
def test_attribution_at_a_million_tenants(benchmark: BenchmarkFixture, report: Callable[..., None], order: str) -> None:
    """Results attributed per second, each text a new one; wanted: at least 200,000."""
    population = Population(seed=1, size=1_000_000)
    step = 1 if order == "in order" else 7919
    texts = cycle([population.tenant(n * step % population.size).facts[0].text for n in range(100_000)])
    content = CanaryAttributor(population).content

    benchmark(lambda: content(next(texts)))

    report(results_per_second=1 / benchmark.stats["median"])


@pytest.mark.parametrize("kind", ["facts", "names alone", "prose"])
def test_reading_codes_and_names_over_codes_alone(
    benchmark: BenchmarkFixture, report: Callable[..., None], kind: str
) -> None:
    """Time to attribute a text by either mark over that by its code alone, of whole facts; wanted: at most 2."""
    population = Population(seed=1, size=1_000)
    facts = [fact.text for tenant in population for fact in tenant.facts][:300]
    texts = {
        "facts": facts,
        "names alone": [text.partition(";")[0] for text in facts],
        "prose": ["The next box of matches goes to the town, and a taxi takes the rest of them there."] * 300,
    }[kind]
    # Not the cached one.
    content = CanaryAttributor(population)._content  # noqa: SLF001 - the cache is what must not be measured
    tenants = range(population.size)

    def codes(texts: list[str]) -> None:
        for text in texts:
            tuple([Attribution(*found) for found in population.codec.decode(text) if found[0] in tenants])

    def both(texts: list[str]) -> None:
        for text in texts:
            content(text)

    benchmark(lambda: both(texts))

    compared = texts if kind == "prose" else facts
    took = paired(lambda: both(texts), lambda: codes(compared), rounds=30, calls=1)
    alone = paired(lambda: codes(compared), lambda: None, rounds=30, calls=1)
    report(over_codes_alone=(took + alone) / alone, microseconds=(took + alone) / len(texts) * 1e6)


@pytest.mark.parametrize("step", [1, 7919], ids=["in order", "scattered"])
def test_population(benchmark: BenchmarkFixture, report: Callable[..., None], step: int) -> None:
    """Tenants with three facts each made per second; wanted: at least 100,000."""
    population = Population(seed=1, size=1_000_000)
    indices = count(0, step)

    benchmark(lambda: population.tenant(next(indices) % population.size))

    report(tenants_per_second=1 / benchmark.stats["median"])


def test_help(benchmark: BenchmarkFixture, report: Callable[..., None]) -> None:
    """`memfence --help` over an empty Python; wanted: at most 0.3 s."""

    def run(*arguments: str) -> None:
        subprocess.run([sys.executable, *arguments], check=True, capture_output=True)

    benchmark.pedantic(lambda: run("-m", "memfence", "--help"), rounds=10, warmup_rounds=1)

    started = time.perf_counter()
    for _ in range(10):
        run("-c", "pass")
    empty = (time.perf_counter() - started) / 10
    report(seconds=benchmark.stats["median"], over_empty_python=benchmark.stats["median"] / empty)


class Instant(ReferenceClient):
    """A client that answers at once, with as many records as mem0's own default page."""

    found: dict[str, Any] = {"results": [{"id": str(n), "memory": "m", "user_id": "u_alice"} for n in range(20)]}  # noqa: RUF012 - never changed

    def add(self, messages: str, **options: Any) -> dict[str, Any]:
        del messages, options
        return self.found

    def search(self, query: str, *, filters: Any, top_k: int = 20, threshold: float = 0.1) -> dict[str, Any]:
        del query, filters, top_k, threshold
        return self.found

    def get(self, memory_id: str) -> dict[str, Any]:
        del memory_id
        return self.found["results"][0]


def paired(one: Callable[[], Any], other: Callable[[], Any], rounds: int = 50, calls: int = 2000) -> float:
    """Return how many seconds longer a call of `one` takes than of `other`: the median over paired rounds."""

    def timed(function: Callable[[], Any]) -> float:
        started = time.perf_counter()
        for _ in range(calls):
            function()
        return (time.perf_counter() - started) / calls

    differences = sorted(timed(one) - timed(other) for _ in range(rounds))
    return differences[rounds // 2]
