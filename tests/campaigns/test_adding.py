"""What shards took, added up."""

import json
from pathlib import Path
from typing import Any

import pytest
from crowded import QUICK, Here, small

from memfence.campaigns.scale.adding import add_times
from memfence.campaigns.scale.scaling import Scaling
from memfence.model.scaled import ScaleResult
from memfence.plans.shards import Phase

DAY = 86_400.0


def shard(started: float, seconds: float) -> dict[str, Any]:
    return {"started": started, "seconds": seconds, "peak_bytes": 1}


@pytest.mark.parametrize(
    ("found", "lasted"),
    [
        ([shard(0.0, 10.0), shard(DAY, 10.0)], 20.0),
        ([shard(DAY, 10.0), shard(0.0, 10.0)], 20.0),
        ([shard(0.0, 10.0), shard(4.0, 10.0)], 14.0),
        ([shard(0.0, 10.0), shard(2.0, 3.0), shard(9.0, 2.0)], 11.0),
        ([shard(0.0, 10.0), shard(10.0, 5.0)], 15.0),
    ],
    ids=["a day apart", "told the other way round", "at once in part", "one within another", "one after the other"],
)
def test_a_phase_lasted_as_long_as_one_of_its_shards_was_being_done(found: list[dict[str, Any]], lasted: float) -> None:
    result = ScaleResult({}, "", 2)

    add_times(result, "plant", found)

    assert result.lasted == {"plant": lasted}
    assert result.busy == {"plant": sum(one["seconds"] for one in found)}


@pytest.mark.long
def test_a_crowd_that_was_resumed_after_a_day_was_not_planted_for_a_day(tmp_path: Path) -> None:
    settings = small(users=100, pairs=1, erased=0)
    Scaling(settings, tmp_path, Here(), QUICK)()
    (first, *_) = (path for path in tmp_path.glob("*.json") if f'"{Phase.PLANT}' in path.read_text())
    noted = json.loads(first.read_text())
    first.write_text(json.dumps(noted | {"started": noted["started"] - DAY}))

    result = Scaling(settings, tmp_path, Here(), QUICK)()

    (curve,) = result.curves
    assert result.span > DAY
    assert 0 < curve["seconds"] < DAY / 2
    assert 0 < result.lasted[Phase.PLANT] < DAY / 2
