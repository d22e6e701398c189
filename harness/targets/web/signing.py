"""How a user signs in: the authentication of the Web Fuzzing Commons, which other tools read, too, or one line.

https://github.com/WebFuzzing/Commons: `auth` is a list of users, `authTemplate` what they have in common. Here the
users are made up, so names and passwords of the list are taken for examples, and replaced.
"""

from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ...base.errors import TargetError, nearest
from .lines import Body, Line, Values, form_body, json_body, read_body, read_line

_ENTRY = ("name", "fixedHeaders", "loginEndpointAuth", "requireMockHandling")
_LOGIN = ("endpoint", "payloadRaw", "payloadUserPwd", "headers", "verb", "contentType", "token", "expectCookies")
# As the format has it since its token can stand elsewhere than in a header, and as it had it before.
_TOKEN = ("extractFrom", "extractSelector", "sendIn", "sendName", "sendTemplate")
_OLD_TOKEN = ("extractFromField", "httpHeaderName", "headerPrefix")
# User and password with each request (RFC 7617).
_BASIC = (("Authorization", "Basic {basic}"),)
_PLACES = ("header", "query", "cookie")


@dataclass(frozen=True, slots=True)
class Token:
    """Where the token of a sign-in lies, and how it is then sent.

    `where` is a JSON pointer or, with `in_header`, a header's name; `place` is header, query or cookie.
    """

    where: str
    in_header: bool = False
    place: str = "header"
    name: str = "Authorization"
    template: str = "Bearer {token}"


@dataclass(frozen=True, slots=True)
class SignIn:
    """What a client sends to sign in, and what it holds afterwards: a token, cookies, or headers that never change."""

    line: Line | None
    headers: tuple[tuple[str, str], ...] = ()
    fixed: tuple[tuple[str, str], ...] = ()
    token: Token | None = None
    cookies: bool = True

    @property
    def path(self) -> str:
        """Where it is sent, nothing where nothing is."""
        return "" if self.line is None else self.line.path

    @property
    def is_basic(self) -> bool:
        """Whether each request carries user and password."""
        return any("{basic}" in value for _, value in self.fixed)


def read_sign_in(said: Mapping[str, Any]) -> SignIn:
    """Read `sign_in`, or `auth` and `authTemplate`; raises TargetError, which says what is wrong."""
    if said.get("sign_in") == "basic":
        return SignIn(None, fixed=_BASIC, cookies=False)
    if "sign_in" in said:
        return _of_line(read_line("sign_in", said["sign_in"]))
    listed, template = said.get("auth", ()), _table(said.get("authTemplate", {}), "authTemplate", _ENTRY)
    if not isinstance(listed, (list, tuple)):
        raise _wrong(where="auth", what=f"must be a list of tables ([[auth]]), got {listed!r}")
    first = _table(listed[0], "auth", _ENTRY) if listed else {}
    entry = {**template, **first}
    login = {**_dict(template.get("loginEndpointAuth")), **_dict(first.get("loginEndpointAuth"))}
    fixed = _headers(entry.get("fixedHeaders", ()), "fixedHeaders")
    if not login and not fixed:
        msg = (
            "the application's file does not say how a user signs in: "
            'write sign_in = \'POST /login {"user": "{user}", "password": "{password}"} -> /token\' (without the '
            "arrow where cookies come back), sign_in = 'basic' for HTTP Basic, or authTemplate.loginEndpointAuth as in "
            "the Web Fuzzing Commons"
        )
        raise TargetError(msg)
    if not login:
        _check_named("fixedHeaders", fixed)
        return SignIn(None, fixed=fixed, cookies=False)
    return _of_login(_table(login, "loginEndpointAuth", (*_LOGIN, "externalEndpointURL")), fixed)


def filled(headers: Iterable[tuple[str, str]], values: Values) -> dict[str, str]:
    """Return headers with their braces filled; `{basic}` is user and password as HTTP Basic sends them."""
    known = {**values, "basic": basic(values)}
    found = {}
    for name, template in headers:
        text = template
        for key, value in known.items():
            text = text.replace(f"{{{key}}}", str(value))
        found[name] = text
    return found


def basic(values: Values) -> str:
    """Return user and password as HTTP Basic sends them."""
    both = f"{values.get('user', '')}:{values.get('password', '')}"
    return b64encode(both.encode(errors="backslashreplace")).decode()


