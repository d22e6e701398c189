"""What is wrong with sessions and tokens is told by what was done to the credential."""

from typing import Any

import pytest

from memfence.base.masking import masked
from memfence.campaigns import resolve
from memfence.model.causes import causes
from memfence.model.credential_causes import CREDENTIAL_CAUSES
from memfence.model.findings import Finding, FindingClass, FindingGroup, Severity
from memfence.model.observations import Returned, Step
from memfence.model.operations import Add, Delete, Get, GetAll, Operation, RecordRef, SignIn
from memfence.model.retold import Retold
from memfence.model.scenario_results import ScenarioResult
from memfence.plans.population import Population

ANN, BOB = Population(seed=3, size=2)
PLANTED = Add(ANN, ANN.facts[0])
RECORD = RecordRef(1, ANN.index)


def found(*witness: Operation, oracle: str = "accepted") -> tuple[ScenarioResult, FindingGroup]:
    last = witness[-1]
    finding = Finding(
        oracle, FindingClass.LEAK, Severity.HIGH, last.principal, ANN, Step(2, last, Returned()), (), witness
    )
    return ScenarioResult("histories", ""), FindingGroup(finding, 2, retold=Retold(witness, 9, why=""))


def listed(**said: Any) -> GetAll:
    form = said.pop("form", "")
    return GetAll(BOB.bearing(form, of=ANN, **said), ANN.facts[0])


@pytest.mark.parametrize(
    ("form", "cause"),
    [
        ("absent", "anonymous default"),
        ("empty", "anonymous default"),
        ("altered", "token not checked whole"),
        ("cut", "token not checked whole"),
        ("user", "token not checked whole"),
        ("unsigned", "token not checked whole"),
        ("other purpose", "purpose of a token not checked"),
        ("beside", "second credential believed"),
        ("expired", "expiry not checked"),
        ("closed", "logout that ends nothing"),
        ("kept", "session id kept at login"),
        ("made up", "session id kept at login"),
        ("guessed", "guessable tokens"),
        ("known key", "secret that everybody knows"),
        ("mistaken", "name suffices to sign in"),
    ],
)
def test_what_was_done_to_a_credential_tells_what_is_not_checked(form: str, cause: str) -> None:
    assert causes([found(PLANTED, listed(form=form))]) == [cause]


def test_what_the_next_user_of_a_browser_is_shown_was_taken_over_at_the_login() -> None:
    over = SignIn(BOB.bearing(of=ANN), carrying="left")

    assert causes([found(PLANTED, over, Get(BOB, RECORD), oracle="canary_leak")]) == [
        "session data taken over at login"
    ]


def test_who_is_answered_otherwise_by_a_credential_of_its_own_is_no_matter_of_what_others_came_through() -> None:
    guessed = GetAll(BOB.bearing("guessed", of=ANN), ANN.facts[0])

    assert causes([found(guessed, GetAll(BOB, ANN.facts[0]), oracle="noninterference")]) != ["guessable tokens"]


def test_a_user_id_beside_the_credential_is_believed_by_who_reads_and_by_who_stores() -> None:
    claiming = BOB.bearing(of=ANN, claim=("query", "user_id"))
    stored = found(Add(claiming, BOB.facts[0]), GetAll(ANN, ANN.facts[0]), oracle="canary_leak")

    assert causes([found(PLANTED, listed(claim=("query", "user_id")), oracle="canary_leak")]) == [
        "user id beside the token believed"
    ]
    assert causes([found(PLANTED, Delete(claiming, RECORD), oracle="tampering")]) == [
        "user id beside the token believed"
    ]
    assert causes([stored]) == ["owner assigned from the request"]
    assert causes([found(PLANTED, listed(spelling="upper case"))]) == ["checks that hang on a spelling"]


def test_what_everybody_is_shown_is_no_matter_of_credentials() -> None:
    anybody = found(PLANTED, GetAll(BOB, ANN.facts[0]), oracle="canary_leak")
    by_id = found(PLANTED, Get(BOB, RECORD), oracle="canary_leak")
    claiming = BOB.bearing(of=ANN, claim=("query", "user_id"))

    assert causes([anybody, found(PLANTED, listed(claim=("query", "user_id")), oracle="canary_leak")]) == [
        "unscoped calls",
        "unscoped calls",
    ]
    assert causes([found(PLANTED, Get(claiming, RECORD), oracle="canary_leak"), by_id]) == [
        "unchecked record ids",
        "unchecked record ids",
    ]


def test_each_scenario_that_a_cause_knows_is_there() -> None:
    known = {name for cause in CREDENTIAL_CAUSES for name in cause.scenarios}

    assert known <= set(resolve.all_scenarios())


def test_no_line_that_mends_is_taken_for_a_secret() -> None:
    lines = [line for cause in CREDENTIAL_CAUSES for line in (cause.said, *cause.mend)]

    assert [masked(line) for line in lines] == lines
