import asyncio
import contextlib
import errno
import json
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from mem0 import exceptions

from memfence import (
    Channel,
    ErasureIncomplete,
    IsolationError,
    RecordNotFoundError,
    ScopedMemory,
    ScopeError,
    Truncated,
)
from memfence.model.canaries import CanaryCodec
from memfence.model.observations import Crashed, Refused
from memfence.performing.contract import Target
from memfence.performing.outcomes import FAILURES, outcome, place, unsaid
from memfence.targets.built_in.reference import ReferenceClient

OURS = Target("mine", make_memory=lambda _: None, packages=frozenset({"mem0", __name__}))
STRANGERS = Target("theirs", make_memory=lambda _: None, packages=frozenset({"mem0", "somewhere_else"}))


NOTHING: Any = None


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
    except FAILURES as error:
        return outcome(error, channel, target, str)
    pytest.fail("nothing was raised")


def throw(error: BaseException) -> Callable[[], object]:
    def act() -> object:
        raise error

    return act


def told(found: Refused | Crashed) -> tuple[type, str, str]:
    return type(found), found.kind, found.message


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
    assert told(judge(throw(error))) == (Refused, type(error).__name__, str(error))


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
        Truncated(known=100, asked=400, answer="100 again"),
        ErasureIncomplete(None),
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
def test_mem0_says_no_in_its_own_errors(name: str, kind: type) -> None:
    found = judge(throw(getattr(exceptions, name)("no", error_code="X")))

    assert isinstance(found, kind)


def test_an_error_of_another_library_with_mem0s_name_for_it_is_a_crash() -> None:
    namesake = type("ValidationError", (Exception,), {"__module__": "elsewhere.errors"})

    assert isinstance(judge(throw(namesake("no"))), Crashed)


def test_an_isolation_error_is_contained() -> None:
    found = judge(throw(IsolationError("search")))

    assert told(found) == (Refused, "IsolationError", str(IsolationError("search")))
    assert isinstance(found, Refused)
    assert found.contained


def test_no_other_refusal_is_contained() -> None:
    found = judge(throw(ScopeError("no")))

    assert isinstance(found, Refused)
    assert not found.contained


@pytest.mark.parametrize("channel", [Channel.GET, Channel.UPDATE, Channel.DELETE, Channel.HISTORY])
def test_a_key_error_on_a_record_id_says_that_there_is_none(channel: Channel) -> None:
    assert told(judge(throw(KeyError("r1")), channel=channel)) == (Refused, "KeyError", "'r1'")


@pytest.mark.parametrize("channel", [Channel.ADD, Channel.SEARCH, Channel.GET_ALL, Channel.DELETE_ALL])
def test_a_key_error_elsewhere_is_a_bug(channel: Channel) -> None:
    assert isinstance(judge(throw(KeyError("results")), channel=channel), Crashed)


def test_an_index_error_is_a_crash_on_a_record_id_too() -> None:
    assert isinstance(judge(throw(IndexError("0")), channel=Channel.GET), Crashed)


class OfAiohttp(Exception):  # noqa: N818 - as above
    """What aiohttp raises."""

    def __init__(self, status: object) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status


class OfUrllib(Exception):  # noqa: N818 - as above
    """What urllib raises."""

    def __init__(self, status: object) -> None:
        super().__init__(f"HTTP {status}")
        self.code = status


