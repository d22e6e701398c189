"""What everybody may see, and caches may keep."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from .rendering import page, style

router = APIRouter()


@router.get("/about")
def about(request: Request) -> HTMLResponse:
    """Say what this is."""
    return page(request, "about", account=None)


@router.get("/style.css")
def css() -> Response:
    """Return the style of all pages."""
    return Response(style(), media_type="text/css")
