import json
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from memfence import (
    Channel,
    ErasureIncomplete,
    IsolationError,
    RecordNotFoundError,
    ScopedMemory,
    ScopeError,
    Truncated,
)
from memfence.canaries import CanaryCodec
from memfence.contract import Target
from memfence.observations import Crashed, Refused
from memfence.outcomes import outcome, place
from memfence.targets.reference import ReferenceClient

OURS = Target("mine", make_memory=lambda _: None, packages=frozenset({"mem0", __name__}))
STRANGERS = Target("theirs", make_memory=lambda _: None, packages=frozenset({"mem0", "somewhere_else"}))


class Custom(Exception):  # noqa: N818 - a user's own name
    pass


class OfHttp(Exception):  # noqa: N818 - as above
    """What httpx and requests raise: the status stands on the response."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status}")
        self.response = type("Response", (), {"status_code": status})()


class OfApi(Exception):  # noqa: N818 - as above
    """What other clients raise: the status stands on the error."""

    def __init__(self, status: object) -> None:
        super().__init__(f"HTTP {status}")
        self.status_code = status


def judge(act: Callable[[], object], *, channel: Channel = Channel.SEARCH, target: Target = OURS) -> Refused | Crashed:
    try:
        act()
    except Exception as error:  # noqa: BLE001 - whatever is raised is what the test is about
        return outcome(error, channel, target, str)
    pytest.fail("nothing was raised")


def throw(error: Exception) -> Callable[[], object]:
    def act() -> object:
        raise error

    return act


@pytest.mark.parametrize(
    "error",
    [
        ScopeError("no"),
        RecordNotFoundError(),
        PermissionError("not yours"),
        LookupError("not here"),
        ValueError("no such user"),
        TypeError("a str, please"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_no_in_so_many_words_is_a_refusal(error: Exception) -> None:
    assert judge(throw(error)) == Refused(type(error).__name__, str(error))


@pytest.mark.parametrize(
    "error",
    [
        IndexError("list index out of range"),
        RuntimeError("broken"),
        AttributeError("no attribute"),
        ZeroDivisionError("division by zero"),
        ConnectionError("refused by the network, not by the target"),
        TimeoutError("slow"),
        FileNotFoundError("no file"),
        NotImplementedError("later"),
        AssertionError("odd"),
        Truncated(known=100, asked=400),
        ErasureIncomplete(left=1),
        Custom("odd"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_any_other_error_is_a_crash(error: Exception) -> None:
    found = judge(throw(error))

    assert isinstance(found, Crashed)
    assert (found.kind, found.message) == (type(error).__name__, str(error))


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        ("\ud800".encode, "UnicodeEncodeError"),
        (b"\xff".decode, "UnicodeDecodeError"),
        (lambda: json.loads("{"), "JSONDecodeError"),
    ],
)
def test_an_accident_that_happens_to_be_a_value_error_is_a_crash(act: Callable[[], object], kind: str) -> None:
    found = judge(act)

    assert isinstance(found, Crashed)
    assert found.kind == kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("ValidationError", Refused),
        ("MemoryNotFoundError", Refused),
        ("NetworkError", Crashed),
        ("RateLimitError", Crashed),
        ("VectorStoreError", Crashed),
    ],
)
def test_mem0_says_no_in_its_own_errors(name: str, kind: type, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # mem0 writes a config into the user's home when it is first imported.
    monkeypatch.setenv("MEM0_DIR", str(tmp_path))
    exceptions = pytest.importorskip("mem0.exceptions")

    found = judge(throw(getattr(exceptions, name)("no", error_code="X")))

    assert isinstance(found, kind)


def test_an_error_of_another_library_with_mem0s_name_for_it_is_a_crash() -> None:
    namesake = type("ValidationError", (Exception,), {"__module__": "elsewhere.errors"})

    assert isinstance(judge(throw(namesake("no"))), Crashed)


def test_an_isolation_error_is_contained() -> None:
    assert judge(throw(IsolationError("search"))) == Refused(
        "IsolationError", str(IsolationError("search")), contained=True
    )


def test_no_other_refusal_is_contained() -> None:
    found = judge(throw(ScopeError("no")))

    assert isinstance(found, Refused)
    assert not found.contained


@pytest.mark.parametrize("channel", [Channel.GET, Channel.UPDATE, Channel.DELETE, Channel.HISTORY])
def test_a_key_error_on_a_record_id_says_that_there_is_none(channel: Channel) -> None:
    assert judge(throw(KeyError("r1")), channel=channel) == Refused("KeyError", "'r1'")


@pytest.mark.parametrize("channel", [Channel.ADD, Channel.SEARCH, Channel.GET_ALL, Channel.DELETE_ALL])
def test_a_key_error_elsewhere_is_a_bug(channel: Channel) -> None:
    assert isinstance(judge(throw(KeyError("results")), channel=channel), Crashed)


def test_an_index_error_is_a_crash_on_a_record_id_too() -> None:
    assert isinstance(judge(throw(IndexError("0")), channel=Channel.GET), Crashed)


@pytest.mark.parametrize("kind", [OfHttp, OfApi])
@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 451, 499])
def test_an_answer_of_the_server_about_the_request_is_a_refusal(kind: type[Exception], status: int) -> None:
    assert isinstance(judge(throw(kind(status))), Refused)


@pytest.mark.parametrize("kind", [OfHttp, OfApi])
@pytest.mark.parametrize("status", [200, 302, 399, 408, 425, 429, 500, 502, 503])
def test_no_answer_of_the_server_is_a_crash(kind: type[Exception], status: int) -> None:
    assert isinstance(judge(throw(kind(status))), Crashed)


@pytest.mark.parametrize("status", [None, "404", 404.0])
def test_a_status_that_is_no_number_says_nothing(status: object) -> None:
    assert isinstance(judge(throw(OfApi(status))), Crashed)


@pytest.mark.parametrize("error", [ValueError("no"), TypeError("no")], ids=["ValueError", "TypeError"])
def test_a_plain_error_raised_elsewhere_than_in_the_targets_code_is_a_crash(error: Exception) -> None:
    assert isinstance(judge(throw(error), target=STRANGERS), Crashed)


@pytest.mark.parametrize(
    "act", [lambda: uuid.UUID("no id"), lambda: json.dumps(object())], ids=["ValueError", "TypeError"]
)
def test_a_plain_error_raised_in_a_library_that_the_target_calls_is_a_crash(act: Callable[[], object]) -> None:
    assert isinstance(judge(act), Crashed)


def test_a_subclass_of_value_error_is_no_plain_one() -> None:
    class Odd(ValueError):  # noqa: N818 - a user's own name
        pass

    assert isinstance(judge(throw(Odd("no"))), Crashed)


def test_a_plain_error_that_was_never_raised_is_a_crash() -> None:
    assert outcome(ValueError("no"), Channel.SEARCH, OURS, str) == Crashed("ValueError", "no", "unknown place")


def test_our_own_wrappers_and_targets_may_refuse_in_any_target() -> None:
    client = ReferenceClient()

    of_wrapper = judge(lambda: ScopedMemory(7, client=client), target=STRANGERS)  # type: ignore[arg-type]  # the point
    of_target = judge(lambda: client.search("x", filters={}), target=STRANGERS)

    assert isinstance(of_wrapper, Refused)
    assert isinstance(of_target, Refused)


def test_the_harness_itself_is_never_the_one_that_refuses() -> None:
    confused = Target("confused", make_memory=lambda _: None, packages=frozenset({"memfence"}))

    assert isinstance(judge(lambda: CanaryCodec(b"key").encode(-1, 0), target=confused), Crashed)
    assert isinstance(judge(throw(ValueError("no")), target=confused), Crashed)


def test_what_the_target_lists_is_a_refusal() -> None:
    listing = Target("lists", make_memory=lambda _: None, refusals=(Custom, IndexError))

    assert judge(throw(Custom("no")), target=listing) == Refused("Custom", "no")
    assert judge(throw(IndexError("no")), target=listing) == Refused("IndexError", "no")


def test_the_text_of_an_error_goes_through_keep() -> None:
    def hide(text: str) -> str:
        return f"<{len(text)}>"

    assert outcome(PermissionError("secret"), Channel.GET, OURS, hide) == Refused("PermissionError", "<6>")
    assert outcome(RuntimeError("secret"), Channel.GET, OURS, hide) == Crashed("RuntimeError", "<6>", "unknown place")
    assert outcome(IsolationError("get"), Channel.GET, OURS, hide).message.startswith("<")


def test_a_place_names_file_line_and_function_without_the_folder() -> None:
    found = judge(throw(RuntimeError("broken")))

    assert isinstance(found, Crashed)
    file, _, rest = found.place.partition(":")
    assert file == "test_outcomes.py"
    assert rest.endswith(" in act")


def test_an_error_that_was_never_raised_has_no_place() -> None:
    assert place(RuntimeError("made, not raised")) == "unknown place"
