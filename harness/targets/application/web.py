"""The routes as one: made once, for every application of this process."""

from functools import lru_cache

from fastapi import FastAPI

from . import api, live, pages
from .errors import add_errors
from .public import router as public


@lru_cache
def routes() -> FastAPI:
    """Return all routes; which application is asked stands in the scope of a request."""
    app = FastAPI(title="Memfence's reference application", docs_url=None, redoc_url=None, redirect_slashes=False)
    app.include_router(public)
    app.include_router(api.router)
    app.include_router(live.router)
    app.include_router(pages.router)
    add_errors(app)
    return app
