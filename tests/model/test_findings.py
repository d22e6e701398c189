from dataclasses import replace
from itertools import permutations

import pytest

from memfence import Channel, Chat, Operation, Population, ReadStorage, Record, Search
from memfence.model.findings import Finding, FindingClass, Severity, Verdict
from memfence.model.observations import Crashed, Observation, Refused, Returned, Step

ALICE, BOB = Population(42, 2)


def _finding(
    klass: FindingClass = FindingClass.LEAK, oracle: str = "canary_leak", observation: Observation | None = None
) -> Finding:
    operation = Search(ALICE, BOB.facts[0].about, BOB.facts[0])
    step = Step(1, operation, observation or Returned())
    return Finding(oracle, klass, Severity.HIGH, ALICE, BOB, step, ("it says so",), (operation,))


@pytest.mark.parametrize("klass", [FindingClass.LEAK, FindingClass.INTERFERENCE, FindingClass.INTEGRITY])
def test_a_leak_an_interference_and_a_loss_of_integrity_violate(klass: FindingClass) -> None:
    assert _finding(klass).verdict is Verdict.VIOLATED


def test_availability_alone_leaves_the_question_open() -> None:
    assert _finding(FindingClass.AVAILABILITY).verdict is Verdict.INCONCLUSIVE


def test_a_leak_in_a_reply_crossed_by_the_operations_own_channel() -> None:
    assert _finding(observation=Returned()).channel is Channel.SEARCH


@pytest.mark.parametrize("observation", [Refused("ValueError", "m"), Crashed("KeyError", "m", "a.py:1 in f")])
def test_a_leak_in_an_errors_text_crossed_by_errors(observation: Observation) -> None:
    assert _finding(observation=observation).channel is Channel.ERRORS


def test_a_withheld_reply_crossed_no_error_but_the_operations_own_channel() -> None:
    refused = Refused("IsolationError", "withheld", contained=True)

    assert _finding(oracle="contained", observation=refused).channel is Channel.SEARCH


@pytest.mark.parametrize(("verdict", "code"), [(Verdict.HELD, 0), (Verdict.VIOLATED, 1), (Verdict.INCONCLUSIVE, 3)])
def test_each_verdict_has_its_exit_code(verdict: Verdict, code: int) -> None:
    assert verdict.exit_code == code


@pytest.mark.parametrize("verdicts", list(permutations(Verdict)))
def test_violated_beats_inconclusive_and_inconclusive_beats_held(verdicts: tuple[Verdict, ...]) -> None:
    without_violated = [verdict for verdict in verdicts if verdict is not Verdict.VIOLATED]

    assert Verdict.worst(verdicts) is Verdict.VIOLATED
    assert Verdict.worst(without_violated) is Verdict.INCONCLUSIVE


@pytest.mark.parametrize("verdict", Verdict)
def test_the_verdict_over_one_is_that_one(verdict: Verdict) -> None:
    assert Verdict.worst(iter([verdict, verdict])) is verdict


def test_nothing_judged_is_inconclusive() -> None:
    assert Verdict.worst([]) is Verdict.INCONCLUSIVE


def test_residue_that_nothing_serves_leaves_the_verdict_alone() -> None:
    assert _finding(FindingClass.RESIDUE, "residue").verdict is Verdict.HELD


@pytest.mark.parametrize("klass", FindingClass)
def test_a_finding_that_was_told_to_fail_violates_whatever_its_class(klass: FindingClass) -> None:
    assert replace(_finding(klass), fails=True).verdict is Verdict.VIOLATED


@pytest.mark.parametrize(
    ("operation", "channel"),
    [
        (Chat(ALICE, ALICE.facts[0], BOB.facts[0]), Channel.PROMPTS),
        (ReadStorage(ALICE, BOB.facts[0]), Channel.STORAGE),
    ],
)
@pytest.mark.parametrize("oracle", ["prompt_bleed", "residue"])
@pytest.mark.parametrize("observation", [Returned(), Crashed("OSError", "down", "a.py:1 in f")])
def test_what_crossed_by_prompts_or_storage_did_so_whatever_the_call_came_to(
    operation: Operation, channel: Channel, oracle: str, observation: Observation
) -> None:
    finding = replace(_finding(oracle=oracle), step=Step(1, operation, observation))

    assert finding.channel is channel


OWN, ABOUT_NOBODY = (Record("1", ALICE.facts[0].text, None),), (Record("2", "It rains.", None),)


@pytest.mark.parametrize(
    ("together", "alone", "hides"),
    [
        (Returned(), (Returned(OWN), Returned(OWN)), True),
        (Returned(aside=("You have not told me.",)), (Returned(aside=(OWN[0].text,)),) * 2, True),
        (Returned(OWN), (Returned(OWN), Returned(OWN)), False),
        (Returned(), (Returned(OWN), Returned()), False),
        (Returned(OWN), (Returned(), Returned()), False),
        (Returned(), (Returned(ABOUT_NOBODY), Returned(ABOUT_NOBODY)), False),
        (Returned(), (), False),
    ],
)
def test_an_own_fact_is_hidden_where_it_is_shown_whenever_nobody_else_is_there(
    together: Observation,
    alone: tuple[Observation, ...],
    hides: bool,  # noqa: FBT001 - a parameter
) -> None:
    found = _finding(FindingClass.INTERFERENCE, "noninterference", together)

    assert replace(found, step=replace(found.step, alone=alone)).hides_own is hides
