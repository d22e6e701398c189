"""Secrets in texts: a password, key or token that an error or an address carries never reaches a screen or a report."""

import re
from collections.abc import Mapping

MASK = "***"

_NAMES = (
    r"[\w-]*(?:pass(?:word|wd|phrase|code)?|pwd|secret|token|credentials?|signature|private[_-]?key|access[_-]?key|"
    r"account[_-]?key|api[_-]?key|apikey|conn(?:ection)?[_-]?str(?:ing)?)"
)
_IS_A_NAME = re.compile(rf"(?:{_NAMES}|auth|authorization|cookie|dsn)", re.IGNORECASE).fullmatch
# In our own lines for a shell, quotes end where a variable stands for a secret: `"password": "'"$pw"'"`.
_NO_VARIABLE = r"""(?!(?:\w+\s+)?"?'"\$\w)"""
# Names of our own attacks, before what is said of them.
_NO_ATTACK = (
    r"(?!(?:absent|altered|guessed)_credentials: |credential: (?:absent|altered|beside|closed|cut|empty|expired|"
    r"guessed|kept|known key|made up|mistaken|other purpose|unsigned|user)\b(?!['\"]?[\w-]))"
)
# `scheme://user:password@host`: the user may be the token. A password may hold an @, so the last one counts, and a
# slash, unless what stands before that is a port.
_ADDRESS = re.compile(
    r"(?P<kept>\b[a-z][a-z0-9+.-]{0,30}://)(?:[^\s/?#:'\"<>]*:(?!\d+[/?#])[^\s'\"<>]*|[^\s/?#'\"<>]*)(?=@)",
    re.IGNORECASE,
)
# `Authorization: Token ...`, as a header or in a dict that was printed.
_HEADER = re.compile(
    rf"(?P<kept>\b(?:proxy-)?authorization\b\\?['\"]?\s*[:=,]\s*\\?['\"]?){_NO_VARIABLE}"
    r"(?:(?:token|bearer|basic|apikey|digest)\s+)?"
    r"[^\s'\",;)}\]\\]+",
    re.IGNORECASE,
)
_BEARER = re.compile(r"(?P<kept>\bbearer\s+)[\w.~+/=-]{8,}", re.IGNORECASE)
# `api_key=...`, `"password": "..."`, `--token ...` is left: a sentence may say `the token was refused`.
_NAMED = re.compile(
    rf"(?P<kept>(?<![\w-]){_NO_ATTACK}{_NAMES}\\?['\"]?\s*(?:=>|:=|[:=])\s*(?:SecretStr\()?){_NO_VARIABLE}"
    r"(?:\\['\"](?:(?!\\['\"]).)*\\['\"]|b?'(?:[^'\\]|\\.)*'|b?\"(?:[^\"\\]|\\.)*\"|[^\s'\",;&)}\]]+)",
    re.IGNORECASE,
)
# Keys that say themselves what they are; the first is mem0's own.
_SHAPES = re.compile(
    r"\b(?:m0-[A-Za-z0-9_-]{6,}|sk-[A-Za-z0-9_-]{8,}|gh[pousr]_[A-Za-z0-9]{16,}|github_pat_\w{16,}|hf_[A-Za-z0-9]{16,}|"
    r"glpat-[\w-]{16,}|xox[a-z]-[\w-]{8,}|AIza[\w-]{30,}|(?:AKIA|ASIA)[A-Z0-9]{16}|"
    r"eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?)"
)
_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)", re.DOTALL)


def masked(text: str) -> str:
    """Return the text with each secret in it replaced by `***`; what is no secret stays, and twice is as once."""
    text = _KEY.sub(MASK, text)
    for pattern in (_ADDRESS, _HEADER, _BEARER, _NAMED):
        text = pattern.sub(rf"\g<kept>{MASK}", text)
    return _SHAPES.sub(MASK, text)


def masked_values(value: object, key: str = "") -> object:
    """Return plain values (dicts, lists, texts, numbers) with each secret masked, also one that its key gives away."""
    match value:
        case Mapping():
            return {name: masked_values(one, str(name)) for name, one in value.items()}
        case list() | tuple():
            return [masked_values(one, key) for one in value]
        case str():
            return MASK if value and _IS_A_NAME(key) else masked(value)
        case _:
            return value