class Unreadable(Exception):  # noqa: N818 - as above
    """One whose response cannot be read, and whose status can."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status}")
        self.code = status

    @property
    def response(self) -> None:
        msg = "not read yet"
        raise RuntimeError(msg)


KINDS = [OfHttp, OfApi, OfAiohttp, OfUrllib, Unreadable]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 451, 499])
def test_an_answer_of_the_server_about_the_request_is_a_refusal(kind: type[Exception], status: int) -> None:
    assert isinstance(judge(throw(kind(status))), Refused)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("status", [200, 302, 399, 408, 425, 429, 500, 502, 503])
def test_no_answer_of_the_server_is_a_crash(kind: type[Exception], status: int) -> None:
    assert isinstance(judge(throw(kind(status))), Crashed)


@pytest.mark.parametrize("kind", [OfApi, OfAiohttp, OfUrllib])
@pytest.mark.parametrize("status", [None, "404", 404.0, 7, 1045, lambda: 404])
def test_a_status_that_is_no_number_of_http_says_nothing(kind: Callable[[object], Exception], status: object) -> None:
    assert isinstance(judge(throw(kind(status))), Crashed)


def throw_in(file: str, package: str, kind: type[Exception]) -> Callable[[], object]:
    """Return what raises such an error in a file of this name, as code of this package."""
    there: dict[str, Any] = {"__name__": package}
    exec(compile("def act(kind):\n    raise kind('no')\n", file, "exec"), there)  # noqa: S102 - for its place alone
    return lambda: there["act"](kind)


PLAIN = pytest.mark.parametrize("kind", [ValueError, TypeError])


@PLAIN
@pytest.mark.parametrize(
    ("file", "package"),
    [
        ("/app/.venv/lib/python3.12/site-packages/vendor/client.py", "vendor.client"),
        ("/usr/lib/python3/dist-packages/vendor/client.py", "vendor.client"),
        ("/usr/lib/python3.12/uuid.py", "uuid"),
        ("<string>", "made"),
        ("/src/memfence/harness/performing/executor.py", "memfence.performing.executor"),
    ],
)
def test_a_plain_error_raised_elsewhere_than_in_the_projects_code_is_a_crash(
    file: str, package: str, kind: type[Exception]
) -> None:
    assert isinstance(judge(throw_in(file, package, kind), target=STRANGERS), Crashed)


@PLAIN
def test_a_plain_error_raised_in_another_package_of_the_same_project_is_a_refusal(kind: type[Exception]) -> None:
    assert isinstance(judge(throw_in("/app/shop/memory.py", "shop.memory", kind), target=STRANGERS), Refused)


@pytest.mark.parametrize(
    "act", [lambda: uuid.UUID("no id"), lambda: json.dumps(object())], ids=["ValueError", "TypeError"]
)
def test_a_plain_error_raised_in_a_library_that_the_target_calls_is_a_crash(act: Callable[[], object]) -> None:
    assert isinstance(judge(act), Crashed)


def test_a_subclass_of_value_error_is_no_plain_one() -> None:
    class Odd(ValueError):  # noqa: N818 - a user's own name
        pass

    assert isinstance(judge(throw(Odd("no"))), Crashed)


@pytest.mark.parametrize(
    "act",
    [
        lambda: NOTHING["results"],
        lambda: [*7],  # type: ignore[misc]  # the accident
        lambda: dict([(1,)]),  # type: ignore[list-item]  # the accident
        lambda: int("seven"),
        lambda: max(()),
    ],
    ids=["subscript", "star", "pairs", "int", "max"],
)
def test_an_accident_in_the_targets_own_code_is_a_crash(act: Callable[[], object]) -> None:
    assert isinstance(judge(act), Crashed)


def test_an_unpacking_that_fails_is_a_crash_although_nobody_called_anything() -> None:
    def act() -> object:
        first, second = [7]
        return first + second

    found = judge(act)

    assert told(found)[:2] == (Crashed, "ValueError")


def from_none() -> None:
    try:
        {}["r1"]
    except KeyError:
        msg = "no such user"
        raise ValueError(msg) from None


def inside_with() -> None:
    with contextlib.ExitStack():
        msg = "no such user"
        raise ValueError(msg)


def inside_try() -> None:
    try:
        msg = "no such user"
        raise ValueError(msg)
    finally:
        len(msg)


def passed_on() -> None:
    try:
        inside_try()
    except ValueError as error:
        error.add_note("seen")
        raise


@pytest.mark.parametrize("act", [from_none, inside_with, inside_try, passed_on])
def test_a_raise_is_a_no_wherever_it_stands(act: Callable[[], None]) -> None:
    found = judge(act)

    assert told(found)[:2] == (Refused, "ValueError")
    assert found.message.startswith("no such user")


def test_an_accident_that_is_passed_on_is_still_one() -> None:
    def act() -> object:
        try:
            return NOTHING["results"]
        except TypeError:
            len("log it")
            raise

    assert isinstance(judge(act), Crashed)


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
    raised = throw_in("/src/memfence/harness/base/wording.py", "memfence.base.wording", ValueError)
    assert isinstance(judge(raised, target=confused), Crashed)


def test_what_the_target_lists_is_a_refusal() -> None:
    listing = Target("lists", make_memory=lambda _: None, refusals=(Custom, IndexError))

    assert told(judge(throw(Custom("no")), target=listing)) == (Refused, "Custom", "no")
    assert told(judge(throw(IndexError("no")), target=listing)) == (Refused, "IndexError", "no")


def test_the_text_of_an_error_goes_through_keep() -> None:
    def hide(text: str) -> str:
        return f"<{len(text)}>"

    assert told(outcome(PermissionError("secret"), Channel.GET, OURS, hide)) == (Refused, "PermissionError", "<6>")
    assert told(outcome(RuntimeError("secret"), Channel.GET, OURS, hide)) == (Crashed, "RuntimeError", "<6>")
    assert outcome(IsolationError("get"), Channel.GET, OURS, hide).message.startswith("<")


@pytest.mark.parametrize("error", [SystemExit(1), SystemExit(404), asyncio.CancelledError("stop")])
def test_an_exit_or_a_cancellation_is_a_crash_whatever_the_target_lists(error: BaseException) -> None:
    listing = Target("lists", make_memory=lambda _: None, refusals=(BaseException,))

    assert told(judge(throw(error), target=listing)) == (Crashed, type(error).__name__, str(error))


@pytest.mark.parametrize("error", [KeyboardInterrupt, GeneratorExit])
def test_the_users_own_interruption_and_a_generators_end_are_no_failures(error: type[BaseException]) -> None:
    assert not issubclass(error, FAILURES)


def test_an_error_whose_text_cannot_be_read_is_an_outcome_all_the_same() -> None:
    class Mute(PermissionError):  # noqa: N818 - as above
        def __str__(self) -> str:
            raise SystemExit

    assert told(judge(throw(Mute()))) == (Refused, "Mute", "(its text cannot be read)")


def test_the_cause_is_told_with_the_error() -> None:
    def act() -> object:
        raise PermissionError("no") from KeyError("bob's record")  # noqa: EM101 - the message is the case

    assert judge(act).message == 'no <- KeyError: "bob\'s record"'


def test_what_was_handled_when_the_error_was_raised_is_told_too() -> None:
    def act() -> object:
        try:
            {}["bob's record"]
        except KeyError:
            raise PermissionError("no")  # noqa: B904, EM101 - without a from, that is the point

    assert judge(act).message == 'no <- KeyError: "bob\'s record"'


def test_a_suppressed_context_is_not_told() -> None:
    assert judge(from_none).message == "no such user"


def test_notes_are_told() -> None:
    error = PermissionError("no")
    error.add_note("while asking for bob")

    assert judge(throw(error)).message == "no <- while asking for bob"


def test_notes_that_are_none_are_passed_over() -> None:
    error = PermissionError("no")
    error.__notes__ = 7  # type: ignore[assignment]  # anything can be put there

    assert judge(throw(error)).message == "no"


def test_the_errors_of_a_group_are_told() -> None:
    found = judge(throw(ExceptionGroup("two", [KeyError("a"), ValueError("b")])))

    assert told(found) == (Crashed, "ExceptionGroup", "two (2 sub-exceptions) <- KeyError: 'a' <- ValueError: b")


def test_a_loop_of_causes_ends() -> None:
    first, second = PermissionError("first"), PermissionError("second")
    first.__cause__, second.__cause__ = second, first

    assert outcome(first, Channel.GET, OURS, str).message == "first <- PermissionError: second"


def test_each_text_of_a_chain_goes_through_keep() -> None:
    error = PermissionError("secret")
    error.__cause__ = KeyError("secret")
    error.add_note("secret")

    assert outcome(error, Channel.GET, OURS, lambda _: "-").message == "- <- - <- KeyError: -"


def test_a_place_names_file_line_and_function_without_the_folder() -> None:
    found = judge(throw(RuntimeError("broken")))

    assert isinstance(found, Crashed)
    file, _, rest = found.place.partition(":")
    assert file == "test_outcomes.py"
    assert rest.endswith(" in act")


def test_an_error_that_was_never_raised_has_no_place() -> None:
    assert place(RuntimeError("made, not raised")) == "unknown place"


def crash(error: Exception, keep: Callable[[str], str] = str) -> str:
    seen = outcome(error, Channel.SEARCH, OURS, keep)
    assert isinstance(seen, Crashed)
    return seen.message


def test_a_crash_tells_its_http_status_also_where_its_text_is_masked() -> None:
    error = OfHttp(500)
    error.args = ("Internal Server Error",)

    assert crash(error) == "HTTP 500: Internal Server Error"
    assert crash(error, lambda _: "<masked>") == "HTTP 500: <masked>"


def test_a_status_that_the_text_tells_already_is_told_once() -> None:
    assert crash(OfHttp(503)) == "HTTP 503"


def test_a_crash_without_a_status_is_told_as_it_is() -> None:
    assert crash(RuntimeError("no answer")) == "no answer"


class Unreachable(Custom):
    """What a user's own code raises where its store does not answer."""


