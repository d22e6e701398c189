"""Classes of ids that are an attack: each has a name, one sentence, and what it makes of a victim's id.

Most make ids under which somebody may be taken for the victim. Others make pairs: two made-up ids that a store may
take for one, such as `a.b` and `a_b`. Two changes of an id can be made one after the other.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias
from urllib.parse import quote

from .hostile_ids import JOINTS, TRUTHS, expressions, no_ids, padded, patterns, respelled

Ids: TypeAlias = Callable[[str], Sequence[object]]
Pairs: TypeAlias = Callable[[str], Sequence[tuple[object, object]]]


@dataclass(frozen=True, slots=True)
class Disguise:
    """An id that is an attack, and the class that it is of."""

    id: object
    kind: str


def _wide(text: str) -> str:
    """Write printable ASCII in full width."""
    return "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in text)


def _escaped(text: str) -> str:
    """Escape every character, also those that need it not."""
    return "".join(f"%{byte:02x}" for byte in text.encode("utf-8", "surrogatepass"))


# One step of a composition each: from any text to another, with the same victim behind it.
CHANGES: tuple[Callable[[str], str], ...] = (
    str.upper,
    _wide,
    _escaped,
    lambda text: f" {text}",
    lambda text: f"./{text}",
    lambda text: f"x/../{text}",
    lambda text: f"{text}/",
    lambda text: f"..\\{text}",
    lambda text: quote(text, safe=""),
    lambda text: f"{text}\u200b",
    lambda text: f"{text[:1]}%{ord(text[1]):02x}{text[2:]}" if len(text) > 1 and text[1].isascii() else text,
)
COMPOSITIONS = len(CHANGES) * (len(CHANGES) - 1)
# So many of them in an audit, others for each seed.
_FEW = 6


def composed(victim: str, number: int) -> str:
    """Return the victim's id after two different changes; any number will do, for they are taken in turns."""
    first, second = divmod(number % COMPOSITIONS, len(CHANGES) - 1)
    return CHANGES[second + (second >= first)](CHANGES[first](victim))


def a_few(seed: int) -> Callable[[str], tuple[str, ...]]:
    """Return what makes a few compositions of an id, other ones for each seed."""
    # Coprime to their number, so that neighbouring seeds have no stretch in common.
    return lambda victim: tuple(composed(victim, seed * _FEW * 7 + 7 * n) for n in range(_FEW))


def cases(victim: str) -> tuple[str, ...]:
    """Return the id in upper case, and with capitals."""
    return victim.upper(), victim.title()


def wide(victim: str) -> tuple[str, ...]:
    """Return the id in full width, and its first letter alone."""
    return _wide(victim), _wide(victim[:1]) + victim[1:]


def letters(victim: str) -> tuple[str, ...]:
    """Return the id with letters of another script that look the same."""
    return (victim.replace("e", "\u0435").replace("a", "\u0430").replace("m", "\u043c"),)


def invisible(victim: str) -> tuple[str, ...]:
    """Return the id with something behind it that cannot be seen."""
    return tuple(f"{victim}{one}" for one in ("\u200b", "\u00ad", "\u0301", "\u202e"))


def shorter(victim: str) -> tuple[str, ...]:
    """Return beginnings of the id, and its end."""
    return victim[:-1], victim[:-2], victim[1:]


def longer(victim: str) -> tuple[str, ...]:
    """Return ids in which the whole id stands, at the beginning, at the end and in between."""
    return f"{victim}0", f"a-{victim}", f"a-{victim}-0"


def roles(victim: str) -> tuple[str, ...]:
    """Return names that begin as those with more rights do; whoever may choose a name may choose one of these."""
    return f"admin-{victim}", f"root.{victim}", f"system_{victim}"


def percent(victim: str) -> tuple[str, ...]:
    """Return the id with one character escaped, all of them, and all of them twice."""
    return victim[:-1] + _escaped(victim[-1:]), _escaped(victim), quote(_escaped(victim), safe="")


def paths(victim: str) -> tuple[str, ...]:
    """Return relative and absolute paths that lead to the victim's, in both kinds of slashes."""
    return (
        f"../users/{victim}",
        f"x/../{victim}",
        f"./{victim}",
        f"{victim}/",
        f"{victim}/.",
        f"/{victim}",
        f"{victim}//",
        f"../{victim}",
        f"..\\{victim}",
        f"x\\..\\{victim}",
    )


def escaped_paths(victim: str) -> tuple[str, ...]:
    """Return such paths percent-encoded, once and twice."""
    return tuple(
        form.format(victim) for form in ("x%2f..%2f{}", "%2e%2f{}", "{}%2f", "x%252f..%252f{}", "%252e%252f{}")
    )


def punctuated(victim: str) -> tuple[str, ...]:
    """Return the id with other punctuation, without any, and with more."""
    others = [victim.replace("-", mark) for mark in ("_", ".", "", ":")]
    return (*others, f"{victim[:5]}_{victim[5:]}", f"{victim[:5]}-{victim[5:]}")


# What an application may drop from an id, or put something else for.
_MARKS = (".", "_", "-", " ", "@", "+", ":", "/", "", ".")


