"""What every HTML page is: one file that loads nothing, whose texts are data and never markup."""

import json
import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from hashlib import sha256
from html import escape
from importlib.resources import files
from zlib import compress

_PAGE = files(__package__) / "page"
_PLACE = re.compile(r"\{\{(\w+)\}\}")
# Written so, no text can end the script element that holds it, or begin another.
_INERT = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}


def page(
    title: str,
    data: Mapping[str, object],
    parts: Iterable[str],
    *,
    packed: Mapping[str, object] | None = None,
) -> str:
    """Return the page: `data` by the id under which its script reads it, `parts` its scripts and styles, in order.

    `packed` is data, too; it travels deflated and in base64.
    """
    names = ("page.css", "kit.js", *parts)
    style, inside = ("\n".join(_part(name) for name in names if name.endswith(kind)) for kind in (".css", ".js"))
    script = f'"use strict";\n(() => {{\n{inside}}})();\n'
    scripts = [_data(name, "application/json", _inert(value)) for name, value in data.items()]
    scripts += [_data(name, "text/plain", _packed(value)) for name, value in (packed or {}).items()]
    filled = {
        "title": escape(_printable(title)),
        "policy": _policy(style=style, script=script),
        "style": style,
        "data": "\n".join(scripts),
        "script": script,
    }
    return _PLACE.sub(lambda place: filled[place[1]], _part("page.html"))


def _part(name: str) -> str:
    return (_PAGE / name).read_text(encoding="utf-8")


def _policy(*, style: str, script: str) -> str:
    """Return the rules by which a browser runs our one style and script and nothing else, and loads nothing."""
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _data(name: str, kind: str, text: str) -> str:
    return f'<script type="{kind}" id="{name}">{text}</script>'


def _inert(value: object) -> str:
    told = json.dumps(value, separators=(",", ":"))
    return "".join(_INERT.get(character, character) for character in told)


def _packed(value: object) -> str:
    return b64encode(compress(json.dumps(value, separators=(",", ":")).encode(), 9)).decode()


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in text)
