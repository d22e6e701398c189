"""The application: a session token comes in, the user id is read from it, and ScopedMemory is bound to that."""

import secrets
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import APIKeyHeader

from memfence import RecordNotFoundError, ScopedMemory, offline_mem0

app, client = FastAPI(), offline_mem0()
sessions: dict[str, str] = {}


def memory(token: Annotated[str, Depends(APIKeyHeader(name="X-Session"))]) -> ScopedMemory:
    if token not in sessions:
        raise HTTPException(401)
    return ScopedMemory(sessions[token], client=client)


Mine = Annotated[ScopedMemory, Depends(memory)]


@app.post("/login")  # in real life: with a password
def login(user_id: str) -> str:
    token = secrets.token_urlsafe()
    sessions[token] = user_id
    return token


@app.post("/memories")
def add(text: str, mine: Mine) -> Any:
    return mine.add(text, infer=False)


@app.get("/memories")
def search(mine: Mine, query: str | None = None) -> Any:
    return mine.get_all() if query is None else mine.search(query)


@app.get("/memories/{record_id}")
def get(record_id: str, mine: Mine) -> Any:
    try:
        return mine.get(record_id)
    except RecordNotFoundError:
        raise HTTPException(404) from None


@app.delete("/memories/{record_id}")
def delete(record_id: str, mine: Mine) -> Any:
    try:
        return mine.delete(record_id)
    except RecordNotFoundError:
        raise HTTPException(404) from None
