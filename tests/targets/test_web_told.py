"""What was said over the wire, as lines for a shell: they run as they are, and no secret stands in them."""

import json
import secrets
import shutil
import subprocess
import tomllib
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="pip install 'memfence[server]'")

from fastapi import FastAPI, Request
from web_app import BY_COOKIE, BY_FORMS, BY_TOKEN, Notes, create_app

from memfence import Add, Population
from memfence.base.masking import masked
from memfence.performing.contract import adapt
from memfence.performing.replies import read_reply, record_ids
from memfence.performing.worlds import Worlds
from memfence.targets.standin.serving import Server
from memfence.targets.web.app_file import parse
from memfence.targets.web.listings import picked
from memfence.targets.web.over_http import OverHttp
from memfence.targets.web.replies import RefusedByApplicationError
from memfence.targets.web.target import WebTarget

ANN, BOB = "mf12345678-ann-0", "mf12345678-bob-1"


class Leaky(Notes):
    """Anybody who knows its id is shown a note."""

    def mine(self, name: str, user: str) -> str:
        del user
        return self.notes[name][1]


def leak(said: str, app: Any) -> tuple[WebTarget, list[str]]:
    """Let Bob read a note of Ann's; return what was said."""
    server = Server(app)
    target = WebTarget(parse(tomllib.loads(said)), lambda: OverHttp(server.host))
    ann, bob = target.make_memory(ANN), target.make_memory(BOB)
    name = record_ids(ann.add("My locker code is 7QK2"))[0]
    assert "7QK2" in read_reply(bob.get(name), str).records[0].text
    told = target.told()
    target.close()
    server.close()
    return target, told


