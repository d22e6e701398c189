"""The routes that stay open: server-sent events, and a WebSocket."""

import json
from collections.abc import AsyncIterator
from typing import cast

from fastapi import APIRouter, WebSocket
from fastapi.responses import StreamingResponse
from starlette.requests import HTTPConnection, Request

from .accounts import Account
from .asking import TheAccount, TheApplication
from .middle import token_of
from .origins import is_from_elsewhere
from .parts import Assembled
from .sessions import LIFETIME
from .tokens import API

router = APIRouter(prefix="/api")
_POLICY = 1008


@router.get("/events")
async def events(request: Request, application: TheApplication, account: TheAccount) -> StreamingResponse:
    """Tell of each new record, for as long as the session lasts."""
    return StreamingResponse(_events(request, application, account), media_type="text/event-stream")


@router.websocket("/live")
async def live(socket: WebSocket) -> None:
    """Tell of each new record, for as long as the session lasts; a page of another site is let in by no cookie."""
    application: Assembled = socket.scope["application"]
    # It reads headers and the session, which a socket has, too.
    account = await application.middle.account_of(cast("Request", socket))
    if account is None or is_from_elsewhere(socket):
        await socket.close(_POLICY)
        return
    with application.feeds.subscribed(account) as subscription:
        await socket.accept()
        async for event in subscription.coming():
            if application.feeds.ends(signed_in=await _lasts(socket, application)):
                await socket.close(_POLICY)
                return
            await socket.send_json(event)


async def _events(request: Request, application: Assembled, account: Account) -> AsyncIterator[str]:
    with application.feeds.subscribed(account) as subscription:
        # A proxy may hold back an answer in which nothing comes.
        yield ": subscribed\n\n"
        async for event in subscription.coming():
            if application.feeds.ends(signed_in=await _lasts(request, application)):
                return
            yield f"event: remembered\ndata: {json.dumps(event)}\n\n"


async def _lasts(connection: HTTPConnection, application: Assembled) -> bool:
    """Tell whether the session, or the token, that opened it is still good."""
    token = token_of(cast("Request", connection))
    if token is not None:
        return application.tokens.claim_of(token, API) is not None
    return bool(await application.sessions.table.read(connection.scope["session_handler"].session_id, LIFETIME))
