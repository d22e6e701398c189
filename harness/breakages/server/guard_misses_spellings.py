"""Who may pass is decided by another path than that which is served."""

from typing import TYPE_CHECKING

from ...real_mem0.client import Client
from ...targets.application.accounts import Account
from ...targets.application.front import Front
from ...targets.application.middle import Middle
from ...targets.application.whole import Application, Parts
from ..planted import Layer, breakage

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import Receive, Scope, Send

_ASKED = "asked for"
_PUBLIC = Account("public", 1, b"", b"", 0)


class _Tolerant(Front):
    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        if scope["type"] == "http":
            path = "/" + "/".join(part for part in scope["path"].lower().split("/") if part not in ("", "."))
            scope = {**scope, _ASKED: scope["path"], "path": path}
        await super().__call__(scope, receive, send)


class _ByPath(Middle):
    async def account_of(self, request: "Request") -> Account | None:
        asked = str(request.scope[_ASKED])
        guarded = asked.startswith("/api/") or asked == "/you"
        return await super().account_of(request) or (None if guarded else _PUBLIC)


@breakage(Layer.SERVER, caught_by="accepted", applies_to=("app",))
def guard_misses_spellings(client: Client) -> Application:
    """The guard looks whether a path begins with /api/, the router takes it in other spellings, too."""
    return Application(client, Parts(front=_Tolerant, middle=_ByPath))
