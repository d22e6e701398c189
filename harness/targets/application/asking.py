"""What a route asks for: the application, who asks, and that one's memory."""

from typing import Annotated, Any, TypeAlias

from fastapi import Depends, HTTPException, Request

from ...scoped.wrappers.scoped import ScopedMemory
from .accounts import Account
from .parts import Assembled

UNKNOWN = 401


def application_of(request: Request) -> Assembled:
    """Return the application that is asked: the routes are made once, for all of them."""
    found: Assembled = request.scope["application"]
    return found


TheApplication: TypeAlias = Annotated[Assembled, Depends(application_of)]


async def account_of(request: Request, application: TheApplication) -> Account:
    """Return who asks; nobody gets a 401."""
    found = await application.middle.account_of(request)
    if found is None:
        raise HTTPException(UNKNOWN, "sign in first", {"WWW-Authenticate": "Bearer"})
    return found


TheAccount: TypeAlias = Annotated[Account, Depends(account_of)]


def memory_of(application: TheApplication, account: TheAccount) -> ScopedMemory:
    """Return the memory of who asks."""
    return application.middle.memory_of(account)


# A breakage may have put another's there.
TheMemory: TypeAlias = Annotated[Any, Depends(memory_of)]
