"""The routes of the platform's contract; see the package for what is the contract's and what our own decision."""

import hmac
import uuid
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.convertors import StringConvertor, register_url_convertor
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ...real_mem0.client import Client
from . import wire
from .entities import NAMES, TYPES, entities, listing
from .filters import BadRequestError, ids_of, scoped
from .memory import StoredMemories
from .requests import AddRequest, ListRequest, SearchRequest, UpdateRequest

HEADER = "X-Memfence-Stand-In"
WHAT_IT_IS = "memfence's stand-in over mem0.Memory, not the mem0 platform"
_NARROWING = ("categories", "metadata", "keywords", "start_date", "end_date")
_IDS = ("user_id", "agent_id", "run_id", "app_id")
_PAGE, _BIGGEST_PAGE = 100, 200
_QUEUED = "Delete in progress. This may take some time."


def build_app(memory: Client, key: str) -> FastAPI:
    """Return the application over an open memory; only requests with this key are answered."""
    app = FastAPI(title="Stand-in for the mem0 platform", description=WHAT_IT_IS, docs_url=None, redoc_url=None)
    stored = StoredMemories(memory)
    app.add_middleware(_Guarded, expected=f"Token {key}")
    _add_errors(app)
    _add_ping(app)
    _add_collection(app, stored)
    _add_record(app, stored)
    _add_entities(app, stored)
    return app


class _Anything(StringConvertor):
    """A part of a path with whatever in it, slashes and line breaks too: an entity may be called so."""

    regex = "(?s:.+)"


register_url_convertor("anything", _Anything())


