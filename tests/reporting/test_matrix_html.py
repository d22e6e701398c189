import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from browsing import NEEDS_CHROMIUM, Reader, audited

from memfence.commands import surveying
from memfence.reporting.matrix_html import matrix_html, render
from memfence.reporting.matrix_json import matrix_as_json
from memfence.reporting.tables import Matrix, MatrixSettings, Row

_AXE = find_spec("axe_core_python")
MADE = datetime(2026, 11, 26, tzinfo=UTC)
STORES = ("qdrant", "faiss")
WITNESSED = "channel-qdrant-semantic-plain-get"
HOSTILE = "</script><script>alert('a')</script><img src=x onerror=alert('b')><b id=planted>bold</b>\u202e\x00 \ud800"
COULD_DO_HARM = "script, img, b#planted"
# The page's own clipboard, of which the test reads what was put in.
CLIPBOARD = """
Object.defineProperty(navigator, "clipboard", { value: { writeText: async (text) => { window.copiedText = text; } } });
"""


@cache
def matrix() -> Matrix:
    """Two stores, the second of which isolates; an older mem0; and one that was not audited."""
    settings = MatrixSettings(stores=STORES, embedders=("semantic",), wrappers=("plain", "scoped"), mem0=("1.0.5",))
    rows = (
        Row("qdrant", "semantic", "plain", "", audited()),
        Row("qdrant", "semantic", "scoped", "", audited(None)),
        Row("faiss", "semantic", "plain", "", audited(None)),
        Row("faiss", "semantic", "scoped", "", failure="faiss fell over"),
        Row("qdrant", "semantic", "plain", "1.0.5", audited()),
    )
    return Matrix(settings, rows, {"redis": "it needs a server"}, seconds=61.24)


def as_told() -> dict[str, Any]:
    """Return the matrix as JSON, a copy of one's own."""
    told: dict[str, Any] = json.loads(json.dumps(matrix_as_json(matrix(), MADE)))
    return told


def of_many_stores() -> dict[str, Any]:
    """Return a matrix wider than any screen."""
    told = as_told()
    return told | {"rows": [row | {"store": f"store_{number}"} for number in range(20) for row in told["rows"][:2]]}


def inside(page: str) -> dict[str, Any]:
    """Return the data that a page holds."""
    told: dict[str, Any] = json.loads(page.split('id="survey">', 1)[1].split("</script>", 1)[0])
    return told


def hostile() -> dict[str, Any]:
    """Return a matrix each of whose texts is markup."""
    told = as_told()
    for row in told["rows"]:
        row |= {name: HOSTILE for name in ("store", "embedder", "mem0", "failure") if row[name]}
        if not row["report"]:
            continue
        for part in ("channels", "scenarios"):
            for cell in row[part].values():
                if cell["scenario"]:
                    cell |= {"scenario": HOSTILE, "reproduce": [HOSTILE], "repeat": HOSTILE}
            row[part][HOSTILE] = dict(row[part]["get" if part == "channels" else "erasure"])
        row["report"] |= {"notes": [HOSTILE], "versions": {HOSTILE: HOSTILE}}
        for scenario in row["report"]["scenarios"]:
            scenario["summary"] = HOSTILE
    return told | {"repeat": HOSTILE, "left_out": {HOSTILE: HOSTILE}}


def test_a_page_holds_each_cell_with_its_witness_and_no_report() -> None:
    told = as_told()

    page = matrix_html(matrix(), MADE)

    survey = inside(page)
    assert page == render(told)
    for row, shown in zip(told["rows"], survey["rows"], strict=True):
        assert "report" not in shown
        for name, cell in row["channels"].items():
            place = shown["channels"][name]["witness"]
            witness = {"scenario": "", "reproduce": [], "repeat": ""} if place is None else survey["witnesses"][place]
            assert {"words": shown["channels"][name]["words"], **witness} == cell
    assert len(json.dumps(survey)) < len(json.dumps(told)) / 2


