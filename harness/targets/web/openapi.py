"""An OpenAPI document, read: each request that an application answers, with what it takes and what it gives."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

_METHODS = ("get", "post", "put", "patch", "delete")
# References to references, and schemas that hold themselves, end here.
_DEEPEST = 12


@dataclass(frozen=True, slots=True)
class Route:
    """One request: what its body's fields and its query are called, and what an answer looks like.

    `body` are names and types of fields, `needed` those that must be there; `form`: they are a form's. `answer` is the
    schema of a good answer, None where the document does not tell it; `pages`: it is HTML.
    """

    method: str
    path: str
    words: str
    body: Mapping[str, str] = field(default_factory=dict)
    needed: tuple[str, ...] = ()
    form: bool = False
    query: tuple[str, ...] = ()
    answer: Mapping[str, Any] | None = None
    pages: bool = False

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names in the path."""
        return tuple(re.findall(r"\{([^}]+)\}", self.path))


def routes(document: Mapping[str, Any]) -> list[Route]:
    """Return every request of a document, in order; raises ValueError where it is none."""
    paths = document.get("paths")
    if not isinstance(paths, Mapping) or not paths:
        msg = "it has no paths: it is no OpenAPI document"
        raise ValueError(msg)
    reader = _Reader(document)
    return [route for path, item in paths.items() for route in reader.routes(str(path), reader.whole(item))]


class _Reader:
    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        servers = document.get("servers") or [{}]
        url = str(_dict(servers[0]).get("url", "")) if isinstance(servers, list) else ""
        self._prefix = "" if "//" in url else url.rstrip("/")
        schemes = _dict(_dict(document.get("components")).get("securitySchemes"))
        flows = [_dict(_dict(self.whole(one).get("flows")).get("password")) for one in schemes.values()]
        # A framework writes the address as the application's own, with or without what stands before all paths.
        self._token_paths = {urlsplit(str(one["tokenUrl"])).path.strip("/") for one in flows if "tokenUrl" in one}

    def routes(self, path: str, item: Mapping[str, Any]) -> Iterator[Route]:
        shared = item.get("parameters", [])
        for method in _METHODS:
            operation = item.get(method)
            if not isinstance(operation, Mapping):
                continue
            parameters = [self.whole(one) for one in (*shared, *operation.get("parameters", []))]
            body, needed, is_form = self._body(operation)
            answer, pages = self._answer(operation)
            path_said = (self._prefix + path).strip("/")
            if path_said in self._token_paths or path.strip("/") in self._token_paths:
                answer = _with_token(answer)
            yield Route(
                method=method.upper(),
                path=self._prefix + path,
                words=" ".join(str(operation.get(key, "")) for key in ("operationId", "summary")).lower(),
                body=body,
                needed=needed,
                form=is_form,
                query=tuple(str(one.get("name")) for one in parameters if one.get("in") == "query"),
                answer=answer,
                pages=pages,
            )

    def whole(self, thing: object, depth: int = _DEEPEST) -> Mapping[str, Any]:
        """Return a part of the document, references followed, `allOf` and the first of `anyOf` put together."""
        said = _dict(thing)
        reference = said.get("$ref")
        if isinstance(reference, str) and depth:
            found: Any = self._document
            for step in reference.removeprefix("#/").split("/"):
                found = _dict(found).get(step.replace("~1", "/").replace("~0", "~"))
            return self.whole(found, depth - 1)
        either = next((one for key in ("anyOf", "oneOf") for one in said.get(key, ())), None)
        parts = (
            [self.whole(one, depth - 1) for one in (*said.get("allOf", ()), *([either] if either else ()))]
            if depth
            else []
        )
        made: dict[str, Any] = {}
        for part in (*parts, said):
            merged = {**_dict(made.get("properties")), **_dict(part.get("properties"))}
            made = {**made, **part, **({"properties": merged} if merged else {})}
        return made

    def schema(self, thing: object) -> dict[str, Any]:
        """Return a schema with one level of its fields followed, too."""
        said = dict(self.whole(thing))
        said["properties"] = {name: self.whole(one) for name, one in _dict(said.get("properties")).items()}
        return said

    def _body(self, operation: Mapping[str, Any]) -> tuple[dict[str, str], tuple[str, ...], bool]:
        content = _dict(self.whole(operation.get("requestBody")).get("content"))
        kind = next((one for one in content if "json" in one), next(iter(content), ""))
        schema = self.schema(_dict(content.get(kind)).get("schema"))
        fields = {name: str(one.get("type", "string")) for name, one in schema["properties"].items()}
        return fields, tuple(schema.get("required", ())), "form" in kind

    def _answer(self, operation: Mapping[str, Any]) -> tuple[Mapping[str, Any] | None, bool]:
        responses = _dict(operation.get("responses"))
        good = [self.whole(one) for status, one in responses.items() if str(status).startswith("2")]
        content = _dict(good[0].get("content")) if good else {}
        json_kind = next((one for one in content if "json" in one), None)
        if json_kind is None:
            return None, any("html" in one for one in content)
        schema = self.schema(_dict(content[json_kind]).get("schema"))
        schema["items"] = self.schema(schema["items"]) if "items" in schema else None
        lists = {
            name: self.schema(one.get("items"))
            for name, one in schema["properties"].items()
            if one.get("type") == "array"
        }
        return ({**schema, "lists": lists} if schema.get("type") or schema["properties"] else None), False


def _with_token(answer: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """Return what OAuth 2 says that the answer holds (RFC 6749, section 5.1), where the document says too little."""
    said = _dict(answer)
    fields = _dict(said.get("properties"))
    return {"lists": {}, **said, "properties": {**fields, "access_token": fields.get("access_token", {})}}


def _dict(said: object) -> Mapping[str, Any]:
    return said if isinstance(said, Mapping) else {}
