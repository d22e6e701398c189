from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from memfence.breakages import Layer
from memfence.breakages.searched import SearchedCache
from memfence.breakages.unchecked_resource import UncheckedCache, UncheckedFiles, bind_resource
from memfence.campaigns import resolve, trials
from memfence.campaigns.campaign import Campaign
from memfence.campaigns.settings import AuditSettings
from memfence.model.channels import Ability
from memfence.model.findings import Verdict
from memfence.performing.contract import Target, adapt
from memfence.plans.scenario import Scenario
from memfence.targets.back_ends import BackEnd
from memfence.targets.back_ends.folder import Folder
from memfence.targets.back_ends.mapping import InMemory
from memfence.targets.keyed_target import KeyedTarget

BREAKAGES = {name: one for name, one in resolve.all_breakages().items() if one.layer is Layer.RESOURCE}
# What only the same tenant alone can show: that it sees the same, or that it finds what it has lost.
COMPARED = [name for name, one in BREAKAGES.items() if one.caught_by in ("lost", "noninterference")]
# Of each oracle one: `memfence prove` asks for all of them, and CI runs that.
FEW = list({one.caught_by: name for name, one in reversed(BREAKAGES.items())}.values())
# The plain code that defects are planted in, with what it lies in.
PLAIN = {
    "files": (UncheckedFiles, Folder()),
    "cache": (UncheckedCache, InMemory()),
    "searched": (SearchedCache, InMemory()),
}


def host(name: str) -> str:
    found = trials.host(BREAKAGES[name], trials.DEFAULT)
    assert found is not None
    return found


def by_keys_first() -> list[Scenario]:
    """Return all scenarios, first those that most likely show a defect of a resource."""
    return sorted(resolve.all_scenarios().values(), key=lambda one: (Ability.KEYS,) not in one.needs)


def plain(kind: Callable[[Any, str], Any], back_end: BackEnd) -> Target:
    return adapt(KeyedTarget(lambda place: bind_resource(place, kind), back_end), "plain")


@pytest.mark.parametrize(
    "name", [name if name in FEW else pytest.param(name, marks=pytest.mark.slow) for name in BREAKAGES]
)
def test_a_breakage_of_a_resource_is_caught_by_the_oracle_that_it_names(name: str) -> None:
    trial = trials.Trial(BREAKAGES[name], host(name), 0, once=True)

    trial.audit(by_keys_first())

    assert trial.first is not None
    assert trial.cells[BREAKAGES[name].caught_by].spoke


@pytest.mark.slow  # memfence prove does the same, and CI runs that
@pytest.mark.parametrize("name", [name for name in BREAKAGES if name not in COMPARED])
def test_a_breakage_of_a_resource_is_caught_in_one_world_for_all_scenarios_too(name: str) -> None:
    trial = trials.Trial(BREAKAGES[name], host(name), 0, fresh=False, once=True)

    trial.audit(by_keys_first())

    assert trial.first is not None


@pytest.mark.parametrize("kind", PLAIN)
@pytest.mark.parametrize("fresh", [True, False])
def test_the_code_that_defects_of_resources_are_planted_in_isolates(kind: str, *, fresh: bool) -> None:
    code, back_end = PLAIN[kind]
    target = plain(code, back_end)
    settings = AuditSettings(seed=0, users=trials.USERS, facts=trials.FACTS, probes=trials.PROBES, crowd=24, load=24)

    campaign = Campaign(
        target if fresh else replace(target, start=None),
        list(resolve.all_scenarios().values()),
        settings,
        resolve.all_oracles(),
        effort=trials.EFFORT,
    )

    assert campaign.run().verdict is Verdict.HELD


def test_each_of_these_oracles_has_a_breakage_of_files_that_it_must_see() -> None:
    told = {one.caught_by for one in BREAKAGES.values() if "files" in one.applies_to}

    assert told >= {"canary_leak", "existence", "foreign_id", "lost", "noninterference", "residue", "tampering"}
