from dataclasses import replace

import pytest

from memfence import Add, DeleteAll, GetAll, Operation, Population, Step
from memfence.judging.attribution import CanaryAttributor
from memfence.judging.oracles.canary_leak import canary_leak
from memfence.model.findings import Finding, FindingClass, Severity
from memfence.model.observations import Crashed, Observation, Record, Refused, Returned
from memfence.model.pairs import Fate, Pairs

POPULATION = Population(seed=3, size=4)
ANN, BEN, CAT, EVE = POPULATION
ATTRIBUTOR = CanaryAttributor(POPULATION)
NO, DOWN, NOTHING = Refused("ScopeError", "no"), Crashed("OSError", "down", "store.py:3"), Returned()


def look(victim: object, pose: object, observation: Observation = NOTHING, index: int = 9) -> Step:
    assert victim in (ANN, BEN, CAT)
    return Step(index, GetAll(EVE.posing_as(pose), victim.facts[0]), observation)  # type: ignore[attr-defined]  # a tenant


def shapes(*steps: Step) -> dict[str, dict[Fate, int]]:
    pairs, judge = Pairs(), canary_leak(ATTRIBUTOR)
    for step in steps:
        pairs.note(step, POPULATION.tenant(step.operation.owner), list(judge(step)))
    return pairs.shapes


@pytest.mark.parametrize(
    ("observation", "fate"),
    [
        (NO, Fate.REFUSED),
        (NOTHING, Fate.ISOLATED),
        (DOWN, Fate.CRASHED),
        (Returned((Record("1", ANN.facts[0].text),)), Fate.LEAKED),
    ],
)
def test_a_pair_fares_as_its_probe_did(observation: Observation, fate: Fate) -> None:
    assert shapes(look(ANN, "*", observation)) == {"'*'": {fate: 1}}


def test_the_worst_of_several_probes_decides() -> None:
    leak = Returned((Record("1", ANN.facts[0].text),))

    assert shapes(look(ANN, "*", NO), look(ANN, "*", leak), look(ANN, "*", DOWN)) == {"'*'": {Fate.LEAKED: 1}}


def test_the_ids_made_from_each_victims_are_one_kind() -> None:
    steps = [look(victim, form.format(victim.id)) for victim in (ANN, BEN) for form in ("{} ", "x{}")]

    assert shapes(*steps) == {"'<victim> '": {Fate.ISOLATED: 2}, "'x<victim>'": {Fate.ISOLATED: 2}}


def test_a_number_is_the_victims_and_a_long_id_is_cut() -> None:
    told = shapes(look(CAT, CAT.index), look(CAT, f"00{CAT.index}"), look(CAT, "a" * 500))

    assert list(told) == ["<number>", "'00<number>'", f"'{'a' * 59}... (500 characters)"]


def test_whoever_destroys_is_told_by_the_owners_look() -> None:
    pairs = Pairs()
    did = Step(5, DeleteAll(EVE.posing_as("*"), owner=ANN.index), NOTHING)
    own: Operation = GetAll(ANN, ANN.facts[0])
    gone = Finding(
        "tampering", FindingClass.INTEGRITY, Severity.CRITICAL, did.operation.principal, ANN, did, (), (own,)
    )

    pairs.note(did, ANN, [])
    pairs.note(Step(6, own, NOTHING), ANN, [gone])

    assert pairs.shapes == {"'*'": {Fate.DESTROYED: 1}}


def test_a_victim_that_lost_its_fact_lost_it_under_each_id() -> None:
    pairs = Pairs()
    own = Step(6, GetAll(ANN, ANN.facts[0]), NOTHING)
    lost = Finding("lost", FindingClass.AVAILABILITY, Severity.LOW, ANN, ANN, own, (), (own.operation,))

    pairs.note(look(ANN, "a"), ANN, [])
    pairs.note(look(BEN, "a"), BEN, [])
    pairs.note(own, ANN, [lost])

    assert pairs.shapes == {"'a'": {Fate.LOST: 1, Fate.ISOLATED: 1}}


def test_what_the_victim_itself_is_shown_makes_no_pair() -> None:
    posing = replace(ANN, id="7", hostile=True)

    assert shapes(Step(1, Add(posing, ANN.facts[0]), NOTHING), Step(2, GetAll(posing, ANN.facts[0]), NOTHING)) == {}
    assert shapes(Step(2, GetAll(posing, ANN.facts[0]), Returned((Record("1", EVE.facts[0].text),)))) == {}


def test_an_ordinary_probe_is_no_pair_of_ids() -> None:
    assert shapes(Step(1, GetAll(EVE, ANN.facts[0]), NOTHING)) == {}


def test_an_id_that_stands_in_a_finding_is_not_told_to_be_isolated_whoever_looked() -> None:
    pairs, posing = Pairs(), EVE.posing_as("*")
    shown = Step(9, GetAll(ANN, EVE.facts[0]), NOTHING)
    seen = Finding(
        "canary_leak", FindingClass.LEAK, Severity.HIGH, ANN, posing, shown, (), (Add(posing, EVE.facts[0]),)
    )
    pairs.note(look(ANN, "*"), ANN, [])
    pairs.note(look(BEN, "*"), BEN, [])

    pairs.found(seen)

    assert pairs.shapes == {"'*'": {Fate.LEAKED: 1, Fate.ISOLATED: 1}}


def test_what_changed_anothers_record_is_told_as_destroyed() -> None:
    pairs, posing = Pairs(), EVE.posing_as("*")
    pairs.note(look(ANN, "*"), ANN, [])

    pairs.found(
        Finding("mislabelled", FindingClass.INTEGRITY, Severity.HIGH, posing, ANN, look(ANN, "*"), (), ()),
    )

    assert pairs.shapes == {"'*'": {Fate.DESTROYED: 1}}