def unreachable() -> None:
    try:
        throw(ConnectionError())()
    except ConnectionError as error:
        raise Unreachable from error


@pytest.mark.parametrize(
    ("call", "own"),
    [
        (throw(Custom("no")), "Custom"),
        (unreachable, ""),
        (throw(RuntimeError("no")), ""),
        (throw(OfHttp(503)), ""),
    ],
    ids=["its own", "over a connection", "anybody's", "a server's"],
)
def test_an_error_that_the_target_defines_and_raises_may_mean_no(call: Callable[[], object], own: str) -> None:
    seen = judge(call)

    assert (type(seen), getattr(seen, "own", None)) == (Crashed, own)


def test_so_may_one_of_another_package_of_the_same_project_and_none_of_an_installed_one() -> None:
    wrapped = judge(throw(Custom("no")), target=STRANGERS)
    installed = judge(throw(pytest.UsageError("no")), target=STRANGERS)

    assert (getattr(wrapped, "own", None), getattr(installed, "own", None)) == ("Custom", "")


@pytest.mark.parametrize("error", [ValueError("badly formed"), FileNotFoundError("no such file"), TypeError("odd")])
def test_what_breaks_over_a_record_id_that_is_spelt_otherwise_is_a_no_and_a_server_that_is_down_is_none(
    error: Exception,
) -> None:
    down = ConnectionError("refused")

    assert isinstance(outcome(error, Channel.GET, STRANGERS, str), Crashed)
    assert isinstance(outcome(error, Channel.GET, STRANGERS, str, malformed=True), Refused)
    assert isinstance(outcome(down, Channel.GET, STRANGERS, str, malformed=True), Crashed)


