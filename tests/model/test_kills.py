import pytest

from memfence.model.kills import Cell, Clean, Kill, Proof

ORACLES = ("canary_leak", "lost", "residue")


def cells(**said: Cell) -> dict[str, Cell]:
    return {name: said.get(name, Cell.MISSED) for name in ORACLES}


def kill(
    name: str = "drops_id", operations: tuple[int | None, ...] = (3,), *, doubted: bool = False, **said: Cell
) -> Kill:
    said = said or {"canary_leak": Cell.CAUGHT}
    return Kill(
        breakage=name,
        summary="The id is dropped.",
        layer="wrapper",
        caught_by="canary_leak",
        doubted=doubted,
        fresh=cells(**said),
        shared=cells(),
        scenario="alice_and_bob",
        operations=operations,
    )


def clean(campaigns: int = 10, alarmed: int = 0) -> Clean:
    return Clean("reference", campaigns, parts=16, scenarios=31, alarmed=alarmed)


def proof(*kills: Kill, cleans: tuple[Clean, ...] = (), interrupted: bool = False) -> Proof:
    return Proof(
        on="reference",
        seed=0,
        seeds=1,
        known=59,
        oracles=ORACLES,
        settings={},
        versions={},
        repeat="memfence prove",
        kills=list(kills),
        cleans=list(cleans),
        interrupted=interrupted,
    )


def test_an_oracle_spoke_where_the_verdict_is_no_longer_held() -> None:
    assert {cell: cell.spoke for cell in Cell} == {
        Cell.CAUGHT: True,
        Cell.DOUBTED: True,
        Cell.MISSED: False,
        Cell.NOT_EXERCISED: False,
    }


@pytest.mark.parametrize("cell", Cell)
def test_a_breakage_is_caught_where_its_own_oracle_called_it_violated(cell: Cell) -> None:
    assert kill(canary_leak=cell, lost=Cell.CAUGHT).caught is (cell is Cell.CAUGHT)


@pytest.mark.parametrize("cell", Cell)
def test_one_whose_audit_is_rightly_inconclusive_is_caught_where_its_oracle_spoke(cell: Cell) -> None:
    assert kill(doubted=True, canary_leak=cell, lost=Cell.CAUGHT).caught is cell.spoke


def test_one_seed_that_does_not_show_it_is_a_miss() -> None:
    found = kill(operations=(3, None, 5))

    assert not found.caught
    assert (found.missed_seeds, found.median, found.worst) == (1, None, None)


def test_the_median_and_the_worst_are_over_all_seeds() -> None:
    found = kill(operations=(3, 9, 5, 4))

    assert found.caught
    assert (found.missed_seeds, found.median, found.worst) == (0, 4.5, 9)


def test_what_no_seed_shows_has_neither_median_nor_worst() -> None:
    found = kill(operations=(None, None))

    assert (found.missed_seeds, found.median, found.worst) == (2, None, None)


def test_a_clean_control_bounds_the_rate_of_false_alarms() -> None:
    assert (clean(1000).bound.trials, clean(1000).bound.failures) == (1000, 0)
    assert clean(1000).bound.limit == pytest.approx(0.0029912, rel=1e-4)


def test_every_breakage_caught_and_every_clean_control_silent_is_proven() -> None:
    whole = proof(kill("a"), kill("b"), cleans=(clean(), clean(5)))

    assert whole.proven
    assert whole.missed == []
    assert (whole.clean.trials, whole.clean.failures) == (15, 0)


def test_without_a_clean_campaign_nothing_is_proven() -> None:
    assert not proof(kill()).proven
    assert proof(kill()).clean.limit is None


def test_clean_campaigns_are_told_as_so_many_whole_audits_too() -> None:
    found = proof(kill(), cleans=(clean(500), clean(500)))

    assert found.each == 2
    assert (found.whole.trials, found.whole.failures) == (62, 0)
    assert found.whole.limit == pytest.approx(0.0472, abs=0.0001)


def test_an_empty_proof_proves_nothing() -> None:
    assert not proof().proven
    assert not proof(cleans=(clean(),)).proven


def test_one_missed_seed_of_one_breakage_is_not_proven() -> None:
    found = proof(kill("a"), kill("b", operations=(3, None)), cleans=(clean(),))

    assert not found.proven
    assert [one.breakage for one in found.missed] == ["b"]


def test_one_false_alarm_is_not_proven() -> None:
    found = proof(kill(), cleans=(clean(), clean(10, alarmed=1)))

    assert not found.proven
    assert (found.clean.trials, found.clean.failures) == (20, 1)


def test_what_was_interrupted_is_not_proven() -> None:
    assert not proof(kill(), cleans=(clean(),), interrupted=True).proven
