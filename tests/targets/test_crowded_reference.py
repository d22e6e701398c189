import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from memfence.plans.crowds import Crowd
from memfence.plans.population import Population
from memfence.targets.crowded.reference import ReferenceCrowd
from memfence.targets.crowded_store import Where

CROWD = Crowd(Population(7, 1200, 1), through=0, erased=0)


def read_until(over: threading.Event, store: ReferenceCrowd) -> None:
    while not over.is_set():
        store.client.get_all(filters={"agent_id": "assistant"})


def erase(store: ReferenceCrowd, first: int) -> None:
    for _, fact in CROWD.facts(first, 600):
        store.client.delete(str(CROWD.record_id(fact)))


def test_two_processes_that_erase_while_their_own_threads_read_are_not_refused(tmp_path: Path) -> None:
    where = Where("reference", str(tmp_path / "crowd.sqlite"), "crowd")
    one, other = ReferenceCrowd(where), ReferenceCrowd(where)
    one.prepare()
    one.plant([(CROWD.record_id(fact), tenant.id, fact.text) for tenant, fact in CROWD.facts(0, 1200)])
    assert other.of(CROWD.population.tenant(0).id)
    over = threading.Event()
    with ThreadPoolExecutor(4) as threads:
        reading = [threads.submit(read_until, over, store) for store in (one, other)]
        erasing = [threads.submit(erase, one, 0), threads.submit(erase, other, 600)]
        failed = [future.exception() for future in erasing]
        over.set()
        failed += [future.exception() for future in reading]
    assert failed == [None] * 4
    assert list(one.rows(0, None)) == []
    one.close()
    other.close()
