import re

from audited import held, inconclusive, violated

from memfence.reporting.baselines import compared, updated
from memfence.reporting.compact import lines

WIDTH = 80


def told(report: dict[str, object], width: int = WIDTH) -> list[str]:
    return list(lines(report, width))


def test_the_finding_comes_first_with_its_calls() -> None:
    first, second, *rest = told(violated())

    assert first == "memfence audit of reference with breakage drop_user_id"
    assert second.startswith("canary_leak (leak, high, CWE-668) in list_all by get_all: ")
    position = rest.index(next(line for line in rest if line.startswith("  reproduce (2 calls of ")))
    assert [line.partition("(")[0].strip() for line in rest[position + 1 : position + 3]] == ["make_memory"] * 2
    assert rest[position + 3] == "  mend"
    assert rest[position + 7].startswith("  repeat: memfence audit reference --seed 7")


def test_how_far_it_goes_is_counted() -> None:
    text = told(violated())

    assert text[text.index("found in 3 scenarios, in the order to mend them:") + 1 :][:3] == [
        "  list_all: canary_leak by get_all (high)",
        "  cross_search: canary_leak by search (high)",
        "  get_by_foreign_id: canary_leak by get (high)",
    ]
    assert "scenarios: 3 violated, 1 not exercised (--verbose has them all)" in text
    assert violated()["bound"]["said"] in text


def test_our_own_prose_fits_the_screen_and_what_is_to_be_copied_is_whole() -> None:
    report = violated()

    mended = report["causes"][0]["mend"]
    long = [line.strip() for line in told(report) if len(line) > WIDTH]

    assert all(line.startswith(("make_memory(", "repeat: ")) or line in mended for line in long)


def test_what_somebody_has_to_do_is_never_left_out() -> None:
    report = violated() | {
        "warnings": ["it could not be closed"],
        "left_behind": 3,
        "required_not_exercised": ["history"],
        "interrupted": True,
    }

    text = "\n".join(told(report))

    assert "warning: it could not be closed" in text
    assert "left behind: 3 records of tenants named mf" in text
    assert "required and not judged: history" in text
    assert "interrupted: this is what was found so far" in text


def test_a_new_finding_is_told_before_those_that_are_known() -> None:
    report = violated()
    known = [one for one in updated(report, ()) if one.scenario != "get_by_foreign_id"]

    text = told(compared(report, known))

    assert text[1].startswith("canary_leak (leak, high, CWE-639) in get_by_foreign_id by get: ")
    assert "  list_all: canary_leak by get_all (high, known)" in text
    assert "baseline: 2 findings known, accepted by baseline; 1 new" in text


def test_what_has_vanished_is_named() -> None:
    report = violated()
    known = updated(report, ())
    report["scenarios"][0].update(findings=[], verdict="held")

    text = told(compared(report, known))

    assert "vanished: canary_leak (leak) by search in cross_search in reference with breakage drop_user_id" in text


def test_each_violated_scenario_is_named_and_many_are_told_by_cause() -> None:
    report = violated()
    (first, *_) = report["scenarios"]
    finding = first["findings"][0]
    names = [f"scenario_{number}" for number in range(13)]
    report["scenarios"] = [{**first, "name": name, "findings": [finding]} for name in names]

    many = " ".join(told(report))
    report["scenarios"].pop()
    few = told(report)

    assert f"unscoped calls, high (canary_leak): {', '.join(names)}" in re.sub(" +", " ", many)
    assert [line for line in few if line.startswith("  scenario_")] == [
        f"  {name}: canary_leak by search (high)" for name in names[:-1]
    ]


def test_the_ids_that_did_it_stand_with_their_scenario() -> None:
    report = violated()
    report["scenarios"][0]["ids"] = {"'*'": {"destroyed": 1}, "'%'": {"isolated": 2}}

    assert "  cross_search: canary_leak by search (high); ids: '*'" in told(report)


def test_the_cause_stands_below_the_headline_and_what_mends_it_behind_the_calls() -> None:
    report = violated()
    cause = report["causes"][0]

    text = told(report, 200)

    assert text[2] == f"  {cause['said']}"
    assert text[text.index("  mend") + 1 :][: len(cause["mend"])] == [f"    {line}" for line in cause["mend"]]


def test_only_a_violation_is_told_so() -> None:
    assert not any(one["findings"] for one in [*held()["scenarios"], *inconclusive()["scenarios"]])


def test_where_all_is_accepted_it_is_told_what_was_left_open() -> None:
    report = violated()
    report["scenarios"] += inconclusive()["scenarios"]

    accepted = told(compared(report, updated(report, ())))

    assert any("calls crashed" in line for line in accepted)
    assert not any("calls crashed" in line for line in told(report))


def test_what_it_was_an_audit_of_and_what_mends_a_loss_is_told_in_the_shortest_too() -> None:
    report = violated() | {"foremost": ["this is a stand-in"], "notes": ["this is a stand-in", "calls are serialised"]}

    text = told(report)

    assert "note: this is a stand-in" in text
    assert "note: calls are serialised" not in text
