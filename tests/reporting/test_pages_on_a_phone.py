"""The pages where the screen is narrow: what does not fit scrolls and says so, and what is told stays readable."""

from typing import Any

import pytest
from browsing import NEEDS_CHROMIUM, Reader, audited
from pages import OPEN_ALL, PAGES, proof

from memfence.model.reasons import Reason
from memfence.reporting.html_report import render

pytestmark = NEEDS_CHROMIUM

PHONE = 360
DESK = 1440
# Each box that scrolls sideways: whether more is to come, and whether a line above says so.
BOXES = """
return [...document.querySelectorAll(".sideways")].filter((one) => one.offsetParent).map((one) => {
  const [hint, box] = one.children;
  return [box.scrollWidth > box.clientWidth + 1, box.classList.contains("more"), hint.offsetHeight > 0];
});
"""
# The places of texts, from the left edge of what they stand in: left, right, top, bottom.
PLACES = """
const frame = document.querySelector(arguments[1]).getBoundingClientRect();
return [...document.querySelectorAll(arguments[0])].map((one) => {
  const box = one.getBoundingClientRect();
  return [box.left - frame.left, box.right - frame.left, box.top - frame.top, box.bottom - frame.top];
});
"""
DRAWN = ".card[open] .drawing svg"


def opened(reader: Reader, report: dict[str, Any], width: int) -> None:
    """Open the page of a report; its first finding is drawn."""
    reader.open(render(report), width=width)
    reader.wait(f"return document.querySelector('{DRAWN}') !== null")


@pytest.mark.long
@pytest.mark.parametrize("page", PAGES)
def test_no_page_is_wider_than_a_phone_and_each_table_that_is_says_so(reader: Reader, page: Any) -> None:
    reader.open(page(), width=PHONE)
    reader.run(OPEN_ALL)
    # What the observers of sizes have to say comes with the next frame.
    reader.wait("return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))")

    boxes = reader.run(BOXES)
    assert reader.run("return document.documentElement.scrollWidth") <= PHONE
    assert boxes
    assert [box for box in boxes if len(set(box)) > 1] == []
    assert reader.complaints() == []


def test_the_edge_of_a_table_fades_until_its_end_is_reached(reader: Reader) -> None:
    reader.open(render(audited()), width=PHONE)
    reader.wait("return document.querySelector('.scroll.more > .grid') !== null")

    reader.run("document.querySelector('.scroll:has(> .grid)').scrollLeft = 9999")

    reader.wait("return document.querySelector('.scroll.more > .grid') === null")


@pytest.mark.long
def test_where_there_is_room_nothing_is_said_of_scrolling(reader: Reader) -> None:
    reader.open(proof(), width=DESK)

    assert reader.run(BOXES) == [[False, False, False]] * 2


def test_a_breakage_is_explained_on_a_phone_too_within_the_screen(reader: Reader) -> None:
    reader.open(proof(), width=PHONE)

    sentences = reader.run(PLACES, ".kills th small", "body")
    assert reader.texts(".kills th small") == ["It is drop_user_id.", "It is never_seen."]
    assert [one for one in sentences if not (0 <= one[0] < one[1] <= PHONE and one[2] < one[3])] == []


def test_the_marks_of_a_breakage_stand_under_the_names_of_their_oracles(reader: Reader) -> None:
    reader.open(proof(), width=PHONE)

    names = reader.run(PLACES, ".kills .upright", "body")
    marks = reader.run(PLACES, "#breakage-drop_user_id td:not([class]), #breakage-drop_user_id td.own", "body")

    assert len(names) == len(marks) == 3
    for name, mark in zip(names, marks, strict=True):
        assert abs(sum(name[:2]) - sum(mark[:2])) <= 2


@pytest.mark.parametrize("width", [PHONE, pytest.param(DESK, marks=pytest.mark.long)])
def test_names_in_a_diagram_are_whole_inside_of_it_and_apart_from_each_other(reader: Reader, width: int) -> None:
    report = audited()
    report["settings"]["breakage"] = "a_breakage_with_a_very_long_name"
    for scenario in report["scenarios"]:
        for finding in scenario["findings"]:
            finding["names"] = {"observer": "maximiliana_von_hohenstein_1234", "owner": "bartholomew_the_younger_567"}
    opened(reader, report, width)

    names = reader.run(PLACES, f"{DRAWN} .name", DRAWN)
    wide = reader.run(f"return document.querySelector('{DRAWN}').clientWidth")

    assert reader.run("return document.documentElement.scrollWidth") <= width
    assert {"maximiliana_von_hohenstein_1234", "a_breakage_with_a_very_long_name"} <= set(
        reader.texts(f"{DRAWN} .name")
    )
    assert [one for one in names if one[0] < 0 or one[1] > wide] == []
    pairs = [(one, other) for place, one in enumerate(names) for other in names[place + 1 :]]
    crossing = [
        (one, other)
        for one, other in pairs
        if one[0] < other[1] and other[0] < one[1] and one[2] < other[3] and other[2] < one[3]
    ]
    assert crossing == []


def test_what_is_said_in_a_diagram_goes_on_in_the_next_line_and_stays_inside(reader: Reader) -> None:
    report = audited()
    said = "My best friend is Kathy; our shared locker code is 2MZD-E31E-QFSV."
    for scenario in report["scenarios"]:
        for finding in scenario["findings"]:
            for step in finding["story"]:
                if step["came_back"]:
                    step["came_back"] |= {"text": said, "as": "returned"}
    opened(reader, report, PHONE)

    labels = reader.run(PLACES, f"{DRAWN} .label", DRAWN)
    wide, high = reader.run(
        f"const one = document.querySelector('{DRAWN}'); return [one.clientWidth, one.clientHeight]"
    )

    assert said in reader.texts(f"{DRAWN} .label")
    assert max(len(line) for line in reader.texts(f"{DRAWN} .label.bad tspan")) < len(said)
    assert [one for one in labels if one[0] < 0 or one[1] > wide or one[2] < 0 or one[3] > high] == []


def test_a_page_of_an_interrupted_audit_says_so_in_the_words_of_every_report(reader: Reader) -> None:
    reader.open(render(audited(None) | {"interrupted": True}))

    words = Reason.SO_FAR.told()
    assert f"{words[0].upper()}{words[1:]}." in reader.texts(".verdict .warn")


def test_each_scenario_says_how_many_seconds_it_took(reader: Reader) -> None:
    report = audited()
    for place, scenario in enumerate(report["scenarios"]):
        report["times"]["scenarios"][scenario["name"]] = place + 0.25
    reader.open(render(report))

    rows = dict(zip(reader.texts(".grid th[scope=row]"), reader.texts(".grid td.seconds"), strict=True))
    assert {name.strip(): told for name, told in rows.items()} == {
        scenario["name"]: f"{place}.3" for place, scenario in enumerate(report["scenarios"])
    }


def test_a_report_that_knows_no_seconds_has_no_column_for_them(reader: Reader) -> None:
    report = audited()
    del report["times"]["scenarios"]
    reader.open(render(report))

    assert reader.complaints() == []
    assert reader.texts(".grid .seconds") == []
    assert len(reader.texts(".grid th[scope=row]")) == len(report["scenarios"])
