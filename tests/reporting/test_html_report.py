import base64
import hashlib
import json
import re
import zlib
from typing import Any

import pytest
from browsing import audited, findings
from hypothesis import given
from hypothesis import strategies as st

from memfence import Channel, Population
from memfence.model.findings import FindingClass
from memfence.model.operations import ReadStorage
from memfence.model.pairs import Pairs
from memfence.model.results import CampaignResult
from memfence.model.scenario_results import ScenarioResult
from memfence.model.tallies import Tally
from memfence.reporting.html_report import render
from memfence.reporting.picture import sightings

DATA = re.compile(r'<script type="application/json" id="report">(.*?)</script>', re.DOTALL)
PACKED = re.compile(r'<script type="text/plain" id="sightings">(.*?)</script>', re.DOTALL)
HOSTILE = ("</script><script>alert(1)</script>", "<!--<script>", "{{script}}", "\u202eevil\u2028\x00", "\ud800", "&lt;")


def embedded(page: str) -> dict[str, Any]:
    found = DATA.search(page)
    assert found is not None
    told: dict[str, Any] = json.loads(found[1])
    return told


def unpacked(page: str) -> list[dict[str, Any]]:
    found = PACKED.search(page)
    assert found is not None
    told: list[dict[str, Any]] = json.loads(zlib.decompress(base64.b64decode(found[1])))
    return told


def campaign(*scenarios: ScenarioResult) -> CampaignResult:
    return CampaignResult(
        target="fake", seed=7, settings={}, versions={}, repeat="memfence audit fake", scenarios=list(scenarios)
    )


def seen(
    name: str, *, probed: set[tuple[int, int]], answered: set[tuple[int, int]], broken: set[tuple[int, int]]
) -> Any:
    tally = Tally(probes=len(probed), returned=len(answered), pairs=answered, tried=probed)
    return ScenarioResult(name, "", tallies={Channel.SEARCH: tally}, broken={Channel.SEARCH: broken}, pairs=Pairs())


def test_the_page_holds_the_whole_report() -> None:
    report = audited()
    page = render(report)

    assert {**embedded(page), "sightings": unpacked(page)} == report


def test_the_page_says_its_verdict_in_its_title() -> None:
    assert "<title>violated: memfence audit of reference, seed 7</title>" in render(audited())


def test_the_browser_is_told_to_run_nothing_but_the_pages_own_script() -> None:
    page = render(audited())
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    hashes = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in (script, style)]

    assert [known for known in hashes if f"'sha256-{known}'" not in policy] == []
    assert policy.startswith("default-src 'none';")
    assert [word for word in ("unsafe", "http:", "https:", "*") if word in policy] == []


def test_the_page_names_no_address_but_that_of_svg() -> None:
    addresses = set(re.findall(r"https?://[^\s\"'<)]+", render(audited(None))))

    assert addresses == {"http://www.w3.org/2000/svg"}


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_within_its_data(text: str) -> None:
    report = audited()
    for scenario in report["scenarios"]:
        for finding in scenario["findings"]:
            finding["shown"] = text
    report["target"] = text
    page = render(report)

    assert embedded(page)["target"] == text
    assert page.count("<script") == render(audited()).count("<script")
    assert page.encode("utf-8")


@given(st.text())
def test_no_text_ends_the_element_that_holds_it(text: str) -> None:
    report = audited()
    report["warnings"] = [text]
    page = render(report)

    assert embedded(page)["warnings"] == [text]


def test_a_pair_stands_once_in_the_gravest_of_what_became_of_it() -> None:
    (told,) = sightings(
        campaign(seen("a", probed={(0, 1), (0, 2), (1, 0)}, answered={(0, 1), (0, 2)}, broken={(0, 2), (2, 0)}))
    )
    names = [Population(seed=7, size=3).tenant(index).handle for index in range(3)]

    assert told["tenants"] == names
    assert told["pairs"] == {
        "search": {"violated": ["2", "", "0"], "answered": ["1", "", ""], "probed": ["", "0", ""]},
    }


def test_stretches_of_owners_are_written_as_such() -> None:
    owners = {(5, owner) for owner in (1, 2, 3, 7)}
    (told,) = sightings(campaign(seen("a", probed=owners, answered=owners, broken=set())))

    assert told["pairs"] == {"search": {"answered": ["", "", "", "0-2 4", ""]}}


def test_a_scenario_without_probes_is_no_part_of_the_picture() -> None:
    assert sightings(campaign(ScenarioResult("a", "", not_exercised="no search"))) == []


def test_each_finding_tells_its_steps_and_what_came_back_with_the_last() -> None:
    findings = [one for scenario in audited()["scenarios"] for one in scenario["findings"]]
    leaks = [
        one
        for one in findings
        if one["class"] == FindingClass.LEAK and one["names"]["observer"] != one["names"]["owner"]
    ]

    assert leaks
    for leak in leaks:
        *before, last = leak["story"]
        assert [step["came_back"] for step in before] == [None] * len(before)
        assert last["came_back"] == {"as": "returned", "text": leak["shown"]}
        assert len(leak["story"]) == leak["played_again"]["calls"]
        assert all("make_memory(" in step["call"] for step in leak["story"])
        assert last["who"] == leak["names"]["observer"]
        assert last["role"] == "observer"


def test_what_is_read_in_the_store_is_nobodys_call() -> None:
    roles = {
        step["role"] for one in findings(audited()) for step in one["story"] if step["channel"] == ReadStorage.channel
    }

    assert roles <= {"world"}


def test_each_finding_has_an_id_of_its_own() -> None:
    ids = [one["fingerprint"] for one in findings(audited())]

    assert len(set(ids)) == len(ids) > 1
