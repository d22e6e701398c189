import pytest

from memfence.base.errors import HarnessError, UnknownNameError
from memfence.campaigns.explorations import PROFILES, Exploration, ExploreSettings, Profile, profile
from memfence.model.findings import Verdict
from memfence.model.results import CampaignResult


def test_a_profile_is_known_by_its_name() -> None:
    assert profile("ci") == Profile(200, 50, seed=0)
    assert profile("dev").seed is None
    assert profile("soak").examples > profile("ci").examples > profile("dev").examples


def test_an_unknown_profile_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(UnknownNameError) as error:
        profile("nightly")

    assert all(name in str(error.value) for name in ("nightly", *PROFILES))


@pytest.mark.parametrize("name", ["examples", "steps"])
@pytest.mark.parametrize("value", [0, -1])
def test_nothing_can_be_generated_from_less_than_one(name: str, value: int) -> None:
    with pytest.raises(HarnessError, match=f"{name} must be at least 1, got {name}={value}"):
        ExploreSettings(**{"seed": 0, name: value})  # type: ignore[arg-type]  # the name is one of two


@pytest.mark.parametrize("name", ["wildcard_ids", "aliases"])
def test_a_policy_is_allow_or_deny(name: str) -> None:
    with pytest.raises(UnknownNameError, match="perhaps"):
        ExploreSettings(**{"seed": 0, name: "perhaps"})  # type: ignore[arg-type]  # the name is one of two


def test_a_breakage_and_another_wrapper_cannot_both_be() -> None:
    with pytest.raises(HarnessError, match="--breakage drop_user_id or --wrapper plain"):
        ExploreSettings(seed=0, breakage="drop_user_id", wrapper="plain")


def test_what_is_allowed_is_named_as_on_the_command_line() -> None:
    assert ExploreSettings(seed=0).allowed == ()
    assert ExploreSettings(seed=0, wildcard_ids="allow").allowed == ("wildcard-ids",)
    assert ExploreSettings(seed=0, aliases="allow", wildcard_ids="allow").allowed == ("wildcard-ids", "aliases")


def test_its_command_names_what_differs_from_the_default_and_always_the_seed() -> None:
    assert ExploreSettings(seed=0).command("mem0") == "memfence explore mem0 --seed 0"
    assert ExploreSettings(seed=7, examples=9, top_k=3, settle=0.5, allow_destructive=True, aliases="allow").command(
        "my shop:Target"
    ) == (
        "memfence explore 'my shop:Target' --seed 7 --examples 9 --top-k 3 --settle 0.5 --allow-destructive "
        "--aliases allow"
    )


def test_where_nothing_was_judged_nothing_is_held() -> None:
    result = CampaignResult(target="t", seed=0, settings={}, versions={}, repeat="", scenarios=[])

    assert Exploration(result, wanted=5).verdict is Verdict.INCONCLUSIVE
