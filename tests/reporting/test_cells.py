import pytest

from memfence.campaigns import resolve
from memfence.campaigns.campaign import Campaign
from memfence.campaigns.settings import AuditSettings
from memfence.reporting.cells import LEGEND, Report, channel_cells, scenario_cells
from memfence.reporting.json_report import as_json


def report(breakage: str | None, *scenarios: str, **said: int) -> Report:
    settings = AuditSettings(seed=7, users=3, facts=2, crowd=300, load=60, breakage=breakage, **said)  # type: ignore[arg-type]  # by name
    target = resolve.target("reference", breakage=breakage)
    chosen = resolve.scenarios(scenarios)
    campaign = Campaign(target, chosen, settings, resolve.all_oracles(), catalogue=resolve.all_scenarios())
    return as_json(campaign.run(), resolve.all_oracles().values())


@pytest.mark.parametrize(
    ("breakage", "scenario", "channel", "word"),
    [
        ("drop_user_id", "cross_search", "search", "leaked"),
        ("no_owner_check_on_delete", "delete_by_foreign_id", "delete", "destroyed"),
        ("filters_after_the_top", "crowding_out", "get_all", "lost"),
        ("drop_user_id_beneath", "cross_search", "search", "contained"),
        ("scores_normalised_over_all", "cross_search", "search", "interfered"),
        ("soft_delete", "erasure", "storage", "residue"),
    ],
)
def test_a_defect_has_its_word(breakage: str, scenario: str, channel: str, word: str) -> None:
    found = report(breakage, scenario)

    assert word in channel_cells(found)[channel].words
    assert word in scenario_cells(found)[scenario].words


def test_what_is_answered_and_holds_is_held_and_what_gets_a_no_is_refused() -> None:
    found = report(None, "cross_search", "get_by_foreign_id")

    cells = channel_cells(found)
    assert (cells["search"].words, cells["get"].words) == (("held",), ("refused",))


def test_what_nobody_tried_is_neither() -> None:
    assert channel_cells(report(None, "cross_search"))["history"].words == ("-",)


def test_the_witness_is_that_of_the_gravest_word() -> None:
    found = report("drop_user_id", "cross_search", "delete_all_leaves_others")

    cell = channel_cells(found)["search"]
    assert cell.bad
    assert cell.scenario == "cross_search"
    assert len(cell.reproduce) == 2
    assert cell.repeat.startswith("memfence audit reference --seed 7")


def crashed(verdict: str, **tally: int) -> Report:
    counted = {"probes": 3, "returned": 0, "refused": 0, "crashed": 0, **tally}
    scenario = {"name": "cross_search", "verdict": verdict, "channels": {"search": counted}, "findings": []}
    return {"channels": {"search": verdict}, "probes": {"search": counted}, "scenarios": [scenario]}


@pytest.mark.parametrize(("tally", "word"), [({"crashed": 1}, "crashed"), ({"returned": 3}, "inconclusive")])
def test_what_is_left_open_is_never_held(tally: dict[str, int], word: str) -> None:
    found = crashed("inconclusive", **tally)

    assert channel_cells(found)["search"].words == scenario_cells(found)["cross_search"].words == (word,)


def test_a_fact_that_a_tenant_misses_alone_too_is_left_open() -> None:
    found = report("drop_user_id_on_add", "cross_search")

    assert {finding["class"] for finding in found["scenarios"][0]["findings"]} == {"availability"}
    assert channel_cells(found)["search"].words == ("inconclusive",)


def test_each_word_is_explained() -> None:
    assert all(meaning for meaning in LEGEND.values())


def test_what_is_found_where_a_canary_that_was_never_planted_is_found_too_counts_for_nothing() -> None:
    found = report("drop_user_id", "cross_search")
    found["scenarios"][0]["control"]["unplanted_canary_silent"] = False
    found["scenarios"][0]["verdict"] = "inconclusive"

    assert scenario_cells(found)["cross_search"].words == ("inconclusive",)
