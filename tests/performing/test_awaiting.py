import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from memfence.performing.awaiting import Awaiter

# A thread or task that waits for others in vain gives up after this many seconds.
PATIENCE = 10.0


@pytest.fixture
def awaiter() -> Iterator[Awaiter]:
    made = Awaiter()
    yield made
    made.close()


async def after(value: object, seconds: float = 0.0) -> object:
    await asyncio.sleep(seconds)
    return value


@pytest.mark.parametrize("value", [None, "text", [1], {"results": []}, 7, ("a",), object])
def test_what_is_not_awaitable_comes_back_as_it_is_and_makes_no_loop(awaiter: Awaiter, value: object) -> None:
    assert awaiter(value) is value


def test_what_is_awaitable_is_awaited_in_one_loop(awaiter: Awaiter) -> None:
    async def running() -> int:
        return id(asyncio.get_running_loop())

    assert awaiter(after("done")) == "done"
    assert awaiter(running()) == awaiter(running())


def test_what_an_asynchronous_generator_yields_comes_as_a_list_also_where_it_must_be_awaited_first(
    awaiter: Awaiter,
) -> None:
    async def numbers() -> AsyncIterator[int]:
        for number in range(3):
            await asyncio.sleep(0)
            yield number

    assert awaiter(numbers()) == [0, 1, 2]
    assert awaiter(after(numbers())) == [0, 1, 2]
    assert awaiter.together([lambda: awaiter(numbers()), lambda: awaiter(after(numbers()))]) == [[0, 1, 2]] * 2


def test_calls_that_begin_together_overlap_and_answer_in_their_own_order(awaiter: Awaiter) -> None:
    meeting = threading.Barrier(8)

    def call(number: int) -> Callable[[], tuple[int, int]]:
        def meet() -> tuple[int, int]:
            # One after the other none would ever pass.
            meeting.wait(PATIENCE)
            time.sleep((8 - number) / 1000)
            return number, threading.get_ident()

        return meet

    answers = awaiter.together([call(number) for number in range(8)])

    assert [number for number, _ in answers] == list(range(8))
    assert len({thread for _, thread in answers}) == 8


def test_what_they_await_are_tasks_of_the_one_loop(awaiter: Awaiter) -> None:
    met: list[tuple[int, int, int]] = []

    async def meet(meeting: list[asyncio.Event]) -> str:
        # Each waits for the others to have come, which one task alone never sees.
        meeting[len(met)].set()
        met.append((id(asyncio.get_running_loop()), id(asyncio.current_task()), threading.get_ident()))
        await asyncio.wait_for(asyncio.gather(*(event.wait() for event in meeting)), PATIENCE)
        return "met"

    async def loop() -> int:
        return id(asyncio.get_running_loop())

    before = awaiter(loop())
    events = [asyncio.Event() for _ in range(4)]

    assert awaiter.together([lambda: awaiter(meet(events))] * 4) == ["met"] * 4
    assert {where for where, _, _ in met} == {before} == {awaiter(loop())}
    assert len({task for _, task, _ in met}) == 4
    # The loop runs in the thread that asked for them.
    assert {thread for _, _, thread in met} == {threading.get_ident()}


def test_after_calls_together_single_ones_are_awaited_as_before(awaiter: Awaiter) -> None:
    assert awaiter.together([lambda: awaiter(after(1)), lambda: awaiter(after(2))]) == [1, 2]
    assert awaiter(after(3)) == 3
    assert awaiter.together([lambda: 4, lambda: awaiter(after(5))]) == [4, 5]


def test_an_error_of_one_call_is_raised_and_stops_none_of_the_others(awaiter: Awaiter) -> None:
    done = threading.Event()

    def fail() -> None:
        msg = "no"
        raise ValueError(msg)

    def slow() -> None:
        time.sleep(0.05)
        done.set()

    with pytest.raises(ValueError, match="no"):
        awaiter.together([fail, slow])

    assert awaiter(after("usable")) == "usable"
    assert done.wait(PATIENCE)


def meeting(size: int) -> list[Callable[[], int]]:
    """Return so many calls that wait for each other, and name the thread that each is in."""
    barrier = threading.Barrier(size)

    def meet() -> int:
        # One after the other none would ever pass.
        barrier.wait(PATIENCE)
        return threading.get_ident()

    return [meet] * size


