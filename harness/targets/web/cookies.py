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
