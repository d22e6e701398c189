"""What an exploration keeps: of each kind the shortest history, of all kinds the gravest."""

from memfence import Add, GetAll, Population, Search, Step
from memfence.campaigns.kept import Kept
from memfence.model.counterexamples import Counterexample
from memfence.model.findings import Finding, FindingClass, Severity
from memfence.model.observations import Returned

ALICE, BOB = Population(seed=1, size=2)
PLANTED = Add(BOB, BOB.facts[0])
SEARCHED, LISTED = Search(ALICE, "town", BOB.facts[0]), GetAll(ALICE, BOB.facts[0])


def found(
    whole: int = 9,
    look: Search | GetAll = SEARCHED,
    family: str = "",
    *,
    klass: FindingClass = FindingClass.LEAK,
    severity: Severity = Severity.HIGH,
) -> Counterexample:
    step = Step(2, look, Returned())
    finding = Finding("canary_leak", klass, severity, ALICE, BOB, step, (), (PLANTED, look))
    return Counterexample((PLANTED, look), finding, whole, family)


def kept(*all_of_them: Counterexample, known: str = "none") -> Kept:
    result = Kept(lambda _, family: family == known)
    for one in all_of_them:
        result.take(one)
    return result


def test_of_one_kind_the_shortest_history_is_kept() -> None:
    assert [one.whole for one in kept(found(9), found(4), found(7)).found.values()] == [4]


def test_another_channel_and_another_family_of_ids_are_other_kinds() -> None:
    assert len(kept(found(), found(look=LISTED), found(family="wildcard ids")).found) == 3


def test_what_nobody_knows_is_made_small_before_what_is_graver_and_known() -> None:
    lost = found(family="b", klass=FindingClass.AVAILABILITY, severity=Severity.LOW)
    mild, grave = found(family="c", severity=Severity.LOW), found(family="d", severity=Severity.CRITICAL)
    known = found(family="a", severity=Severity.CRITICAL)

    order = [one.family for _, one in kept(known, lost, mild, grave, known="a").in_order()]

    assert order == ["d", "c", "b", "a"]


def test_what_needs_no_attack_is_made_small_before_what_is_graver_and_does() -> None:
    ordinary, odd = found(severity=Severity.LOW), found(family="a", severity=Severity.CRITICAL)

    assert [one.family for _, one in kept(odd, ordinary).in_order()] == ["", "a"]


def test_two_that_come_to_be_one_kind_when_they_are_small_are_one() -> None:
    result = kept()
    longer = Counterexample((PLANTED, PLANTED, SEARCHED), found().finding, 9)

    for one in (longer, found(), longer):
        result.tell(one)

    assert [len(one.operations) for one in result.counterexamples] == [2]
