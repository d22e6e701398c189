"""What is asked for whom, what is not asked at all, and what an empty answer is."""

from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("httpx", reason="pip install 'memfence[http]'")

from wired import said, wired

from memfence.performing.credentials import NotTriedError
from memfence.targets.web.wire import Answer, Asked

HALF = "tea \ud800"
BEARING = """
disposable = true
sign_in = 'POST /login {user, password} -> /token'
search = 'GET /search?q={query}'
get = 'GET /notes/{id}'
delete = 'DELETE /notes/{id}'
add = 'POST /notes {text}'
"""
BY_COOKIE = """
disposable = true
sign_in = 'POST /login {user, password}'
csrf = 'cookie csrftoken -> header X-CSRFToken'
get_all = 'GET /notes'
add = 'POST /notes text={text}'
"""


def by_name(asked: Asked) -> Answer:
    """Sign each in with a token that has the name in its middle."""
    name = "ann" if b'"ann"' in asked.body else "bob"
    return said(200, {"token": f"of-this-application.{name}.that-is-long"} if asked.target == "/login" else [])


def test_an_answer_with_nothing_in_it_is_a_yes_though_it_is_called_a_page() -> None:
    def emptied(asked: Asked) -> Answer:
        if asked.method == "DELETE":
            return said(204, "", content_type="text/html")
        return said(404) if "nothing-here" in asked.target else by_name(asked)

    target, _ = wired(BEARING, emptied)

    assert target.make_memory("ann").delete("7") is None


@pytest.mark.parametrize(
    ("altered", "whose"),
    [
        ("of-this-application.bob.that-is-lonX", "bob"),
        ("Xf-this-application.bob.that-is-long", "bob"),
        ("of-this-application.ann.that-is-lonX", "ann"),
        ("of-this", ""),
        ("of-thisX", ""),
    ],
)
def test_a_token_is_of_the_user_whose_token_is_the_most_alike(altered: str, whose: str) -> None:
    target, wire = wired(BEARING.replace("/search?", "/of/{user}/search?"), by_name)
    target.sign_in("ann")
    target.sign_in("bob")

    target.bearing({"header Authorization": f"Bearer {altered}"}).search("tea")

    assert wire.asked[-1].target == f"/of/{whose}/search?q=tea"


class Looked(dict[str, str]):
    """A credential during whose comparison with others something happens, as other threads have it happen."""

    def __init__(self, held: dict[str, str], happens: Callable[[], object]) -> None:
        super().__init__(held)
        self._happens = happens

    def __contains__(self, name: object) -> bool:
        self._happens()
        return super().__contains__(name)


def test_somebody_may_sign_in_while_it_is_looked_for_whose_token_one_is() -> None:
    target, wire = wired(BEARING.replace("/search?", "/of/{user}/search?"), by_name)
    target.sign_in("ann")
    altered = {"header Authorization": "Bearer of-this-application.ann.that-is-lonX"}

    target.bearing(Looked(altered, lambda: target.sign_in("bob"))).search("tea")

    assert wire.asked[-1].target == "/of/ann/search?q=tea"


def test_where_no_request_names_its_user_nobody_looks_for_whose_a_token_is() -> None:
    target, wire = wired(BEARING, by_name)
    target.sign_in("ann")
    looked: list[None] = []
    altered = {"header Authorization": "Bearer of-this-application.ann.that-is-lonX"}

    target.bearing(Looked(altered, lambda: looked.append(None))).search("tea")

    assert (wire.asked[-1].target, looked) == ("/search?q=tea", [])


@pytest.mark.parametrize(
    "call",
    [
        lambda memory: memory.search(HALF),
        lambda memory: memory.get(HALF),
    ],
)
def test_half_a_character_is_not_sent(call: Callable[[Any], object]) -> None:
    target, wire = wired(BEARING, by_name)
    memory = target.make_memory("ann")
    wire.asked.clear()

    with pytest.raises(NotTriedError, match="cannot carry"):
        call(memory)
    assert wire.asked == []


def by_cookie(asked: Asked) -> Answer:
    """Sign everybody in, and guard what changes something."""
    if asked.method == "GET":
        return said(200, [], set_cookie="csrftoken=to.ken")
    return said(200, {}, set_cookie="sid=one")


def test_for_what_is_not_sent_no_token_of_a_form_is_asked_for() -> None:
    target, wire = wired(BY_COOKIE, by_cookie)
    memory = target.bearing({"cookie sid": "one"})
    wire.asked.clear()

    with pytest.raises(NotTriedError):
        memory.add(HALF)
    assert wire.asked == []


def test_the_page_that_has_the_token_of_a_form_is_asked_for_as_ever() -> None:
    target, wire = wired(BY_COOKIE.replace("'POST /notes", "'POST /of/{user}"), by_cookie)
    held = target.sign_in("ann")
    wire.asked.clear()

    target.bearing(held, claim=("path", "user", "bob")).add("tea")

    assert [asked.target for asked in wire.asked] == ["/login", "/of/bob"]


def test_a_token_that_a_cookie_holds_already_is_told_as_taken_out_of_the_jar() -> None:
    target, _ = wired(BY_COOKIE, by_cookie)
    memory = target.make_memory("ann")
    memory.get_all()
    memory.add("tea")
    target.told()

    memory.add("milk")

    (taken, stored) = target.told()
    name = taken.partition("=")[0]
    assert taken == f"{name}=$(awk '$6==\"csrftoken\" {{print $7}}' ann.jar)"
    assert f"-H 'X-CSRFToken: '\"${name}\"" in stored
