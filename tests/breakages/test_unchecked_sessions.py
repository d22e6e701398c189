from dataclasses import replace

import pytest

from memfence.breakages.unchecked_sessions import UncheckedSessions
from memfence.campaigns import resolve, trials
from memfence.campaigns.campaign import Campaign
from memfence.campaigns.settings import AuditSettings
from memfence.model.findings import Verdict
from memfence.performing.contract import adapt
from memfence.targets.back_ends.session_dict import SessionDicts
from memfence.targets.sessions_target import SessionsTarget

BREAKAGES = {name: one for name, one in resolve.all_breakages().items() if "sessions" in one.applies_to}


@pytest.mark.long
@pytest.mark.parametrize("fresh", [True, False])
def test_the_sessions_that_defects_are_planted_in_isolate(*, fresh: bool) -> None:
    target = adapt(SessionsTarget(UncheckedSessions, SessionDicts()), "plain")
    settings = AuditSettings(seed=0, users=trials.USERS, facts=trials.FACTS, probes=trials.PROBES, crowd=24, load=24)

    campaign = Campaign(
        target if fresh else replace(target, start=None),
        list(resolve.all_scenarios().values()),
        settings,
        resolve.all_oracles(),
        effort=trials.EFFORT,
    )

    assert campaign.run().verdict is Verdict.HELD


def test_each_of_these_oracles_has_a_breakage_of_sessions_that_it_must_see() -> None:
    assert {one.caught_by for one in BREAKAGES.values()} == {"accepted", "canary_leak", "lost", "residue"}
