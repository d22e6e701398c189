"""A small application of notes: JSON for apps, pages for browsers; a mistake is a method that is replaced.

Its users sign up and in; a session is a cookie, or the same token as a bearer.
"""

import itertools
from collections.abc import Awaitable, Callable
from html import escape
from typing import Any
from urllib.parse import parse_qsl

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse

# What a file says of it, through cookies and through bearer tokens.
LINES = """
disposable = true
sign_up = 'POST /users {user, password}'
sign_out = 'DELETE /session'
add = 'POST /notes {text} -> /id'
search = 'GET /search?q={query} -> /found'
get_all = 'GET /notes -> /notes'
get = 'GET /notes/{id}'
update = 'PUT /notes/{id} {text}'
delete = 'DELETE /notes/{id}'
delete_all = 'DELETE /notes'
page = 'GET /you'
export = 'GET /export'
close_account = 'DELETE /users/me'
expire = 'state.notes.expire'
"""
BY_COOKIE = LINES + "sign_in = 'POST /session {user, password}'\n"
BY_TOKEN = LINES + "sign_in = 'POST /session {user, password} -> /token'\n"
# The same through the forms and pages that a browser has.
BY_FORMS = """
disposable = true
sign_up = 'POST /users {user, password}'
sign_in = 'POST /login user={user}&password={password}&csrf={csrf}'
csrf = 'GET /login -> input csrf'
add = 'POST /say text={text}&csrf={csrf}'
get_all = 'GET /you -> page li'
page = 'GET /you'
delete = 'POST /forget/{id} csrf={csrf}'
"""


class Notes:
    """The whole application, in memory."""

    def __init__(self) -> None:
        """Begin empty."""
        self.users: dict[str, str] = {}
        self.sessions: dict[str, str] = {}
        self.notes: dict[str, tuple[str, str]] = {}
        self.numbers = itertools.count(1)
        self.forms: set[str] = set()

    def expire(self) -> None:
        """Let all sessions run out."""
        self.sessions.clear()

    def token(self) -> str:
        """Return a new token that nobody guesses."""
        return f"{next(self.numbers) * 7919 * 104729:x}-{id(self):x}"

    def sent(self, request: Request) -> str:
        """Return the token of a request, or nothing."""
        return request.cookies.get("session") or request.headers.get("authorization", "").removeprefix("Bearer ")

    def user(self, request: Request) -> str:
        """Return who asks; raises 401."""
        token = self.sent(request)
        if token not in self.sessions:
            raise HTTPException(401, "sign in first")
        return self.sessions[token]

    def own(self, user: str) -> list[dict[str, str]]:
        """Return a user's notes."""
        return [{"id": name, "text": text} for name, (owner, text) in self.notes.items() if owner == user]

    def mine(self, name: str, user: str) -> str:
        """Return a note's text; raises 404 where it is another's."""
        owner, text = self.notes.get(name, ("", ""))
        if owner != user:
            raise HTTPException(404, "no such note")
        return text

    def sign_in(self, user: object, password: str) -> str:
        """Return a session's token; raises 401."""
        if not isinstance(user, str) or self.users.get(user) != password:
            raise HTTPException(401, "wrong name or password")
        token = self.token()
        self.sessions[token] = user
        return token


