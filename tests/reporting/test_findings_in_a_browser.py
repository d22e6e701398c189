"""The findings of a report as a reader meets them: filtered, searched, linked to, drawn and copied."""

import pytest
from browsing import NEEDS_CHROMIUM, Reader, audited, findings

from memfence.reporting.html_report import render

pytestmark = NEEDS_CHROMIUM

SHOWN = ".card:not([hidden])"
OPENED = ".card[open]"
IN_VIEW = f"""
const box = document.querySelector("{OPENED}").getBoundingClientRect();
return box.top >= 0 && box.top < innerHeight;
"""
CLIPBOARD = "navigator.clipboard.readText().then(arguments[arguments.length - 1], arguments[arguments.length - 1])"
NO_CLIPBOARD = "navigator.clipboard.writeText = () => Promise.reject(new Error('not here'))"


@pytest.mark.parametrize("name", ["verdict", "severity", "oracle", "channel", "scenario"])
def test_a_filter_leaves_what_it_names_and_nothing_else(reader: Reader, name: str) -> None:
    report = audited()
    report["scenarios"][0]["findings"][0] |= {"verdict": "inconclusive", "severity": "low"}
    reader.open(render(report))
    values = {one[name] for one in findings(report)}

    for value in values:
        reader.choose(f"by-{name}", value)
        wanted = {f"finding-{one['fingerprint']}" for one in findings(report) if one[name] == value}
        assert set(reader.ids(SHOWN)) == wanted
    reader.choose(f"by-{name}", "")
    assert len(reader.ids(SHOWN)) == len(findings(report))
    assert len(values) > 1


def test_a_search_finds_a_finding_by_a_word_of_its_evidence(reader: Reader) -> None:
    report = audited()
    told = report["scenarios"][1]["findings"][0]
    told["evidence"].append("It was the Butler.")
    reader.open(render(report))

    reader.choose("by-text", "the butler")
    assert reader.ids(SHOWN) == [f"finding-{told['fingerprint']}"]
    reader.choose("by-text", "the gardener")
    assert reader.ids(SHOWN) == []
    reader.click(".filters button")
    assert len(reader.ids(SHOWN)) == len(findings(report))


def test_a_cell_of_the_grid_shows_the_findings_behind_it(reader: Reader) -> None:
    report = audited()
    told = next(one for one in findings(report) if one["verdict"] == "violated")
    place = told["scenario"], told["channel"]
    reader.open(render(report))

    reader.click(f".grid button[aria-label^='{told['scenario']} by {told['channel']}:']")

    behind = {one["fingerprint"] for one in findings(report) if (one["scenario"], one["channel"]) == place}
    assert set(reader.ids(SHOWN)) == {f"finding-{one}" for one in behind}


def test_a_finding_opens_by_its_link_and_is_in_view(reader: Reader) -> None:
    report = audited()
    last = findings(report)[-1]["fingerprint"]

    reader.open(render(report), after=f"#finding-{last}")

    assert reader.ids(OPENED) == [f"finding-{last}"]
    # Also when what stands above it is drawn later than it.
    reader.wait("return document.querySelector('.matrix').clientHeight > 50")
    reader.wait(IN_VIEW)


def test_a_link_opens_a_finding_that_a_filter_hides(reader: Reader) -> None:
    report = audited()
    last = findings(report)[-1]["fingerprint"]
    reader.open(render(report))
    reader.choose("by-text", "matches nothing at all")

    reader.run("location.hash = arguments[0]", f"#finding-{last}")

    reader.wait(f"return document.getElementById('finding-{last}').open")
    assert f"finding-{last}" in reader.ids(SHOWN)


@pytest.mark.parametrize("clipboard", [True, False], ids=["with a clipboard", "without one"])
def test_copy_copies_the_reproduction(reader: Reader, *, clipboard: bool) -> None:
    told = next(one for one in findings(audited()) if one["verdict"] == "violated")
    reader.open(render(audited()), after=f"#finding-{told['fingerprint']}")
    permissions = {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
    reader.browser.execute_cdp_cmd("Browser.grantPermissions", permissions)
    if not clipboard:
        reader.run(NO_CLIPBOARD)
    reader.wait(f"return document.querySelector('{OPENED} .copy') !== null")

    # A real click: only that lets a page copy.
    reader.browser.find_element("css selector", f"{OPENED} .copy").click()

    reader.wait(f"return document.querySelector('{OPENED} .copy').textContent === 'Copied'")
    assert reader.browser.execute_async_script(CLIPBOARD) == "\n".join(told["reproduce"])


def test_a_finding_is_drawn_from_its_users_to_the_store(reader: Reader) -> None:
    report = audited()
    told = next(one for one in findings(report) if one["oracle"] == "canary_leak")
    names = told["names"]
    reader.open(render(report), after=f"#finding-{told['fingerprint']}")
    reader.wait(f"return document.querySelector('{OPENED} .drawing svg') !== null")

    lifelines = [names["owner"], names["observer"], "app", "drop_user_id", "reference"]
    assert reader.texts(f"{OPENED} .drawing .name") == lifelines
    (leaked,) = reader.texts(f"{OPENED} .label.bad")
    assert told["shown"].startswith(leaked.rstrip("…"))


def test_the_worst_finding_is_open_when_the_page_is(reader: Reader) -> None:
    reader.open(render(audited()))

    reader.wait(f"return document.querySelectorAll('{OPENED}').length === 1")
    assert reader.ids(OPENED) == reader.ids(".card")[:1]


def test_a_cause_is_told_once_the_gravest_first_and_its_other_findings_are_folded(reader: Reader) -> None:
    report = audited()
    reader.open(render(report))

    placed = sorted(findings(report), key=lambda one: one["place"])
    causes = list(dict.fromkeys((one["verdict"], one["cause"]) for one in placed))
    assert len(causes) < len(placed)
    titles = [title.lower() for title in reader.texts(".cause > h3")]
    assert titles == [name.replace("_", " ") for _, name in causes]
    advice = [" ".join(one["advice"]) for one in report["oracles"].values()]
    assert [one for one in reader.texts(".cause > div > p") if reader.texts(".cause > div > p").count(one) > 1] == []
    assert set(reader.texts(".cause > div > p")) <= set(advice)
    said = {one["name"]: one["said"] for one in report["causes"] if one["said"]}
    assert [title for title in titles if title in said] != []
    for name in titles:
        assert reader.texts(".causes .intro").count(said.get(name, "")) <= 1
    first = [next(one for one in placed if (one["verdict"], one["cause"]) == cause) for cause in causes]
    beside = reader.ids(".cause > .cards > .card")
    assert beside == [f"finding-{one['fingerprint']}" for one in first]
    assert set(reader.ids(".cause > .fold:not([open]) .card")) == set(reader.ids(".card")) - set(beside)


def test_a_filter_opens_what_is_folded_and_hides_causes_without_a_finding(reader: Reader) -> None:
    report = audited()
    last = max(findings(report), key=lambda one: one["place"])
    reader.open(render(report))

    reader.choose("by-text", last["evidence"][0].lower())

    seen = "return document.getElementById(arguments[0]).checkVisibility()"
    shown = [one for one in reader.ids(SHOWN) if reader.run(seen, one)]
    assert f"finding-{last['fingerprint']}" in shown
    assert len(reader.ids(SHOWN)) == len(shown)
