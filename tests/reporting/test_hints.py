"""Hints about mem0 are told where mem0 is, and nowhere else."""

import pytest

from memfence import Add, Population, Search, Step
from memfence.campaigns import resolve
from memfence.model.findings import Finding, FindingClass, Severity
from memfence.model.observations import Returned
from memfence.model.results import CampaignResult
from memfence.model.scenario_results import ScenarioResult
from memfence.reporting.hints import hints

ALICE, _ = Population(seed=1, size=2)
LOOK = Search(ALICE, "home town", ALICE.facts[0])
PLANTED = Add(ALICE, ALICE.facts[0])
LOST = Finding("lost", FindingClass.AVAILABILITY, Severity.LOW, ALICE, ALICE, Step(2, LOOK, Returned()), (), (PLANTED,))


def result(*found: Finding, mem0: bool) -> CampaignResult:
    scenario = ScenarioResult("a", "")
    for one in found:
        scenario.note(one)
    versions = {"spacy": "absent", "fastembed": "0.7"}
    return CampaignResult("fake", 7, {}, versions, "", scenarios=[scenario], mem0=mem0)


def test_without_mem0_nothing_is_said_of_it() -> None:
    assert hints(result(LOST, mem0=False)) == []


def test_over_mem0_its_optional_parts_are_told_and_a_loss_has_its_usual_reasons() -> None:
    optional = "spacy absent, fastembed 0.7: with them mem0 extracts entities and ranks keywords"

    assert hints(result(mem0=True)) == [optional]
    assert "infer=False" in hints(result(LOST, mem0=True))[0]
    assert hints(result(LOST, mem0=True))[-1] == optional


@pytest.mark.parametrize(("name", "mem0"), [("mem0", True), ("platform", True), ("reference", False)])
def test_a_built_in_target_says_whether_it_is_over_mem0(name: str, mem0: bool) -> None:  # noqa: FBT001 - a parameter
    assert resolve.target(name).mem0 is mem0
