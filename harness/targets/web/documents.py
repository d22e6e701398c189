"""What is neither JSON nor a page: XML, and the cards and calendars of CardDAV and CalDAV."""

import re
from collections.abc import Callable, Mapping
from html import escape
from typing import TypeAlias
from xml.etree import ElementTree as ET

from . import pointers
from .wire import Answer

# A text, or by their names the elements that it is made of: a list where several have one name.
Plain: TypeAlias = "str | dict[str, Plain] | list[Plain]"
# RFC 6350 and RFC 5545: a long line goes on in the next, which begins with a blank; some signs are written with a \.
_FOLDED = re.compile(r"\r?\n[ \t]")
_ESCAPED = re.compile(r"\\([\\,;nN])")
_SPECIAL = re.compile(r"[\\,;]|\r?\n")
_CARD = "BEGIN:V"
_CARDS = frozenset({"text/vcard", "text/calendar"})


def is_xml(answer: Answer) -> bool:
    """Tell whether the answer says that it is XML."""
    kind = answer.header("content-type").partition(";")[0].strip()
    return kind in ("text/xml", "application/xml") or (kind.endswith("+xml") and "html" not in kind)


def as_plain(answer: Answer) -> object:
    """Return what an XML document holds, by the names of its elements without namespaces; MISSING where it is none."""
    try:
        root = ET.fromstring(answer.body)  # noqa: S314 - of the application that is audited; expat bounds what entities unfold to
    except ET.ParseError:
        return pointers.MISSING
    return {_name(root): _plain(root)}


def several(whole: object, pointer: str) -> object:
    """Return what lies there as a list: an element that may be repeated may be there once, or not at all.

    MISSING where nothing is that it would stand in.
    """
    inside = pointers.found(whole, pointer)
    if inside is not pointers.MISSING:
        return inside if isinstance(inside, list) else [inside]
    above = pointers.found(whole, "/".join(pointers.steps(pointer)[:-1]))
    return [] if isinstance(above, Mapping) or above == "" else pointers.MISSING


def as_card(text: str) -> Plain:
    """Return a card or a calendar by the names of its parts, as XML is: `/VCARD/NOTE`; any other text as it is."""
    if not text.lstrip().startswith(_CARD):
        return text
    whole: dict[str, list[Plain]] = {}
    inside = [whole]
    for line in _FOLDED.sub("", text).splitlines():
        named, _, said = line.partition(":")
        name = named.partition(";")[0].upper()
        if name == "BEGIN":
            inside.append({})
        elif name == "END" and len(inside) > 1:
            part = inside.pop()
            inside[-1].setdefault(said.strip().upper(), []).append(_unlisted(part))
        elif name:
            inside[-1].setdefault(name, []).append(_ESCAPED.sub(_unescaped, said))
    return _unlisted(whole)


def escaping(content_type: str) -> Callable[[str], str]:
    """Return what makes a value fit to stand in a text of this type."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind in _CARDS:
        return lambda value: _SPECIAL.sub(lambda found: "\\n" if "\n" in found[0] else f"\\{found[0]}", value)
    return escape if kind.endswith("xml") else str


def _unescaped(found: re.Match[str]) -> str:
    return "\n" if found[1] in "nN" else found[1]


def _unlisted(found: Mapping[str, list[Plain]]) -> Plain:
    return {name: many if len(many) > 1 else many[0] for name, many in found.items()}


def _name(element: ET.Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _plain(element: ET.Element) -> Plain:
    if not len(element):
        return as_card(element.text or "")
    found: dict[str, list[Plain]] = {}
    for child in element:
        found.setdefault(_name(child), []).append(_plain(child))
    return _unlisted(found)
