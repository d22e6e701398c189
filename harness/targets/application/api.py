"""The API: JSON, by session or by bearer token."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from .accounts import Account
from .asking import TheAccount, TheApplication, TheMemory
from .bodies import WORDS, Asked, Changed, Credentials, Issued, Memories, Said, Shown
from .middle import token_of
from .origins import refuse_others
from .parts import Assembled
from .tokens import API, LETTER, LIFETIME, UNSUBSCRIBE

router = APIRouter(prefix="/api", dependencies=[Depends(refuse_others)])
_MOST = 100
# The fields of a request are checked where they become a record.
_SAID: dict[str, Any] = {"requestBody": {"content": {"application/json": {"schema": Said.model_json_schema()}}}}
_ONE: dict[str, Any] = {"response_model": Shown, "response_model_exclude_none": True}
_MEMORIES = {**_ONE, "response_model": Memories}


@router.post("/users", status_code=HTTPStatus.CREATED)
def sign_up(body: Credentials, application: TheApplication) -> dict[str, str]:
    """Open an account."""
    return {"user": application.accounts.sign_up(body.user, body.password).name}


@router.post("/session")
async def sign_in(body: Credentials, request: Request, application: TheApplication) -> dict[str, str]:
    """Sign in: the answer sets the cookie of a new session."""
    account = await _matching(application, body)
    await application.sessions.begin(request, account)
    return {"user": account.name}


@router.post("/token", response_model=Issued)
async def take_token(body: Credentials, application: TheApplication) -> dict[str, Any]:
    """Sign in without a browser: the answer holds a bearer token."""
    account = await _matching(application, body)
    return {"user": account.name, "token": application.tokens.issue(account, API), "expires_in": LIFETIME}


@router.get("/session")
def who(account: TheAccount) -> dict[str, str]:
    """Say who is signed in."""
    return {"user": account.name}


@router.delete("/session", status_code=HTTPStatus.NO_CONTENT)
async def sign_out(request: Request, application: TheApplication, account: TheAccount) -> None:
    """End the session, or the token, that the request bears."""
    del account
    token = token_of(request)
    if token is None:
        await application.sessions.end(request)
    else:
        application.tokens.end(token)


@router.post("/memories", status_code=HTTPStatus.CREATED, openapi_extra=_SAID, **_MEMORIES)
def remember(
    body: dict[str, Any], application: TheApplication, account: TheAccount, memory: TheMemory
) -> dict[str, Any]:
    """Remember what is said."""
    records = application.records.remember(memory, body)
    application.feeds.tell(account, records)
    return {"memories": records}


@router.get("/memories", **_MEMORIES)
def everything(application: TheApplication, memory: TheMemory) -> dict[str, Any]:
    """Return everything, oldest first."""
    return {"memories": application.records.all_of(memory)}


@router.delete("/memories", status_code=HTTPStatus.NO_CONTENT)
def erase(application: TheApplication, memory: TheMemory) -> None:
    """Remove everything."""
    application.records.erase(memory)


@router.get("/memories/{record_id}", **_ONE)
def one(record_id: str, application: TheApplication, memory: TheMemory) -> dict[str, Any]:
    """Return one record."""
    return application.records.shown(memory.get(record_id))


@router.put("/memories/{record_id}", **_ONE)
def change(record_id: str, body: Changed, application: TheApplication, memory: TheMemory) -> dict[str, Any]:
    """Replace a record's text."""
    memory.update(record_id, body.text)
    return application.records.shown(memory.get(record_id))


@router.delete("/memories/{record_id}", status_code=HTTPStatus.NO_CONTENT)
def forget(record_id: str, memory: TheMemory) -> None:
    """Remove one record."""
    memory.delete(record_id)


@router.get("/memories/{record_id}/history")
def history(record_id: str, application: TheApplication, memory: TheMemory) -> dict[str, Any]:
    """Return the texts that a record had before, oldest first."""
    return {"earlier": [{"text": text} for text in application.records.earlier(memory, record_id)]}


@router.get("/search", **_MEMORIES)
def search(
    application: TheApplication,
    memory: TheMemory,
    q: Annotated[str, Query(pattern=WORDS)],
    top_k: Annotated[int, Query(ge=1, le=_MOST)] = 20,
    threshold: Annotated[float, Query(ge=0, le=1)] = 0.1,
) -> dict[str, Any]:
    """Return the records nearest to a question, best first."""
    found = memory.search(q, top_k=top_k, threshold=threshold)
    return {"memories": [application.records.shown(record) for record in found]}


@router.post("/ask")
def ask(body: Asked, application: TheApplication, memory: TheMemory) -> dict[str, Any]:
    """Ask the assistant."""
    answer = application.assistant.answer(memory, body.question)
    return {"answer": answer.text}


@router.get("/export")
def export(application: TheApplication, account: TheAccount, memory: TheMemory) -> JSONResponse:
    """Return everything that is stored about who asks, as a file."""
    told = application.records.export(account, memory)
    return JSONResponse(told, headers={"Content-Disposition": 'attachment; filename="your-data.json"'})


@router.get("/letters")
def letters(application: TheApplication, account: TheAccount) -> dict[str, str]:
    """Return the token of the link by which letters are stopped, as each letter would hold it."""
    return {"unsubscribe": application.tokens.issue(account, UNSUBSCRIBE, seconds=LETTER)}


@router.delete("/account", status_code=HTTPStatus.NO_CONTENT)
async def close(request: Request, application: TheApplication, account: TheAccount, memory: TheMemory) -> None:
    """Close the account: everything is erased, and every session of it is dead."""
    await run_in_threadpool(application.records.close, account, memory)
    await application.sessions.end(request)


async def _matching(application: Assembled, body: Credentials) -> Account:
    # A digest takes its time, and others are served meanwhile.
    account = await run_in_threadpool(application.accounts.matching, body.user, body.password)
    if account is None:
        raise HTTPException(HTTPStatus.UNAUTHORIZED, "the name or the password is wrong")
    return account
