"""The pages as a reader meets them: in a real browser, without a network."""

import logging
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from browsing import NEEDS_CHROMIUM, Reader, audited
from pages import OPEN_ALL, PAGES, proof

from memfence.reporting.html_report import render

pytestmark = NEEDS_CHROMIUM

_AXE = find_spec("axe_core_python")
HOSTILE = (
    "</script><script>alert('a')</script>",
    "<img src=x onerror=alert('b')>",
    "<b id=planted>bold</b>",
    "javascript:alert('c')",
    "long " * 20000,
    "\u202eesrever\u202c \u0627\u0644\u0633\u0644\u0627\u0645",
    "null \x00, bell \x07, line\u2028end",
    "lone surrogate \ud800",
    "",
)
COULD_DO_HARM = "script, img, b#planted, iframe, object, a[href^=javascript]"
# What a reader does again and again, and how long each frame takes meanwhile.
TURNS = 60
FRAMES = f"""
const done = arguments[arguments.length - 1];
const frames = [];
let last = performance.now();
let turn = 0;
const next = (now) => {{
  frames.push(now - last);
  last = now;
  if (turn === {TURNS}) return done(frames.slice(1));
  act(turn++);
  requestAnimationFrame(next);
}};
requestAnimationFrame(next);
const type = (name, text) => {{
  const one = document.getElementById(name);
  one.value = text;
  one.dispatchEvent(new Event("input"));
}};
"""
DEEDS = {
    "scroll": "scrollTo(0, turn * 120)",
    "zoom": 'document.querySelector(`button[aria-label=\'Zoom ${turn < 30 ? "in" : "out"}\']`).click()',
    "filter": "type('by-text', 'leak'.slice(0, turn % 5))",
    "find": "type('picture-find', `_${turn}`)",
    "choose": "document.querySelectorAll('.thumb')[turn % 32].click()",
}


def crowded(size: int = 2000) -> dict[str, Any]:
    """Return a report of so many tenants on 32 scenarios, in one of which each saw more than a hundred others."""
    report = audited()
    names = [f"somebody_{index}" for index in range(size)]
    offsets = (7, 191, 402, 930, 1511)
    probed = [_row((place + offset) % size for offset in offsets) for place in range(size)]
    # Scattered, as what a search by meaning finds.
    seen = [_row((place * 613 + step * step * 31 + step) % size for step in range(200)) for place in range(size)]
    answered = {channel: {"answered": probed} for channel in ("search", "get_all")}
    report["sightings"] = [
        *({"scenario": f"scenario_{number}", "tenants": names, "pairs": answered} for number in range(31)),
        {"scenario": "cross_search", "tenants": names, "pairs": {"search": {"violated": seen}}},
    ]
    report["settings"]["users"] = size
    return report


def _row(owners: Any) -> str:
    return " ".join(map(str, sorted(set(owners))))


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_without_a_complaint_and_asks_nobody_for_anything(reader: Reader, page: Callable[[], str]) -> None:
    reader.open(page())

    asked = reader.asked()
    assert reader.complaints() == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert [url for url in asked if url.endswith("page.html")]
    assert len(reader.texts("h1")) == 1


@pytest.mark.parametrize(
    ("said", "heading", "left_out"),
    [
        ("HELD on 7 of 11 channels (seed 7)", "Held on 7 of 11 channels", []),
        (
            "HELD on 4 of the 8 channels your memory has; delete, update were not attacked: not disposable (seed 7)",
            "Held on 4 of the 8 channels your memory has",
            ["Delete, update were not attacked: not disposable."],
        ),
    ],
)
def test_a_page_says_its_verdict_as_every_report_does(
    reader: Reader, said: str, heading: str, left_out: list[str]
) -> None:
    report = audited(None)
    report |= {"said": said, "unasked": report["unasked"] | {"thorough": True}}
    reader.open(render(report))

    assert reader.texts("h1") == [heading]
    assert reader.texts(".verdict .warn") == left_out


# The narrowest is the hardest.
@pytest.mark.parametrize("width", [390, *(pytest.param(width, marks=pytest.mark.long) for width in (900, 1440))])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_no_wider_than_its_screen(reader: Reader, page: Callable[[], str], width: int) -> None:
    reader.open(page(), width=width)
    reader.run(OPEN_ALL)

    assert reader.run("return document.documentElement.scrollWidth") <= width


