"""The token that a sign-in gives: where it lies in the answer, and how alike two are."""

from collections.abc import Iterable, Mapping
from itertools import takewhile

from .lines import Line
from .pointers import MISSING, found
from .replies import NotAnAnswerError, as_json
from .signing import Token
from .wire import Answer

# So long a beginning or an end is no accident: an altered token is still that of the user whose it was.
_ALIKE = 8


def looks_like_a_token(answer: Answer) -> str:
    """Return the field of an answer that is called like a token."""
    said = as_json(answer)
    names = [name for name, value in said.items() if isinstance(value, str)] if isinstance(said, dict) else []
    return next((name for name in names if "token" in name.lower() and "type" not in name.lower()), "token")


def token_of(line: Line, token: Token, answer: Answer) -> str:
    """Return the token of a sign-in; raises NotAnAnswerError where it is not where the file says."""
    if token.in_header:
        value: object = answer.header(token.where.lower()) or MISSING
    else:
        value = found(as_json(answer), token.where)
    if isinstance(value, str) and value:
        return value
    msg = f"{line.shown} answered HTTP {answer.status} without a token at {token.where}"
    raise NotAnAnswerError(msg)


def most_alike(
    one: Mapping[str, str], known: Iterable[frozenset[tuple[str, str]]]
) -> frozenset[tuple[str, str]] | None:
    """Return the known credential that this one was made of, None where it is like none of them."""
    near = {other: alike(one, dict(other)) for other in known}
    nearest = max(near, key=near.__getitem__, default=None)
    return None if nearest is None or near[nearest] < _ALIKE else nearest


def alike(one: Mapping[str, str], other: Mapping[str, str]) -> int:
    """Return how long a beginning or an end two credentials have in common, at the place where that is the longest."""
    # What stands before a token, such as `Bearer`, is everybody's.
    both = [(_bare(one[place]), _bare(value)) for place, value in other.items() if place in one]
    ways = [*both, *((first[::-1], second[::-1]) for first, second in both)]
    return max((_begin_alike(*pair) for pair in ways), default=0)


def _bare(value: str) -> str:
    return value.rpartition(" ")[2]


def _begin_alike(one: str, other: str) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
