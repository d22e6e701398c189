import time
from queue import Queue

from memfence import GetAll, Population
from memfence.base.under_way import watched
from memfence.performing.contract import adapt
from memfence.performing.executor import Executor


class Slow:
    def get_all(self) -> list[str]:
        time.sleep(1.0)
        return []


def test_the_method_that_does_not_return_is_named() -> None:
    (alice, *_), told = Population(1, 2), Queue[str]()

    with watched(told.put, long=0.05), Executor(adapt(lambda user_id: Slow(), "slow")) as executor:  # noqa: ARG005 - whoever comes
        executor.perform(GetAll(alice, alice.facts[0]), 1)

    assert told.get_nowait().startswith("get_all has not returned for ")