def cleaned(victim: str) -> tuple[tuple[str, str], ...]:
    """Return pairs that are one where every character outside a set becomes `_`, `-` or nothing."""
    # Each with an end of its own: whoever came under an id of one pair is nobody of another.
    marks = zip("abcdefghi", pairwise(_MARKS), strict=True)
    by_mark = tuple((f"{victim}{own}{end}", f"{victim}{other}{end}") for end, (own, other) in marks)
    return (*by_mark, (f"{victim}@j.k", f"{victim}_j_k"), (f"{victim}\u00e9", f"{victim}\u00e8"))


def normalised(victim: str) -> tuple[tuple[str, str], ...]:
    """Return pairs that are one after NFC, NFD or NFKC."""
    return (
        (f"{victim}-\u00e9", f"{victim}-e\u0301"),
        (f"{victim}-fi", f"{victim}-\ufb01"),
        (f"{victim}-2", f"{victim}-\u00b2"),
        (f"{victim}-a", f"{victim}-\uff41"),
        (f"{victim}-k", f"{victim}-\u212a"),
    )


def folded(victim: str) -> tuple[tuple[str, str], ...]:
    """Return pairs of made-up ids that are one after a change of case."""
    return (f"{victim}-stra\u00dfe", f"{victim}-strasse"), (f"{victim}-Ann", f"{victim}-ann")


def cut(victim: str) -> tuple[tuple[str, str], ...]:
    """Return pairs of long ids that begin alike, and differ behind where a column or a key may end."""
    prefixes = [(f"{victim}-" * 50)[:length] for length in (32, 64, 128, 255, 256, 512)]
    return tuple((f"{prefix}a", f"{prefix}b") for prefix in prefixes)


def begun(victim: str) -> tuple[tuple[str, str], ...]:
    """Return pairs of which the second is how the first begins."""
    return (f"{victim}-12", f"{victim}-1"), (f"{victim}.org", f"{victim}.")


def addresses(victim: str) -> tuple[tuple[str, str], ...]:
    """Return pairs of e-mail addresses that some servers deliver to one person."""
    plain = "".join(filter(str.isalnum, victim))
    return (f"{plain}@example.com", f"{plain}+x@example.com"), (f"{plain}a@example.com", f"{plain}A@Example.com")


def numbered(victim: str) -> tuple[tuple[object, object], ...]:
    """Return pairs of a number as an id and another spelling of it, and a truth that is written out."""
    number = int.from_bytes(victim.encode("utf-8", "surrogatepass")[-6:], "big")
    return (*respelled(number), *TRUTHS)


# Under the victim's own id somebody may be taken for it: what the class makes of that id, and the policy, if any, that
# says that the two are one.
UNDER: dict[str, tuple[str, Ids, str]] = {
    "id: blanks": ("the victim's id with a blank before or behind it", padded, "aliases"),
    "id: case": ("the victim's id in other case", cases, ""),
    "id: composed": ("the victim's id after two changes, one after the other", a_few(0), ""),
    "id: expression": ("an id that ends a string and goes on in a store's language", expressions, ""),
    "id: full width": ("the victim's id in full-width letters", wide, ""),
    "id: invisible": ("the victim's id and a character that cannot be seen", invisible, ""),
    "id: look-alike": ("the victim's id in letters of another script", letters, ""),
    "id: longer": ("an id that has the victim's in it", longer, ""),
    "id: no id": ("nothing, or no text, where an id belongs", no_ids, ""),
    "id: path": ("a path that leads to the victim's", paths, ""),
    "id: path in percent": ("such a path, percent-encoded once or twice", escaped_paths, ""),
    "id: pattern": ("an id that is a pattern", patterns, "wildcard-ids"),
    "id: percent": ("the victim's id, percent-encoded once or twice", percent, ""),
    "id: punctuation": ("the victim's id with other punctuation, or without", punctuated, ""),
    "id: role": ("a name that begins as one with more rights does", roles, ""),
    "id: shorter": ("the beginning or the end of the victim's id", shorter, ""),
}
# Two made-up ids that may be taken for one.
BESIDE: dict[str, tuple[str, Pairs, str]] = {
    "id: address": ("two e-mail addresses that some servers take for one", addresses, "aliases"),
    "id: begun": ("an id with which another one begins", begun, ""),
    "id: cleaning": ("two ids that are one where some characters become `_`, `-` or nothing", cleaned, ""),
    "id: cut": ("two long ids that begin alike", cut, ""),
    "id: folding": ("two ids that are one after a change of case", folded, ""),
    "id: normalisation": ("two ids that are one in a normal form of Unicode", normalised, ""),
    "id: number": ("a number as an id, and another spelling of it", numbered, "aliases"),
}
# Under two ids, of a user and a run.
_JOINED = {"id: joint": f"a user and a run that are another's where `{' '.join(JOINTS[:7])}` joins them"}
CLASSES: dict[str, str] = dict(
    sorted({**{name: one[0] for name, one in (*UNDER.items(), *BESIDE.items())}, **_JOINED}.items())
)


def under(victim: str, *names: str) -> Iterator[Disguise]:
    """Yield the ids of these classes, each with its class; one that is the victim's own is none."""
    for name in names:
        yield from (Disguise(one, name) for one in UNDER[name][1](victim) if one != victim)


def beside(victim: str, *names: str) -> Iterator[tuple[object, Disguise]]:
    """Yield the pairs of these classes, the second of each with its class."""
    for name in names:
        yield from ((own, Disguise(other, name)) for own, other in BESIDE[name][1](victim))
