"""The reference application as people meet it: two browsers at once, a keyboard alone, a phone, a screen reader."""

from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from browsing import NEEDS_CHROMIUM, Reader
from people import DESK, PHONE, Person, demonstrated, served, two_browsers

from memfence.commands.serving import demonstration
from memfence.real_mem0.embedders import embedding, semantic
from memfence.real_mem0.stores.qdrant import QdrantStore
from memfence.targets.application.opened import opened

pytestmark = [*NEEDS_CHROMIUM, pytest.mark.long]

_AXE = find_spec("axe_core_python")
MINE = "I am vegetarian. Please remember that."
YOURS = "I prefer a window seat when I fly."
HOSTILE = "<script>document.title = 'taken'</script><img src=x onerror=\"document.title = 'taken'\">"
FORBIDDEN = "Failed to load resource: the server responded with a status of"
# How a neighbour's sentence comes to stand in another's browser.
LEAKS: dict[str, Callable[[Person, Person], str]] = {}


@pytest.fixture(scope="module")
def browsers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Reader, Reader]]:
    with two_browsers(tmp_path_factory.mktemp("two")) as both:
        yield both


@pytest.fixture
def people(browsers: tuple[Reader, Reader]) -> Iterator[Callable[[str | None], tuple[Person, Person]]]:
    """Return who opens the application, with a defect or without, as Alice and Bob."""
    ending = []

    def come(breakage: str | None) -> tuple[Person, Person]:
        at = served(demonstrated(breakage))
        ending.append(at)
        address = at.__enter__()
        both = Person(browsers[0], address), Person(browsers[1], address)
        for person, name in zip(both, ("alice", "bob"), strict=True):
            person.sees_it_as()
            person.opens("/sign-in")
            person.browser.delete_all_cookies()
            # The browser has a cache of its own.
            person.browser.execute_cdp_cmd("Network.clearBrowserCache", {})
            person.signs_in(name)
        return both

    yield come
    for one in ending:
        one.__exit__(None, None, None)


def leak(case: Callable[[Person, Person], str]) -> Callable[[Person, Person], str]:
    LEAKS[case.__name__] = case
    return case


@leak
def answer_cached_by_path(alice: Person, bob: Person) -> str:
    alice.opens("/you")
    bob.opens("/you")
    return bob.text()


@leak
def neighbour_in_the_prompt(alice: Person, bob: Person) -> str:
    alice.asks("Am I vegetarian?")
    bob.asks("Which seat do I prefer?")
    bob.one("summary").click()
    return bob.text(".answer pre")


@leak
def answer_cached_by_question(alice: Person, bob: Person) -> str:
    alice.asks("Am I vegetarian?")
    return bob.asks("Am I vegetarian?")


@leak
def cookie_cached(alice: Person, bob: Person) -> str:
    alice.opens("/about")
    bob.browser.delete_all_cookies()
    bob.browser.execute_cdp_cmd("Network.clearBrowserCache", {})
    bob.opens("/about")
    bob.opens("/you")
    return bob.text()


@leak
def session_left_to_next_user(alice: Person, bob: Person) -> str:
    del bob
    alice.signs_in("bob")
    alice.opens("/you")
    return alice.text()


@leak
def user_id_from_query(alice: Person, bob: Person) -> str:
    del alice
    bob.opens("/you?user_id=alice")
    return bob.text()


@pytest.mark.parametrize("name", LEAKS)
def test_broken_alices_sentence_stands_in_bobs_browser_and_fixed_it_does_not(people: Any, name: str) -> None:
    for breakage in (name, None):
        alice, bob = people(breakage)
        alice.says(MINE)
        told = LEAKS[name](alice, bob)

        assert (MINE in told) is (breakage is not None)


def test_a_broken_application_says_so_at_the_top_of_each_page(people: Any) -> None:
    alice, bob = people("answer_cached_by_path")

    for person, path in ((alice, "/"), (bob, "/you"), (bob, "/sign-in"), (bob, "/nowhere")):
        person.opens(path)
        assert person.text(".banner").startswith("Broken on purpose. Every answer to a GET may be cached")


def test_two_people_use_it_at_once(people: Any) -> None:
    alice, bob = people(None)

    alice.says(MINE)
    bob.says(YOURS)

    assert alice.text(".done") == "I will remember that."
    assert alice.asks("Am I vegetarian?") == f"You told me: “{MINE}”"
    assert bob.asks("Am I vegetarian? Which seat do I prefer when I fly?") == f"You told me: “{YOURS}”"
    alice.opens("/you")
    bob.opens("/you")
    assert [one.text for one in alice.all(".memories .said")] == [MINE]
    assert [one.text for one in bob.all(".memories .said")] == [YOURS]
    alice.presses(f"Delete: {MINE}")
    assert "Nothing is stored." in alice.text()
    bob.opens("/you")
    assert YOURS in bob.text()


def test_everything_is_deleted_and_an_account_is_closed(people: Any) -> None:
    alice, bob = people(None)
    alice.says(MINE)
    bob.says(YOURS)

    alice.opens("/you/erase")
    assert "1 memory of alice" in alice.text()
    alice.presses("Delete everything")
    assert "nothing is left" in alice.text(".done")
    bob.opens("/you/close")
    bob.presses("Close the account")

    assert bob.text(".done") == "Your account is closed, and everything is deleted."
    bob.opens("/you")
    assert bob.path == "/sign-in"


