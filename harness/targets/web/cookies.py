"""What an answer sets as cookies. Path, domain and Secure are not asked: there is one host, on this machine."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from .wire import Answer


def set_cookies(answer: Answer) -> dict[str, str | None]:
    """Return the cookies that an answer sets, None for those that it removes."""
    found: dict[str, str | None] = {}
    for key, header in answer.headers:
        if key == "set-cookie":
            pair, *attributes = header.split(";")
            name, mark, value = pair.partition("=")
            if mark and name.strip():
                found[name.strip()] = None if _is_over(attributes) else value.strip()
    return found


def same_site(answer: Answer) -> dict[str, bool]:
    """Return for each cookie that an answer sets whether it stays at home when a page of another site asks.

    Where it does not say so, browsers differ: it is taken for one that does not.
    """
    found: dict[str, bool] = {}
    for key, header in answer.headers:
        if key == "set-cookie":
            pair, *attributes = header.split(";")
            said = (one.partition("=") for one in attributes)
            stays = {value.strip().lower() for name, _, value in said if name.strip().lower() == "samesite"}
            found[pair.partition("=")[0].strip()] = bool(stays & {"lax", "strict"})
    return found


def _is_over(attributes: list[str]) -> bool:
    said = {key.strip().lower(): value.strip() for key, _, value in (one.partition("=") for one in attributes)}
    if "max-age" in said:
        age = said["max-age"]
        return not age.isdecimal() or int(age) == 0
    try:
        ends = parsedate_to_datetime(said.get("expires", ""))
    except (TypeError, ValueError):
        return False
    return ends.replace(tzinfo=ends.tzinfo or UTC) <= datetime.now(UTC)
