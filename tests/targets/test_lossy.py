import pytest

from memfence.campaigns import resolve
from memfence.campaigns.campaign import Campaign
from memfence.campaigns.settings import AuditSettings
from memfence.model.findings import Verdict
from memfence.performing.contract import Target
from memfence.scoped.wrappers import scoped
from memfence.targets.built_in.lossy import open_target


def luck(lossy: Target, *, worlds: int = 1) -> list[list[int]]:
    """Return how many of eight records each of 50 listings shows, for each world."""
    seen = []
    for _ in range(worlds):
        assert lossy.start is not None
        lossy.start()
        memory = lossy.make_memory("u_alice")
        for number in range(8):
            memory.add(f"I like tea, cup {number}.")
        seen.append([len(memory.get_all()) for _ in range(50)])
    return seen


def lossy(chance: int) -> Target:
    return resolve.target("lossy", wrapper="plain", chance=chance)


def test_each_world_is_unlucky_in_another_way_and_the_same_chance_in_the_same() -> None:
    first, second = luck(lossy(1), worlds=2)

    assert first != second
    assert luck(lossy(1), worlds=2) == [first, second]
    assert luck(lossy(2)) != [first]


def test_by_default_the_luck_is_always_the_same() -> None:
    assert luck(resolve.target("lossy", wrapper="plain")) == luck(lossy(0))


def test_it_has_both_ways_in_and_says_so() -> None:
    assert open_target(scoped.wrap, scoped.wrap_async).make_async_memory is not None
    assert open_target(scoped.wrap).make_async_memory is None
    assert resolve.target("lossy").disposable


@pytest.mark.long
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_misfortune_is_no_violation(seed: int) -> None:
    every = resolve.scenarios(())
    # A third of them each time: they are long.
    chosen = every[seed % 3 :: 3]
    settings = AuditSettings(seed=seed, users=3, facts=2, crowd=30)

    result = Campaign(resolve.target("lossy", chance=seed), chosen, settings, resolve.all_oracles()).run()

    alarms = {
        (found.name, group.example.oracle, group.example.evidence)
        for found in result.scenarios
        for group in found.findings
        if group.example.verdict is Verdict.VIOLATED
    }
    assert alarms == set()
    assert any(found.findings for found in result.scenarios)


# Sizes are for targets that know them.


@pytest.mark.parametrize("name", ["reference", "lossy"])
def test_a_page_is_passed_to_a_target_that_names_it(name: str) -> None:
    short, usual = resolve.target(name, wrapper="plain", page=2), resolve.target(name, wrapper="plain")

    shown = []
    for opened in (short, usual):
        memory = opened.make_memory("u_alice")
        for number in range(30):
            memory.add(f"I like tea, cup {number}.")
        shown.append(max(len(memory.search("a cup of tea")) for _ in range(30)))

    assert shown == [2, 20]


def test_what_a_target_does_not_name_is_kept_from_it() -> None:
    assert resolve.target("mem0", page=2, chance=7).disposable
    assert resolve.target("reference", chance=7, page=2).disposable


def test_a_users_own_target_is_given_no_sizes() -> None:
    own = resolve.target("simple_targets:Apart", page=2)

    memory = own.make_memory("u_alice")
    for number in range(3):
        memory.add(f"cup {number}")
    assert len(memory.get_all()) == 3
