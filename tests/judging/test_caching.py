"""What a shared cache may do with an answer, section by section of RFC 9111; and beside a library that obeys it."""

import time
from dataclasses import replace
from email.utils import formatdate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("hishel", reason="pip install 'memfence[http]'")

from memfence.judging.caching import directives, lifetime, shared
from memfence.model.around import Around
from memfence.targets.web.shared_cache import SharedCache
from memfence.targets.web.wire import Answer, Asked

DATE = "Mon, 30 Nov 2026 12:00:00 GMT"
LATER, EARLIER = "Mon, 30 Nov 2026 12:01:00 GMT", "Mon, 30 Nov 2026 11:59:00 GMT"


def answered(*, by: str = "cookie", status: int = 200, method: str = "GET", **fields: str) -> Around:
    """Return an answer with these fields to a request that carried its credential there."""
    return replace(Around(method, "/notes", status, by=frozenset(by.split())).saying(date=DATE, **fields))


@pytest.mark.parametrize(
    ("section", "around"),
    [
        ("4.2.1, max-age", answered(cache_control="max-age=60")),
        ("4.2.1, s-maxage before max-age", answered(cache_control="max-age=0, s-maxage=60")),
        ("4.2.1, Expires", answered(expires=LATER)),
        ("5.2.2.9, public without a time", answered(cache_control="public")),
        ("3.5, Authorization, and public", answered(by="authorization", cache_control="public, max-age=60")),
        ("3.5, Authorization, and s-maxage", answered(by="authorization", cache_control="s-maxage=60")),
        (
            "3.5, Authorization, and must-revalidate",
            answered(by="authorization", cache_control="must-revalidate, max-age=60"),
        ),
        ("4.1, Vary on what users have in common", answered(cache_control="max-age=60", vary="Accept-Encoding")),
        ("5.2.2.7, private for one field", answered(cache_control='max-age=60, private="set-cookie"')),
        ("3, an error, with a time", answered(status=500, cache_control="max-age=60")),
        ("5.2, names in capitals", answered(cache_control="Max-Age=60, PUBLIC")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_the_fields_allow_a_shared_cache_may_give_to_others(section: str, around: Around) -> None:
    found = shared(around)

    assert found is not None, section
    assert found.said


@pytest.mark.parametrize(
    ("section", "around"),
    [
        ("3, POST", answered(method="POST", cache_control="public, max-age=60")),
        ("3.3, a part", answered(status=206, cache_control="public, max-age=60")),
        ("4.3, 304", answered(status=304, cache_control="public, max-age=60")),
        ("5.2.2.5, no-store", answered(cache_control="no-store, public, max-age=60")),
        ("5.2.2.7, private", answered(cache_control="private, max-age=60")),
        ("5.2.2.4, no-cache", answered(cache_control="no-cache, public")),
        ("3.5, Authorization, and only a time", answered(by="authorization", cache_control="max-age=60")),
        ("3.5, Authorization, and nothing said", answered(by="authorization")),
        ("4.1, Vary: Cookie", answered(cache_control="public, max-age=60", vary="Accept, Cookie")),
        ("4.1, Vary: *", answered(cache_control="public, max-age=60", vary="*")),
        ("4.2, no longer fresh", answered(cache_control="public, max-age=0")),
        ("4.2.1, an Expires that is past", answered(expires=EARLIER)),
        ("5.3, an Expires that is no date", answered(expires="0")),
        ("4.2.1, a max-age that is no number", answered(cache_control="max-age=soon")),
        ("5.1, as old as it may be", answered(cache_control="max-age=60", age="60")),
        ("an address that carries the credential", answered(by="query", cache_control="public, max-age=60")),
        ("nobody's credential", answered(by="", cache_control="public, max-age=60")),
        ("15.1 of RFC 9110, no status that is kept unasked", answered(status=403)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_a_shared_cache_must_not_do_is_none(section: str, around: Around) -> None:
    assert shared(around) is None, section


def test_where_nothing_is_said_a_cache_may_guess_and_that_is_not_said() -> None:
    found = shared(answered())

    assert found is not None
    assert not found.said


def test_fields_that_are_not_for_others_are_named() -> None:
    found = shared(answered(cache_control='max-age=60, private="Set-Cookie", no-cache="X-Name"'))

    assert found is not None
    assert found.without == {"set-cookie", "x-name"}


def test_a_directive_that_is_there_twice_counts_as_it_first_stands() -> None:
    told = directives('max-age="5" , no-cache="a, b",max-age=60, public')

    assert told == {"max-age": "5", "no-cache": "a, b", "public": ""}
    assert lifetime(answered(), told) == 5.0


class Origin:
    """An application that answers the same each time."""

    base = "http://127.0.0.1"

    def __init__(self, answer: Answer) -> None:
        """Take what it answers."""
        self.answer = answer

    def ask(self, asked: Asked) -> Answer:
        """Answer."""
        del asked
        return self.answer

    def close(self) -> None:
        """End nothing."""


DIRECTIVES = st.lists(
    st.sampled_from(
        [
            *("public", "private", "no-store", "no-cache", "must-revalidate", "max-age=60", "max-age=0", "s-maxage=60"),
            *("s-maxage=0", "proxy-revalidate", "immutable", 'private="set-cookie"', "Public", "MAX-AGE=60"),
        ]
    ),
    unique_by=lambda one: one.partition("=")[0].lower(),
    max_size=4,
).map(", ".join)


@given(
    control=DIRECTIVES,
    by=st.sampled_from(["cookie", "authorization", "cookie authorization"]),
    vary=st.sampled_from(["", "Cookie", "Accept", "accept, AUTHORIZATION", "*"]),
    method=st.sampled_from(["GET", "POST"]),
    status=st.sampled_from([200, 201, 204, 206, 403, 404, 500]),
    expires=st.sampled_from(["", "soon", "later"]),
)
@settings(max_examples=300)
def test_it_agrees_with_a_library_that_obeys_the_same_rules(
    control: str, by: str, vary: str, method: str, status: int, expires: str
) -> None:
    now, later = (formatdate(time.time() + seconds, usegmt=True) for seconds in (0, 3600))
    fields = {"Cache-Control": control, "Vary": vary, "Expires": {"later": later}.get(expires, expires), "Date": now}
    headers = tuple((name.lower(), value) for name, value in fields.items() if value)

    cache = SharedCache(Origin(Answer(status, headers, b"mine")))
    for who in ("ann", "bob"):
        last = cache.ask(Asked(method, "/notes", tuple((name.title(), who) for name in by.split())))

    around = Around(method, "/notes", status, fields=headers, by=frozenset(by.split()))
    found = shared(around)
    # The library guesses no time where there is no Last-Modified, also where the answer is public.
    timed = lifetime(around, directives(around.field("cache-control"))) is not None
    assert last.kept == (found is not None and found.said and timed)
