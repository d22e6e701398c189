"""The forms in which a campaign's own ids are written: as applications write theirs, and still told from theirs."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import TypeAlias

from ..base.errors import HarnessError, UnknownNameError

NAME, EMAIL, UUID, NUMBER = "name", "email", "uuid", "number"
FORMS = (NAME, EMAIL, UUID, NUMBER)
# One of them by name, or the application's own way to write a number as an id.
IdForm: TypeAlias = str | Callable[[int], str]

# Sixteen digits, seven of the campaign and nine of the tenant: below 2**53, so that no float rounds two to one.
_CAMPAIGNS, _TENANTS = 8_000_000, 10**9
_LEAST = 1_000_000
_TAIL = 15


@dataclass(frozen=True, slots=True)
class Written:
    """How ids are written: `write` takes a tenant's index and name; each id begins with `prefix`.

    `found` is what tells one, with the index in its groups, `base` the base of its digits.
    """

    prefix: str
    write: Callable[[int, str], str]
    found: re.Pattern[str]
    base: int = 10

    def places(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Yield what looks like an id in the text: the index, where the part stands that tells it, and that part."""
        for one in self.found.finditer(text):
            yield int("".join(one.groups()), self.base), one.start(), one[0]


def written(form: IdForm, key: bytes) -> Written:
    """Return how ids of this form are written in the campaign with this key.

    Raises UnknownNameError for a form that does not exist, HarnessError for a function that does not write its number
    out.
    """
    campaign = f"mf{key[:4].hex()}"
    number = _LEAST + int.from_bytes(key[:8], "big") % _CAMPAIGNS
    if callable(form):
        return _by(form, number)
    match form:
        case "name":
            pattern = rf"(?<!\w){campaign}-[a-z]+-(\d{{1,9}})(?!\w)"
            return Written(campaign, lambda index, name: f"{campaign}-{name}-{index}", re.compile(pattern))
        case "email":
            pattern = rf"(?<!\w){campaign}\+[a-z]+\.(\d{{1,9}})@example\.com(?!\w)"
            return Written(campaign, lambda index, name: f"{campaign}+{name}.{index}@example.com", re.compile(pattern))
        case "uuid":
            pattern = rf"(?<!\w){key[:4].hex()}-([0-9a-f]{{4}})-4([0-9a-f]{{3}})-[0-9a-f]{{4}}-[0-9a-f]{{12}}(?!\w)"
            return Written(key[:4].hex(), lambda index, _: _uuid(index, key), re.compile(pattern), 16)
        case "number":
            pattern = rf"(?<!\w){number}(\d{{9}})(?!\w)"
            return Written(str(number), lambda index, _: str(number * _TENANTS + index), re.compile(pattern))
        case _:
            raise UnknownNameError(form, kind="id form", choices=FORMS)


def _uuid(index: int, key: bytes) -> str:
    """Write a version 4 UUID: the campaign, the index in seven digits, and what only the key can tell."""
    first, tail = f"{index:07x}", blake2b(index.to_bytes(8, "big"), key=key, person=b"uuid").hexdigest()[:_TAIL]
    return f"{key[:4].hex()}-{first[:4]}-4{first[4:]}-8{tail[:3]}-{tail[3:]}"


def _by(form: Callable[[int], str], number: int) -> Written:
    def write(index: int, _: str) -> str:
        made = form(number * _TENANTS + index)
        if not isinstance(made, str) or str(number * _TENANTS + index) not in made:
            msg = (
                f"id_form must return a text in which its number is written out, such as f'user-{{number}}', "
                f"or nobody could tell whose an id is; {number * _TENANTS + index} became {made!r}"
            )
            raise HarnessError(msg)
        return made

    sample = write(0, "")
    return Written(
        sample[: sample.index(str(number)) + len(str(number))], write, re.compile(rf"(?<!\d){number}(\d{{9}})(?!\d)")
    )
