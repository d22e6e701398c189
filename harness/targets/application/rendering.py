"""Templates to pages; everything that is put into one is escaped."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from .parts import Assembled

_HERE = Path(__file__).parent


def page(request: Request, name: str, *, status: int = 200, **values: object) -> HTMLResponse:
    """Return a page, with what stands on each of them."""
    application: Assembled = request.scope["application"]
    text = (
        _templates()
        .get_template(f"{name}.html")
        .render(banner=application.banner, demo=application.demo, path=request.url.path, **values)
    )
    return HTMLResponse(text, status)


@lru_cache
def static(name: str) -> str:
    """Return a file that each page uses."""
    return (_HERE / "static" / name).read_text(encoding="utf-8")


@lru_cache
def _templates() -> Environment:
    found = Environment(
        loader=FileSystemLoader(_HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    found.filters["day"] = _day
    return found


def _day(time: Any) -> str:  # noqa: ANN401 - as mem0 has it
    """Return a time as a day and a minute, in UTC."""
    return str(time)[:16].replace("T", ", ")