@pytest.mark.skipif(_AXE is None, reason="needs axe-core-python, of the extra `test`")
@pytest.mark.long
@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_no_serious_accessibility_problem(reader: Reader, page: Callable[[], str], colours: str) -> None:
    assert _AXE is not None
    assert _AXE.origin is not None
    reader.open(page(), colours=colours)
    reader.run(OPEN_ALL)
    reader.run((Path(_AXE.origin).parent / "axe.min.js").read_text(encoding="utf-8"))

    found = reader.browser.execute_async_script("axe.run().then(arguments[arguments.length - 1])")

    grave = [one for one in found["violations"] if one["impact"] in ("serious", "critical")]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in grave] == []
    assert found["passes"]


@pytest.mark.long
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_in_a_record_is_inert(reader: Reader, text: str) -> None:
    hostile = audited()
    for scenario in hostile["scenarios"]:
        scenario["summary"] = text
        for finding in scenario["findings"]:
            finding |= {"shown": text, "evidence": [text], "reproduce": [text], "owner": text, "repeat": text}
            finding["names"] = {"observer": text, "owner": f"{text}."}
            for step in finding["story"]:
                step |= {"call": text, "deed": text, "doing": text}
    hostile |= {"target": text, "warnings": [text], "notes": [text], "repeat": text}
    reader.open(render(audited()))
    reader.run(OPEN_ALL)
    harmless = len(reader.ids(COULD_DO_HARM))

    reader.open(render(hostile))
    reader.run(OPEN_ALL)

    reader.wait("return document.querySelector('.card .drawing svg') !== null")
    assert len(reader.ids(COULD_DO_HARM)) == harmless
    assert reader.complaints() == []
    assert reader.run("return document.documentElement.scrollWidth") <= 1280
    # selenium raises where an alert is open.
    assert reader.browser.title.startswith("violated")


def test_the_theme_can_be_turned_and_stays(reader: Reader) -> None:
    reader.open(render(audited(None)))
    background = "return getComputedStyle(document.body).backgroundColor"
    light = reader.run(background)

    reader.click("#theme")
    dark = reader.run(background)
    reader.browser.refresh()

    assert dark != light
    assert reader.run(background) == dark
    reader.run("localStorage.clear()")


def test_the_picture_of_one_scenario_is_drawn_without_a_complaint(reader: Reader) -> None:
    report = audited()
    report["sightings"] = report["sightings"][:1]
    reader.open(render(report))
    reader.wait("return document.querySelector('.pairlist *') !== null")

    reader.click("#theme")
    reader.run("localStorage.clear()")

    assert reader.texts(".thumb") == []
    assert reader.complaints() == []


def test_the_picture_names_a_pair_and_what_came_of_it(reader: Reader) -> None:
    reader.open(render(audited()))
    reader.wait("return document.querySelector('.pairlist button') !== null")
    who, whose, by, _ = reader.texts(".pairlist tbody tr:first-child > *")

    reader.click(".pairlist button")

    (readout,) = reader.texts("#readout")
    assert readout.startswith(f"{who} and {whose}")
    assert f"{by.split(', ')[0]} violated" in readout


def test_a_proof_is_filtered_by_what_it_says(reader: Reader) -> None:
    rows = ".kills tr[id]:not([hidden])"
    reader.open(proof())

    assert len(reader.ids(rows)) == 2
    reader.choose("by-state", "missed")
    assert reader.ids(rows) == ["breakage-never_seen"]
    reader.choose("by-state", "")
    reader.choose("by-text", "is DROP_user")
    assert reader.ids(rows) == ["breakage-drop_user_id"]


@pytest.mark.long
def test_2000_tenants_weigh_less_than_5_mb_and_their_frames_are_written_down(
    reader: Reader, record_property: Callable[[str, object], None]
) -> None:
    page = render(crowded())
    reader.open(page)
    reader.wait("return document.querySelector('.pairlist button') !== null")

    assert len(page.encode()) < 5_000_000
    assert "2,000 users" in reader.texts(".chosen")[0]
    for name, deed in DEEDS.items():
        frames = reader.browser.execute_async_script(f"{FRAMES}; function act(turn) {{ {deed}; }}")
        assert len(frames) == TURNS
        told = f"{name}: longest frame {max(frames):.0f} ms, median {sorted(frames)[TURNS // 2]:.0f} ms of {TURNS}"
        logging.getLogger(__name__).warning(told)
        record_property(name, told)
