"""The token that a form must send back (CSRF): where it is found, and how it is sent."""

import re
from dataclasses import dataclass
from html import unescape

from ...base.errors import TargetError
from . import pointers
from .lines import Line, read_line
from .replies import as_json
from .wire import Answer

_GUARD = re.compile(r"csrf|xsrf", re.IGNORECASE)
_NAMED = re.compile(r"(cookie|input|meta)(?:\[name=(.+)\]|\s+(\S+))")
_TAG = re.compile(r"<(input|meta)\b[^>]*>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")


@dataclass(frozen=True, slots=True)
class Csrf:
    """`page` is asked for it; `kind` is cookie, input, meta or pointer; `header` is what sends it, else `{csrf}`."""

    page: Line | None
    kind: str
    name: str
    header: str = ""

    def found(self, answer: Answer) -> str:
        """Return the token that a page carries, nothing where it has none."""
        if self.kind == "pointer":
            token = pointers.found(as_json(answer), self.name)
            return token if isinstance(token, str) else ""
        for tag in _TAG.finditer(answer.text):
            said = {key.lower(): unescape(a or b or c) for key, a, b, c in _ATTRIBUTE.findall(tag[0])}
            if tag[1].lower() == self.kind and said.get("name") == self.name:
                return said.get("value" if self.kind == "input" else "content", "")
        return ""


def guards(cookie: str) -> bool:
    """Tell whether a cookie, by its name, guards forms and opens nothing by itself."""
    return bool(_GUARD.search(cookie))


def read_csrf(text: object) -> Csrf | None:
    """Read `GET /login -> input csrf_token -> header X-CSRF-Token`; the page and the header may be left out.

    Raises TargetError where it is none.
    """
    if text is None:
        return None
    parts = [part.strip() for part in str(text).split(" -> ")]
    page = read_line("csrf", parts.pop(0)) if len(parts) > 1 and "/" in parts[0].partition(" ")[2] else None
    source = parts.pop(0) if parts else ""
    header = parts.pop(0).removeprefix("header ").strip() if parts else ""
    named = _NAMED.fullmatch(source)
    is_pointer = source.startswith("/")
    if parts or not (named or is_pointer) or (page is None and not (named and named[1] == "cookie")):
        msg = (
            f"csrf in the application's file is none: write 'cookie csrftoken -> header X-CSRFToken', or "
            f"'GET /login -> input csrf_token' with {{csrf}} in the bodies that need it; got {text!r}"
        )
        raise TargetError(msg)
    if named is None:
        return Csrf(page, "pointer", source, header)
    return Csrf(page, named[1], named[2] or named[3], header)
