"""What a shared cache that obeys RFC 9111 may do with an answer, judged by its fields alone."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from ..model.around import Around

_GET, _FINAL = "GET", 200
# What a cache cannot give to another as it is: a part, and what means nothing without what was asked (section 3.3).
_PARTIAL, _NOT_MODIFIED = 206, 304
# A cache may keep these unasked (RFC 9110, 15.1).
_BY_DEFAULT = frozenset({200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501})
_DIRECTIVE = re.compile(r'\s*([^\s=,"]+)(?:\s*=\s*("[^"]*"|[^\s,]*))?\s*(?:,|$)')
# Each of these says that an answer to a request with Authorization may be shared (section 3.5).
_ALLOW = ("public", "s-maxage", "must-revalidate")


@dataclass(frozen=True, slots=True)
class Shared:
    """A shared cache may keep the answer and give it to others: `said` by its fields, or only not forbidden.

    `without` are the fields of it that are not given to others, in small letters.
    """

    said: bool
    why: str
    without: frozenset[str] = frozenset()


def shared(around: Around) -> Shared | None:
    """Return how a shared cache may give this answer to other users, None where it must not.

    Sections are those of RFC 9111. The cache keeps answers to GET (3: a method that it understands), of a final
    status, neither partial nor 304; `no-store` (5.2.2.5) and `private` (5.2.2.7) forbid it, and so does
    `Authorization` in the request unless the answer allows it (3.5). It gives it to whoever asks for the same address
    with the same fields that `Vary` names (4.1), without asking the application while it is fresh (4.2), unless
    `no-cache` forbids that (5.2.2.4). Without a time it may guess one (4.2.2): where `public` asks it to (5.2.2.9) that
    is said, else only not forbidden. An address that carries the credential is known to nobody else.
    """
    if around.method != _GET or around.status < _FINAL or around.status in (_PARTIAL, _NOT_MODIFIED):
        return None
    told = directives(around.field("cache-control"))
    if "no-store" in told or told.get("private") == "" or told.get("no-cache") == "":
        return None
    if "authorization" in around.by and not any(one in told for one in _ALLOW):
        return None
    varies = {name.strip().lower() for name in around.field("vary").split(",")}
    if not around.by or "query" in around.by or "*" in varies or around.by & varies:
        return None
    without = _named(told.get("private", "")) | _named(told.get("no-cache", ""))
    seconds = lifetime(around, told)
    if seconds is not None:
        why = f"it is fresh for {seconds:.0f} s"
        return Shared(said=True, why=why, without=without) if seconds > _age(around) else None
    if "public" in told:
        return Shared(said=True, why="it is public, and says no time", without=without)
    if around.status in _BY_DEFAULT:
        return Shared(said=False, why="it does not say who may keep it, nor for how long", without=without)
    return None


def directives(text: str) -> Mapping[str, str]:
    """Return the directives of a `Cache-Control`, by name in small letters; of one that is twice there, the first."""
    found: dict[str, str] = {}
    for name, value in _DIRECTIVE.findall(text):
        found.setdefault(name.lower(), value.strip('"'))
    return found


def lifetime(around: Around, told: Mapping[str, str]) -> float | None:
    """Return for how many seconds the answer says that it is fresh in a shared cache (4.2.1), None where it does not.

    What is no number, and no date, is no time at all: such an answer is stale.
    """
    for name in ("s-maxage", "max-age"):
        if name in told:
            return float(told[name]) if told[name].isascii() and told[name].isdecimal() else 0.0
    expires = around.field("expires")
    if not expires:
        return None
    try:
        ends, begins = (parsedate_to_datetime(one).timestamp() for one in (expires, around.field("date")))
    except ValueError:
        return 0.0
    return max(ends - begins, 0.0)


def _age(around: Around) -> float:
    age = around.field("age")
    return float(age) if age.isascii() and age.isdecimal() else 0.0


def _named(fields: str) -> frozenset[str]:
    """Return the fields that `private=` or `no-cache=` name: these are not given to others."""
    return frozenset(filter(None, (name.strip().lower() for name in fields.split(","))))


def shown(around: Around) -> Iterator[str]:
    """Yield what an answer says to caches, a field each; one sentence where it says nothing."""
    said = [name for name in ("cache-control", "expires", "vary") if around.field(name)]
    yield from (f"{name}: {around.field(name)}" for name in said)
    if not said:
        yield "neither cache-control, expires nor vary"
