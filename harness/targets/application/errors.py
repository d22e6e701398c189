"""What goes wrong, as an answer: a page for who looks at pages, JSON for who asks the API."""

from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from ...base.refusals import RecordNotFoundError, ScopeError
from .accounts import RefusedNameError
from .asking import UNKNOWN
from .rendering import page

_WORDS = {
    HTTPStatus.FORBIDDEN: "This form is too old, or it is not ours. Go back, load the page again and try once more.",
    HTTPStatus.NOT_FOUND: "There is no such page, or it is not yours.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This cannot be done here.",
}


def add_errors(app: FastAPI) -> None:
    """Have each error answered; one that nobody expected is a 500, which says nothing."""

    @app.exception_handler(HTTPException)
    def refused(request: Request, error: HTTPException) -> Response:
        return _told(request, error.status_code, str(error.detail), dict(error.headers or {}))

    @app.exception_handler(RequestValidationError)
    @app.exception_handler(ValidationError)
    def malformed(request: Request, error: RequestValidationError | ValidationError) -> Response:
        first = error.errors()[0]
        return _told(request, HTTPStatus.UNPROCESSABLE_ENTITY, f"{'.'.join(map(str, first['loc']))}: {first['msg']}")

    @app.exception_handler(RefusedNameError)
    @app.exception_handler(ScopeError)
    def no_such_id(request: Request, error: Exception) -> Response:
        return _told(request, HTTPStatus.UNPROCESSABLE_ENTITY, str(error))

    @app.exception_handler(RecordNotFoundError)
    def unknown(request: Request, _: Exception) -> Response:
        # The same for another's record as for none.
        return _told(request, HTTPStatus.NOT_FOUND, "there is no such memory")

    @app.exception_handler(Exception)
    def failed(request: Request, _: Exception) -> Response:
        return _told(request, HTTPStatus.INTERNAL_SERVER_ERROR, "something went wrong here")


def _told(request: Request, status: int, what: str, headers: dict[str, str] | None = None) -> Response:
    if request.url.path.startswith("/api/"):
        return JSONResponse({"detail": what}, status, headers)
    if status == UNKNOWN:
        return RedirectResponse("/sign-in", HTTPStatus.SEE_OTHER)
    told = _WORDS.get(HTTPStatus(status), what)
    return page(request, "error", status=status, account=None, title=HTTPStatus(status).phrase, told=told)
