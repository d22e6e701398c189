"""Where an answer leads: the request that a browser sends next, on the same host alone."""

from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, quote, unquote, urljoin, urlsplit

from .lines import Line, Values
from .requests import Carried
from .wire import Answer, Asked

_AGAIN = frozenset({307, 308})
MOVED = frozenset({301, 302, 303})
# What an address may hold as it is (RFC 3986); whatever else an application writes there is escaped.
_PLAIN = "/%!$&'()*+,;=:@~?-._"


@dataclass(frozen=True, slots=True)
class Onward:
    """The next request: its line and what fills that, its target as it is sent, what is carried, whether it repeats."""

    line: Line
    values: Values
    target: str
    carried: Carried
    repeats: bool


def onward(line: Line, values: Values, asked: Asked, answer: Answer, carried: Carried, base: str) -> Onward | None:
    """Return where an answer leads, None where nowhere, or to another host.

    What was said or spelt for the first request alone stays behind: its address has no place for it.
    """
    where = answer.header("location")
    repeats = answer.status in _AGAIN
    if not where or not (repeats or answer.status in MOVED):
        return None
    address, root = urlsplit(urljoin(f"{base}{asked.target}", where)), urlsplit(base)
    if (address.scheme, address.netloc) != (root.scheme, root.netloc):
        return None
    path = quote(address.path.removeprefix(root.path.rstrip("/")) or "/", safe=_PLAIN)
    query = quote(address.query, safe=_PLAIN)
    left = of_every_request(carried, *(("body",) if repeats else ()))
    pairs = parse_qsl(query, keep_blank_values=True)
    # What a credential has in the query it has there, too, and is told in the same way.
    hidden = {name: value for name, value in pairs if name in carried.query}
    said = {f"said{at}": value for at, (name, value) in enumerate(pairs) if name not in hidden}
    following = replace(
        line,
        method=line.method if repeats else "GET",
        path=_told(path, line, values),
        query=tuple((name, f"{{said{at}}}") for at, (name, _) in enumerate(pairs) if name not in hidden),
        body=line.body if repeats else None,
    )
    target = f"{path}?{query}" if query else path
    return Onward(following, said, target, replace(left, query=hidden), repeats)


def of_every_request(carried: Carried, *places: str) -> Carried:
    """Return what is carried without what was said or spelt for one request alone, but for claims in these places."""
    claim = carried.claim
    kept = claim if claim is not None and claim[0] in ("header", "cookie", *places) else None
    return replace(carried, claim=kept, spelling="")


def _told(path: str, line: Line, values: Values) -> str:
    """Return a path as a line has it: the record that was asked for keeps its name.

    A step may be called as the record is. So the record is as far from the end as the line had it, else as far from
    the beginning, and anywhere if it is there alone.
    """
    steps, ident = path.split("/"), str(values.get("id", ""))
    there = [at for at, step in enumerate(steps) if step]
    had = [step for step in line.path.split("/") if step]
    places = [at for at, step in enumerate(had) if step == "{id}"]
    behind = {there[at - len(had)] for at in places if len(had) - at <= len(there)} or set(there[-1:])
    before = {there[at] for at in places if at < len(there)}
    same = {at for at in there if unquote(steps[at]) == ident}
    record = same & behind or same & before or (same if len(same) == 1 else set())
    plain = [step.replace("{", "%7B").replace("}", "%7D") for step in steps]
    return "/".join("{id}" if at in record else step for at, step in enumerate(plain))