def test_where_a_key_is_a_file_a_link_that_is_not_followed_is_a_no_and_elsewhere_a_crash() -> None:
    found = OSError(errno.ELOOP, "Too many levels of symbolic links")
    files = replace(STRANGERS, keys="path")

    assert isinstance(outcome(found, Channel.GET, files, str), Refused)
    assert isinstance(outcome(found, Channel.UPDATE, files, str), Refused)
    assert isinstance(outcome(found, Channel.ADD, files, str), Crashed)
    assert isinstance(outcome(found, Channel.GET, STRANGERS, str), Crashed)


@pytest.mark.parametrize(
    "quoted",
    ["notes/a1'] or id", "notes%2Fa1%27%5D%20or%20id", "NOTES__A1_OR_ID", "notes-a1-or-id", "notes/a1\\'] or id"],
)
def test_a_key_that_a_refusal_quotes_as_a_name_of_a_file_tells_nothing(quoted: str) -> None:
    seen = unsaid(Refused("FileNotFoundError", f"no such file: /srv/7~{quoted}"), "notes/a1'] or id", "<key>")

    assert seen == Refused("FileNotFoundError", "no such file: /srv/7~<key>")


def test_what_a_refusal_says_beside_the_key_stays_where_the_key_is_short() -> None:
    seen = unsaid(Refused("ValueError", "a, or b, is somebody else's"), "a*b", "<key>")

    assert seen == Refused("ValueError", "a, or b, is somebody else's")
