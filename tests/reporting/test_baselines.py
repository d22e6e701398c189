import json
from pathlib import Path

import pytest
from audited import held, inconclusive, violated

from memfence.base.errors import HarnessError
from memfence.model.findings import Verdict
from memfence.reporting.baselines import Known, compared, load, text_of, updated, verdict
from memfence.reporting.reading import against_baseline


def test_what_is_known_is_accepted_on_another_seed() -> None:
    known = updated(violated(7), ())

    report = compared(violated(8), known)

    assert verdict(report) is Verdict.HELD
    assert report["verdict"] == "violated"
    assert all(one["known"] for scenario in report["scenarios"] for one in scenario["findings"])


@pytest.mark.parametrize("position", range(3))
def test_a_new_finding_fails(position: int) -> None:
    known = list(updated(violated(), ()))
    del known[position]

    report = compared(violated(), known)

    assert verdict(report) is Verdict.VIOLATED
    assert sum(not one["known"] for scenario in report["scenarios"] for one in scenario["findings"]) == 1


def test_without_a_baseline_the_verdict_stands() -> None:
    assert [verdict(one) for one in (held(), violated(), inconclusive())] == [
        Verdict.HELD,
        Verdict.VIOLATED,
        Verdict.INCONCLUSIVE,
    ]


def test_what_is_inconclusive_is_never_held() -> None:
    assert verdict(compared(inconclusive(), updated(violated(), ()))) is Verdict.INCONCLUSIVE


@pytest.mark.parametrize(
    ("key", "value"), [("interrupted", True), ("required_not_exercised", ["history"]), ("scenarios", [])]
)
def test_what_the_campaign_left_open_stays_open(key: str, value: object) -> None:
    report = {**violated(), key: value}

    assert verdict(compared(report, updated(violated(), ()))) is Verdict.INCONCLUSIVE


def test_what_a_violated_scenario_left_open_beside_stays_open() -> None:
    report = violated()
    report["scenarios"][0]["inconclusive_because"] = ["3 calls crashed"]

    assert verdict(compared(report, updated(report, ()))) is Verdict.INCONCLUSIVE


def test_another_scenario_that_is_inconclusive_stays_so() -> None:
    report = violated()
    report["scenarios"] += inconclusive()["scenarios"]

    assert verdict(compared(report, updated(violated(), ()))) is Verdict.INCONCLUSIVE


def test_a_doubt_is_never_accepted() -> None:
    report = violated()
    finding = report["scenarios"][0]["findings"][0]
    report["scenarios"][0]["findings"].append({**finding, "verdict": "inconclusive", "class": "availability"})

    found = compared(report, updated(report, ()))

    assert [one["known"] for one in found["scenarios"][0]["findings"]] == [True, False]
    assert verdict(found) is Verdict.INCONCLUSIVE


def test_what_has_vanished_is_named() -> None:
    known = updated(violated(), ())
    mended = violated()
    mended["scenarios"][0].update(findings=[], verdict="held")

    report = compared(mended, known)

    assert report["baseline"]["vanished"] == [
        "canary_leak (leak) by search in cross_search in reference with breakage drop_user_id"
    ]
    assert len(updated(mended, known)) == len(known) - 1


@pytest.mark.parametrize(
    "change",
    [
        {"verdict": None},
        {"inconclusive_because": ["it was interrupted"]},
        {"name": "another"},
    ],
)
def test_what_was_not_judged_has_not_vanished(change: dict[str, object]) -> None:
    known = updated(violated(), ())
    report = violated()
    report["scenarios"][0].update({"findings": [], "verdict": "held"} | change)

    assert compared(report, known)["baseline"]["vanished"] == []
    assert updated(report, known) == known


def test_another_targets_findings_stay_in_the_baseline() -> None:
    known = updated(violated(), ())

    report = compared(held(), known)
    assert report["baseline"] == {"vanished": [], "elsewhere": ["reference with breakage drop_user_id"]}
    assert list(against_baseline(report))[-1] == (
        "baseline: also made of reference with breakage drop_user_id, of which this says nothing"
    )
    assert updated(held(), known) == known


def test_a_report_is_no_baseline_and_the_message_says_how_it_becomes_one(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text(json.dumps(violated()), encoding="utf-8")

    with pytest.raises(HarnessError, match=r"is a report: accept what it found with memfence baseline update "):
        load(path)


def test_a_baseline_is_sorted_and_reads_back(tmp_path: Path) -> None:
    known = updated(violated(), ())
    path = tmp_path / "known.json"
    path.write_text(text_of(reversed(known)), encoding="utf-8")

    assert load(path) == known == tuple(sorted(known))
    said = json.loads(path.read_text(encoding="utf-8"))
    assert said["schema_version"] == 1
    assert said["findings"][0]["finding"] == "canary_leak (leak) by search in cross_search"
    assert text_of([*known, *known]) == text_of(known)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "there is no baseline .*memfence baseline update"),
        ("{", "is there, and is no baseline: name another file$"),
        ("[]", "is there, and is no baseline: name another file$"),
        ('{"schema_version": 1}', "is there, and is no baseline: name another file$"),
        ('{"schema_version": 1, "findings": [{}]}', "is there, and is no baseline: name another file$"),
        ('{"schema_version": 99, "findings": []}', "of another version.*memfence baseline update"),
    ],
)
def test_a_file_that_is_none_is_refused_with_what_to_do(text: str | None, message: str, tmp_path: Path) -> None:
    path = tmp_path / "known.json"
    if text is not None:
        path.write_text(text, encoding="utf-8")

    with pytest.raises(HarnessError, match=message):
        load(path)


def test_an_empty_baseline_accepts_nothing(tmp_path: Path) -> None:
    path = tmp_path / "known.json"
    path.write_text(text_of([]), encoding="utf-8")

    assert verdict(compared(violated(), load(path))) is Verdict.VIOLATED
    assert updated(held(), [Known("a", "b", "c", "d")]) == (Known("a", "b", "c", "d"),)
