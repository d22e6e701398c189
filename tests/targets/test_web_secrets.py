"""What is told of a session is what a shell needs, and no secret."""

import shutil
import subprocess
from typing import Any

import pytest

pytest.importorskip("httpx", reason="pip install 'memfence[http]'")

from wired import said, wired

from memfence.targets.web.wire import Answer, Asked

TOKEN, KEY = "5f2c9d81a7", "kept-in-the-file-4711"
LINES = "disposable = true\nget_all = 'GET /notes'\nadd = 'POST /notes {text}'\n"
LOGIN = "[authTemplate.loginEndpointAuth]\nendpoint = '/login'\npayloadUserPwd = { usernameField = 'user' }\n"


def answering(asked: Asked) -> Answer:
    if asked.target == "/login":
        return said(200, {"token": TOKEN}, X_Auth=f"Token {TOKEN}/2", Set_Cookie="seen=1")
    return said(200, [])


def told(file: str) -> list[str]:
    target, _ = wired(file, answering)
    target.make_memory("mf12345678-ann-0").get_all()
    return target.told()


def shell_says(line: str, answer: str, name: str) -> str:
    """Return what a line keeps where curl prints this."""
    script = f"pw=1; ann=2; curl() {{ printf %b '{answer}'; }}\n{line}\nprintf %s \"${name}\""
    done = subprocess.run([str(shutil.which("bash")), "-eu"], input=script, capture_output=True, text=True, check=True)
    return done.stdout


def test_a_token_that_is_sent_as_a_cookie_is_told_by_its_name() -> None:
    lines = told(f"{LINES}{LOGIN}token = {{ extractSelector = '/token', sendIn = 'cookie', sendName = 'sid' }}\n")

    assert """-b ann_0.jar -c ann_0.jar -b sid="$ann_0" http://127.0.0.1:1/notes""" in lines[-1]
    assert [line for line in lines if TOKEN in line] == []


def test_what_never_changes_is_masked_but_for_the_users_own_name() -> None:
    headers = f"[{{name = 'X-Key', value = '{KEY}'}}, {{name = 'X-User', value = '{{user}}'}}, "
    headers += "{name = 'Authorization', value = 'Of {user}'}]"

    lines = told(f"{LINES}[authTemplate]\nfixedHeaders = {headers}\n")

    shown = "-H 'X-Key: ***' -H 'X-User: mf12345678-ann-0' -H 'Authorization: Of mf12345678-ann-0'"
    assert lines == [f"curl -s {shown} http://127.0.0.1:1/notes  # 200"]


def test_it_is_masked_beside_a_token_and_while_somebody_signs_in_too() -> None:
    headers = f"headers = [{{name = 'X-Key', value = '{KEY}'}}, {{name = 'X-User', value = '{{user}}'}}]\n"
    fixed = f"[authTemplate]\nfixedHeaders = [{{name = 'X-Other', value = '{KEY}'}}]\n"

    lines = told(f"{LINES}{fixed}{LOGIN}{headers}token = {{ extractSelector = '/token' }}\n")

    assert [line for line in lines if KEY in line] == []
    assert "-H 'X-Key: ***' -H 'X-User: mf12345678-ann-0'" in lines[1]
    assert "-H 'X-Other: ***' -H 'Authorization: '\"$ann_0\"" in lines[-1]


def test_the_tag_of_an_answer_is_no_secret() -> None:
    def tagged(asked: Asked) -> Answer:
        return said(200, {"token": asked.body.decode()[:20]} if asked.target == "/login" else [], etag='"abc"')

    target, _ = wired(f"{LINES}sign_in = 'POST /login {{user, password}} -> /token'", tagged)
    target.make_memory("ann").get_all()
    target.bearing(target.sign_in("bob"), spelling="known tag").get_all()

    assert "-H 'If-None-Match: \"abc\"'" in target.told()[-1]


def test_a_token_that_lies_in_a_header_is_kept_whole() -> None:
    file = f"{LINES}{LOGIN}token = {{ extractFrom = 'header', extractSelector = 'X-Auth', sendName = 'X-Auth' }}\n"
    target, wire = wired(file, answering)
    target.make_memory("ann").get_all()

    assert dict(wire.asked[-1].headers)["X-Auth"] == f"Token {TOKEN}/2"
    kept = next(line for line in target.told() if "ann=$(" in line)
    assert shell_says(kept, f"HTTP/1.1 200 OK\\r\\nx-auth: Token {TOKEN}/2\\r\\n\\r\\n", "ann") == f"Token {TOKEN}/2"


def test_of_an_address_the_last_part_is_kept_and_it_is_read_as_what_it_means() -> None:
    def stored(asked: Asked) -> Answer:
        return said(201, location="/notes/a%20b%2F7") if asked.target == "/notes" else answering(asked)

    file = f"{LINES}get = 'GET /notes/{{id}}'\nsign_in = 'POST /login {{user, password}} -> /token'"
    target, wire = wired(file.replace("/notes {text}", "/notes {text} -> Location"), stored)
    memory: Any = target.make_memory("ann")
    known = memory.add("tea")["results"][0]["id"]
    memory.get(known)

    assert known == "a b/7"
    assert wire.asked[-1].target == "/notes/a%20b%2F7"
    kept = next(line for line in target.told() if "id_1=$(" in line)
    assert shell_says(kept, "HTTP/1.1 201 Created\\r\\nLocation: /notes/a%20b%2F7\\r\\n\\r\\n", "id_1") == "a%20b%2F7"
