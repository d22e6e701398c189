"""What stands around the answers, until somebody asks; and what a browser would still have of them."""

import threading
from collections import OrderedDict, deque
from dataclasses import replace
from email.utils import formatdate

from ...model.around import FIELDS, Around
from .cookies import same_site, set_cookies
from .requests import SINCE, TAG, Carried
from .wire import Answer, Asked

# Who never asks shall not have it all kept.
_MOST = 500
_NOT_MODIFIED = 304
_QUERY = "query"


class Surroundings:
    """Notes each answer for the thread that asked; remembers tagged answers, by address and session."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._here = threading.local()
        self._tagged: OrderedDict[str, dict[str, Answer]] = OrderedDict()
        # By cookie, whether it stays at home when a page of another site asks.
        self._stays: dict[str, bool] = {}

    def note(self, asked: Asked, answer: Answer, carried: Carried, session: str) -> None:
        """Take one request, what it carried of whose session, and its answer."""
        self._stays |= same_site(answer)
        given = set_cookies(answer)
        sets = frozenset(name for name, value in given.items() if value)
        fields = tuple((name, value) for name, value in answer.headers if name in FIELDS)
        if not answer.header("date"):
            # Whoever receives an answer without one notes when that was (RFC 9110, 6.6.1).
            fields += (("date", formatdate(usegmt=True)),)
        path, _, _ = asked.target.partition("?")
        self._noted.append(
            Around(
                method=asked.method,
                target=path if carried.query else asked.target,
                status=answer.status,
                fields=fields,
                by=_by(carried),
                scheme=_header(asked, "authorization").partition(" ")[0].lower(),
                sets=sets,
                own=sets & carried.cookies.keys(),
                cross_site=any(not self._stays.get(name, False) for name in carried.cookies),
                origin=_header(asked, "origin"),
                kept=answer.kept,
            )
        )
        if session and asked.method == "GET" and _tags(answer) and not _is_kept_by_none(answer):
            self._tagged.setdefault(asked.target, {})[session] = answer
            self._tagged.move_to_end(asked.target)
            if len(self._tagged) > _MOST:
                self._tagged.popitem(last=False)

    def of_another(self, target: str, session: str) -> Answer | None:
        """Return what a browser may have kept of the last other session's answer at this address, with its tag."""
        known = [answer for whose, answer in self._tagged.get(target, {}).items() if whose != session]
        return known[-1] if known else None

    def taken(self) -> list[Around]:
        """Return what stood around the answers since this thread was last asked."""
        noted = list(self._noted)
        self._noted.clear()
        return noted

    @property
    def _noted(self) -> deque[Around]:
        if not hasattr(self._here, "noted"):
            self._here.noted = deque(maxlen=_MOST)
        noted: deque[Around] = self._here.noted
        return noted


def conditional(carried: Carried, known: Answer | None) -> Carried:
    """Return what is carried, with the tag or the time of what is known: the application says if it still holds."""
    return carried if known is None else replace(carried, headers={**carried.headers, **_tags(known)})


def as_shown(answer: Answer, known: Answer | None) -> Answer:
    """Return what a browser shows: what it has kept, where the application says that it still holds (RFC 9111, 4.3)."""
    return known if known is not None and answer.status == _NOT_MODIFIED else answer


def _tags(answer: Answer) -> dict[str, str]:
    """Return what a browser asks by whether an answer still holds; by its time alone not where it varies by user."""
    if answer.header("etag"):
        return {TAG: answer.header("etag")}
    time, varies = answer.header("last-modified"), answer.header("vary").lower()
    return {SINCE: time} if time and not any(one in varies for one in ("cookie", "authorization", "*")) else {}


def _by(carried: Carried) -> frozenset[str]:
    names = {name.lower() for name in carried.headers if name not in (TAG, SINCE)}
    return frozenset(names | ({"cookie"} if carried.cookies else set()) | ({_QUERY} if carried.query else set()))


def _header(asked: Asked, name: str) -> str:
    return next((value for key, value in asked.headers if key.lower() == name), "")


def _is_kept_by_none(answer: Answer) -> bool:
    return "no-store" in answer.header("cache-control").lower()
