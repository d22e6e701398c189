"""A seed's histories hang on nothing beside the seed."""

from contextlib import nullcontext
from typing import Any

import pytest
from hypothesis.internal.cache import LRUCache
from hypothesis.internal.conjecture import providers

from memfence.campaigns import resolve
from memfence.campaigns.explorations import ExploreSettings
from memfence.campaigns.exploring import Explorer
from memfence.campaigns.generation import histories


def performed() -> dict[str, Any]:
    """Return what an exploration performed, and how it came out."""
    settings = ExploreSettings(seed=3, examples=12, steps=20)
    (scenario,) = Explorer(resolve.target("reference"), settings, resolve.all_oracles()).run().result.scenarios
    counts = {str(channel): (one.probes, one.returned, one.refused) for channel, one in scenario.tallies.items()}
    return counts | {"operations": scenario.operations}


@pytest.fixture
def numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Hypothesis find a project's module with fifty numbers in it."""
    found = providers.Constants(
        integers=providers.SortedSet(range(50)),
        floats=providers.SortedSet(key=providers.float_to_int),
        bytes=providers.SortedSet(),
        strings=providers.SortedSet(),
    )
    monkeypatch.setattr(providers, "_get_local_constants", lambda: found)
    # It remembers what it has found.
    monkeypatch.setattr(providers, "CONSTANTS_CACHE", LRUCache(1024))


@pytest.fixture
def before() -> dict[str, Any]:
    """Return what is performed where there is no such module."""
    return performed()


@pytest.mark.usefixtures("before", "numbers")
def test_what_a_project_has_in_its_modules_changes_no_history(before: dict[str, Any]) -> None:
    assert performed() == before


@pytest.mark.usefixtures("before", "numbers")
def test_it_would_if_hypothesis_drew_as_it_does_for_others(
    before: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(histories, "from_the_seed_alone", nullcontext)

    assert performed() != before


def test_hypothesis_draws_for_others_as_it_always_does() -> None:
    performed()

    assert providers.AVAILABLE_PROVIDERS["hypothesis"].endswith(".HypothesisProvider")
