"""A credential's text, changed as somebody would who holds it and not the secret behind it."""

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from urllib.parse import quote

from ..model.credentials import ALTERED, BESIDE, CUT, KNOWN_KEY, UNSIGNED, USER
from .weak_secrets import signed_by_a_known_secret

# What a credential is: where it goes, such as "cookie session", and its text.
Held = Mapping[str, str]

_SCHEME = re.compile(r"(?:[A-Za-z]+ )?")
_LAST_NUMBER = re.compile(r"\d+(?=\D*$)")
_LAST_HEX = re.compile(r"[0-9a-f]+(?=[^0-9a-f]*$)", re.IGNORECASE)
_JWT_PARTS = 3
# A number that is drawn is no neighbour's; one that is counted is near.
_NEAR = 1000


def forged(form: str, own: Held, *, user: str, other: str) -> list[Held]:
    """Return what a form makes of one's own credential, as many variants as there are, none where it makes nothing.

    `user` is the user id that it was issued for, `other` the one that it is to open.
    """
    texts = _TEXTS.get(form)
    if texts is not None:
        rows = [list(dict.fromkeys(texts(text, user, other))) for text in own.values()]
        most = max(map(len, rows), default=0)
        made = [
            {name: row[min(at, len(row) - 1)] if row else own[name] for name, row in zip(own, rows, strict=True)}
            for at in range(most)
        ]
        return [one for one in made if one != dict(own)]
    return list(_beside(own, user, other)) if form == BESIDE else []


def guessed(several: Sequence[Held]) -> list[Held]:
    """Return the credentials that lie about these, which were issued one after the other; none where none counts."""
    last = several[-1]
    for name in last:
        for pattern, base in ((_LAST_NUMBER, 10), (_LAST_HEX, 16)):
            found = [pattern.search(one.get(name, "")) for one in several]
            numbers = [int(one[0], base) for one in found if one]
            steps = {after - before for before, after in pairwise(numbers)}
            # Where what stands about the number differs, too, nobody can guess the whole.
            about = {pattern.sub("", one.get(name, ""), count=1) for one in several}
            if len(numbers) == len(several) and len(about) == 1 and all(0 < step <= _NEAR for step in steps):
                width = len(found[-1][0]) if found[-1] else 0
                return [
                    {**last, name: pattern.sub(_digits(number, base, width), last[name], count=1)}
                    for number in _about(numbers)
                ]
    return []


def made_up(like: Held) -> dict[str, str]:
    """Return a credential as somebody makes it up who has seen the form of others."""
    return {
        name: "".join("0" if one.isdigit() else "f" if one.isalpha() else one for one in text) or "f00d"
        for name, text in like.items()
    }


def _about(numbers: Sequence[int]) -> Iterator[int]:
    """Yield the numbers about those that were issued, which are one's own: by their step, then the nearest."""
    first, last, step = numbers[0], numbers[-1], numbers[1] - numbers[0]
    near = (number for away in range(1, 7) for number in (first - away, last + away))
    yield from dict.fromkeys(one for one in (first - step, last + step, *near) if one >= 0)


def _digits(number: int, base: int, width: int) -> str:
    return f"{number:0{width}d}" if base == len("0123456789") else f"{number:0{width}x}"


def _altered(text: str, user: str, other: str) -> Iterator[str]:
    """Yield the text with a character in the middle of each of its parts changed, the signature's first."""
    del user, other
    scheme, token = _split(text)
    parts = token.split(".")
    for at in reversed(range(len(parts))):
        if parts[at]:
            middle = len(parts[at]) // 2
            changed = "A" if parts[at][middle] != "A" else "B"
            part = f"{parts[at][:middle]}{changed}{parts[at][middle + 1 :]}"
            yield scheme + ".".join([*parts[:at], part, *parts[at + 1 :]])


def _cut(text: str, user: str, other: str) -> Iterator[str]:
    del user, other
    scheme, token = _split(text)
    head, dot, _ = token.rpartition(".")
    if dot:
        yield f"{scheme}{head}."
        yield scheme + head
    yield scheme + token[: max(1, len(token) // 2)]
    yield scheme + token[:8] if len(token) > len("ffffffff") else scheme + token[:1]


def _of_another(text: str, user: str, other: str) -> Iterator[str]:
    """Yield the text with the other user's id in the place of one's own, in plain or within what is encoded."""
    scheme, token = _split(text)
    for mine, theirs in ((user, other), (quote(user, safe=""), quote(other, safe=""))):
        if mine and mine in token:
            yield scheme + token.replace(mine, theirs)
    parts = token.split(".")
    for at, part in enumerate(parts):
        inside = _decoded(part)
        if inside is not None and user.encode() in inside:
            changed = _encoded(inside.replace(user.encode(), other.encode()), part)
            yield scheme + ".".join([*parts[:at], changed, *parts[at + 1 :]])


def _unsigned(text: str, user: str, other: str) -> Iterator[str]:
    """Yield a token of three parts as one that says it needs no signature, for the other user."""
    scheme, token = _split(text)
    parts = token.split(".")
    inside = [_decoded(part) for part in parts[:2]]
    if len(parts) != _JWT_PARTS or None in inside:
        return
    header, claims = (one or b"" for one in inside)
    try:
        said = json.loads(header)
    except ValueError:
        return
    if not isinstance(said, dict) or "alg" not in said:
        return
    claims = claims.replace(user.encode(), other.encode())
    for none in ("none", "None", "NONE"):
        head = json.dumps({**said, "alg": none}, separators=(",", ":")).encode()
        yield f"{scheme}{_encoded(head, '')}.{_encoded(claims, '')}."


def _by_a_known_secret(text: str, user: str, other: str) -> Iterator[str]:
    scheme, token = _split(text)
    yield from (f"{scheme}{one}" for one in signed_by_a_known_secret(token, user, other))


def _beside(own: Held, user: str, other: str) -> Iterator[Held]:
    """Yield one's own credential beside a second one that names another user."""
    for name, text in own.items():
        place, _, called = name.partition(" ")
        second = next(iter(_of_another(text, user, other)), other)
        if place == "cookie":
            yield {**own, "header Authorization": f"Bearer {second}"}
            yield {**own, f"{name} again": second}
        else:
            yield {**own, "cookie session": _split(second)[1]}
            yield {**own, "cookie token": _split(second)[1], f"header X-{called}": second}


_TEXTS: Mapping[str, Callable[[str, str, str], Iterator[str]]] = {
    ALTERED: _altered,
    CUT: _cut,
    USER: _of_another,
    UNSIGNED: _unsigned,
    KNOWN_KEY: _by_a_known_secret,
}


def _split(text: str) -> tuple[str, str]:
    """Return the scheme before a token, as `Bearer `, and the token."""
    found = _SCHEME.match(text)
    scheme = found[0] if found else ""
    return scheme, text[len(scheme) :]


def _decoded(part: str) -> bytes | None:
    """Return what stands in a part that is base64, None where it is none."""
    try:
        return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None


def _encoded(inside: bytes, like: str) -> str:
    """Return the bytes as base64, padded where the part that it stands for was."""
    text = base64.urlsafe_b64encode(inside).decode()
    return text if like.endswith("=") else text.rstrip("=")
