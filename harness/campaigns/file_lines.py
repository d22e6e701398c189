"""The lines that an application's file lacks: with paths as they often are, for only its owner knows them."""

from collections.abc import Mapping, Sequence

from ..model.keys import called

_LINES: Mapping[str, str] = {
    "add": "add = 'POST /memories {text} -> /id'",
    "search": "search = 'GET /memories/search?q={query}'",
    "get_all": "get_all = 'GET /memories'",
    "get": "get = 'GET /memories/{id}'",
    "update": "update = 'PUT /memories/{id} {text}'",
    "delete": "delete = 'DELETE /memories/{id}'",
    "delete_all": "delete_all = 'DELETE /memories'",
    "history": "history = 'GET /memories/{id}/history'",
    "ask": "ask = 'POST /ask {query}'",
    "page": "page = 'GET /your-data'",
    "export": "export = 'GET /export'",
    "events": "events = 'GET /events'",
    "live": "live = 'WS /live'",
    "close_account": "close_account = 'DELETE /account'",
    "sign_out": "sign_out = 'POST /logout'",
    "start": "reset = 'POST /test/reset'",
    "expire": "expire = 'POST /test/expire'",
    "metadata": """add = 'POST /memories {"text": "{text}", "metadata": "{metadata}"} -> /id'""",
    "infer": """add = 'POST /memories {"text": "{text}", "infer": "{infer}"} -> /id'""",
    "others": "others = { unsubscribe = 'GET /letters -> /token' }",
}
# Where the caller chooses the key.
_OF_KEYS: Mapping[str, str] = {
    "put": "put = 'PUT /files/{key} {text}'",
    "list": "list = 'GET /files'",
    "query": "query = 'GET /files?q={query}'",
    "get": "get = 'GET /files/{key}'",
    "delete": "delete = 'DELETE /files/{key}'",
    "clear": "clear = 'DELETE /files'",
    **{name: _LINES[name] for name in ("page", "export", "close_account", "sign_out", "start", "expire", "others")},
}
_BESIDE: Mapping[str, str] = {
    "start": "what empties its store; or --asgi 'myapp.web:create_app()'",
    "expire": "what lets sessions run out",
    "others": "tokens for another purpose",
}


def file_lines(choice: Sequence[str], keys: str = "") -> list[str]:
    """Return the line for the first of a choice that a file can say; for no choice, what permits to wipe the store.

    `keys` is how keys are spelt where callers choose them.

    Empty where a file can say none of them.
    """
    if not choice:
        return ["disposable = true"]
    lines = _OF_KEYS if keys else _LINES
    known = next((one for one in (called(keys, name) for name in choice) if one in lines), None)
    if known is None:
        return []
    beside = _BESIDE.get(known)
    return [lines[known] + (f"  # {beside}" if beside else "")]
