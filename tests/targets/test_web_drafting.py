"""The file of an application, drafted from its OpenAPI document."""

import tomllib
from functools import partial
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="pip install 'memfence[server]'")

import typed_app
import web_app

from memfence.performing.replies import read_reply, record_ids
from memfence.targets.web.app_file import parse
from memfence.targets.web.drafting import draft
from memfence.targets.web.in_process import InProcess
from memfence.targets.web.target import WebTarget


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if not line.startswith("#")]


def test_an_application_whose_models_are_described_needs_no_guess() -> None:
    assert lines(draft(typed_app.create_app().openapi())) == [
        'sign_up = \'POST /auth/register {"username": "{user}", "password": "{password}"}\'',
        'sign_in = \'POST /auth/login {"username": "{user}", "password": "{password}"} -> /access_token\'',
        'add = \'POST /api/memories {"content": "{text}"} -> /memory_key\'',
        "search = 'GET /api/memories/search?q={query} -> /matches id=memory_key'",
        "get_all = 'GET /api/memories -> / id=memory_key'",
        "get = 'GET /api/memories/{id} -> / id=memory_key'",
        'update = \'PUT /api/memories/{id} {"content": "{text}"}\'',
        "delete = 'DELETE /api/memories/{id}'",
    ]


def test_what_is_drafted_works_as_it_is() -> None:
    app = typed_app.create_app()
    target = WebTarget(parse(tomllib.loads(draft(app.openapi()))), partial(InProcess, app))
    ann, bob = target.make_memory("ann"), target.make_memory("bob")

    name = record_ids(ann.add("I like tea"))[0]

    for reply in (ann.get_all(), ann.search("tea"), ann.get(name)):
        (record,) = read_reply(reply, str).records
        assert (record.id, record.text) == (name, "I like tea")
    assert read_reply(bob.search("tea"), str).records == ()
    ann.update(name, "I like milk")
    ann.delete(name)
    assert read_reply(ann.get_all(), str).records == ()
    target.close()


def test_what_the_document_does_not_say_is_marked_as_guessed() -> None:
    text = draft(web_app.create_app().openapi())

    assert [line.partition(" ")[0] for line in lines(text)] == [
        "search",
        "get_all",
        "get",
        "delete",
        "delete_all",
        "export",
        "close_account",
    ]
    assert "# add = 'POST /memories {text} -> /id'  # guessed: nothing in the document looks like it" in text


def said(path: str, method: str, **operation: Any) -> dict[str, Any]:
    return {"paths": {path: {method: {"responses": {"200": {"description": "ok"}}, **operation}}}}


def body(media: str, *needed: str, **fields: str) -> dict[str, Any]:
    properties = {name: {"type": of} for name, of in fields.items()}
    return {
        "requestBody": {
            "content": {media: {"schema": {"type": "object", "properties": properties, "required": [*needed]}}}
        }
    }


@pytest.mark.parametrize(
    ("document", "line"),
    [
        (
            said("/login", "post", **body("application/x-www-form-urlencoded", username="string", password="string")),  # noqa: S106 - a type
            (
                "sign_in = 'POST /login username={user}&password={password}'  # guessed: its answer is not "
                "described, so cookies; with a token write -> /token behind it"
            ),
        ),
        (
            said(
                "/notes",
                "post",
                **body("application/json", "text", "kind", "stars", text="string", kind="string", stars="integer"),
            ),
            (
                'add = \'POST /notes {"text": "{text}", "kind": "kind by memfence", "stars": 0}\'  '
                "# guessed: made up: kind, stars"
            ),
        ),
        (
            {**said("/notes/{note}", "delete"), "servers": [{"url": "/v1"}]},
            "# delete = 'DELETE /memories/{id}'  # guessed: nothing in the document looks like it",
        ),
        (
            {
                **said("/token", "post", **body("application/json", username="string", password="string")),  # noqa: S106 - a type
                "components": {"securitySchemes": {"a": {"type": "oauth2"}}},
            },
            (
                'sign_in = \'POST /token {"username": "{user}", "password": "{password}"} -> /access_token\'  '
                "# guessed: its answer is not described, and requests carry a token"
            ),
        ),
        (
            said("/chat", "post", **body("application/json", "question", question="string")),
            'ask = \'POST /chat {"question": "{query}"}\'  # guessed: by its name',
        ),
        (said("/logout", "post"), "sign_out = 'POST /logout'"),
        (
            said(
                "/notes/search",
                "post",
                parameters=[{"name": "q", "in": "query"}],
                **body("application/json", "kind", kind="string"),
            ),
            (
                'search = \'POST /notes/search?q={query} {"kind": "kind by memfence"}\'  '
                "# guessed: its answer is not described"
            ),
        ),
    ],
)
def test_each_line_says_what_was_made_up(document: dict[str, Any], line: str) -> None:
    assert line in draft(document).splitlines()


def test_a_reference_to_itself_ends() -> None:
    document = said("/notes", "get")
    document["components"] = {"schemas": {"A": {"$ref": "#/components/schemas/A"}}}
    document["paths"]["/notes"]["get"]["responses"]["200"]["content"] = {
        "application/json": {"schema": {"$ref": "#/components/schemas/A"}}
    }

    assert "get_all = 'GET /notes'" in draft(document)


@pytest.mark.parametrize("document", [{}, {"paths": {}}, {"paths": []}])
def test_what_is_no_openapi_document_is_told(document: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="no OpenAPI document"):
        draft(document)
