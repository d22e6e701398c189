import time
from pathlib import Path
from typing import Any

import pytest
from crowded import QUICK, Deadly, Endless

from memfence.campaigns.scale.kept import Kept
from memfence.campaigns.scale.overseer import Budget, Overseer
from memfence.campaigns.scale.processes import Processes
from memfence.plans.shards import Phase, Shard, shards


def some(count: int) -> list[Shard]:
    return list(shards(Phase.PLANT, end=count, each=1, settings="s"))


def overseen(folder: Path, task: Any, budget: Budget = QUICK) -> Overseer:
    return Overseer(Processes(2), Kept(folder), task, budget)


class _Nobody:
    """A seam whose workers have all gone."""

    def slots(self) -> int:
        return 0

    def close(self) -> None:
        """Nobody is there."""


def test_a_shard_that_always_kills_its_worker_is_named_and_its_neighbours_are_not_blamed(tmp_path: Path) -> None:
    overseer = overseen(tmp_path, lambda one: Deadly(one, str(tmp_path), deadly=3))
    overseer(some(8))
    overseer.seam.close()
    assert list(overseer.failed) == ["plant 3-3"]
    assert "tried 3 times" in overseer.failed["plant 3-3"]
    assert overseer.deaths == 3
    kept = Kept(tmp_path)
    assert [shard.first for shard in some(8) if not kept.has(shard)] == [3]


@pytest.mark.long
def test_a_shard_that_takes_for_ever_is_given_up_and_the_others_are_done(tmp_path: Path) -> None:
    def task(shard: Shard) -> Any:
        return Endless(shard) if shard.first == 0 else Deadly(shard, str(tmp_path), deadly=-1)

    overseer = overseen(tmp_path, task, Budget(tries=2, seconds=3.0, pause=0.01, look=0.01))
    overseer(some(3))
    overseer.seam.close()
    assert list(overseer.failed) == ["plant 0-0"]
    assert "took more than 3 s" in overseer.failed["plant 0-0"]


def test_where_nobody_is_left_it_ends_and_says_so(tmp_path: Path) -> None:
    overseer = Overseer(_Nobody(), Kept(tmp_path), lambda one: one, Budget(nobody=0.2, look=0.01))  # type: ignore[arg-type]
    began = time.monotonic()
    overseer(some(2))
    assert list(overseer.failed) == ["plant 0-0", "plant 1-1"]
    assert time.monotonic() - began < 5


def test_what_is_done_is_not_done_again(tmp_path: Path) -> None:
    for shard in some(3):
        Kept(tmp_path).keep(shard, {"seconds": 1.0})
    overseer = overseen(tmp_path, lambda one: Deadly(one, str(tmp_path), deadly=one.first))
    overseer(some(3))
    assert (overseer.failed, overseer.deaths) == ({}, 0)
