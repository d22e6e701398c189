"""What everybody may see, and caches may keep."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from .rendering import page, static

router = APIRouter()


@router.get("/about")
def about(request: Request) -> HTMLResponse:
    """Say what this is."""
    return page(request, "about", account=None)


@router.get("/style.css")
def css() -> Response:
    """Return the style of all pages."""
    return Response(static("style.css"), media_type="text/css")


@router.get("/icon.svg")
def icon() -> Response:
    """Return the picture of a browser's tab."""
    return Response(static("icon.svg"), media_type="image/svg+xml")
