"""Who saw whose facts, as plain values: per scenario and channel, what became of each pair of observer and owner."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TypeAlias

from ..model.channels import Channel
from ..model.results import CampaignResult
from ..model.scenario_results import ScenarioResult
from ..plans.population import Population

_Pairs: TypeAlias = set[tuple[int, int]]


def sightings(result: CampaignResult) -> list[dict[str, object]]:
    """Return, per scenario in which anybody was probed, its `tenants` by name and, per channel, rows of pairs.

    A row belongs to the tenant at its place in `tenants`, the observer; it lists the owners by their places, as in
    `"0 3-5"`. A pair stands once on a channel, in the gravest of `violated` (by the observer, the owner's facts were
    seen or changed), `answered` and `probed` (every probe was refused, or crashed).
    """
    names = Population(seed=result.seed, size=1)
    return [_seen(scenario, names) for scenario in result.scenarios if scenario.tallies or scenario.broken]


def _seen(scenario: ScenarioResult, names: Population) -> dict[str, object]:
    states = {channel: _states(scenario, channel) for channel in scenario.channels}
    pairs: _Pairs = set().union(*(found for by_state in states.values() for found in by_state.values()))
    tenants = sorted({index for pair in pairs for index in pair})
    places = {index: place for place, index in enumerate(tenants)}
    return {
        "scenario": scenario.name,
        "tenants": [names.tenant(index).handle for index in tenants],
        "pairs": {
            channel: {state: _rows(found, places) for state, found in by_state.items() if found}
            for channel, by_state in states.items()
            if any(by_state.values())
        },
    }


def _states(scenario: ScenarioResult, channel: Channel) -> dict[str, _Pairs]:
    violated = scenario.broken.get(channel, set())
    tally = scenario.tallies.get(channel)
    answered, tried = (tally.pairs, tally.tried) if tally else (set[tuple[int, int]](), set[tuple[int, int]]())
    return {"violated": violated, "answered": answered - violated, "probed": tried - answered - violated}


def _rows(pairs: _Pairs, places: dict[int, int]) -> list[str]:
    owners: list[list[int]] = [[] for _ in places]
    for observer, owner in pairs:
        owners[places[observer]].append(places[owner])
    return [" ".join(_runs(sorted(row))) for row in owners]


def _runs(numbers: Iterable[int]) -> Iterator[str]:
    """Yield stretches without a gap: `3`, `5-9`."""
    for _, stretch in groupby(enumerate(numbers), key=lambda placed: placed[1] - placed[0]):
        run = [number for _, number in stretch]
        yield str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}"
