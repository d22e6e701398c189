"""A view that shows nothing proves nothing: storage() and prompts() must show what is known to be there."""

import honest_targets as honest
import pytest

from memfence.campaigns.campaign import Campaign
from memfence.campaigns.resolve import all_oracles, scenarios
from memfence.campaigns.settings import AuditSettings
from memfence.model.channels import Channel
from memfence.model.findings import Verdict
from memfence.model.results import CampaignResult
from memfence.performing.contract import adapt


class NoStorage(honest.World):
    """It declares nothing."""

    def storage(self) -> dict[str, list[str]]:
        return {}


class AnotherStorage(honest.World):
    """It declares a table that holds no records."""

    def storage(self) -> dict[str, list[str]]:
        return {"settings": ["dark mode"]}


class AnotherPrompt(honest.World):
    """It shows as many prompts as there were, with nothing of them."""

    def prompts(self) -> list[str]:
        return ["Extract the facts." for _ in super().prompts()]


def audit(thing: object, name: str) -> CampaignResult:
    return Campaign(adapt(thing, "fake"), scenarios((name,)), AuditSettings(seed=7, users=3), all_oracles()).run()


@pytest.mark.parametrize("name", ["erasure", "reset_then_reuse"])
@pytest.mark.parametrize("blind", [NoStorage, AnotherStorage])
def test_a_storage_that_does_not_show_what_is_stored_is_not_held(blind: type[honest.World], name: str) -> None:
    result = audit(blind(), name)

    assert result.verdict is Verdict.INCONCLUSIVE
    assert result.channels[Channel.STORAGE] is Verdict.INCONCLUSIVE


@pytest.mark.parametrize("name", ["erasure", "reset_then_reuse"])
def test_prompts_that_do_not_show_what_was_said_are_not_held(name: str) -> None:
    result = audit(AnotherPrompt(), name)

    assert result.verdict is Verdict.INCONCLUSIVE
    assert result.channels[Channel.PROMPTS] is Verdict.INCONCLUSIVE


@pytest.mark.parametrize("name", ["erasure", "reset_then_reuse"])
def test_views_that_show_what_is_there_are_held(name: str) -> None:
    result = audit(honest.World(), name)

    assert result.verdict is Verdict.HELD
    assert result.channels[Channel.STORAGE] is result.channels[Channel.PROMPTS] is Verdict.HELD
