import json
from typing import Any
from xml.etree import ElementTree as ET

from memfence.model.findings import Verdict
from memfence.model.scaled import ScaleResult, Sweep
from memfence.reporting import scale_html, scale_json, scale_markdown
from memfence.reporting.scale_curves import curves, table
from memfence.reporting.scale_json import scale_as_json
from memfence.reporting.scale_lines import lines
from memfence.reporting.scale_picture import picture
from memfence.reporting.scale_progress import TimeLeft

SETTINGS = {"users": 1000, "store": "pgvector", "seed": 7, "breakage": None}
TALLY = {"probes": 60, "returned": 60, "refused": 0, "crashed": 0, "pairs": 20, "leaked": 0}
TOLD = {
    "memfence_replay": 1,
    "target": "audited",
    "wrapper": "scoped",
    "breakage": None,
    "seed": 7,
    "oracle": "canary_leak",
    "verdict": "violated",
    "tenants": [{"index": 3, "id": "mf-bob-3"}],
    "moves": [{"GetAll": {"by": 0, "seeks": [1, 0]}}],
}


def measured(size: int, index: str, p50: float, found: int = 200) -> dict[str, Any]:
    door = {"asked": 200, "found": found, "p50": p50, "p99": 2 * p50}
    return {"size": size, "index": index, "bytes": 2000 * size, "arranged_seconds": 1.0, "scoped": door, "raw": door}


def result(**said: Any) -> ScaleResult:
    whole = Sweep(expected=1000, rows=1000, right=1000)
    made = ScaleResult(dict(SETTINGS), "memfence scale --users 1000", 1000, sweeps=[whole], executor="2 processes")
    made.doors = {"audited": {"search": dict(TALLY)}}
    made.planted = {"through_mem0": 10, "bulk": 990}
    made.curves = [
        {"size": 1000, "planted": 1000, "seconds": 2.0, "rate_of_one": 250.0},
        measured(1000, "user_id", 0.002),
        {"size": 10_000, "planted": 9000, "seconds": 9.0, "rate_of_one": 500.0},
        measured(10_000, "user_id", 0.003),
        measured(10_000, "hnsw", 0.004, found=4),
    ]
    for name, value in said.items():
        setattr(made, name, value)
    return made


def leak(door: str = "audited", channel: str = "get_all", **said: Any) -> dict[str, Any]:
    kind = {"oracle": "canary_leak", "class": "leak", "severity": "high", "verdict": "violated", "stray": False}
    shown = {"evidence": ["it holds a code"], "shown": "</script><b>", "observer": "bob_3", "owner": "ann_1"}
    return {**kind, **shown, "door": door, "channel": channel, "count": 2, "replay": TOLD, **said}


def test_what_holds_is_held_and_says_how_many_rows_were_attributed() -> None:
    report = scale_as_json(result())
    assert report["said"] == "HELD 1,000 users on pgvector, each of 1,000 rows attributed (seed 7)"
    assert report["doors"]["audited"]["search"]["rate_below_said"] == "14 %"
    assert json.loads(scale_json.render(report))["verdict"] == "held"


def test_one_row_under_anothers_id_is_violated_whatever_else_is_open() -> None:
    wrong = result(sweeps=[Sweep(rows=1000, right=999, mislabelled=1, missing=3)])
    assert wrong.verdict is Verdict.VIOLATED
    assert wrong.violations == ["sweep 1: under another user's id: 1 row"]


def test_what_is_missing_is_open_before_the_erasure_and_violated_after_it() -> None:
    assert result(sweeps=[Sweep(missing=1)]).verdict is Verdict.INCONCLUSIVE
    assert result(sweeps=[Sweep(), Sweep(missing=1, again=True)]).verdict is Verdict.VIOLATED
    assert result(sweeps=[Sweep(), Sweep(left=1, again=True)]).verdict is Verdict.VIOLATED


def test_what_was_missing_before_or_whose_erasure_broke_is_no_violation() -> None:
    assert result(sweeps=[Sweep(missing=2), Sweep(missing=2, again=True)]).verdict is Verdict.INCONCLUSIVE
    assert result(sweeps=[Sweep(missing=1, again=True)]).verdict is Verdict.INCONCLUSIVE
    broken = {**TALLY, "crashed": 1}
    doors = {"audited": {"search": dict(TALLY)}, "erased": {"delete_all": broken}}
    assert result(sweeps=[Sweep(), Sweep(left=1, again=True)], doors=doors).verdict is Verdict.INCONCLUSIVE


def test_what_was_not_judged_or_not_noticed_or_given_up_is_inconclusive() -> None:
    for said in (
        {"sweeps": []},
        {"doors": {}},
        {"controls": {"search (audited)": [1, 2]}},
        {"failed": {"plant 0-4999": "tried 3 times"}},
        {"interrupted": True},
        {"silent": False, "findings": [leak()]},
    ):
        assert result(**said).verdict is Verdict.INCONCLUSIVE, said


