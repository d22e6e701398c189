"""The pages as a reader meets them: in a real browser, without a network."""

import json
import logging
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from browsing import CHROMIUM, DRIVER, audited, chromium

from memfence.demo import Line, acts, as_plain
from memfence.kills import Cell, Clean, Kill, Proof
from memfence.reporting import demo_html, proof_html
from memfence.reporting.html_report import render
from memfence.reporting.proof_json import proof_as_json

pytestmark = [
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="needs chromium and chromedriver"),
    pytest.mark.skipif(find_spec("selenium") is None, reason="needs selenium, of the extra `test`"),
]

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
# From the top of the page to its end, as a reader's wheel does it, and the frames meanwhile.
FRAMES = """
const done = arguments[arguments.length - 1];
const act = new Function("turn", arguments[0]);
const frames = [];
let last = performance.now();
let turn = 0;
const next = (now) => {
  frames.push(now - last);
  last = now;
  if (turn === 60) return done(frames.slice(1));
  act(turn++);
  requestAnimationFrame(next);
};
requestAnimationFrame(next);
"""

Open = Callable[..., Any]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with chromium(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture
def show(browser: Any, tmp_path: Path) -> Open:
    def opened(page: str, *, after: str = "", colours: str = "light", width: int = 1280) -> Any:
        path = tmp_path / "page.html"
        path.write_text(page, encoding="utf-8")
        wishes = {"prefers-color-scheme": colours, "prefers-reduced-motion": "reduce"}
        features = [{"name": name, "value": value} for name, value in wishes.items()]
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        screen = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
        browser.get("about:blank")
        for log in ("browser", "performance"):
            browser.get_log(log)
        browser.get(f"{path.as_uri()}{after}")
        wait(
            browser,
            "return !document.querySelector('.picture') || document.querySelector('.matrix, .picture .muted') !== null",
        )
        return browser

    return opened


def wait(browser: Any, condition: str) -> None:
    from selenium.webdriver.support.ui import WebDriverWait  # noqa: PLC0415 - where there is no browser it may be absent

    WebDriverWait(browser, 30).until(lambda _: browser.execute_script(condition))


def shown(browser: Any) -> list[str]:
    found: list[str] = browser.execute_script(
        "return [...document.querySelectorAll('.card:not([hidden])')].map((one) => one.id)"
    )
    return found


def choose(browser: Any, name: str, value: str) -> None:
    browser.execute_script(
        "const one = document.getElementById(arguments[0]); one.value = arguments[1];"
        "for (const kind of ['input', 'change']) one.dispatchEvent(new Event(kind, { bubbles: true }))",
        name,
        value,
    )


def findings(report: dict[str, Any]) -> list[dict[str, Any]]:
    return [{**one, "scenario": scenario["name"]} for scenario in report["scenarios"] for one in scenario["findings"]]


def demonstration() -> str:
    lines = (
        Line("Alice stores", "'a'"),
        Line("Bob lists", "'a'", "LEAK: Alice's", leaked=True),
        Line("Bob lost", leaked=True),
    )
    return demo_html.render(as_plain([lines] * len(acts()), as_told=True))


def proof() -> str:
    cells = {"canary_leak": Cell.CAUGHT, "lost": Cell.DOUBTED, "residue": Cell.MISSED}
    none = dict.fromkeys(cells, Cell.NOT_EXERCISED)
    told = Proof(
        on="reference",
        seed=0,
        seeds=2,
        known=2,
        oracles=tuple(cells),
        settings={"users": 4},
        versions={"python": "3"},
        repeat="memfence prove",
        kills=[
            Kill(
                "drop_user_id", "The id is dropped.", "wrapper", "canary_leak", False, cells, none, "list_all", (3, 4)
            ),  # noqa: FBT003 - a frozen record's own order
            Kill("never_seen", "Nobody sees it.", "store", "residue", False, cells, none, "", (None, None)),  # noqa: FBT003 - as above
        ],
        cleans=[Clean("reference", 20, 16, 32)],
    )
    return proof_html.render(proof_as_json(told))


PAGES = [
    pytest.param(lambda: render(audited()), id="violated"),
    pytest.param(lambda: render(audited(None)), id="held"),
    pytest.param(demonstration, id="demo"),
    pytest.param(proof, id="proof"),
]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_without_a_complaint_and_asks_nobody_for_anything(show: Open, page: Callable[[], str]) -> None:
    browser = show(page())

    assert [one["message"] for one in browser.get_log("browser")] == []
    messages = [json.loads(one["message"])["message"] for one in browser.get_log("performance")]
    asked = [one["params"]["request"]["url"] for one in messages if one["method"] == "Network.requestWillBeSent"]
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert browser.execute_script("return document.querySelectorAll('h1').length") == 1


@pytest.mark.parametrize("width", [390, 900, 1440])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_no_wider_than_its_screen(show: Open, page: Callable[[], str], width: int) -> None:
    browser = show(page(), width=width)

    assert browser.execute_script("return document.documentElement.scrollWidth") <= width


@pytest.mark.skipif(find_spec("axe_core_python") is None, reason="needs axe-core-python, of the extra `test`")
@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_no_serious_accessibility_problem(show: Open, page: Callable[[], str], colours: str) -> None:
    spec = find_spec("axe_core_python")
    assert spec is not None
    assert spec.origin is not None
    source = (Path(spec.origin).parent / "axe.min.js").read_text(encoding="utf-8")
    browser = show(page(), colours=colours)
    browser.execute_script("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    browser.execute_script(source)
    found = browser.execute_async_script("axe.run().then(arguments[arguments.length - 1])")

    grave = [one for one in found["violations"] if one["impact"] in ("serious", "critical")]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in grave] == []
    assert found["passes"]


@pytest.mark.parametrize("name", ["verdict", "severity", "oracle", "channel", "scenario"])
def test_a_filter_leaves_what_it_names_and_nothing_else(show: Open, name: str) -> None:
    report = audited()
    report["scenarios"][0]["findings"][0] |= {"verdict": "inconclusive", "severity": "low"}
    browser = show(render(report))
    values = {one[name] for one in findings(report)}

    for value in values:
        choose(browser, f"by-{name}", value)
        wanted = {f"finding-{one['id']}" for one in findings(report) if one[name] == value}
        assert set(shown(browser)) == wanted
    choose(browser, f"by-{name}", "")
    assert len(shown(browser)) == len(findings(report))
    assert len(values) > 1


def test_a_search_finds_a_finding_by_a_word_of_its_evidence(show: Open) -> None:
    report = audited()
    findings_of_all = findings(report)
    report["scenarios"][1]["findings"][0]["evidence"].append("It was the Butler.")
    wanted = report["scenarios"][1]["findings"][0]["id"]
    browser = show(render(report))

    choose(browser, "by-text", "the butler")
    assert shown(browser) == [f"finding-{wanted}"]
    choose(browser, "by-text", "the gardener")
    assert shown(browser) == []
    browser.execute_script(
        "[...document.querySelectorAll('.filters button')].find((one) => one.textContent === 'Clear').click()"
    )
    assert len(shown(browser)) == len(findings_of_all)


def test_a_cell_of_the_grid_shows_the_findings_behind_it(show: Open) -> None:
    report = audited()
    told = next(one for one in findings(report) if one["verdict"] == "violated")
    browser = show(render(report))

    browser.execute_script(
        "document.querySelector(`.grid button[aria-label^='${arguments[0]} by ${arguments[1]}:']`).click()",
        told["scenario"],
        told["channel"],
    )

    wanted = {
        one["id"]
        for one in findings(report)
        if (one["scenario"], one["channel"]) == (told["scenario"], told["channel"])
    }
    assert set(shown(browser)) == {f"finding-{one}" for one in wanted}


def test_a_finding_opens_by_its_link(show: Open) -> None:
    report = audited()
    last = findings(report)[-1]["id"]
    browser = show(render(report), after=f"#finding-{last}")
    opened = "return [...document.querySelectorAll('.card[open]')].map((one) => one.id)"

    assert browser.execute_script(opened) == [f"finding-{last}"]
    # Also when what stands above it is drawn later than it.
    wait(browser, "return document.querySelector('.matrix').clientHeight > 50")
    wait(
        browser,
        "const box = document.querySelector('.card[open]').getBoundingClientRect(); return box.top >= 0 && box.top < innerHeight",
    )
    other = findings(report)[0]["id"]
    choose(browser, "by-text", "matches nothing at all")
    browser.execute_script("location.hash = arguments[0]", f"#finding-{other}")
    wait(browser, f"return document.getElementById('finding-{other}').open")
    assert f"finding-{other}" in shown(browser)


@pytest.mark.parametrize("clipboard", [True, False], ids=["with a clipboard", "without one"])
def test_copy_copies_the_reproduction(show: Open, *, clipboard: bool) -> None:
    told = next(one for one in findings(audited()) if one["verdict"] == "violated")
    browser = show(render(audited()), after=f"#finding-{told['id']}")
    permissions = {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
    browser.execute_cdp_cmd("Browser.grantPermissions", permissions)
    if not clipboard:
        browser.execute_script("navigator.clipboard.writeText = () => Promise.reject(new Error('not here'))")
    wait(browser, "return document.querySelector('.card[open] .copy') !== null")

    browser.find_element("css selector", ".card[open] .copy").click()

    wait(browser, "return document.querySelector('.card[open] .copy').textContent === 'Copied'")
    read = "navigator.clipboard.readText().then(arguments[arguments.length - 1], arguments[arguments.length - 1])"
    assert browser.execute_async_script(read) == "\n".join(told["reproduce"])


def test_each_finding_is_drawn_from_its_users_to_the_store(show: Open) -> None:
    report = audited()
    told = next(one for one in findings(report) if one["oracle"] == "canary_leak")
    browser = show(render(report), after=f"#finding-{told['id']}")
    wait(browser, "return document.querySelector('.card[open] .drawing svg') !== null")

    names = browser.execute_script(
        "return [...document.querySelectorAll('.card[open] .drawing .name')].map((one) => one.textContent)"
    )
    assert names == [told["names"]["owner"], told["names"]["observer"], "app", "drop_user_id", "reference"]
    bad = browser.execute_script("return document.querySelector('.card[open] .label.bad').textContent")
    assert told["shown"].startswith(bad.rstrip("…"))


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_in_a_record_is_inert(show: Open, text: str) -> None:
    plain, hostile = audited(), audited()
    for scenario in hostile["scenarios"]:
        scenario["summary"] = text
        for finding in scenario["findings"]:
            finding |= {"shown": text, "evidence": [text], "reproduce": [text], "owner": text, "repeat": text}
            finding["names"] = {"observer": text, "owner": f"{text}."}
            for step in finding["story"]:
                step |= {"call": text, "deed": text, "doing": text}
    hostile |= {"target": text, "warnings": [text], "notes": [text], "repeat": text}
    count = "document.querySelectorAll('details').forEach((one) => { one.open = true; }); return document.querySelectorAll('script, img, b#planted, iframe, a[href^=javascript]').length"
    scripts = show(render(plain)).execute_script(count)

    browser = show(render(hostile))

    assert browser.execute_script(count) == scripts
    assert [one["message"] for one in browser.get_log("browser")] == []
    assert browser.execute_script("return document.documentElement.scrollWidth") <= 1280
    # selenium raises where an alert is open.
    assert browser.title.startswith("violated")


def test_the_theme_can_be_turned_and_stays(show: Open) -> None:
    browser = show(render(audited(None)))
    background = "return getComputedStyle(document.body).backgroundColor"
    light = browser.execute_script(background)

    browser.find_element("id", "theme").click()
    dark = browser.execute_script(background)
    browser.refresh()

    assert dark != light
    assert browser.execute_script(background) == dark
    browser.execute_script("localStorage.clear()")


def test_the_picture_names_a_pair_and_what_came_of_it(show: Open) -> None:
    browser = show(render(audited()))
    wait(browser, "return document.querySelector('.pairlist button') !== null")

    who, whose, by = browser.execute_script(
        "return [...document.querySelectorAll('.pairlist tbody tr:first-child > *')].slice(0, 3).map((one) => one.textContent)"
    )
    browser.execute_script("document.querySelector('.pairlist button').click()")

    readout = browser.find_element("id", "readout").text
    assert readout.startswith(who)
    assert whose.split(",")[0].split("_")[0] in readout
    assert f"{by.split(',')[0]} violated" in readout


def test_a_proof_is_filtered_by_what_it_says(show: Open) -> None:
    browser = show(proof())
    rows = "return [...document.querySelectorAll('.kills tr[id]:not([hidden])')].map((one) => one.id)"

    assert len(browser.execute_script(rows)) == 2
    choose(browser, "by-state", "missed")
    assert browser.execute_script(rows) == ["breakage-never_seen"]
    choose(browser, "by-state", "")
    choose(browser, "by-text", "dropped")
    assert browser.execute_script(rows) == ["breakage-drop_user_id"]


def crowded(size: int = 2000) -> dict[str, Any]:
    """Return a report of so many tenants on 32 scenarios, in one of which each saw 200 others."""
    report = audited()
    names = [f"somebody_{index}" for index in range(size)]
    fixed = (7, 191, 402, 930, 1511)
    probed = [" ".join(map(str, sorted((place + offset) % size for offset in fixed))) for place in range(size)]
    # A walk by a large odd step: as scattered as what a search by meaning finds.
    seen = [
        " ".join(map(str, sorted({(place * 613 + step * step * 31 + step) % size for step in range(200)})))
        for place in range(size)
    ]
    clean = [
        {
            "scenario": f"scenario_{number}",
            "tenants": names,
            "pairs": {channel: {"answered": probed} for channel in ("search", "get_all")},
        }
        for number in range(31)
    ]
    leaking = {"scenario": "cross_search", "tenants": names, "pairs": {"search": {"violated": seen}}}
    report["sightings"] = [*clean, leaking]
    report["settings"]["users"] = size
    return report


def test_2000_tenants_weigh_less_than_5_mb_and_the_frames_are_written_down(show: Open, record_property: Any) -> None:
    page = render(crowded())
    assert len(page.encode()) < 5_000_000
    browser = show(page)
    wait(browser, "return document.querySelector('.pairlist button') !== null")
    assert browser.execute_script("return document.querySelector('.chosen').textContent.includes('2,000 users')")
    acts_ = {
        "scroll": "scrollTo(0, turn * 120)",
        "zoom": "document.querySelector(`.buttons button[aria-label='Zoom ${turn < 30 ? 'in' : 'out'}']`).click()",
        "filter": "const one = document.getElementById('by-text'); one.value = 'leak'.slice(0, turn % 5); one.dispatchEvent(new Event('input'))",
        "find": "const one = document.getElementById('picture-find'); one.value = `_${turn}`; one.dispatchEvent(new Event('input'))",
    }
    for name, act in acts_.items():
        # Run by the driver, which the page's own rules do not bind.
        frames = browser.execute_async_script(
            FRAMES.replace('new Function("turn", arguments[0])', f"(turn) => {{ {act} }}")
        )
        assert len(frames) == 60
        longest = f"{name}: longest frame {max(frames):.0f} ms, median {sorted(frames)[30]:.0f} ms of {len(frames)}"
        logging.getLogger(__name__).warning(longest)
        record_property(name, longest)
