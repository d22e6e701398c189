"""A small web application of Starlette's that keeps what users put in their sessions, whoever stores these."""

import secrets
from collections.abc import Callable, Sequence
from typing import Any

_USER, _FORM, _NOTES, _VISITS = "user", "form", "notes", "visits"
_NO, _NONE, _DONE = 401, 404, 204


def nothing(request: Any) -> None:  # noqa: ANN401 - Starlette is an extra
    """Do nothing: the library offers nothing against a session that was there before a login."""
    del request


def session_app(middleware: Sequence[Any], renew: Callable[[Any], object] = nothing) -> Any:  # noqa: ANN401 - as above
    """Return the application; `renew` is what the library offers for a login."""
    from starlette.applications import Starlette  # noqa: PLC0415 - an extra
    from starlette.routing import Route  # noqa: PLC0415 - as above

    async def login(request: Any) -> Any:  # noqa: ANN401 - as above
        request.session.clear()
        request.session[_USER] = (await request.body()).decode("utf-8", "surrogatepass")
        # As forms want it against requests from elsewhere; so no two sessions are alike.
        request.session[_FORM] = secrets.token_hex(8)
        renew(request)
        return _response(status=_DONE)

    routes = [
        Route("/", _visit),
        Route("/login", login, methods=["POST"]),
        Route("/logout", _logout, methods=["POST"]),
        Route("/notes", _notes, methods=["GET", "PUT", "DELETE"]),
    ]
    return Starlette(routes=routes, middleware=list(middleware))


async def _visit(request: Any) -> Any:  # noqa: ANN401 - as above
    request.session[_VISITS] = request.session.get(_VISITS, 0) + 1
    return _response(status=_DONE)


async def _logout(request: Any) -> Any:  # noqa: ANN401 - as above
    request.session.clear()
    return _response(status=_DONE)


async def _notes(request: Any) -> Any:  # noqa: ANN401 - as above
    if _USER not in request.session:
        return _response("sign in", status=_NO)
    key, notes = request.query_params.get("key"), request.session.get(_NOTES, {})
    if key is None and request.method == "GET":
        return _response(sorted(notes))
    if key is None:
        request.session[_NOTES] = {}
    elif request.method == "PUT":
        request.session[_NOTES] = {**notes, key: (await request.body()).decode()}
    elif key not in notes:
        return _response("no such note", status=_NONE)
    elif request.method == "GET":
        return _response(notes[key])
    else:
        request.session[_NOTES] = {other: text for other, text in notes.items() if other != key}
    return _response(status=_DONE)


def _response(content: Any = None, *, status: int = 200) -> Any:  # noqa: ANN401 - as above
    from starlette.responses import JSONResponse, Response  # noqa: PLC0415 - an extra

    return Response(status_code=status) if status == _DONE else JSONResponse(content, status_code=status)