def create_app(notes: Notes | None = None) -> FastAPI:  # noqa: C901 - one function for each route
    """Return the application, over these notes."""
    app, notes = FastAPI(), notes or Notes()
    app.state.notes = notes
    # As whoever finds `state.notes.expire` at the application itself.
    app.state.expire = notes.expire

    @app.post("/users", status_code=201)
    async def sign_up(request: Request) -> dict[str, str]:
        said = await request.json()
        user = said["user"]
        if not isinstance(user, str) or not user.strip() or user != user.strip():
            raise HTTPException(422, "this is no user name")
        if user in notes.users:
            raise HTTPException(409, "this name is taken")
        notes.users[user] = said["password"]
        return {}

    @app.post("/session")
    async def sign_in(request: Request, response: Response) -> dict[str, str]:
        said = await request.json()
        token = notes.sign_in(said["user"], said["password"])
        response.set_cookie("session", token, httponly=True, samesite="lax")
        return {"token": token}

    @app.delete("/session", status_code=204)
    async def sign_out(request: Request) -> None:
        user = notes.user(request)
        assert notes.sessions.pop(notes.sent(request)) == user

    @app.delete("/users/me", status_code=204)
    async def leave(request: Request) -> None:
        user = notes.user(request)
        del notes.users[user]
        notes.sessions = {token: owner for token, owner in notes.sessions.items() if owner != user}
        notes.notes = {name: note for name, note in notes.notes.items() if note[0] != user}

    @app.post("/notes", status_code=201)
    async def add(request: Request) -> dict[str, str]:
        user = notes.user(request)
        name = notes.token()
        notes.notes[name] = (user, str((await request.json())["text"]).encode("utf-8", "replace").decode())
        return {"id": name}

    @app.get("/notes")
    async def listed(request: Request) -> dict[str, Any]:
        return {"notes": notes.own(notes.user(request))}

    @app.get("/export")
    async def export(request: Request) -> list[dict[str, str]]:
        return notes.own(notes.user(request))

    @app.get("/search")
    async def search(request: Request, q: str) -> dict[str, Any]:
        words = set(q.lower().split())
        found = [one for one in notes.own(notes.user(request)) if words & set(one["text"].lower().split())]
        return {"found": found, "count": len(found)}

    @app.get("/notes/{name}")
    async def get(request: Request, name: str) -> dict[str, str]:
        return {"id": name, "text": notes.mine(name, notes.user(request))}

    @app.put("/notes/{name}")
    async def update(request: Request, name: str) -> dict[str, str]:
        user = notes.user(request)
        notes.mine(name, user)
        notes.notes[name] = (user, (await request.json())["text"])
        return {"id": name}

    @app.delete("/notes/{name}", status_code=204)
    async def delete(request: Request, name: str) -> None:
        notes.mine(name, notes.user(request))
        del notes.notes[name]

    @app.delete("/notes", status_code=204)
    async def delete_all(request: Request) -> None:
        for one in notes.own(notes.user(request)):
            del notes.notes[one["id"]]

    pages(app, notes)
    return app


def pages(app: FastAPI, notes: Notes) -> None:  # noqa: C901 - as above
    """Add what a browser shows."""

    def form() -> str:
        token = notes.token()
        notes.forms.add(token)
        return f'<input type="hidden" name="csrf" value="{token}">'

    async def sent(request: Request) -> dict[str, str]:
        said = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
        if said.get("csrf") not in notes.forms:
            raise HTTPException(403, "the CSRF token is missing")
        return said

    def who(request: Request) -> str | None:
        return notes.sessions.get(notes.sent(request))

    @app.get("/login", response_class=HTMLResponse)
    async def login() -> str:
        return f'<form action="/login" method="post">{form()}<input name="user"><input type="password"></form>'

    @app.post("/login", response_model=None)
    async def signed_in(request: Request) -> Response:
        said = await sent(request)
        answer = RedirectResponse("/you", 303)
        answer.set_cookie("session", notes.sign_in(said["user"], said["password"]))
        return answer

    @app.get("/you", response_model=None)
    async def you(request: Request) -> Response:
        user = who(request)
        if user is None:
            return RedirectResponse("/login", 303)
        items = [f'<li data-id="{one["id"]}">{escape(one["text"])}</li>' for one in notes.own(user)]
        return HTMLResponse(f"<h1>Your data</h1><ul>{''.join(items)}</ul><form action='/leave'>{form()}</form>")

    @app.post("/say", response_model=None)
    async def say(request: Request) -> Response:
        said, user = await sent(request), who(request)
        if user is None:
            return RedirectResponse("/login", 303)
        notes.notes[notes.token()] = (user, said["text"])
        return RedirectResponse("/you", 303)

    @app.post("/forget/{name}", response_model=None)
    async def forget(request: Request, name: str) -> Response:
        await sent(request)
        notes.mine(name, who(request) or "")
        del notes.notes[name]
        return RedirectResponse("/you", 303)


def answering(reply: Callable[[Request], Awaitable[Response]], on: str = "/notes") -> FastAPI:
    """Return the application with another answer where users look at their notes."""
    app = create_app()

    @app.middleware("http")
    async def instead(request: Request, onward: Any) -> Response:
        if request.url.path == on and request.method == "GET":
            return await reply(request)
        answer: Response = await onward(request)
        return answer

    return app


def saying(status: int, body: str, kind: str = "text/html", **headers: str) -> Callable[[Request], Awaitable[Response]]:
    """Return what answers the same each time."""

    async def reply(_: Request) -> Response:
        return Response(
            body, status, headers={name.replace("_", "-"): value for name, value in headers.items()}, media_type=kind
        )

    return reply


__all__ = ["BY_COOKIE", "BY_FORMS", "BY_TOKEN", "JSONResponse", "Notes", "answering", "create_app", "saying"]
