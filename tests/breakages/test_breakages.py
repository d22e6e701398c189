import inspect
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from memfence import breakages
from memfence.breakages import Layer
from memfence.campaigns import resolve, trials
from memfence.campaigns.campaign import Campaign
from memfence.campaigns.settings import AuditSettings
from memfence.model.findings import Verdict
from memfence.model.kills import Cell
from memfence.model.results import CampaignResult

# Those of keyed resources and of the reference application have tests of their own.
ELSEWHERE = {Layer.RESOURCE, Layer.SERVER}
BREAKAGES = {name: one for name, one in resolve.all_breakages().items() if one.layer not in ELSEWHERE}
ORACLES = tuple(resolve.all_oracles())
FOLDER = Path(inspect.getfile(breakages)).parent

# One defect for each oracle that nothing else sees, where the target cannot be started afresh.
NEEDED = {
    "canary_leak": "no_owner_check_on_get",
    "contained": "keyword_search_unfiltered",
    "existence": "foreign_told_from_unknown",
    "filter_ignored": "range_ignored",
    "foreign_id": "debug_names_neighbours",
    "foreign_record": "text_redacted",
    "lost": "get_all_is_cut",
    "mislabelled": "stamped_with_last_reader",
    "prompt_bleed": "neighbours_messages_in_prompt",
    "residue": "soft_delete",
    "tampering": "no_owner_check_on_delete",
    "timing": "warm_for_everybody",
}
# Of the same sentence of two users the text names both, so that a wrong label alone speaks there.
BESIDE = {"mislabelled": {("foreign_record", "same_words")}}
# What judges credentials and what stands around answers has its breakages where users sign in.
OF_SESSIONS = ("accepted", "cacheable", "cross_origin")
# Without its oracle one of these is not told for what it is, and leaves the question open all the same: a call on own
# records was refused, or a record names nobody.
DOUBTED_ALL_THE_SAME = ("contained", "foreign_record")
# What only a comparison with the same tenant alone can show.
COMPARED = (
    "boost_from_neighbours",
    "counts_over_all",
    "idf_over_all_tenants",
    "page_shared_out",
    "ranking_by_traffic",
    "scores_normalised_over_all",
)
# One of each layer, and one that only a comparison shows. `memfence prove` plants all, each with twenty seeds.
FEW = (
    "cache_without_user",
    "debug_names_neighbours",
    "neighbours_messages_in_prompt",
    "no_owner_check_on_get",
    "ranking_by_traffic",
)


def audit(breakage: str, *, without: str, fresh: bool) -> CampaignResult:
    """Audit a planted defect as a trials does, with all oracles but one."""
    small = trials.SMALL["reference"]
    target = resolve.target("reference", breakage=breakage, page=small.page)
    campaign = Campaign(
        target if fresh else replace(target, start=None),
        resolve.scenarios((), switched=(without,)),
        AuditSettings(seed=0, users=trials.USERS, facts=trials.FACTS, probes=trials.PROBES, crowd=small.crowd),
        {name: oracle for name, oracle in resolve.all_oracles().items() if name != without},
        effort=trials.EFFORT,
    )
    return campaign.run()


def told(result: CampaignResult) -> set[tuple[str, str]]:
    """Return which oracle said something in which scenario, but for what leaves the verdict alone."""
    found = [(scenario.name, group.example) for scenario in result.scenarios for group in scenario.findings]
    return {(told.oracle, name) for name, told in found if told.verdict is not Verdict.HELD}


@cache
def soonest() -> dict[str, str]:
    """Return the scenario that shows each breakage soonest, as the committed proof has it."""
    text = (Path(__file__).parents[2] / "reports" / "proof.md").read_text(encoding="utf-8")
    rows = [
        [cell.strip(" `") for cell in line.strip("|").split(" | ")] for line in text.splitlines() if line[:1] == "|"
    ]
    column = rows[0].index("soonest in")
    return {row[0]: row[column] for row in rows[2:] if row[0] in BREAKAGES}


def spoke(cells: Mapping[str, Cell]) -> list[str]:
    return [oracle for oracle, cell in cells.items() if cell.spoke]


def test_there_are_many_breakages_and_every_layer_has_its_own() -> None:
    assert len(BREAKAGES) >= 48
    assert {breakage.layer for breakage in resolve.all_breakages().values()} == set(Layer)


def test_every_oracle_has_a_breakage_that_it_must_see() -> None:
    assert {breakage.caught_by for breakage in resolve.all_breakages().values()} == set(ORACLES)


