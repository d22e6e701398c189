import re
import threading
import time
from queue import Queue

from memfence.base import under_way


def hang(until: threading.Event) -> None:
    under_way.begin("search")
    until.wait()
    under_way.end()


def test_a_call_that_does_not_return_is_told_with_the_line_that_it_is_at() -> None:
    over = threading.Event()
    told: Queue[str] = Queue()

    with under_way.watched(told.put, long=0.05):
        calling = threading.Thread(target=hang, args=(over,))
        calling.start()
        said = told.get(timeout=20)
        over.set()
        calling.join()

    assert re.match(r"search has not returned for \d+ s \(test_under_way\.py:\d+ in hang\); Ctrl-C ends this", said)


def test_calls_that_return_in_time_are_not_told() -> None:
    told: list[str] = []

    with under_way.watched(told.append, long=5.0):
        for _ in range(3):
            under_way.begin("search")
            under_way.end()

    assert told == []


def test_the_next_one_is_told_only_if_it_takes_much_longer() -> None:
    told: list[str] = []

    with under_way.watched(told.append, long=0.1):
        under_way.begin("search")
        time.sleep(1.0)
        under_way.end()

    # It was looked at forty times, and told after 0.1, 0.3 and 0.9 seconds; on a busy machine once more, or less.
    assert 1 <= len(told) <= 4
