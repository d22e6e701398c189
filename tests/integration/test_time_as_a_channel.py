"""What only the time of an answer tells: seen where it is there, on a busy machine, too, and never where it is not."""

import pytest

from memfence.campaigns import resolve
from memfence.campaigns.audits import Audit
from memfence.campaigns.retelling import IN_PAIRS
from memfence.campaigns.settings import AuditSettings
from memfence.model.causes import causes
from memfence.model.findings import FindingClass, Verdict
from memfence.model.results import CampaignResult


def audit(target: str, seed: int, *, breakage: str | None = None, fails: bool = True) -> CampaignResult:
    settings = AuditSettings(
        seed=seed, users=4, scenarios=("timing",), timing=True, fail_on=(FindingClass.TIMING,) if fails else ()
    )
    made = resolve.target(target, breakage=breakage)
    return Audit(made, settings, resolve.all_oracles(), repeat="").run()


@pytest.mark.parametrize(
    ("breakage", "channel"), [("deciphered_before_checking", "get"), ("warm_for_everybody", "search")]
)
@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 20))])
def test_what_takes_another_time_for_anothers_is_seen(breakage: str, channel: str, seed: int) -> None:
    (found,) = audit("reference", seed, breakage=breakage).scenarios

    assert found.verdict is Verdict.VIOLATED
    assert {(group.example.oracle, group.example.channel) for group in found.findings} == {("timing", channel)}
    # The owner is checked, and a few calls show nothing.
    assert causes((found, group) for group in found.findings) == [f"timing by {channel}"]
    assert [group.retold.why for group in found.findings if group.retold] == [IN_PAIRS]


def test_it_leaves_the_verdict_alone_unless_it_is_told_to_fail() -> None:
    (found,) = audit("reference", 0, breakage="warm_for_everybody", fails=False).scenarios

    assert found.verdict is Verdict.HELD
    assert [group.example.oracle for group in found.findings] == ["timing"]


@pytest.mark.parametrize("target", ["reference", "lossy", "mem0"])
@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 67))])
def test_where_it_is_not_it_is_not_seen(target: str, seed: int) -> None:
    (found,) = audit(target, seed).scenarios

    assert [group.example for group in found.findings if group.example.oracle == "timing"] == []
    assert found.verdict is not Verdict.VIOLATED


def test_an_audit_measures_no_time_unless_it_is_told_to() -> None:
    names = [one.name for one in resolve.scenarios(())]

    assert "timing" not in names
    assert [one.name for one in resolve.scenarios((), switched=("timing",))] == sorted([*names, "timing"])
