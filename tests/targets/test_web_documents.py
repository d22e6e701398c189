"""Cards under keys that the caller chooses, XML and HTTP Basic: what a file can say, and what comes of an answer."""

import subprocess
import tomllib
from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("httpx", reason="pip install 'memfence[http]'")

from memfence.base.errors import TargetError
from memfence.performing.contract import adapt
from memfence.performing.credentials import NotTriedError
from memfence.performing.keyed import Keyed
from memfence.performing.replies import read_reply
from memfence.targets.web.app_file import parse
from memfence.targets.web.documents import as_card, as_plain, several
from memfence.targets.web.pointers import MISSING
from memfence.targets.web.replies import NotAnAnswerError
from memfence.targets.web.target import WebTarget
from memfence.targets.web.wire import Answer, Asked

ANN = "mf12345678-ann-0"
CARDS = """
disposable = true
sign_in = "basic"
put = '''PUT /{user}/{key} text/vcard BEGIN:VCARD
UID:{uuid}
NOTE:{text}
END:VCARD
'''
get = "GET /{user}/{key} -> /VCARD/NOTE"
list = "PROPFIND /{user}/ -> /multistatus/response id=href text=data/VCARD/NOTE"
delete = "DELETE /{user}/{key}"
clear = "DELETE /{user}/"
"""
CARD = "BEGIN:VCARD\r\nNOTE:tea\\, milk\\; and a lo\r\n ng line\\nmore\r\nEND:VCARD\r\n"


