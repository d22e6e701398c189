from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest
from audited import held, inconclusive, violated

from memfence.reporting.baselines import compared, updated
from memfence.reporting.xml_report import render


def suites(report: dict[str, Any]) -> Element:
    return fromstring(render(report))  # noqa: S314 - our own


def cases(report: dict[str, Any]) -> dict[tuple[str, str], Element]:
    return {
        (case.attrib["classname"].rpartition(".")[2], case.attrib["name"]): case
        for case in suites(report).iter("testcase")
    }


def outcome(case: Element) -> str:
    return case[0].tag if len(case) else "passed"


def test_there_is_a_case_for_each_scenario_and_channel() -> None:
    found = {key: outcome(case) for key, case in cases(violated()).items()}

    assert found == {
        ("cross_search", "search"): "failure",
        ("list_all", "get_all"): "failure",
        ("get_by_foreign_id", "get"): "failure",
        ("interleaved_async", "interleaved_async"): "skipped",
    }


def test_a_failure_tells_the_story_and_the_calls() -> None:
    report = violated()
    finding = report["scenarios"][0]["findings"][0]

    failure = cases(report)["cross_search", "search"][0]

    assert failure.attrib == {"type": "canary_leak", "message": finding["headline"]}
    assert all(call in (failure.text or "") for call in finding["reproduce"])
    assert finding["repeat"] in (failure.text or "")


def test_what_held_passes() -> None:
    assert {outcome(case) for case in cases(held()).values()} == {"passed"}


def test_what_is_inconclusive_is_an_error_with_its_reason() -> None:
    found = cases(inconclusive())

    assert outcome(found["cross_search", "search"]) == "error"
    assert "calls crashed" in (found["cross_search", "search"][0].text or "")
    assert outcome(found["required", "history"]) == "error"


def test_an_interrupted_audit_is_not_all_green() -> None:
    report = {**held(), "interrupted": True}

    assert outcome(cases(report)["interrupted", "interrupted"]) == "error"


def test_the_numbers_add_up() -> None:
    for report in (violated(), held(), inconclusive()):
        root = suites(report)
        found = [outcome(case) for case in root.iter("testcase")]
        for element in (root, root[0]):
            assert int(element.attrib["tests"]) == len(found)
            assert int(element.attrib["failures"]) == found.count("failure")
            assert int(element.attrib["errors"]) == found.count("error")
            assert int(element.attrib["skipped"]) == found.count("skipped")


def test_what_a_baseline_accepts_is_skipped_and_says_so() -> None:
    report = violated()
    (first, *rest) = updated(report, ())

    found = cases(compared(report, rest))

    assert [outcome(case) for case in found.values()].count("failure") == 1
    assert outcome(found[first.scenario, first.finding.split(" by ")[1].split()[0]]) == "failure"
    skipped = found["list_all", "get_all"] if first.scenario != "list_all" else found["cross_search", "search"]
    assert skipped[0].attrib["message"].startswith("known, accepted by baseline: canary_leak")


@pytest.mark.parametrize("verdict", ["violated", "held"])
def test_a_case_of_a_scenario_that_cannot_be_trusted_is_an_error(verdict: str) -> None:
    report = violated()
    scenario = report["scenarios"][0]
    scenario["verdict"], scenario["inconclusive_because"] = (
        "inconclusive",
        ["a canary that was never planted was found"],
    )
    scenario["channels"]["search"]["verdict"] = verdict

    assert outcome(cases(report)["cross_search", "search"]) == ("error" if verdict == "violated" else "passed")
