"""The pages: forms and links alone, without a script."""

from http import HTTPStatus
from typing import Annotated, TypeAlias

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from .accounts import RefusedNameError
from .asking import TheAccount, TheApplication, TheMemory
from .bodies import WORDS
from .origins import refuse_others
from .parts import Assembled
from .rendering import page
from .tokens import LETTER, UNSUBSCRIBE

_DONE = {
    "said": "I will remember that.",
    "forgotten": "Deleted.",
    "erased": "Everything is deleted, and nothing is left.",
    "closed": "Your account is closed, and everything is deleted.",
    "out": "You are signed out.",
}
_TEXT = 4000


async def form_token(request: Request, application: TheApplication) -> str:
    """Return what a form on this page must bring back."""
    return await application.sessions.form_token(request)


async def own_form(request: Request, application: TheApplication, form: Annotated[str, Form()] = "") -> None:
    """Refuse a form that was not given to this browser's session."""
    if not await application.sessions.is_own_form(request, form):
        raise HTTPException(HTTPStatus.FORBIDDEN, "no form of this session")


Token: TypeAlias = Annotated[str, Depends(form_token)]
Text: TypeAlias = Annotated[str, Form(max_length=_TEXT, pattern=WORDS)]
OWN_FORM = [Depends(own_form)]
router = APIRouter(include_in_schema=False, dependencies=[Depends(refuse_others)])


@router.get("/sign-in")
def sign_in_page(request: Request, form: Token, done: str = "") -> HTMLResponse:
    """Show the forms that sign in and up."""
    return page(request, "sign_in", account=None, form=form, done=_DONE.get(done, ""), wrong="")


@router.post("/sign-in", dependencies=OWN_FORM)
async def sign_in(
    request: Request,
    application: TheApplication,
    user: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
) -> Response:
    """Sign in, and go to the assistant."""
    account = await run_in_threadpool(application.accounts.matching, user, password)
    if account is None:
        return await _not_signed_in(request, application, "The name or the password is wrong.", 401)
    await application.sessions.begin(request, account)
    return _to("/")


@router.post("/sign-up", dependencies=OWN_FORM)
async def sign_up(
    request: Request,
    application: TheApplication,
    user: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
) -> Response:
    """Open an account and sign in."""
    try:
        account = await run_in_threadpool(application.accounts.sign_up, user, password)
    except RefusedNameError as error:
        return await _not_signed_in(request, application, f"That was not done: {error}.", 422)
    await application.sessions.begin(request, account)
    return _to("/")


@router.post("/sign-out", dependencies=OWN_FORM)
async def sign_out(request: Request, application: TheApplication) -> Response:
    """End the session."""
    await application.sessions.end(request)
    return _to("/sign-in?done=out")


@router.get("/")
def home(request: Request, account: TheAccount, form: Token, done: str = "") -> HTMLResponse:
    """Show where to say something and where to ask."""
    return page(request, "home", account=account, form=form, done=_DONE.get(done, ""), question="", answer=None)


@router.post("/say", dependencies=OWN_FORM)
def say(application: TheApplication, account: TheAccount, memory: TheMemory, text: Text) -> Response:
    """Remember what is said."""
    application.feeds.tell(account, application.records.remember(memory, {"text": text}))
    return _to("/?done=said")


@router.post("/ask", dependencies=OWN_FORM)
def ask(
    request: Request, application: TheApplication, account: TheAccount, memory: TheMemory, form: Token, question: Text
) -> HTMLResponse:
    """Answer a question."""
    answer = application.assistant.answer(memory, question)
    return page(request, "home", account=account, form=form, done="", question=question, answer=answer)


@router.get("/you")
def you(
    request: Request,
    application: TheApplication,
    account: TheAccount,
    memory: TheMemory,
    form: Token,
    done: str = "",
) -> HTMLResponse:
    """Show everything that is stored about who asks."""
    told = application.records.export(account, memory)
    letter = application.tokens.issue(account, UNSUBSCRIBE, seconds=LETTER)
    return page(
        request, "you", account=account, form=form, done=_DONE.get(done, ""), memories=told["memories"], letter=letter
    )


@router.post("/you/forget", dependencies=OWN_FORM)
def forget(memory: TheMemory, record_id: Annotated[str, Form(alias="id")]) -> Response:
    """Remove one record."""
    memory.delete(record_id)
    return _to("/you?done=forgotten")


@router.get("/you/erase")
def erase_page(
    request: Request, application: TheApplication, account: TheAccount, memory: TheMemory, form: Token
) -> HTMLResponse:
    """Say what would be removed, and ask whether it is to be."""
    count = len(application.records.all_of(memory))
    return page(request, "erase", account=account, form=form, count=count, closes=False)


@router.post("/you/erase", dependencies=OWN_FORM)
def erase(application: TheApplication, memory: TheMemory) -> Response:
    """Remove everything."""
    application.records.erase(memory)
    return _to("/you?done=erased")


@router.get("/you/close")
def close_page(
    request: Request, application: TheApplication, account: TheAccount, memory: TheMemory, form: Token
) -> HTMLResponse:
    """Say what closing the account removes, and ask whether it is to be."""
    count = len(application.records.all_of(memory))
    return page(request, "erase", account=account, form=form, count=count, closes=True)


@router.post("/you/close", dependencies=OWN_FORM)
async def close(request: Request, application: TheApplication, account: TheAccount, memory: TheMemory) -> Response:
    """Close the account."""
    await run_in_threadpool(application.records.close, account, memory)
    await application.sessions.end(request)
    return _to("/sign-in?done=closed")


@router.get("/unsubscribe")
def unsubscribe(request: Request, application: TheApplication, token: str = "") -> HTMLResponse:
    """Stop the letters of whom the link names; there are none, and it opens nothing else."""
    claim = application.tokens.claim_of(token, UNSUBSCRIBE)
    told = "This link is not valid any more." if claim is None else "You will get no more letters."
    return page(request, "error", status=200 if claim else 403, account=None, title="Letters", told=told)


async def _not_signed_in(request: Request, application: Assembled, wrong: str, status: int) -> HTMLResponse:
    form = await application.sessions.form_token(request)
    return page(request, "sign_in", status=status, account=None, form=form, done="", wrong=wrong)


def _to(path: str) -> RedirectResponse:
    return RedirectResponse(path, HTTPStatus.SEE_OTHER)
