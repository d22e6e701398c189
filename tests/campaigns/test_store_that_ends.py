from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from memfence.campaigns.scale.erasing import erase
from memfence.campaigns.scale.judged import Judged
from memfence.campaigns.scale.places import forget, opened
from memfence.campaigns.scale.planting import plant
from memfence.campaigns.scale.probing import probe
from memfence.campaigns.scale.settings import ScaleSettings
from memfence.campaigns.scale.work import Work
from memfence.plans.shards import Phase, Shard
from memfence.real_mem0.environment import keep_to_ourselves
from memfence.real_mem0.stores.qdrant import QdrantStore
from memfence.targets.crowded.qdrant import QdrantCrowd
from memfence.targets.crowded_store import CrowdedStore, Where

pytestmark = pytest.mark.long
USERS = 6
SETTINGS = ScaleSettings(
    users=USERS, store="qdrant", store_url="http://localhost:1", seed=7, shard=USERS, pairs=2, erased=2, curves=False
)
Perform = Callable[..., object]


@contextmanager
def qdrant(monkeypatch: pytest.MonkeyPatch) -> Iterator[CrowdedStore]:
    """A crowd in an embedded Qdrant, planted."""
    monkeypatch.setattr(QdrantCrowd, "_store", lambda _: QdrantStore())
    keep_to_ourselves()
    where = Where("qdrant", "", QdrantStore.unique())
    try:
        where = Where("qdrant", "", where.collection, opened(SETTINGS, where).prepare())
        forget()
        store = opened(SETTINGS, where)
        store.prepare()
        plant(Shard(Phase.PLANT, 0, USERS, SETTINGS.digest), SETTINGS, store)
        yield store
    finally:
        forget()


def performed(monkeypatch: pytest.MonkeyPatch, work: Work, shard: Shard, ends_before: int | None) -> int:
    """Do the work, where the store ends before this operation; return how many there were."""
    count = 0
    with monkeypatch.context() as patched, qdrant(patched) as store:
        perform: Perform = Judged.perform

        def counted(door: Judged, *arguments: object, **options: object) -> object:
            nonlocal count
            count += 1
            if count == ends_before:
                store.client.vector_store.client.close()
            return perform(door, *arguments, **options)

        patched.setattr(Judged, "perform", counted)
        if ends_before is None:
            work(shard, SETTINGS, store)
        else:
            with pytest.raises(RuntimeError, match="closed"):
                work(shard, SETTINGS, store)
    return count


PROBE = Shard(Phase.PROBE, 0, 2, SETTINGS.digest)
ERASE = Shard(Phase.ERASE, 0, USERS, SETTINGS.digest)


@pytest.mark.parametrize(("work", "shard"), [(probe, PROBE), (erase, ERASE)], ids=["probed", "erased"])
def test_a_qdrant_that_ends_is_noticed_at_once_and_its_shard_is_no_result(
    monkeypatch: pytest.MonkeyPatch, work: Work, shard: Shard
) -> None:
    whole = performed(monkeypatch, work, shard, None)

    # In the last pair, and before the very last operation: behind that one only the shard's end can tell.
    for ends_before in (whole - 3, whole):
        assert performed(monkeypatch, work, shard, ends_before) == ends_before