def test_the_download_holds_what_is_stored(people: Any) -> None:
    alice, _ = people(None)
    alice.says(MINE)
    alice.opens("/you")

    link = alice.one("a[download]").get_attribute("href")
    told = alice.browser.execute_async_script(
        "fetch(arguments[0]).then((one) => one.text()).then(arguments[1], (one) => arguments[1](String(one)))", link
    )

    # The pages may run nothing that asks the server; what is downloaded is what the link gives.
    assert "TypeError" in told
    alice.opens("/api/export")
    alice.opens("/you")
    assert link.endswith("/api/export")


def test_after_sign_out_the_way_back_shows_nothing(people: Any) -> None:
    alice, _ = people(None)
    alice.says(MINE)
    alice.opens("/you")

    alice.presses("Sign out")
    alice.browser.back()

    assert MINE not in alice.text()
    assert alice.path.startswith("/sign-in")


def test_it_can_be_used_with_a_keyboard_alone(people: Any) -> None:
    from selenium.webdriver.common.keys import Keys  # noqa: PLC0415 - it may be absent with the browser

    alice, _ = people(None)
    alice.opens("/")

    def focused() -> Any:
        return alice.browser.switch_to.active_element

    def goes_on(until: str) -> None:
        for _ in range(20):
            focused().send_keys(Keys.TAB)
            outline = alice.reader.run("return getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none", focused().get_attribute("outerHTML")
            if focused().accessible_name == until:
                return
        pytest.fail(f"{until} is not reached")

    goes_on("Skip to the content")
    focused().send_keys(Keys.ENTER)
    goes_on("What should I remember?")
    focused().send_keys(MINE)
    goes_on("Remember")
    focused().send_keys(Keys.ENTER)
    alice.reader.wait("return location.search === '?done=said'")
    goes_on("Your data")
    focused().send_keys(Keys.ENTER)
    alice.reader.wait("return location.pathname === '/you'")
    goes_on(f"Delete: {MINE}")
    focused().send_keys(Keys.ENTER)
    alice.reader.wait("return location.search === '?done=forgotten'")
    assert "Nothing is stored." in alice.text()


def test_what_users_write_does_nothing_on_a_page(people: Any) -> None:
    alice, _ = people(None)
    alice.says(HOSTILE)
    alice.reader.complaints()

    for look in (lambda: alice.opens("/you"), lambda: alice.asks(HOSTILE)):
        look()
        assert alice.browser.title != "taken"
        assert HOSTILE in alice.text()
    assert alice.reader.complaints() == []


@pytest.mark.skipif(_AXE is None, reason="needs axe-core-python, of the extra `test`")
@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_no_page_is_too_wide_or_has_an_accessibility_problem(people: Any, width: int, colours: str) -> None:
    assert _AXE is not None
    assert _AXE.origin is not None
    axe = (Path(_AXE.origin).parent / "axe.min.js").read_text(encoding="utf-8")
    alice, bob = people("answer_cached_by_question")
    for text in (MINE, "x" * 300, f"{YOURS} " * 20):
        alice.says(text)
    bob.browser.delete_all_cookies()
    for person in (alice, bob):
        person.sees_it_as(width=width, colours=colours)

    def looked_at(person: Person) -> None:
        assert person.reader.run("return document.documentElement.scrollWidth") <= width, person.path
        assert person.reader.run("return document.querySelectorAll('h1').length") == 1, person.path
        person.reader.run("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        # The driver's own scripts are not held by what the page says of scripts.
        person.reader.run(axe)
        found = person.browser.execute_async_script("axe.run().then(arguments[arguments.length - 1])")
        assert [(person.path, one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []

    for path in ("/", "/you", "/you/erase", "/you/close", "/about", "/nowhere"):
        alice.opens(path)
        looked_at(alice)
    alice.asks("Which seat do I prefer when I fly?")
    looked_at(alice)
    bob.opens("/sign-in")
    looked_at(bob)
    bob.types("#user", "bob")
    bob.types("#password", "wrong")
    bob.presses("Sign in")
    looked_at(bob)
    unexpected = [one for one in alice.reader.complaints() + bob.reader.complaints() if FORBIDDEN not in one]
    assert unexpected == []


def test_it_works_over_a_real_mem0(browsers: tuple[Reader, Reader]) -> None:
    with opened(demonstration, QdrantStore(), embedding(semantic)) as app, served(app) as at:
        alice, bob = Person(browsers[0], at), Person(browsers[1], at)
        for person, name, text in ((alice, "alice", MINE), (bob, "bob", YOURS)):
            person.sees_it_as()
            person.signs_in(name)
            person.says(text)

        assert alice.asks("What do I eat?") == f"You told me: “{MINE}”"
        assert bob.asks("Where do I like to sit?") == f"You told me: “{YOURS}”"
        alice.opens("/you")
        assert len(alice.all("time")) == 1
        alice.opens("/you/close")
        alice.presses("Close the account")
        assert "everything is deleted" in alice.text(".done")
        bob.opens("/you")
        assert YOURS in bob.text()
