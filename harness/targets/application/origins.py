"""Requests that another site's page made a browser send are refused."""

from urllib.parse import urlsplit

from fastapi import HTTPException, Request
from starlette.requests import HTTPConnection

_HARMLESS = frozenset({"GET", "HEAD", "OPTIONS"})
_OURS = frozenset({"same-origin", "none"})
_FORBIDDEN = 403


def refuse_others(request: Request) -> None:
    """Refuse what would change something and comes from another site; what is no browser does not say whence."""
    if request.method not in _HARMLESS and is_from_elsewhere(request):
        raise HTTPException(_FORBIDDEN, "another site sent this request")


def is_from_elsewhere(request: HTTPConnection) -> bool:
    """Tell whether a page of another site made a browser send it."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site not in _OURS
    origin = request.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != request.headers.get("host")
