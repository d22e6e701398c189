from itertools import pairwise

import pytest

from memfence.base.errors import HarnessError
from memfence.campaigns.scale.settings import ScaleSettings
from memfence.plans.crowds import Crowd
from memfence.plans.population import Population
from memfence.plans.shards import Phase, Shard, shards


def crowd(size: int = 1000, **said: bool) -> Crowd:
    return Crowd(Population(7, size, 1), through=50, erased=100, **said)


def test_each_victim_comes_once_and_nobody_attacks_itself() -> None:
    pairs = list(crowd().pairs(0, 1000))
    assert len({victim.index for victim, _ in pairs}) == 1000
    assert all(victim.index != attacker.index for victim, attacker in pairs)


def test_every_other_pair_is_of_near_twins() -> None:
    twins = list(crowd().pairs(0, 100))[::2]
    alike = [victim.facts[0].bare == attacker.facts[0].bare for victim, attacker in twins]
    assert sum(alike) > 25


def test_pairs_are_the_same_however_they_are_cut() -> None:
    whole = list(crowd().pairs(0, 20))
    assert [*crowd().pairs(0, 7), *crowd().pairs(7, 13)] == whole


def test_those_who_are_erased_are_the_same_by_index_and_by_range() -> None:
    one = crowd()
    by_range = [index for first in range(0, 1000, 70) for index in one.erased_in(first, min(70, 1000 - first))]
    assert by_range == [index for index in range(1000) if one.is_erased(index)]
    assert len(by_range) == 100


def test_no_neighbour_of_one_that_is_erased_is_erased() -> None:
    gone = crowd().erased_in(0, 1000)
    assert all(after - before > 1 for before, after in pairwise(gone))


def test_a_fact_is_planted_under_the_same_id_each_time_and_no_other_is() -> None:
    one = crowd()
    ids = [one.record_id(fact) for _, fact in one.facts(0, 1000)]
    assert len(set(ids)) == 1000
    assert ids == [one.record_id(fact) for _, fact in one.facts(0, 1000)]


def test_one_row_is_planted_under_another_users_id_where_that_is_wanted() -> None:
    wrong = crowd(mislabelled=True)
    strays = [tenant.index for tenant, fact in wrong.facts(0, 1000) if wrong.label(tenant, fact) != tenant.id]
    assert strays == [wrong.wrong[0]]
    right = crowd()
    assert all(right.label(tenant, fact) == tenant.id for tenant, fact in right.facts(0, 1000))


def test_what_is_missing_and_what_is_doubled_do_not_make_up_for_each_other() -> None:
    one = crowd()
    assert one.seal([(1, 0), (4, 0)]) != one.seal([(2, 0), (3, 0)])
    assert one.seal([(1, 0), (4, 0)]) == one.seal([(4, 0), (1, 0)])


def test_shards_cover_everything_once_and_each_has_a_name_of_its_own() -> None:
    cut = list(shards(Phase.PLANT, end=1001, each=100, settings="s"))
    assert [index for shard in cut for index in range(shard.first, shard.first + shard.count)] == list(range(1001))
    assert len({shard.digest for shard in cut}) == len(cut)


def test_a_result_is_not_taken_for_that_of_other_settings_or_another_phase() -> None:
    first = Shard(Phase.SWEEP, 0, 10, "s")
    assert first.digest == Shard(Phase.SWEEP, 0, 10, "s", weight=3).digest
    others = [Shard(Phase.SWEEP, 0, 10, "t"), Shard(Phase.SWEEP_AGAIN, 0, 10, "s"), Shard(Phase.SWEEP, 0, 11, "s")]
    assert first.digest not in {one.digest for one in others}


@pytest.mark.parametrize("size", [3, 10, 19])
def test_a_row_can_be_mislabelled_in_a_small_crowd(size: int) -> None:
    few = Crowd(Population(7, size, 1), through=1, erased=1, mislabelled=True)

    strays = [tenant.index for tenant, fact in few.facts(0, size) if few.label(tenant, fact) != tenant.id]

    assert strays == [few.wrong[0]]


def test_a_crowd_in_which_no_row_can_be_mislabelled_says_what_to_do() -> None:
    with pytest.raises(HarnessError, match="of 2 users there is none: give --users 3 or more, or --erased 0"):
        ScaleSettings(users=2, store="reference", breakage="mislabelled_row")

    assert ScaleSettings(users=2, store="reference", breakage="mislabelled_row", erased=0).crowd().wrong[1] == 0
