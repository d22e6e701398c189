"""The token that a sign-in gives: where it lies in the answer."""

from .lines import Line
from .pointers import MISSING, found
from .replies import NotAnAnswerError, as_json
from .signing import Token
from .wire import Answer


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