def pasted(lines: list[str], app: Any, folder: Path, address: str) -> str:
    """Return what the lines print where a new and empty application is served."""
    server = Server(app)
    script = "\n".join(lines).replace(address, server.host)
    try:
        done = subprocess.run(
            [str(shutil.which("bash")), "-eu"],
            input=script,
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
    finally:
        server.close()
    return done.stdout


def address_in(lines: list[str]) -> str:
    word = next(word for line in lines for word in line.replace("'", " ").split() if word.startswith("http://127"))
    return word[: word.index("/", len("http://"))]


@pytest.mark.skipif(not shutil.which("curl") or not shutil.which("bash"), reason="the lines are for a shell with curl")
@pytest.mark.parametrize("said", [BY_COOKIE, BY_TOKEN], ids=["cookie", "bearer"])
def test_the_lines_pasted_into_a_shell_show_it_again(said: str, tmp_path: Path) -> None:
    _, told = leak(said, create_app(Leaky()))

    printed = pasted(told, create_app(Leaky()), tmp_path, address_in(told))

    assert "My locker code is 7QK2" in printed


@pytest.mark.skipif(not shutil.which("curl") or not shutil.which("bash"), reason="the lines are for a shell with curl")
def test_the_tokens_of_forms_are_fetched_by_the_lines_themselves(tmp_path: Path) -> None:
    server = Server(create_app())
    target = WebTarget(parse(tomllib.loads(BY_FORMS)), lambda: OverHttp(server.host))
    target.make_memory(ANN).add("My locker code is 7QK2")
    target.make_memory(ANN).page()
    told = target.told()
    target.close()
    server.close()

    printed = pasted(told, create_app(), tmp_path, server.host)

    assert "My locker code is 7QK2" in printed


@pytest.mark.parametrize("said", [BY_COOKIE, BY_TOKEN], ids=["cookie", "bearer"])
def test_no_token_and_no_password_stands_in_them(said: str) -> None:
    app = create_app(Leaky())
    _, told = leak(said, app)

    notes = app.state.notes
    secrets = {*notes.sessions, *notes.users.values()}
    assert [line for line in told if any(secret in line for secret in secrets)] == []
    assert [line for line in told if masked(line) != line] == []


def test_a_credential_that_is_none_is_masked_and_an_absent_one_is_absent() -> None:
    server = Server(create_app())
    target = WebTarget(parse(tomllib.loads(BY_COOKIE)), lambda: OverHttp(server.host))
    for credential in ({"cookie session": "altered"}, {}):
        with pytest.raises(RefusedByApplicationError):
            target.bearing(credential).get_all()

    assert target.told() == [
        f"curl -s -H 'Cookie: session=***' {server.host}/notes  # 401",
        f"curl -s {server.host}/notes  # 401",
    ]
    target.close()
    server.close()


def test_what_was_told_is_told_once_and_to_the_thread_that_said_it() -> None:
    server = Server(create_app())
    target = WebTarget(parse(tomllib.loads(BY_TOKEN)), lambda: OverHttp(server.host))
    others: list[str] = []

    def other() -> None:
        target.make_memory(BOB)
        others.extend(target.told())

    thread = Thread(target=other)
    target.make_memory(ANN)
    thread.start()
    thread.join()

    told = target.told()
    assert (any(BOB in line for line in told), any(ANN in line for line in others)) == (False, False)
    assert (len(told), len(others), target.told()) == (4, 4, [])
    target.close()
    server.close()


QUIET = """
sign_in = 'POST /login {user} -> /token'
add = 'POST /notes {text}'
get_all = 'GET /notes -> /notes id=noteId text=body'
get = 'GET /notes/{id}'
"""


def quiet() -> FastAPI:
    """Return an application that tells no id when it stores, and shows a note to anybody who knows its id."""
    app, notes = FastAPI(), dict[str, tuple[str, str]]()

    @app.post("/login")
    async def login(request: Request) -> dict[str, str]:
        return {"token": (await request.json())["user"]}

    @app.post("/notes", status_code=204)
    async def add(request: Request) -> None:
        notes[secrets.token_hex(8)] = (request.headers["authorization"], (await request.json())["text"])

    @app.get("/notes")
    async def listed(request: Request) -> dict[str, Any]:
        own = [(key, text) for key, (owner, text) in notes.items() if owner == request.headers["authorization"]]
        # In an order that is another one each time.
        return {"notes": [{"noteId": key, "body": text, "at": key[::-1]} for key, text in sorted(own)]}

    @app.get("/notes/{key}")
    async def one(key: str) -> dict[str, str]:
        return {"id": key, "text": notes[key][1]}

    return app


@pytest.mark.skipif(not shutil.which("curl") or not shutil.which("bash"), reason="the lines are for a shell with curl")
@pytest.mark.parametrize("asked_between", [False, True])
def test_an_id_that_only_a_listing_tells_is_found_there_by_the_lines(
    tmp_path: Path,
    asked_between: bool,  # noqa: FBT001 - a parameter
) -> None:
    server = Server(quiet())
    target = WebTarget(parse(tomllib.loads(QUIET)), lambda: OverHttp(server.host))
    ann, bob = target.make_memory(ANN), target.make_memory(BOB)
    for text in ("My locker code is 7QK2-AAAA", "My locker code is 7QK2-BBBB", "My locker code is 7QK2-CCCC"):
        ann.add(text)
    known = {record.text[-4:]: record.id for record in read_reply(ann.get_all(), str).records}
    told = target.told() if asked_between else []
    for code in ("BBBB", "CCCC"):
        assert code in read_reply(bob.get(known[code]), str).records[0].text
    told += target.told()
    target.close()
    server.close()

    assert [line for line in told if any(str(one) in line for one in known.values())] == []
    printed = pasted(told, quiet(), tmp_path, server.host)
    shown = [line for line in printed.replace("}{", "}\n{").splitlines() if "text" in line]
    assert ["BBBB" in shown[0], "CCCC" in shown[1], len(shown)] == [True, True, 2]


@pytest.mark.parametrize(
    "listing",
    [
        b"no json",
        b'{"notes": [{"id": "8", "text": "I like tea"}]}',
        b'[{"id": "7", "text": "I like tea"}, {"id": "8", "text": "I like tea"}]',
        b'{"id": "7", "text": "I like tea"}',
        b"""[{"i'd": "7", "text": "I like tea"}]""",
    ],
)
def test_an_id_that_a_listing_does_not_tell_in_a_way_that_lines_can_say_is_left(listing: bytes) -> None:
    assert picked(listing, "7") is None


@pytest.mark.parametrize("wiping", ["disposable = true", "disposable = false"], ids=["wiped", "not wiped"])
def test_what_a_world_says_begins_with_its_own_first_request(wiping: str) -> None:
    server = Server(create_app())
    said = tomllib.loads(BY_COOKIE.replace("disposable = true", wiping))
    target = adapt(WebTarget(parse(said), lambda: OverHttp(server.host)), "notes")
    worlds = Worlds(target, settle=0, top_k=None, keep=str, ours=lambda _: True)
    said_in: list[tuple[str, ...]] = []
    for tenant in Population(seed=1, size=2):
        with worlds.open([tenant]) as executor:
            said_in.append(executor.perform(Add(tenant, tenant.facts[0]), 1).exchange)
    worlds.close()
    server.close()

    first, second = ([line.split(server.host)[-1].split()[0] for line in one if "curl" in line] for one in said_in)
    assert first == second
    assert not [line for line in said_in[1] if "DELETE" in line]
    assert worlds.left_behind == 0


NUMBERED = """
sign_in = 'POST /login {user} -> /token'
add = 'POST /notes {text}'
get_all = 'GET /notes'
get = 'GET /notes/{id}'
"""


def numbered(first: int) -> FastAPI:
    """Return an application that counts its users from 1 and its notes from here; a listing tells whose a note is."""
    app, users, notes = FastAPI(), list[str](), dict[int, tuple[int, str]]()

    def whose(request: Request) -> int:
        return users.index(request.headers["authorization"].removeprefix("Bearer ")) + 1

    @app.post("/login")
    async def login(request: Request) -> dict[str, str]:
        name = (await request.json())["user"]
        if name not in users:
            users.append(name)
        return {"token": name}

    @app.post("/notes", status_code=204)
    async def add(request: Request) -> None:
        notes[first + len(notes)] = (whose(request), (await request.json())["text"])

    @app.get("/notes")
    async def listed(request: Request) -> list[dict[str, Any]]:
        return [
            {"owner_id": owner, "id": key, "text": text}
            for key, (owner, text) in notes.items()
            if owner == whose(request)
        ]

    @app.get("/notes/{key}")
    async def one(key: int) -> dict[str, str]:
        return {"id": str(key), "text": notes[key][1]}

    return app


@pytest.mark.skipif(not shutil.which("curl") or not shutil.which("bash"), reason="the lines are for a shell with curl")
def test_an_id_that_is_counted_is_not_taken_for_its_owners_number(tmp_path: Path) -> None:
    server = Server(numbered(1))
    target = WebTarget(parse(tomllib.loads(NUMBERED)), lambda: OverHttp(server.host))
    bob, ann = target.make_memory(BOB), target.make_memory(ANN)
    for text in ("My locker code is 7QK2-AAAA", "My locker code is 7QK2-BBBB"):
        ann.add(text)
    known = {record.text[-4:]: record.id for record in read_reply(ann.get_all(), str).records}
    assert "BBBB" in read_reply(bob.get(known["BBBB"]), str).records[0].text
    told = target.told()
    target.close()
    server.close()

    printed = pasted(told, numbered(101), tmp_path, server.host)

    assert known["BBBB"] == "2"
    assert '{"id":"102","text":"My locker code is 7QK2-BBBB"}' in printed


@pytest.mark.parametrize(
    ("listing", "said", "way", "word"),
    [
        ([{"id": 9, "owner_id": 4}, {"id": 4, "owner_id": 5}], {}, ("id",), "milk"),
        ([{"owner": {"id": 4}, "id": 9}, {"owner": {"id": 5}, "id": 4}], {}, ("id",), "milk"),
        ([{"id": 4, "no": 9}, {"id": 5, "no": 4}], {"named": "no"}, ("no",), "milk"),
        ([{"at": {"no": 9}, "id": 4}, {"at": {"no": 4}}], {"named": "at/no"}, ("at", "no"), "milk"),
        ([{"memory": {"id": 9, "of": 4}}, {"memory": {"id": 4, "of": 5}}], {}, ("memory", "id"), "milk"),
        ([{"_id": "9", "by": "4"}, {"_id": "4", "by": "5"}], {}, ("_id",), "milk"),
    ],
)
def test_the_id_is_what_the_file_or_the_reading_takes_for_one(
    listing: list[dict[str, Any]], said: dict[str, str], way: tuple[str, ...], word: str
) -> None:
    told = [{**one, "text": text} for one, text in zip(listing, ("I like water", "I like milk"), strict=True)]

    found = picked(json.dumps(told).encode(), "4", **said)

    assert found is not None
    assert (found.inside, found.word) == (way, word)


def test_records_are_looked_for_where_the_file_says_that_they_are() -> None:
    tags, notes = [{"id": 4, "text": "a green tag"}], [{"id": 4, "text": "I like milk"}]
    body = json.dumps({"tags": tags, "found": {"notes": notes}}).encode()

    found = picked(body, "4", where="/found/notes")

    assert found is not None
    assert (found.listed, found.word) == (("found", "notes"), "like")
    assert picked(body, "4", where="/gone") is None


@pytest.mark.parametrize("whose", [{"owner_id": 4}, {"owner": {"id": 4}}])
def test_what_is_no_records_id_is_not_told_as_one(whose: dict[str, Any]) -> None:
    assert picked(json.dumps([{**whose, "text": "I like milk"}]).encode(), "4") is None


@pytest.mark.skipif(not shutil.which("curl") or not shutil.which("bash"), reason="the lines are for a shell with curl")
def test_a_name_that_is_signed_up_again_is_shown_by_lines_in_which_its_two_passwords_differ(tmp_path: Path) -> None:
    class Free(dict[str, str]):
        def __contains__(self, name: object) -> bool:
            return False

    def replacing() -> FastAPI:
        notes = Notes()
        notes.users = Free()
        return create_app(notes)

    server = Server(replacing())
    target = WebTarget(parse(tomllib.loads(BY_TOKEN)), lambda: OverHttp(server.host))
    target.make_memory(ANN).add("My locker code is 7QK2")
    target.bearing(target.sign_in(ANN, mistake="signed up again")).get_all()
    told = target.told()
    target.close()
    server.close()

    assert "7QK2" in pasted(told, replacing(), tmp_path, server.host)
