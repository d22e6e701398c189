"""What the file of an application may say, and what is said of what it may not."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("httpx", reason="pip install 'memfence[http]'")

from memfence.base.errors import TargetError
from memfence.targets.web.addresses import check_address
from memfence.targets.web.app_file import parse, read_app_file
from memfence.targets.web.csrf import read_csrf
from memfence.targets.web.lines import read_line
from memfence.targets.web.requests import Carried, build
from memfence.targets.web.signing import Token, filled, read_sign_in

SIGN_IN = "sign_in = 'POST /login {user, password}'\n"
LEAST = SIGN_IN + "get_all = 'GET /notes'\n"


def sent(line: str, **values: object) -> tuple[str, str, str]:
    """Return what a line becomes: method, target and body."""
    asked = build(read_line("add", line), values, Carried(), {})
    return asked.method, asked.target, asked.body.decode()


@pytest.mark.parametrize(
    ("text", "target", "body"),
    [
        ("POST /notes {text}", "/notes", '{"text": "a b"}'),
        ("POST /notes {text, user}", "/notes", '{"text": "a b", "user": "ann/0"}'),
        ('POST /notes {"note": {"text": "<{text}>"}, "n": 1}', "/notes", '{"note": {"text": "<a b>"}, "n": 1}'),
        ("POST /notes text={text}&kind=note", "/notes", "text=a%20b&kind=note"),
        ("POST /users/{user}/notes/{id}", "/users/ann%2F0/notes/%2E%2E", ""),
        ("GET /search?q={text}&all=", "/search?q=a%20b&all=", ""),
        ("GET /search?q={text}&limit={limit}", "/search?q=a%20b", ""),
        ('POST /notes {"text": "{text}", "metadata": "{metadata}"}', "/notes", '{"text": "a b"}'),
    ],
)
def test_a_line_is_filled_and_escaped(text: str, target: str, body: str) -> None:
    assert sent(text, text="a b", user="ann/0", id="..", limit=None, metadata=None)[1:] == (target, body)


def test_a_user_id_that_is_no_text_stays_what_it_is_in_json() -> None:
    assert json.loads(sent("POST /notes {user}", user=["ann"])[2]) == {"user": ["ann"]}


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("", "does not say how a user signs in"),
        (SIGN_IN, "names no way to look: write search = 'GET /search?q={query}'"),
        (LEAST + "serch = 'GET /s'", "knows no 'serch'; did you mean 'search'?"),
        (LEAST + "search = 'GET /search'", "search in the application's file must have {query}"),
        (
            LEAST + "search = 'GET /search?q={quary}'",
            "search in the application's file has {quary}, which nothing fills",
        ),
        (LEAST + "delete_all = 'DELETE /notes/{id}'", "has {id}, which is not there yet"),
        (LEAST + "add = 'notes'", "add in the application's file is no request"),
        (LEAST + "add = 'FETCH /notes {text}'", "add in the application's file is no request"),
        (LEAST + "add = 3", "add in the application's file must be a line such as"),
        (LEAST + "add = 'POST /notes {\"text\": {text}}'", "has a body that is no JSON"),
        (LEAST + "add = 'POST /notes {text} -> /id and so on'", "write '/items'"),
        (LEAST + "disposable = 'yes'", "disposable in the application's file must be true or false"),
        (LEAST + "settle = true", "settle in the application's file must be a number of seconds, got True"),
        (LEAST + "hosts = 'a'", "hosts must be a list"),
        (LEAST + "csrf = 'token'", "csrf in the application's file is none: write 'cookie csrftoken"),
        (
            "sign_in = 'POST /login {password}'\nget_all = 'GET /notes'",
            "sign_in in the application's file must have {user}",
        ),
    ],
)
def test_what_makes_no_sense_is_told_with_what_to_write(said: str, wrong: str) -> None:
    with pytest.raises(TargetError) as raised:
        parse(tomllib.loads(said))

    assert wrong in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_file_that_is_not_there_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(TargetError, match="memfence init --openapi URL"):
        read_app_file(tmp_path / "app.toml")


def test_a_projects_own_settings_may_hold_it(tmp_path: Path) -> None:
    project = tmp_path / "pyproject.toml"
    project.write_text(f"[tool.memfence.app]\n{LEAST}", encoding="utf-8")

    assert read_app_file(project).operations["get_all"].shown == "GET /notes"


def test_the_web_fuzzing_commons_authentication_is_read_as_other_tools_read_it() -> None:
    said = tomllib.loads("""
    [[auth]]
    name = "foo"
    loginEndpointAuth.payloadUserPwd = {username = "foo", usernameField = "name", password = "1", passwordField = "pw"}
    [authTemplate.loginEndpointAuth]
    endpoint = "/login"
    verb = "POST"
    contentType = "application/x-www-form-urlencoded"
    token = {extractSelector = "/a/b", sendIn = "header", sendName = "X", sendTemplate = "T {token}"}
    """)

    found = read_sign_in(said)

    assert found.line is not None
    assert (found.line.shown, found.line.body and found.line.body.filled({"user": "ann", "password": "p"})) == (
        "POST /login",
        b"name=ann&pw=p",
    )
    assert found.token == Token("/a/b", name="X", template="T {token}")
    assert not found.cookies


@pytest.mark.parametrize(
    ("login", "token", "cookies"),
    [
        ({"payloadRaw": '{"u": "{user}", "p": "{password}"}', "expectCookies": True}, None, True),
        (
            {
                "payloadRaw": '{"u": "{user}"}',
                "token": {"extractFromField": "/t", "httpHeaderName": "A", "headerPrefix": "JWT "},
            },
            Token("/t", name="A", template="JWT {token}"),
            False,
        ),
        (
            {
                "headers": [{"name": "Authorization", "value": "Basic {basic}"}],
                "token": {"extractFrom": "header", "extractSelector": "X-T"},
            },
            Token("X-T", in_header=True, template="{token}"),
            False,
        ),
    ],
)
def test_each_way_in_which_a_user_signs_in_is_read(login: dict[str, Any], token: Token | None, cookies: bool) -> None:  # noqa: FBT001 - a case
    found = read_sign_in({"authTemplate": {"loginEndpointAuth": {"endpoint": "/login", "verb": "POST", **login}}})

    assert (found.token, found.cookies, found.path) == (token, cookies, "/login")


def test_headers_that_never_change_name_the_user() -> None:
    headers = read_sign_in({"auth": [{"name": "a", "fixedHeaders": [{"name": "A", "value": "Basic {basic}"}]}]}).fixed

    assert filled(headers, {"user": "ann", "password": "p"}) == {"A": "Basic YW5uOnA="}


@pytest.mark.parametrize(
    ("auth", "wrong"),
    [
        ({"auth": [{"name": "a", "fixedHeaders": [{"name": "A", "value": "foo"}]}]}, "fixedHeaders.*must have {user}"),
        ({"authTemplate": {"loginEndpointAuth": {"verb": "POST"}}}, "must have endpoint"),
        (
            {"authTemplate": {"loginEndpointAuth": {"endpoint": "/l", "payloadRaw": "{}"}}},
            "payloadRaw.*must have {user}",
        ),
        ({"authTemplate": {"loginEndpointAuth": {"endpoint": "/l", "verv": "POST"}}}, "did you mean 'verb'"),
        ({"authTemplate": {"loginEndpointAuth": {"externalEndpointURL": "http://e"}}}, "names another server"),
        ({"auth": {"name": "a"}}, "auth.*must be a list of tables"),
    ],
)
def test_an_authentication_that_makes_no_users_is_told(auth: dict[str, Any], wrong: str) -> None:
    with pytest.raises(TargetError, match=wrong):
        read_sign_in(auth)


@pytest.mark.parametrize(
    ("text", "page", "kind", "name", "header"),
    [
        ("cookie csrftoken -> header X-CSRFToken", None, "cookie", "csrftoken", "X-CSRFToken"),
        ("GET /login -> input csrf", "GET /login", "input", "csrf", ""),
        ("GET /login -> input[name=csrf]", "GET /login", "input", "csrf", ""),
        ("GET / -> meta csrf-token -> header X-CSRF-Token", "GET /", "meta", "csrf-token", "X-CSRF-Token"),
        ("GET /csrf -> /token -> header X", "GET /csrf", "pointer", "/token", "X"),
    ],
)
def test_where_the_token_of_a_form_is_found(text: str, page: str | None, kind: str, name: str, header: str) -> None:
    found = read_csrf(text)

    assert found is not None
    assert (found.page and found.page.shown, found.kind, found.name, found.header) == (page, kind, name, header)


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:8000", "https://localhost", "http://[::1]:1", "http://127.9.9.9", "http://app.localhost:3/x"],
)
def test_this_machine_may_be_attacked(address: str) -> None:
    assert check_address(address, (), allow_remote=False) == address


@pytest.mark.parametrize(
    ("address", "hosts", "allow", "wrong"),
    [
        ("http://example.com", (), False, "example.com is not this machine: .* hosts = \\['example.com'\\]"),
        ("http://example.com", (), True, "only where its file says"),
        ("http://example.com", ("example.com",), False, "give --allow-remote"),
        ("http://127.0.0.1.example.com", (), False, "is not this machine"),
        ("http://localhost.example.com", (), False, "is not this machine"),
        ("http://10.0.0.1:8000", (), False, "10.0.0.1 is not this machine"),
        ("http://0.0.0.0:8000", (), False, "0.0.0.0 is not this machine"),
        ("http://ann:secret@127.0.0.1", (), False, "http://\\*\\*\\*@127.0.0.1 is no address of an application"),
        ("http://127.0.0.1?a=1", (), False, "is no address of an application"),
        ("http://127.0.0.1:port", (), False, "is no address"),
    ],
)
def test_nothing_else_is_attacked_unless_the_file_and_the_option_say_so(
    address: str,
    hosts: tuple[str, ...],
    allow: bool,  # noqa: FBT001 - a case
    wrong: str,
) -> None:
    with pytest.raises(TargetError, match=wrong):
        check_address(address, hosts, allow_remote=allow)


def test_a_host_that_both_name_may_be_attacked() -> None:
    assert check_address("https://example.com/", ("example.com",), allow_remote=True) == "https://example.com"