@pytest.mark.parametrize("sizes", [(2, 2), (2, 6), (6, 2), (1, 3, 2, 5, 5, 1)], ids=str)
def test_as_many_as_begin_together_have_a_thread_each_however_many_there_were_before(
    awaiter: Awaiter, sizes: tuple[int, ...]
) -> None:
    for size in sizes:
        assert len(set(awaiter.together(meeting(size)))) == size


def test_threads_are_kept_for_the_next_calls(awaiter: Awaiter) -> None:
    first = set(awaiter.together(meeting(4)))

    assert set(awaiter.together(meeting(4))) == first
    assert set(awaiter.together(meeting(2))) <= first


def test_after_an_error_a_call_that_still_hangs_keeps_no_thread_of_the_next_ones(awaiter: Awaiter) -> None:
    going_on = threading.Event()

    def fail() -> None:
        msg = "no"
        raise ValueError(msg)

    with pytest.raises(ValueError, match="no"):
        awaiter.together([fail, lambda: going_on.wait(PATIENCE)])

    assert len(set(awaiter.together(meeting(2)))) == 2
    going_on.set()


def test_threads_end_when_it_is_closed_and_are_made_again_when_it_is_used_again() -> None:
    awaiter = Awaiter()
    begun: list[threading.Thread] = []
    awaiter.together([lambda: begun.append(threading.current_thread())])

    awaiter.close()

    begun[0].join(PATIENCE)
    assert not begun[0].is_alive()
    assert len(set(awaiter.together(meeting(3)))) == 3
    awaiter.close()


def test_what_a_target_left_running_is_cancelled_at_the_end() -> None:
    ended: list[str] = []

    async def background() -> None:
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise

    kept: list[asyncio.Task[None]] = []

    async def start() -> None:
        kept.append(asyncio.create_task(background()))
        await asyncio.sleep(0)

    awaiter = Awaiter()
    awaiter(start())
    awaiter.close()

    assert ended == ["cancelled"]


def test_a_closed_one_can_be_closed_again_and_used_again() -> None:
    awaiter = Awaiter()
    awaiter.close()

    assert awaiter(after("again")) == "again"
    awaiter.close()
    awaiter.close()


# What follows would take the test's own process with it, or hang it, so each has a process of its own.

MEETING = """
import asyncio, signal
from memfence import GetAll, Population
from memfence.performing.contract import adapt
from memfence.performing.executor import Executor

signal.signal(signal.SIGINT, signal.default_int_handler)
ALICE, BOB = Population(seed=5, size=2)

class Memory:
    def __init__(self, user_id):
        self.is_bobs = user_id == BOB.id

    async def get_all(self):
        await asyncio.sleep(0.05)
        {body}
        return []

with Executor(adapt(Memory, "fake")) as executor:
    for step in executor.together([GetAll(tenant, tenant.facts[0]) for tenant in (ALICE, BOB)], 1):
        print(type(step.observation).__name__)
"""


def printed(body: str) -> list[str] | None:
    """Return what a process prints in which two tasks meet; None where it does not end by itself."""
    command = [sys.executable, "-c", MEETING.format(body=body)]
    try:
        ended = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE / 2, check=False)
    except subprocess.TimeoutExpired:
        return None
    return [*ended.stdout.split(), *(line for line in ended.stderr.splitlines() if line == "KeyboardInterrupt")]


def test_two_tasks_that_meet_without_harm_both_come_back() -> None:
    assert printed("pass") == ["Returned", "Returned"]


@pytest.mark.parametrize("error", ["RuntimeError('x')", "asyncio.CancelledError()"])
def test_an_error_in_one_of_several_tasks_is_that_ones_alone(error: str) -> None:
    assert printed(f"if self.is_bobs: raise {error}") == ["Returned", "Crashed"]


def test_an_exit_in_one_of_several_tasks_is_a_crash_of_that_one_alone() -> None:
    assert printed("if self.is_bobs: raise SystemExit(0)") == ["Returned", "Crashed"]


def test_ctrl_c_while_tasks_are_waited_for_ends_them() -> None:
    pressed = "if self.is_bobs: signal.raise_signal(signal.SIGINT)"

    assert printed(f"{pressed}\n        await asyncio.sleep(3600)") == ["KeyboardInterrupt"]
