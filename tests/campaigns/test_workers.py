import multiprocessing
import operator
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from memfence.base.errors import HarnessError
from memfence.campaigns.workers import Workers


def powers(count: int) -> list[Callable[[], int]]:
    return [partial(pow, 2, exponent) for exponent in range(count)]


def begin_and_wait(folder: Path) -> None:
    try:
        (folder / f"begun-{os.getpid()}").touch()
        time.sleep(60)
    finally:
        (folder / f"ended-{os.getpid()}").touch()


def fail_once_begun(folder: Path) -> None:
    deadline = time.monotonic() + 60
    while not list(folder.glob("begun-*")) and time.monotonic() < deadline:
        time.sleep(0.01)
    raise OSError


def begin_and_hold_on(folder: Path) -> None:
    while True:
        with suppress(KeyboardInterrupt):
            begin_and_wait(folder)


def fail_after(seconds: float) -> None:
    time.sleep(seconds)
    raise ZeroDivisionError


def test_one_process_and_two_give_the_same_results() -> None:
    alone = list(Workers(1)(powers(9)))
    together = list(Workers(2)(powers(9)))

    assert alone == [1, 2, 4, 8, 16, 32, 64, 128, 256]
    assert sorted(together) == alone


def test_one_process_is_this_one_and_two_are_others() -> None:
    assert list(Workers(1)([os.getpid])) == [os.getpid()]
    assert os.getpid() not in list(Workers(2)([os.getpid] * 4))


def test_one_process_begins_no_task_before_its_result_is_asked_for() -> None:
    begun: list[int] = []
    results = Workers(1)([partial(begun.append, 1), partial(begun.append, 2)])

    next(results)

    assert begun == [1]


def test_no_task_gives_no_result() -> None:
    assert list(Workers(2)([])) == []


@pytest.mark.parametrize("count", [1, 2])
def test_an_exception_of_a_task_comes_through(count: int) -> None:
    with pytest.raises(ZeroDivisionError):
        list(Workers(count)([partial(operator.floordiv, 1, 0), *powers(3)]))


def test_a_worker_leaves_ctrl_c_to_the_process_that_started_it() -> None:
    assert list(Workers(2)([partial(signal.getsignal, signal.SIGINT)])) == [signal.SIG_IGN]


@pytest.mark.skipif(os.name == "nt", reason="Windows ends a process without asking it")
def test_where_one_task_fails_the_others_are_ended_and_put_away_what_they_have_begun(tmp_path: Path) -> None:
    waiting = partial(begin_and_wait, tmp_path)
    started = time.monotonic()

    with pytest.raises(OSError, match="in fail_once_begun"):
        list(Workers(2)([waiting, partial(fail_once_begun, tmp_path), waiting, waiting]))

    assert time.monotonic() - started < 50
    begun = {path.name.removeprefix("begun-") for path in tmp_path.glob("begun-*")}
    assert begun
    assert begun == {path.name.removeprefix("ended-") for path in tmp_path.glob("ended-*")}


def test_a_process_that_dies_is_told_and_leaves_nobody_waiting() -> None:
    with pytest.raises(HarnessError, match=r"a worker process ended before its task did: exit code 3"):
        list(Workers(2)([partial(os._exit, 3), *[partial(time.sleep, 0.01)] * 5]))


@pytest.mark.skipif(os.name == "nt", reason="Windows ends a process without asking it")
def test_processes_that_are_idle_or_still_starting_are_ended_too() -> None:
    for seconds in [0.0, 0.3]:
        with pytest.raises(ZeroDivisionError):
            list(Workers(4)([partial(time.sleep, 0.0), partial(fail_after, seconds), *powers(2)]))

        assert not multiprocessing.active_children()


@pytest.mark.skipif(os.name == "nt", reason="Windows ends a process without asking it")
def test_one_that_does_not_put_away_in_time_is_killed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("memfence.campaigns.workers._GRACE", 0.5)

    with pytest.raises(OSError, match="in fail_once_begun"):
        list(Workers(2)([partial(begin_and_hold_on, tmp_path), partial(fail_once_begun, tmp_path)]))

    assert not multiprocessing.active_children()


def test_an_exception_brings_the_place_in_the_worker_with_it() -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        list(Workers(2)([partial(fail_after, 0.0), *powers(1)]))

    assert "in fail_after" in caught.value.__notes__[0]
