"""Planted defects in a real mem0, and the plain code that they are planted in."""

from collections.abc import Mapping

import pytest

from memfence.breakages.unchecked import bind
from memfence.campaigns import resolve, trials
from memfence.campaigns.campaign import Campaign
from memfence.campaigns.settings import AuditSettings
from memfence.model.findings import Verdict
from memfence.model.kills import Cell
from memfence.performing.contract import adapt
from memfence.targets.built_in.mem0 import open_target


@pytest.mark.slow
@pytest.mark.parametrize("checked", [True, False])
def test_the_plain_code_isolates_over_mem0_where_nothing_is_planted(checked: bool) -> None:  # noqa: FBT001 - pytest passes it so
    target = open_target(lambda client: bind(client, checked=checked))
    campaign = Campaign(
        adapt(target, "mem0"),
        resolve.scenarios(()),
        AuditSettings(
            seed=0, users=trials.USERS, facts=trials.FACTS, probes=trials.PROBES, crowd=trials.SMALL["mem0"].crowd
        ),
        resolve.all_oracles(),
        effort=trials.EFFORT,
    )

    result = campaign.run()

    # What Qdrant keeps in memory of a deleted point lies there, and nothing serves it.
    told = [(one.name, group.example) for one in result.scenarios for group in one.findings]
    assert [(name, one.evidence) for name, one in told if one.verdict is not Verdict.HELD] == []
    assert result.verdict is Verdict.HELD


@pytest.mark.parametrize(
    ("name", "scenario"),
    [
        ("drop_user_id_on_search", "alice_and_bob"),
        ("duplicates_merged", "same_words"),
        ("neighbours_messages_in_prompt", "across_restart"),
    ],
)
def test_defects_of_three_layers_are_caught_in_mem0(name: str, scenario: str, monkeypatch: pytest.MonkeyPatch) -> None:
    only = {scenario: resolve.all_scenarios()[scenario]}
    monkeypatch.setattr(resolve, "all_scenarios", lambda: only)

    kill = trials.kill(name, "mem0", range(1))

    assert kill.caught
    assert kill.scenario == scenario
    assert spoke(kill.fresh) == [kill.caught_by]
    # One world for all is not tried: brute force over a store that fills up is slow.
    assert set(kill.shared.values()) == {Cell.NOT_EXERCISED}


def spoke(cells: Mapping[str, Cell]) -> list[str]:
    return [oracle for oracle, cell in cells.items() if cell.spoke]