class _Guarded:
    """Lets requests with the key in, and says on each reply what gives it."""

    def __init__(self, app: ASGIApp, expected: str) -> None:
        self._app = app
        self._expected = expected.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_named(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = WHAT_IT_IS
            await send(message)

        said = dict(scope.get("headers", ())).get(b"authorization", b"")
        if hmac.compare_digest(said, self._expected):
            await self._app(scope, receive, send_named)
        else:
            await JSONResponse({"detail": "Invalid API key."}, HTTPStatus.UNAUTHORIZED)(scope, receive, send_named)


def _add_ping(app: FastAPI) -> None:
    @app.get("/v1/ping/")
    def ping() -> dict[str, str]:
        return {
            "status": "ok",
            "org_id": "memfence",
            "project_id": "stand-in",
            "user_email": "stand-in@example.com",
            "message": WHAT_IT_IS,
        }


def _add_errors(app: FastAPI) -> None:
    @app.exception_handler(RequestValidationError)
    def malformed(_: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        return _no(f"{'.'.join(map(str, first['loc']))}: {first['msg']}")

    @app.exception_handler(BadRequestError)
    @app.exception_handler(ValueError)
    def refused(_: Request, error: Exception) -> JSONResponse:
        return _no(str(error))

    def refused_by_mem0(_: Request, error: Exception) -> JSONResponse:
        if type(error).__module__ == "mem0.exceptions" and type(error).__name__ == "ValidationError":
            return _no(str(error))
        return JSONResponse({"detail": f"the stand-in failed: {type(error).__name__}"}, 500)

    app.add_exception_handler(Exception, refused_by_mem0)


def _add_collection(app: FastAPI, stored: StoredMemories) -> None:
    @app.post("/v3/memories/add/")
    def add(body: AddRequest) -> dict[str, Any]:
        ids = ids_of(body.model_dump(include=set(_IDS)))
        options: dict[str, Any] = {"infer": body.infer}
        if body.metadata is not None:
            options["metadata"] = body.metadata
        if body.expiration_date is not None:
            options["expiration_date"] = body.expiration_date.isoformat()
        reply = stored.add([message.model_dump() for message in body.messages], ids, **options)
        event = _event()
        if body.infer:
            return {"event_id": event, "status": "PENDING"}
        return {"message": "Stored.", "status": "SUCCEEDED", "event_id": event, "results": wire.added(reply)}

    @app.post("/v3/memories/search/")
    def search(body: SearchRequest) -> dict[str, Any]:
        found = stored.found(
            body.query,
            _scope(body),
            top_k=body.top_k,
            threshold=body.threshold,
            show_expired=body.show_expired,
        )
        return {"results": [wire.record(one, run=wire.RUN) for one in found]}

    @app.post("/v3/memories/")
    def list_all(
        request: Request, body: ListRequest, page: int | None = None, page_size: int | None = None
    ) -> dict[str, Any]:
        number, size = page or body.page or 1, page_size or body.page_size or _PAGE
        if number < 1 or not 1 <= size <= _BIGGEST_PAGE:
            msg = f"page counts from 1 and page_size goes from 1 to {_BIGGEST_PAGE}"
            raise BadRequestError(msg)
        found = stored.listed(_scope(body), show_expired=body.show_expired)
        address = str(request.url.replace(query=""))
        return wire.page([wire.record(one, run=wire.SESSION) for one in found], number, size, address)

    @app.delete("/v1/memories/")
    def delete_by_filter(request: Request) -> dict[str, str]:
        said = dict(request.query_params)
        known = {*_IDS, "org_id", "project_id"}
        if not said.keys() <= known:
            msg = f"the stand-in deletes by {', '.join(_IDS)} alone: passed over, another filter would widen"
            raise BadRequestError(msg)
        stored.remove_all(ids_of({name: value for name, value in said.items() if value}))
        return {"message": _QUEUED, "event_id": _event()}


def _add_record(app: FastAPI, stored: StoredMemories) -> None:
    @app.get("/v1/memories/{memory_id}/", response_model=None)
    def get(memory_id: str) -> dict[str, Any] | JSONResponse:
        found = stored.one(_uuid(memory_id))
        return _unknown() if found is None else wire.record(found, run=wire.SESSION)

    @app.put("/v1/memories/{memory_id}/", response_model=None)
    def put(memory_id: str, body: UpdateRequest) -> dict[str, Any] | JSONResponse:
        known = _uuid(memory_id)
        if stored.one(known) is None:
            return _unknown()
        changes = body.model_dump(mode="json", exclude_unset=True)
        if not {name for name, value in changes.items() if value is not None or name == "expiration_date"}:
            msg = "at least one of text, metadata, expiration_date is required"
            raise BadRequestError(msg)
        stored.change(known, changes)
        found = stored.one(known)
        return _unknown() if found is None else wire.record(found, run=wire.SESSION)

    @app.delete("/v1/memories/{memory_id}/", response_model=None)
    def delete(memory_id: str, *, delete_linked: bool = False) -> dict[str, Any] | JSONResponse:
        known = _uuid(memory_id)
        if stored.one(known) is None:
            return _unknown()
        stored.remove(known)
        return {"message": "Memory deleted successfully!", **({"cascade_count": 0} if delete_linked else {})}

    @app.get("/v1/memories/{memory_id}/history/")
    def history(memory_id: str) -> list[dict[str, Any]]:
        return wire.history(*stored.changes(_uuid(memory_id)))


def _add_entities(app: FastAPI, stored: StoredMemories) -> None:
    @app.get("/v1/entities/")
    def list_entities() -> dict[str, Any]:
        return listing(entities(stored.everything()))

    @app.get("/v2/entities/{kind}/{name:anything}/", response_model=None)
    def get_entity(kind: str, name: str) -> list[dict[str, Any]] | JSONResponse:
        if kind not in TYPES:
            return _no_entity()
        return [one for one in entities(stored.everything()) if (one["type"], one["name"]) == (kind, name)]

    @app.delete("/v2/entities/{kind}/{name:anything}/", response_model=None)
    def delete_entity(kind: str, name: str) -> dict[str, str] | JSONResponse:
        if kind not in TYPES:
            return _no_entity()
        if kind in NAMES:
            stored.remove_entity(kind, name)
        return {"message": _QUEUED, "event_id": _event()}


def _scope(body: ListRequest | SearchRequest) -> dict[str, Any]:
    """Return the filters; raises BadRequestError for ids beside them, and for what would narrow and cannot."""
    beside = [name for name in _IDS if getattr(body, name) is not None]
    if beside:
        msg = f"{', '.join(beside)} must stand in filters"
        raise BadRequestError(msg)
    unknown = [name for name in _NARROWING if getattr(body, name) is not None]
    if unknown:
        msg = f"the stand-in cannot narrow by {', '.join(unknown)}"
        raise BadRequestError(msg)
    return scoped(body.filters)


def _uuid(memory_id: str) -> str:
    try:
        uuid.UUID(memory_id)
    except ValueError:
        msg = "memory_id should be a valid UUID"
        raise BadRequestError(msg) from None
    return memory_id


def _event() -> str:
    return str(uuid.uuid4())


def _no(why: str) -> JSONResponse:
    # A lone surrogate in what was sent cannot be sent back.
    return JSONResponse({"error": why.encode(errors="replace").decode()}, HTTPStatus.BAD_REQUEST)


def _unknown() -> JSONResponse:
    return JSONResponse({"error": "Memory not found!"}, HTTPStatus.NOT_FOUND)


def _no_entity() -> JSONResponse:
    return JSONResponse({"message": "Invalid entity type"}, HTTPStatus.BAD_REQUEST)