class Cards:
    """What a server of cards sends back: each answer by hand."""

    base = "http://127.0.0.1:1"

    def __init__(self, said: str = "", kind: str = "text/xml", status: int = 207) -> None:
        self.asked: list[Asked] = []
        self._answer = Answer(status, (("content-type", kind),), said.encode())

    def ask(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        return self._answer

    def close(self) -> None:
        """Nothing is open."""


def opened(wire: Cards, said: str = CARDS) -> WebTarget:
    return WebTarget(parse(tomllib.loads(said)), lambda: wire)


def listed(said: str) -> list[tuple[str | None, str]]:
    memory = opened(Cards(said)).make_memory(ANN)
    return [(record.id, record.text) for record in read_reply(Keyed(memory, "flat").get_all(), str).records]


def test_a_file_with_put_is_of_a_keyed_resource() -> None:
    target = adapt(opened(Cards()), "cards")

    assert target.keys == "flat"
    assert [
        one for one in ("put", "get", "list", "delete", "clear", "add") if hasattr(target.make_memory(ANN), one)
    ] == [
        "put",
        "get",
        "list",
        "delete",
        "clear",
    ]


def test_a_text_is_sent_as_its_type_wants_it_and_under_a_name_of_its_own() -> None:
    wire = Cards(kind="text/plain", status=201)
    memory = opened(wire).make_memory(ANN)

    memory.put("a/b", "tea, milk; \\ and\nmore")
    memory.put("a/b", "juice")
    memory.put("c", "juice")

    first, again, other = wire.asked
    assert (first.method, first.target) == ("PUT", f"/{ANN}/a%2Fb")
    assert ("Content-Type", "text/vcard") in first.headers
    assert b"NOTE:tea\\, milk\\; \\\\ and\\nmore\n" in first.body
    # A card is changed by who puts another under its key, and no key stands in it.
    assert first.body.splitlines()[1] == again.body.splitlines()[1] != other.body.splitlines()[1]
    assert b"a/b" not in first.body


def test_a_card_is_read_by_the_names_of_its_parts() -> None:
    assert as_card(CARD) == {"VCARD": {"NOTE": "tea, milk; and a long line\nmore"}}
    assert as_card("BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY;LANGUAGE=en:a\nEND:VEVENT\nEND:VCALENDAR") == {
        "VCALENDAR": {"VEVENT": {"SUMMARY": "a"}}
    }
    assert as_card("no card: BEGIN:VCARD") == "no card: BEGIN:VCARD"
    assert opened(Cards(CARD, "text/vcard", 200)).make_memory(ANN).get("k") == ["tea, milk; and a long line\nmore"]


def test_a_listing_in_xml_has_many_records_one_or_none() -> None:
    one = f"<response><href>/{ANN}/a%20b</href><data>{CARD}</data></response>"

    assert listed(f'<multistatus xmlns="DAV:">{one}{one.replace("a%20b", "c")}</multistatus>') == [
        ("a b", "tea, milk; and a long line\nmore"),
        ("c", "tea, milk; and a long line\nmore"),
    ]
    assert listed(f"<multistatus>{one}</multistatus>") == [("a b", "tea, milk; and a long line\nmore")]
    assert listed('<multistatus xmlns="DAV:" />') == []


@pytest.mark.parametrize("said", ["<error>down</error>", "<multistatus>", "no XML"])
def test_an_error_in_the_place_of_a_listing_is_no_empty_one(said: str) -> None:
    with pytest.raises(NotAnAnswerError):
        listed(said)


def test_elements_that_are_there_once_are_a_list_of_one() -> None:
    whole = as_plain(Answer(207, (), b"<a><b>1</b></a>"))

    assert (several(whole, "/a/b"), several(whole, "/a/c"), several(whole, "/x/c")) == (["1"], [], MISSING)


def test_basic_sends_user_and_password_and_shows_neither() -> None:
    wire = Cards("<multistatus/>")
    target = opened(wire)

    target.make_memory(ANN).list()
    told = "\n".join(target.told())

    (sent,) = (value for name, value in wire.asked[0].headers if name == "Authorization")
    assert sent.startswith("Basic ")
    assert sent.removeprefix("Basic ") not in told
    assert "ann_0=$(printf %s " in told
    assert "-H 'Authorization: Basic '\"$ann_0\"" in told


def test_a_body_of_several_lines_is_told_on_one_that_a_shell_reads() -> None:
    target = opened(Cards(kind="text/plain", status=201))

    target.make_memory(ANN).put("k", "it's tea")
    (line,) = (line for line in target.told() if "-X PUT" in line)

    body = line.partition(" -d ")[2].partition(" http")[0]
    command = ["bash", "-c", f"printf %s {body}"]
    said = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    assert said.splitlines()[2:] == ["NOTE:it's tea", "END:VCARD"]


def test_nothing_is_put_or_removed_without_a_key_for_that_may_mean_all() -> None:
    wire = Cards("<multistatus/>", status=200)
    memory = opened(wire).make_memory(ANN)

    for call in (lambda: memory.delete(""), lambda: memory.put("", "tea")):
        with pytest.raises(NotTriedError):
            call()
    assert wire.asked == []
    memory.clear()
    assert len(wire.asked) == 1


@pytest.mark.parametrize(
    ("claim", "call"),
    [
        (("body", "user_id", "x"), lambda memory: memory.put("k", "tea")),
        (("path", "owner", "x"), lambda memory: memory.get("k")),
    ],
)
def test_a_claim_that_has_no_place_in_a_request_is_not_tried(
    claim: tuple[str, str, str], call: Callable[[Any], object]
) -> None:
    wire = Cards(CARD, "text/vcard", 200)
    target = opened(wire)
    memory = target.bearing(target.sign_in(ANN), claim=claim)

    with pytest.raises(NotTriedError):
        call(memory)
    assert wire.asked == []


def test_a_claim_in_the_path_asks_for_the_others() -> None:
    wire = Cards(CARD, "text/vcard", 200)
    target = opened(wire)

    target.bearing(target.sign_in(ANN), claim=("path", "user", "bob")).get("k")

    assert wire.asked[0].target == "/bob/k"


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        (CARDS + "add = 'POST /notes {text} -> /id'", "add in the application's file does not go with put"),
        (CARDS.replace("/{user}/{key} ->", "/{user} ->"), "get in the application's file must have {key}"),
        (
            "sign_in = 'basic'\nget_all = 'GET /'\nclear = 'DELETE /'",
            "clear in the application's file does not go with add",
        ),
    ],
)
def test_what_does_not_go_together_is_told(said: str, wrong: str) -> None:
    with pytest.raises(TargetError, match=wrong.replace("{", r"\{")):
        parse(tomllib.loads(said))
