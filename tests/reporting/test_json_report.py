import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from audited import SECRET, audited, broken, explored, held, inconclusive, violated
from jsonschema import Draft202012Validator

from memfence.campaigns import resolve
from memfence.performing.contract import Target
from memfence.reporting import json_report
from memfence.reporting.json_report import render

SCHEMA = json.loads((Path(json_report.__file__).parent / "report.schema.json").read_text(encoding="utf-8"))
REPORTS: dict[str, Callable[[], dict[str, Any]]] = {
    "held": held,
    "violated": violated,
    "inconclusive": inconclusive,
    "explored": lambda: explored(broken()),
}


def without_times(report: dict[str, Any]) -> dict[str, Any]:
    return {**report, "times": None}


def fingerprints(report: dict[str, Any]) -> list[str]:
    return [one["fingerprint"] for scenario in report["scenarios"] for one in scenario["findings"]]


def texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from (str(key), *texts(one))
    elif isinstance(value, list):
        for one in value:
            yield from texts(one)


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)

    assert SCHEMA["properties"]["schema_version"] == {
        "const": json_report.SCHEMA_VERSION,
        **SCHEMA["properties"]["schema_version"],
    }


@pytest.mark.parametrize("name", REPORTS)
def test_a_real_report_is_as_the_schema_says(name: str) -> None:
    report = REPORTS[name]()

    problems = [f"{one.json_path}: {one.message}" for one in Draft202012Validator(SCHEMA).iter_errors(report)]

    assert problems == []
    assert report["verdict"] == {"explored": "violated"}.get(name, name)
    assert json.loads(render(report)) == report
    assert render(report).isascii()


def test_a_field_that_the_schema_does_not_know_is_noticed() -> None:
    report = violated()
    report["scenarios"][0]["new"] = 1

    assert not Draft202012Validator(SCHEMA).is_valid(report)


def test_two_audits_with_one_seed_give_the_same_report_but_for_times() -> None:
    assert without_times(audited(broken())) == without_times(audited(broken()))


def test_fingerprints_are_equal_across_seeds_for_the_same_defect() -> None:
    first, second, third = (fingerprints(violated(seed)) for seed in (7, 8, 9))

    assert first
    assert sorted(first) == sorted(second) == sorted(third)
    assert len(set(first)) == len(first)


def test_another_defect_in_another_place_has_other_fingerprints() -> None:
    elsewhere = audited(resolve.target("reference", breakage="no_owner_check_on_get"), breakage="no_owner_check_on_get")

    assert elsewhere["verdict"] == "violated"
    assert not set(fingerprints(elsewhere)) & set(fingerprints(violated()))


def test_secrets_that_errors_say_are_in_no_report() -> None:
    report = inconclusive()

    assert report["verdict"] == "inconclusive"
    assert not [text for text in texts(report) if SECRET in text]


class Says:
    """One bucket for all, where somebody else's text lies."""

    rows: list[dict[str, str]]

    def __init__(self) -> None:
        self.rows = [{"id": "0", "memory": "Dr. Miller has diabetes."}]

    def make_memory(self, user_id: str) -> "Says":
        del user_id
        return self

    def add(self, text: str) -> None:
        self.rows.append({"id": str(len(self.rows)), "memory": f"Dr. Miller said: {text}"})

    def search(self, query: str) -> list[dict[str, str]]:
        del query
        return self.rows


@pytest.mark.parametrize("disposable", [False, True])
def test_what_is_not_our_own_is_its_length_and_a_hash_unless_it_is_asked_for(disposable: bool) -> None:  # noqa: FBT001 - a case
    options = {"scenarios": ("cross_search",)}
    target = Target("says", Says().make_memory, disposable=disposable)

    hidden = json.dumps(audited(target, **options))
    shown = json.dumps(audited(target, show_content=True, **options))

    assert "Miller" not in hidden
    assert " characters, #" in hidden
    assert "Dr. Miller said: " in shown
