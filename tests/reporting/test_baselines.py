import json
from pathlib import Path
from typing import Any

import pytest
from audited import held, inconclusive, violated

from memfence.base.errors import HarnessError
from memfence.commands.delivery import settled
from memfence.model.findings import Verdict
from memfence.reporting.baselines import Known, compared, load, text_of, updated, verdict
from memfence.reporting.reading import against_baseline, open_questions


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


def opened() -> dict[str, Any]:
    """Return a report of which one scenario held and another is open."""
    report = held()
    report["verdict"] = "inconclusive"
    report["scenarios"][0] |= {"verdict": "inconclusive", "inconclusive_because": ["3 calls crashed"]}
    return report


def test_what_a_scenario_left_open_is_accepted_by_its_name_alone() -> None:
    report = opened()
    by_name = updated(report, (), ["cross_search"])

    accepted = compared(report, by_name)

    assert [one.finding for one in by_name] == ["left open: 3 calls crashed"]
    assert verdict(accepted) is Verdict.HELD
    assert verdict(compared(report, updated(report, ()))) is Verdict.INCONCLUSIVE
    assert settled(accepted) == ": open, accepted by baseline"
    assert list(open_questions(accepted)) == [("cross_search", "3 calls crashed (open, accepted by baseline)")]
    assert list(against_baseline(compared(held(), by_name)))[1:] == [
        "vanished: left open: 3 calls crashed in reference"
    ]


def test_only_what_is_open_is_accepted_so_and_never_all() -> None:
    with pytest.raises(HarnessError, match="list_all left nothing open in this report: accept one of cross_search"):
        updated(opened(), (), ["list_all"])

    nothing = inconclusive()
    names = [one["name"] for one in nothing["scenarios"] if one["inconclusive_because"]]
    assert verdict(compared(nothing, updated(nothing, (), names))) is Verdict.INCONCLUSIVE


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
        "baseline: it also holds findings in reference with breakage drop_user_id"
    )
    assert updated(held(), known) == known


def written(folder: Path, report: dict[str, Any]) -> Path:
    path = folder / "main.json"
    path.write_text(json.dumps(report), encoding="utf-8")
    return path


def test_the_main_branchs_report_is_a_baseline_what_it_found_is_known_and_what_is_new_fails(tmp_path: Path) -> None:
    main = violated(7)
    (known,) = main["scenarios"][0]["findings"][:1]
    less = {**main, "scenarios": [{**main["scenarios"][0], "findings": [known]}]}

    assert load(written(tmp_path, main)) == updated(main, ())
    assert verdict(compared(violated(8), load(written(tmp_path, main)))) is Verdict.HELD
    assert verdict(compared(violated(8), load(written(tmp_path, less)))) is Verdict.VIOLATED


def test_what_the_main_branchs_report_left_open_is_never_accepted(tmp_path: Path) -> None:
    known = load(written(tmp_path, inconclusive()))

    assert known == ()
    assert verdict(compared(inconclusive(), known)) is Verdict.INCONCLUSIVE


def test_what_the_main_branchs_report_found_and_nobody_finds_now_has_vanished(tmp_path: Path) -> None:
    mended = violated()
    mended["scenarios"][0].update(findings=[], verdict="held")

    assert compared(mended, load(written(tmp_path, violated())))["baseline"]["vanished"] == [
        "canary_leak (leak) by search in cross_search in reference with breakage drop_user_id"
    ]


def test_a_report_of_another_version_is_no_baseline(tmp_path: Path) -> None:
    with pytest.raises(HarnessError, match="a report of another version of memfence: audit the main branch again"):
        load(written(tmp_path, {**violated(), "schema_version": 1}))


def test_a_baseline_never_takes_the_place_of_a_report(tmp_path: Path) -> None:
    with pytest.raises(HarnessError, match="is a report, and stays one: name another file for the baseline"):
        load(written(tmp_path, violated()), to_write=True)


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