def test_a_witness_that_several_cells_have_is_written_once() -> None:
    survey = inside(render(as_told()))

    cells = [cell for row in survey["rows"] for part in ("channels", "scenarios") for cell in row[part].values()]
    used = [cell["witness"] for cell in cells if cell["witness"] is not None]
    assert set(used) == set(range(len(survey["witnesses"])))
    assert len(survey["witnesses"]) < len(used)


def test_a_page_is_self_contained_and_its_texts_are_no_markup() -> None:
    page = render(hostile())

    assert "default-src 'none'" in page
    assert "<img" not in page
    assert "<b id" not in page
    # Its data and its script, and none that a text began.
    assert page.count("<script") == page.count("</script>") == 2
    assert inside(page)["rows"][0]["store"] == HOSTILE


def test_it_is_written_where_the_suffix_asks_for_it() -> None:
    assert surveying._WRITERS[".html"] is matrix_html  # noqa: SLF001 - the table that the command looks in


@pytest.fixture
def opened(reader: Reader) -> Iterator[Reader]:
    reader.open(render(as_told()))
    yield reader
    reader.run("localStorage.clear()")


class TestInABrowser:
    pytestmark = NEEDS_CHROMIUM

    @pytest.mark.parametrize("width", [390, *(pytest.param(width, marks=pytest.mark.long) for width in (900, 1440))])
    @pytest.mark.parametrize("told", [as_told, of_many_stores])
    def test_it_opens_without_a_complaint_asks_nobody_and_is_no_wider_than_the_screen(
        self, reader: Reader, width: int, told: Callable[[], dict[str, Any]]
    ) -> None:
        reader.open(render(told()), width=width)

        asked = reader.asked()
        assert reader.complaints() == []
        assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
        assert reader.run("return document.documentElement.scrollWidth") <= width
        assert reader.texts("h1") == ["How each store isolates"]

    def test_it_tells_each_wrapper_apart_and_what_is_missing(self, opened: Reader) -> None:
        assert opened.texts("main > section > h2")[:3] == ["Plain client", "ScopedMemory", "Versions of mem0"]
        assert opened.texts("#plain .survey:first-of-type tbody b") == ["qdrant", "faiss"]
        assert opened.texts("#versions tbody b") == ["mem0 1.0.5"]
        assert opened.texts("#scoped .failed") == ["not audited: faiss fell over"]
        assert "redisit needs a server" in opened.texts("#limits")[0]

    @pytest.mark.parametrize(
        ("words", "state", "told"),
        [
            (["residue"], "held", "0 of 9 cells broken, 1 with residue: erased text is still in the store"),
            (["contained", "residue"], "inconclusive", "0 of 9 cells broken, 1 to look at"),
        ],
    )
    def test_a_wrapper_under_which_text_stays_in_the_store_alone_is_green_and_says_so(
        self, reader: Reader, words: list[str], state: str, told: str
    ) -> None:
        matrix = as_told()
        (row,) = (row for row in matrix["rows"] if row["wrapper"] == "scoped" and row["report"])
        row["channels"]["storage"]["words"] = words
        reader.open(render(matrix))

        assert reader.texts(f".strip.wide > .{state}:last-child > span:last-child") == [told]

    def test_a_cell_opens_its_witness_whose_calls_can_be_copied(self, opened: Reader) -> None:
        cell = matrix().rows[0].channels["get"]
        opened.run(CLIPBOARD)

        opened.click(f"[id='{WITNESSED}']")
        opened.click("dialog[open] .copy")
        opened.wait("return document.querySelector('dialog .copy').textContent === 'Copied'")

        calls, command = opened.texts("dialog pre")
        assert opened.run("return window.copiedText") == "\n".join(cell.reproduce)
        assert (calls, command) == ("\n".join(cell.reproduce), cell.repeat)
        assert opened.texts("dialog h2") == ["get leaked"]
        assert opened.run("return location.hash") == f"#{WITNESSED}"

    def test_where_there_is_no_clipboard_it_copies_out_of_the_dialog(self, opened: Reader) -> None:
        opened.run('Object.defineProperty(navigator, "clipboard", { value: undefined })')
        # Only what can be selected is copied.
        opened.run("document.execCommand = () => { window.copiedText = getSelection().toString(); return true; }")
        opened.click(f"[id='{WITNESSED}']")

        opened.click("dialog[open] .copy")

        opened.wait("return document.querySelector('dialog .copy').textContent === 'Copied'")
        assert opened.run("return window.copiedText") == "\n".join(matrix().rows[0].channels["get"].reproduce)

    def test_a_witness_is_opened_and_left_by_keys_alone(self, opened: Reader) -> None:
        from selenium.webdriver.common.keys import Keys  # noqa: PLC0415 - it may be absent with the browser

        opened.run("document.getElementById(arguments[0]).focus()", WITNESSED)
        opened.browser.switch_to.active_element.send_keys(Keys.ENTER)
        assert opened.run("return document.querySelector('dialog').open")
        opened.browser.switch_to.active_element.send_keys(Keys.ESCAPE)

        assert not opened.run("return document.querySelector('dialog').open")
        assert opened.run("return document.activeElement.id") == WITNESSED
        # A dialog is closed first, and says so a moment later.
        opened.wait("return location.hash === ''")

    def test_a_link_opens_its_witness(self, reader: Reader) -> None:
        reader.open(render(as_told()), after=f"#{WITNESSED}")

        assert reader.run("return document.querySelector('dialog').open")
        assert reader.texts("dialog h2") == ["get leaked"]

    @pytest.mark.parametrize("name", ["channel-none", "%", "limits"])
    def test_a_link_to_no_cell_opens_none(self, reader: Reader, name: str) -> None:
        reader.open(render(as_told()), after=f"#{name}")

        assert not reader.run("return document.querySelector('dialog').open")
        assert reader.complaints() == []

    def test_one_that_was_interrupted_at_once_says_so(self, reader: Reader) -> None:
        reader.open(matrix_html(Matrix(matrix().settings, (), {}, interrupted=True), MADE))

        assert reader.complaints() == []
        assert reader.texts(".warn") == ["Interrupted: rows are missing."]
        assert reader.texts(".survey") == []

    @pytest.mark.long
    def test_hostile_text_is_inert(self, reader: Reader) -> None:
        reader.open(render(as_told()))
        harmless = len(reader.ids(COULD_DO_HARM))

        reader.open(render(hostile()))
        reader.click(".survey button")

        assert HOSTILE[:20] in reader.texts("dialog")[0]
        assert len(reader.ids(COULD_DO_HARM)) == harmless
        assert reader.complaints() == []
        assert reader.run("return document.documentElement.scrollWidth") <= 1280

    @pytest.mark.long
    @pytest.mark.skipif(_AXE is None, reason="needs axe-core-python, of the extra `test`")
    @pytest.mark.parametrize("colours", ["light", "dark"])
    @pytest.mark.parametrize("after", ["", f"#{WITNESSED}"], ids=["page", "witness"])
    def test_axe_finds_no_serious_accessibility_problem(self, reader: Reader, colours: str, after: str) -> None:
        assert _AXE is not None
        assert _AXE.origin is not None
        reader.open(render(as_told()), colours=colours, after=after)
        reader.run((Path(_AXE.origin).parent / "axe.min.js").read_text(encoding="utf-8"))

        found = reader.browser.execute_async_script("axe.run().then(arguments[arguments.length - 1])")

        grave = [one for one in found["violations"] if one["impact"] in ("serious", "critical")]
        assert [(one["id"], one["nodes"][0]["html"][:200]) for one in grave] == []
        assert found["passes"]
