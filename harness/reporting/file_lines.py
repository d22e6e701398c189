"""The lines that an application's file lacks: with paths as they often are, for only its owner knows them."""

from collections.abc import Mapping, Sequence

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
_BESIDE: Mapping[str, str] = {
    "start": "what empties its store; or --asgi 'myapp.web:create_app()'",
    "expire": "what lets sessions run out",
    "others": "tokens for another purpose",
}


def file_lines(choice: Sequence[str]) -> list[str]:
    """Return the line for the first of a choice that a file can say; for no choice, what permits to wipe the store.

    Empty where a file can say none of them.
    """
    if not choice:
        return ["disposable = true"]
    known = next((one for one in choice if one in _LINES), None)
    if known is None:
        return []
    beside = _BESIDE.get(known)
    return [_LINES[known] + (f"  # {beside}" if beside else "")]
