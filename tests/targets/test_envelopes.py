"""Which answers with HTTP 200 are a no."""

from typing import Any

import pytest

from memfence.targets.web.envelopes import says_no


@pytest.mark.parametrize(
    "answer",
    [
        {"ok": False, "error": "sign in first"},
        {"success": False, "data": None},
        {"status": "error", "message": "no such note"},
        {"status": "fail", "data": {"note": "is not yours"}},
        {"code": 404, "msg": "no such note"},
        {"error": "not yours"},
        {"jsonrpc": "2.0", "error": {"code": -32001, "message": "no such note"}},
        {"errors": [{"message": "not yours"}], "data": {"note": None}},
    ],
)
def test_a_no_may_come_with_a_status_that_says_yes(answer: Any) -> None:
    assert says_no(answer)


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        {},
        "no",
        {"ok": True, "items": []},
        {"status": "success", "data": []},
        {"code": 0, "data": [{"id": "1", "text": "I am vegetarian."}]},
        {"error": None, "results": []},
        # A record that has a status or an error of its own.
        {"id": "1", "text": "I am vegetarian.", "status": "failed", "error": "no mail sent"},
        # In part it was answered.
        {"errors": [{"message": "one shard is down"}], "data": {"notes": [{"id": "1"}]}},
        {"errors": ["one shard is down"], "results": ["I am vegetarian."]},
    ],
)
def test_what_shows_something_or_nothing_is_no_no(answer: Any) -> None:
    assert not says_no(answer)