@pytest.mark.parametrize("name", resolve.all_breakages())
def test_a_breakage_is_a_small_file_with_one_sentence_about_one_defect(name: str) -> None:
    breakage = resolve.all_breakages()[name]

    assert isinstance(breakage.layer, Layer)
    assert re.fullmatch(r"\S.{20,118}\.", breakage.summary)
    # One sentence: a point ends it, or stands in a number or in a name in backticks.
    assert re.findall(r"[.!?]\s", re.sub(r"`[^`]*`|\"[^\"]*\"", "", breakage.summary)) == []
    assert len((FOLDER / breakage.layer / f"{name}.py").read_text(encoding="utf-8").splitlines()) <= 80


def test_no_two_breakages_have_one_name_in_two_folders() -> None:
    names = [path.stem for path in FOLDER.glob("*/*.py") if path.stem != "__init__"]

    assert sorted(set(names)) == sorted(names)


def test_no_two_breakages_are_the_same_bug_report() -> None:
    summaries = [breakage.summary for breakage in resolve.all_breakages().values()]

    assert sorted(set(summaries)) == sorted(summaries)


@pytest.mark.parametrize("name", [name for name in BREAKAGES if name in FEW])
def test_a_breakage_is_caught_by_the_oracle_that_it_names(name: str) -> None:
    breakage = BREAKAGES[name]

    kill = trials.kill(name, "reference", range(1))

    assert (kill.breakage, kill.layer, kill.summary) == (name, breakage.layer, breakage.summary)
    assert kill.caught
    assert kill.scenario in resolve.all_scenarios()
    (operations,) = kill.operations
    assert operations is not None
    assert operations > 0
    check_shared(name, kill.shared)
    if name in COMPARED:
        assert spoke(kill.fresh) == ["noninterference"]


@pytest.mark.parametrize("name", [name for name in BREAKAGES if name not in FEW])
def test_each_other_is_caught_by_its_oracle_in_the_scenario_that_shows_it_soonest(name: str) -> None:
    trial = trials.Trial(BREAKAGES[name], "reference", 0)

    trial.audit([resolve.all_scenarios()[soonest()[name]]])

    assert trial.first is not None


@pytest.mark.slow  # memfence prove does the same, and CI runs that
@pytest.mark.parametrize("name", [name for name in BREAKAGES if name not in FEW])
def test_a_breakage_is_seen_in_one_world_for_all_scenarios_too(name: str) -> None:
    trial = trials.Trial(BREAKAGES[name], "reference", 0, fresh=False)

    trial.audit(list(resolve.all_scenarios().values()))

    check_shared(name, trial.cells)


def check_shared(name: str, cells: Mapping[str, Cell]) -> None:
    """Check what the oracles say of a breakage in a target that cannot be started afresh."""
    # Without a way to begin anew there is nothing to compare with.
    assert cells["noninterference"] is Cell.NOT_EXERCISED
    if name in COMPARED:
        assert spoke(cells) == []
    elif name in NEEDED.values():
        caught_by = BREAKAGES[name].caught_by
        assert spoke(cells) == sorted({caught_by, *(oracle for oracle, _ in BESIDE.get(caught_by, ()))})
    elif BREAKAGES[name].caught_by != "noninterference":
        assert cells[BREAKAGES[name].caught_by].spoke


def test_the_few_have_one_of_each_layer() -> None:
    assert {BREAKAGES[name].layer for name in FEW} == set(Layer) - ELSEWHERE


@pytest.mark.long
@pytest.mark.parametrize("oracle", NEEDED)
def test_without_its_oracle_a_breakage_that_nothing_else_sees_goes_unseen(oracle: str) -> None:
    result = audit(NEEDED[oracle], without=oracle, fresh=False)

    assert told(result) == BESIDE.get(oracle, set())
    left = Verdict.INCONCLUSIVE if oracle in DOUBTED_ALL_THE_SAME else Verdict.HELD
    assert result.verdict is (Verdict.VIOLATED if oracle in BESIDE else left)


def test_each_oracle_but_the_comparison_has_a_breakage_that_nothing_else_sees() -> None:
    assert {oracle: BREAKAGES[name].caught_by for oracle, name in NEEDED.items()} == {
        oracle: oracle for oracle in ORACLES if oracle not in {"noninterference", *OF_SESSIONS}
    }


@pytest.mark.long
@pytest.mark.parametrize("name", COMPARED)
def test_without_the_comparison_what_only_changes_with_others_goes_unseen(name: str) -> None:
    result = audit(name, without="noninterference", fresh=True)

    assert told(result) == set()
    assert result.verdict is Verdict.HELD
