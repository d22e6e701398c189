"""What printed lines use of memfence: ids, answers that are awaited, and calls that begin at once."""

import asyncio
import threading
from collections.abc import AsyncIterator
from typing import Any

import pytest

from memfence.replay import at_once, awaited, record_id


async def told(answer: object) -> object:
    await asyncio.sleep(0)
    return answer


def test_what_is_asynchronous_is_awaited_and_what_is_not_is_itself() -> None:
    assert [awaited(told("seen")), awaited("plain"), awaited(None)] == ["seen", "plain", None]


def test_what_an_asynchronous_generator_yields_is_a_list() -> None:
    async def pages() -> AsyncIterator[int]:
        for page in (1, 2):
            yield page

    assert awaited(pages()) == [1, 2]


def test_what_one_line_binds_to_its_event_loop_another_finds_alive() -> None:
    async def running() -> object:
        return asyncio.get_running_loop()

    assert awaited(running()) is awaited(running())


def test_what_an_awaited_call_raises_is_raised_where_it_is_awaited() -> None:
    async def refuses() -> None:
        raise PermissionError("not yours")  # noqa: EM101, TRY003 - a stranger's error

    with pytest.raises(PermissionError, match="not yours"):
        awaited(refuses())


def test_calls_that_begin_at_once_wait_for_each_other_and_answer_in_their_order() -> None:
    both = threading.Barrier(2)

    def call(answer: str) -> str:
        both.wait(timeout=20)
        return answer

    assert at_once(lambda: call("a"), lambda: call("b")) == ["a", "b"]


def test_what_begins_at_once_may_be_asynchronous() -> None:
    assert at_once(lambda: told("a"), lambda: awaited(told("b")), lambda: "c") == ["a", "b", "c"]


def test_what_one_of_several_calls_raises_stands_in_the_place_of_its_answer() -> None:
    def refuses() -> Any:
        raise PermissionError("not yours")  # noqa: EM101, TRY003 - a stranger's error

    error, answer = at_once(refuses, lambda: "seen")

    assert isinstance(error, PermissionError)
    assert answer == "seen"


def test_the_id_is_that_of_the_record_that_holds_the_text() -> None:
    listing = {"results": [{"id": "1", "memory": "green"}, {"id": "2", "memory": "blue"}]}

    assert [record_id(listing), record_id(listing, "blue")] == ["1", "2"]
    with pytest.raises(LookupError, match="no record with an id that holds red"):
        record_id(listing, "red")
