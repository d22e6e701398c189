"""No false alarm: an oracle that cries wolf is a defect as grave as one that sleeps."""

import pytest

from memfence.campaigns.campaign import Campaign
from memfence.campaigns.resolve import all_oracles, scenarios, target
from memfence.campaigns.settings import AuditSettings
from memfence.model.findings import Verdict


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(200))
def test_a_clean_seed_on_the_reference_gives_no_finding(seed: int) -> None:
    result = Campaign(target("reference"), scenarios(()), AuditSettings(seed=seed), all_oracles()).run()

    assert result.first_finding is None
    assert {scenario.verdict for scenario in result.scenarios} == {Verdict.HELD}
