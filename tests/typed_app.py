"""A small application as FastAPI's guide writes one: models for what is sent and answered, a bearer token."""

import secrets
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel


class Account(BaseModel):
    """Who signs up or in."""

    username: str
    password: str


class Token(BaseModel):
    """What a sign-in gives."""

    access_token: str
    token_type: str


class NewMemory(BaseModel):
    """What is stored."""

    content: str


class Memory(NewMemory):
    """What is shown."""

    memory_key: str


class Found(BaseModel):
    """What a search shows."""

    matches: list[Memory]
    total: int


bearer = HTTPBearer()


def create_app() -> FastAPI:  # noqa: C901 - one function for each route
    """Return the application, with nothing in it."""
    app = FastAPI()
    accounts: dict[str, str] = {}
    tokens: dict[str, str] = {}
    memories: dict[str, tuple[str, str]] = {}

    def user(held: Annotated[HTTPAuthorizationCredentials, Depends(bearer)]) -> str:
        if held.credentials not in tokens:
            raise HTTPException(401, "sign in")
        return tokens[held.credentials]

    User = Annotated[str, Depends(user)]  # noqa: N806 - a type

    def own(name: str, key: str) -> Memory:
        if memories.get(key, ("", ""))[0] != name:
            raise HTTPException(404, "no such memory")
        return Memory(content=memories[key][1], memory_key=key)

    @app.post("/auth/register", status_code=201)
    def register(account: Account) -> None:
        if not account.username.strip() or account.username != account.username.strip():
            raise HTTPException(422, "this is no user name")
        if account.username in accounts:
            raise HTTPException(409, "taken")
        accounts[account.username] = account.password

    @app.post("/auth/login")
    def login(account: Account) -> Token:
        if accounts.get(account.username) != account.password:
            raise HTTPException(401, "wrong")
        token = secrets.token_urlsafe()
        tokens[token] = account.username
        return Token(access_token=token, token_type="bearer")  # noqa: S106 - its kind

    @app.post("/api/memories", status_code=201)
    def add(new: NewMemory, name: User) -> Memory:
        key = secrets.token_hex(8)
        memories[key] = name, new.content.encode("utf-8", "replace").decode()
        return own(name, key)

    @app.get("/api/memories")
    def listed(name: User) -> list[Memory]:
        return [own(name, key) for key, (owner, _) in memories.items() if owner == name]

    @app.get("/api/memories/search")
    def search(q: str, name: User) -> Found:
        words = set(q.lower().split())
        found = [one for one in listed(name) if words & set(one.content.lower().split())]
        return Found(matches=found, total=len(found))

    @app.get("/api/memories/{key}")
    def get(key: str, name: User) -> Memory:
        return own(name, key)

    @app.put("/api/memories/{key}")
    def update(key: str, new: NewMemory, name: User) -> Memory:
        own(name, key)
        memories[key] = name, new.content
        return own(name, key)

    @app.delete("/api/memories/{key}", status_code=204)
    def delete(key: str, name: User) -> None:
        own(name, key)
        del memories[key]

    return app
