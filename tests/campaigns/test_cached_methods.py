"""Methods that are cached by real libraries: what one object was answered is served to another."""

import pytest
from cached_targets import PAIRS, Aio, Cached, Memoized

from memfence import Anew, Population
from memfence.campaigns.campaign import Campaign
from memfence.campaigns.resolve import all_oracles, scenarios
from memfence.campaigns.settings import AuditSettings
from memfence.model.findings import Verdict
from memfence.model.results import CampaignResult
from memfence.performing.contract import Target, adapt
from memfence.performing.executor import Executor
from memfence.reporting.script import script

LEAKY, CURED = zip(*PAIRS, strict=True)
SEEDS = (1, 2, 3)


def audit(kind: type[Cached], seed: int) -> CampaignResult:
    settings = AuditSettings(seed=seed, users=6, examples=0)
    return Campaign(adapt(kind, kind.__name__), scenarios(["cached_methods"]), settings, all_oracles()).run()


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", LEAKY)
def test_what_a_cached_method_answered_one_user_is_served_to_another(kind: type[Cached], seed: int) -> None:
    result = audit(kind, seed)

    (one,) = result.scenarios
    assert result.verdict is Verdict.VIOLATED
    assert "canary_leak" in {group.example.oracle for group in one.findings}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", CURED)
def test_with_the_user_in_the_key_no_answer_is_served_to_another(kind: type[Cached], seed: int) -> None:
    result = audit(kind, seed)

    # An own answer that is older than what was stored since is a cache's to keep.
    (one,) = result.scenarios
    assert [group.example.oracle for group in one.findings if group.example.verdict is Verdict.VIOLATED] == []


@pytest.mark.parametrize("kind", [Aio, Memoized])
def test_an_address_that_is_used_again_is_shown_by_lines_that_let_go_of_the_first(kind: type[Cached]) -> None:
    (one,) = audit(kind, 1).scenarios

    (group,) = [group for group in one.findings if group.example.oracle == "canary_leak"]
    assert group.retold is not None
    assert any(line.startswith("del ") for line in script(group.retold, {}))


def test_a_memory_that_is_made_anew_is_another_object_and_the_old_one_is_freed_only_for_it() -> None:
    made: list[int] = []

    class Memory:
        def __init__(self) -> None:
            made.append(id(self))

        def get_all(self) -> list[str]:
            return []

    alice, bob = Population(1, 2)
    with Executor(Target("t", lambda _: Memory())) as executor:
        kept = executor.memory(alice)
        executor.perform(Anew(alice), 1)
        again = executor.memory(alice)
        assert again is not kept
        del again
        executor.perform(Anew(bob), 2)
        executor.memory(bob)

    assert made[1] == made[2]
    assert made[0] != made[1]