def _of_line(line: Line) -> SignIn:
    if "user" not in line.names:
        raise _wrong(where="sign_in", what="must have {user}, for the audit makes up its users")
    token = Token(line.where) if line.where else None
    return SignIn(line, token=token, cookies=token is None)


def _of_login(login: Mapping[str, Any], fixed: tuple[tuple[str, str], ...]) -> SignIn:
    if "externalEndpointURL" in login:
        raise _wrong(
            where="externalEndpointURL", what="names another server, which memfence does not ask: use endpoint"
        )
    endpoint, verb = login.get("endpoint"), str(login.get("verb", "POST"))
    if not isinstance(endpoint, str):
        raise _wrong(where="loginEndpointAuth", what="must have endpoint = '/login' or the like")
    headers = _headers(login.get("headers", ()), "headers")
    line = read_line("loginEndpointAuth", f"{verb} {endpoint}")
    line = Line(line.name, line.method, line.path, line.query, _payload(login))
    if "user" not in line.names:
        _check_named("loginEndpointAuth", headers)
    token = _token(login["token"]) if "token" in login else None
    return SignIn(line, headers, fixed, token, cookies=bool(login.get("expectCookies", token is None)))


def _payload(login: Mapping[str, Any]) -> Body | None:
    is_form = "form" in str(login.get("contentType", "application/json"))
    if "payloadUserPwd" in login:
        named = _dict(login["payloadUserPwd"])
        pairs = {named.get("usernameField", "username"): "{user}", named.get("passwordField", "password"): "{password}"}
        return form_body(pairs.items()) if is_form else json_body(pairs)
    raw = login.get("payloadRaw")
    if raw is None:
        return None
    if "{user}" not in str(raw):
        raise _wrong(
            where="payloadRaw", what=f"must have {{user}} and {{password}} where one user's stand now; got {raw!r}"
        )
    return read_body("payloadRaw", str(raw))


def _token(said: object) -> Token:
    token = _table(said, "token", (*_TOKEN, *_OLD_TOKEN))
    if "extractFromField" in token:
        name = str(token.get("httpHeaderName", "Authorization"))
        return Token(str(token["extractFromField"]), name=name, template=f"{token.get('headerPrefix', '')}{{token}}")
    place, template = str(token.get("sendIn", "header")), str(token.get("sendTemplate", "{token}"))
    if "extractSelector" not in token:
        raise _wrong(
            where="token", what="must have extractSelector = '/token' or the like, where the answer has the token"
        )
    if place not in _PLACES or "{token}" not in template:
        what = f"got sendIn = {place!r} and sendTemplate = {template!r}"
        raise _wrong(
            where="token", what=f"must have sendIn {', '.join(_PLACES)}, and {{token}} in its sendTemplate; {what}"
        )
    name = str(token.get("sendName", "Authorization"))
    return Token(str(token["extractSelector"]), token.get("extractFrom") == "header", place, name, template)


def _headers(listed: object, where: str) -> tuple[tuple[str, str], ...]:
    tables: Any = listed if isinstance(listed, (list, tuple)) else [listed]
    if not all(isinstance(one, Mapping) and {"name", "value"} <= one.keys() for one in tables):
        raise _wrong(where=where, what=f"must list tables with a name and a value, got {listed!r}")
    return tuple((str(one["name"]), str(one["value"])) for one in tables)


def _check_named(where: str, headers: tuple[tuple[str, str], ...]) -> None:
    if not any(one in value for _, value in headers for one in ("{user}", "{basic}")):
        raise _wrong(
            where=where, what="must have {user} or {basic} (user and password), for the audit makes up its users"
        )


def _table(said: object, where: str, known: tuple[str, ...]) -> Mapping[str, Any]:
    if not isinstance(said, Mapping):
        raise _wrong(where=where, what=f"must be a table, got {said!r}")
    for key in said:
        if key not in known:
            raise _wrong(where=where, what=f"has no {key!r}; {nearest(str(key), known)}")
    return said


def _dict(said: object) -> Mapping[str, Any]:
    return said if isinstance(said, Mapping) else {}


def _wrong(*, where: str, what: str) -> TargetError:
    msg = f"{where} in the application's file {what}"
    return TargetError(msg)
