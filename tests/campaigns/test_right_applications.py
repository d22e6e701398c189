"""Right applications as people write them, each otherwise: none may be violated, and each can be held."""

import asyncio
import tomllib
from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="pip install 'memfence[server]'")

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from web_app import BY_COOKIE, Notes, create_app

from memfence.campaigns import resolve
from memfence.campaigns.campaign import Campaign
from memfence.campaigns.settings import AuditSettings
from memfence.model.findings import Verdict
from memfence.performing.contract import adapt
from memfence.targets.web.app_file import parse
from memfence.targets.web.in_process import InProcess
from memfence.targets.web.target import WebTarget


class _Folded(dict[str, str]):
    """Names without their capitals: `Ann` is taken where `ann` is."""

    def __contains__(self, name: object) -> bool:
        return super().__contains__(str(name).casefold())

    def __setitem__(self, name: str, value: str) -> None:
        super().__setitem__(name.casefold(), value)

    def __delitem__(self, name: str) -> None:
        super().__delitem__(name.casefold())

    def get(self, name: str, default: Any = None) -> Any:
        return super().get(name.casefold(), default)


def folds_names() -> FastAPI:
    notes = Notes()
    notes.users = _Folded()
    return create_app(notes)


def welcomes() -> FastAPI:
    notes = Notes()

    class Greeted(dict[str, str]):
        def __setitem__(self, name: str, value: str) -> None:
            super().__setitem__(name, value)
            notes.notes[notes.token()] = (name, "Welcome! Tap + to write your first note.")

    notes.users = Greeted()
    return create_app(notes)


def always_says_200() -> FastAPI:
    app = create_app()

    @app.middleware("http")
    async def enveloped(request: Request, onward: Callable[..., Any]) -> Response:
        answer: Response = await onward(request)
        refused = answer.status_code in (401, 404, 409, 422)
        return JSONResponse({"ok": False, "error": "no"}) if refused else answer

    return app


def new_cookie_with_each_answer() -> FastAPI:
    notes = Notes()
    app = create_app(notes)

    @app.middleware("http")
    async def renewed(request: Request, onward: Callable[..., Any]) -> Response:
        answer: Response = await onward(request)
        if "set-cookie" not in answer.headers and (
            user := notes.sessions.pop(request.cookies.get("session", ""), None)
        ):
            notes.sessions[token := notes.token()] = user
            answer.set_cookie("session", token, httponly=True, samesite="lax")
        return answer

    return app


def one_session_a_user() -> FastAPI:
    class OneSession(Notes):
        def sign_in(self, user: object, password: str) -> str:
            token = super().sign_in(user, password)
            self.sessions = {one: owner for one, owner in self.sessions.items() if owner != user or one == token}
            return token

    return create_app(OneSession())


@pytest.mark.parametrize(
    ("made", "scenarios"),
    [
        (folds_names, ("confusable_ids", "aliased_ids", "path_ids")),
        (welcomes, ("cross_search", "list_all", "empty_scope_is_refused", "get_by_foreign_id")),
        (always_says_200, ("absent_credentials", "respelt_requests", "signed_out", "delete_by_foreign_id")),
        (new_cookie_with_each_answer, ("cached_methods", "signed_out", "two_devices", "list_all")),
        (one_session_a_user, ("signed_out", "two_devices", "closed_accounts")),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_right_application_is_held(made: Callable[[], FastAPI], scenarios: tuple[str, ...]) -> None:
    target = WebTarget(parse(tomllib.loads(BY_COOKIE)), lambda: InProcess(made()), fresh=True)
    settings = AuditSettings(seed=3, users=3, facts=2, probes=1, crowd=8, load=8)
    asked = [resolve.all_scenarios()[name] for name in scenarios]

    result = Campaign(adapt(target, "notes"), asked, settings, resolve.all_oracles()).run()

    assert {one.name: (one.verdict, one.reasons) for one in result.scenarios} == dict.fromkeys(
        scenarios, (Verdict.HELD, [])
    )


def exports_through_one_file() -> FastAPI:
    app, file = create_app(), [b""]

    @app.middleware("http")
    async def written_and_read(request: Request, onward: Callable[..., Any]) -> Response:
        answer = await onward(request)
        if request.url.path != "/export":
            return Response(b"".join([part async for part in answer.body_iterator]), answer.status_code, answer.headers)
        file[0] = b"".join([part async for part in answer.body_iterator])
        await asyncio.sleep(0.005)
        return Response(file[0], answer.status_code, media_type="application/json")

    return app


def test_an_export_that_all_write_to_one_file_is_seen_where_several_ask_at_once() -> None:
    target = WebTarget(parse(tomllib.loads(BY_COOKIE)), lambda: InProcess(exports_through_one_file()), fresh=True)
    settings = AuditSettings(seed=3, users=4, facts=2, probes=1)
    asked = [resolve.all_scenarios()["interleaved"]]

    result = Campaign(adapt(target, "notes"), asked, settings, resolve.all_oracles()).run()

    found = {(one.example.oracle, one.example.step.operation.method) for one in result.scenarios[0].findings}
    assert ("canary_leak", "export") in found