def test_where_each_probe_was_refused_nothing_is_held() -> None:
    refused = {**TALLY, "refused": 60, "returned": 0, "pairs": 0}
    known = result(doors={"audited": {"search": refused}})

    assert (known.verdict, known.violations) == (Verdict.INCONCLUSIVE, [])
    assert scale_as_json(known)["said"].startswith("INCONCLUSIVE")


def test_that_mem0s_client_answers_any_id_is_told_and_no_part_of_the_verdict() -> None:
    known = result(findings=[leak("plain", "get")])
    assert known.verdict is Verdict.HELD
    assert any("answers any record id" in line for line in lines(scale_as_json(known)))
    assert result(findings=[leak("plain", "search")]).verdict is Verdict.VIOLATED


def test_a_finding_is_told_as_a_story_with_its_calls() -> None:
    said = list(lines(scale_as_json(result(findings=[leak()]))))
    assert "canary_leak (leak, high) by get_all through audited: 2 findings" in said
    assert any(line.strip() == 'make_memory("mf-bob-3").get_all()' for line in said)


def test_what_a_wrong_label_explains_is_told_once_without_calls_that_would_not_show_it() -> None:
    row = {"kind": "mislabelled", "id": "r1", "label": "mf-bob-3", "labelled": 3, "owner": 1, "number": 0, "text": "x"}
    strays = [leak(stray=True), leak(stray=True, channel="search"), leak(stray=True, oracle="mislabelled")]
    sweeps = [Sweep(rows=1000, mislabelled=1, examples=[row]), Sweep(again=True, mislabelled=1, examples=[row])]
    report = scale_as_json(result(findings=strays, sweeps=sweeps))
    said = list(lines(report))
    assert sum("through audited: 2 findings" in line for line in said if "(leak, high)" in line) == 1
    assert said.count("  row r1 carries user_id='mf-bob-3' (user 3) and holds user 1's fact 0: 'x'") == 1
    assert any("its row is stored under bob_3's id" in line for line in said)
    assert not any("make_memory" in line for line in said)
    assert scale_markdown.render(report).count("### canary_leak") == 1


def test_rows_that_were_picked_say_nothing_of_the_rate_at_which_drawn_pairs_leak() -> None:
    doors = {"audited": {"search": dict(TALLY)}, "audited: wrong labels": {"search": {**TALLY, "leaked": 20}}}
    told = scale_as_json(result(doors=doors))["doors"]
    assert told["audited"]["search"]["rate_below_said"] == "14 %"
    assert told["audited: wrong labels"]["search"]["rate_below_said"] == "not drawn"


def test_that_there_are_more_pairs_than_probes_is_explained_where_it_is_so() -> None:
    widely = {"audited": {"get_all": {**TALLY, "pairs": 500, "leaked": 500}}}
    assert any("more pairs than probes" in line for line in lines(scale_as_json(result(doors=widely))))
    assert not any("more pairs than probes" in line for line in lines(scale_as_json(result())))


def test_the_gravest_is_said_first_and_what_is_not_held_says_how_to_repeat_it() -> None:
    slight = leak(oracle="noninterference", severity="low", shown="scores", evidence=["1 there, 2 alone"])
    slight["class"] = "interference"
    report = scale_as_json(result(findings=[slight, leak()]))
    said = list(lines(report))
    assert report["said"].endswith("canary_leak by get_all: 2 findings through audited")
    assert said[-1] == "repeat: memfence scale --users 1000"
    assert any(line.split() == ["it", "differs", "in", "scores"] for line in said)
    assert any("# ask once with the others' facts in the store, and once with bob_3's alone" in line for line in said)
    assert not any(line.startswith("repeat: ") for line in lines(scale_as_json(result())))


def test_the_curves_are_a_row_for_each_size_and_arrangement() -> None:
    rows = curves(result().curves)
    assert [(row["users"], sorted(row["arranged"])) for row in rows] == [
        (1000, ["user_id"]),
        (10_000, ["hnsw", "user_id"]),
    ]
    assert table(rows)[-1] == ("10,000", "1,000", "mem0's default HNSW", *(["4.00 ms", "8.00 ms"] * 2), "2.0%", "2,000")


def test_the_picture_is_a_well_formed_drawing_that_loads_nothing() -> None:
    drawn = picture(curves(result().curves))
    assert ET.fromstring(drawn).tag.endswith("svg")  # noqa: S314 - our own
    assert "href" not in drawn
    assert picture(curves(result().curves[:2])) == "", "of one size there is no curve"


def test_markdown_and_the_page_hold_the_verdict_the_curves_and_no_markup_of_strangers() -> None:
    report = scale_as_json(result(findings=[leak()]))
    text, page = scale_markdown.render(report), scale_html.render(report)
    assert text.startswith("## memfence: VIOLATED 1,000 users")
    assert "| 10,000 | 1,000 | index on the user id |" in text
    assert "█" in text
    assert "</script><b>" not in page
    assert "index on the user id" in page


def test_the_time_left_is_told_once_something_is_known_of_it() -> None:
    now = [0.0]
    left = TimeLeft(lambda: now[0])
    assert left(0.5) == "", "what was done before tells nothing of the speed"
    now[0] = 60.0
    assert left(0.6) == "about 4 min left"
