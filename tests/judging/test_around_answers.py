"""What stands around an answer is judged where the answer shows its user's own, and nowhere else."""

from dataclasses import replace

import pytest

from memfence.campaigns import resolve
from memfence.judging.attribution import CanaryAttributor
from memfence.model.around import ELSEWHERE, Around
from memfence.model.findings import Finding, FindingClass, Verdict
from memfence.model.observations import Record, Returned, Step
from memfence.model.operations import Add, GetAll, Search
from memfence.plans.population import Population

POPULATION = Population(seed=3, size=2)
ANN, BOB = POPULATION
FACT = ANN.facts[0]
ASKED = Around("GET", "/notes", 200, by=frozenset({"cookie"}))
PUBLIC = ASKED.saying(cache_control="public, max-age=60")
ELSEWHERES = replace(ASKED, origin=ELSEWHERE, cross_site=True)


def told(oracle: str, *around: Around, shown: str = FACT.text, query: str | None = None) -> list[Finding]:
    """Return what an oracle says of a look of ANN's that was answered so."""
    judge = resolve.all_oracles()[oracle](CanaryAttributor(POPULATION))
    look = GetAll(ANN, FACT) if query is None else Search(ANN, query, FACT)
    steps = (
        Step(1, Add(ANN, FACT), Returned()),
        Step(2, look, Returned((Record("1", shown),)), around=around),
    )
    return [finding for step in steps for finding in judge(step)]


def test_an_answer_that_a_cache_may_give_to_others_is_a_violation_with_its_fields_and_its_address() -> None:
    (finding,) = told("cacheable", PUBLIC)

    assert (finding.klass, finding.verdict) == (FindingClass.LEAK, Verdict.VIOLATED)
    assert "GET /notes answered 200 with cache-control: public, max-age=60" in finding.evidence
    assert "does not vary by cookie" in finding.evidence[-1]
    assert [type(one) for one in finding.witness] == [Add, GetAll]


def test_an_answer_that_says_nothing_leaves_the_verdict_alone() -> None:
    (finding,) = told("cacheable", ASKED)

    assert (finding.klass, finding.verdict) == (FindingClass.EXPOSURE, Verdict.HELD)


@pytest.mark.parametrize(
    ("shown", "query"), [("nothing of anybody's", None), (BOB.facts[0].text, None), (FACT.text, FACT.text)]
)
def test_what_shows_nothing_of_ones_own_may_be_public(shown: str, query: str | None) -> None:
    assert told("cacheable", PUBLIC, shown=shown, query=query) == []


@pytest.mark.parametrize("oracle", ["cacheable", "cross_origin"])
def test_what_came_by_a_feed_is_not_what_stands_in_the_last_answer(oracle: str) -> None:
    judge = resolve.all_oracles()[oracle](CanaryAttributor(POPULATION))
    public = reflecting(replace(PUBLIC, origin=ELSEWHERE, cross_site=True))
    look = GetAll(ANN, FACT, how="events")

    assert list(judge(Step(1, look, Returned((Record("1", FACT.text),)), around=(public,)))) == []


def test_of_several_answers_the_last_one_was_read() -> None:
    assert told("cacheable", PUBLIC, ASKED.saying(cache_control="no-store")) == []
    assert len(told("cacheable", ASKED.saying(cache_control="no-store"), PUBLIC)) == 1


def test_what_came_from_a_cache_is_not_judged_twice() -> None:
    assert told("cacheable", replace(PUBLIC, kept=True)) == []


def test_a_sessions_cookie_in_what_may_be_kept_is_a_violation_whatever_the_answer_shows() -> None:
    cookie = replace(PUBLIC, sets=frozenset({"session"}), own=frozenset({"session"}))

    (finding,) = told("cacheable", cookie, shown="a page for everybody")

    assert finding.verdict is Verdict.VIOLATED
    assert any("own cookie: session" in one for one in finding.evidence)


def test_a_cookie_that_is_not_kept_with_the_answer_or_is_no_credential_is_nothing() -> None:
    kept_back = replace(ASKED, own=frozenset({"session"})).saying(cache_control='max-age=60, private="set-cookie"')
    other = replace(PUBLIC, sets=frozenset({"theme"}))

    assert told("cacheable", kept_back, shown="a page for everybody") == []
    assert told("cacheable", other, shown="a page for everybody") == []


def reflecting(around: Around, origin: str = ELSEWHERE, credentials: str = "true") -> Around:
    return around.saying(access_control_allow_origin=origin, access_control_allow_credentials=credentials)


@pytest.mark.parametrize("origin", [ELSEWHERE, "null"])
def test_a_page_of_any_origin_that_may_read_it_with_the_cookie_is_a_violation(origin: str) -> None:
    (finding,) = told("cross_origin", reflecting(ELSEWHERES, origin))

    assert finding.verdict is Verdict.VIOLATED
    assert "browsers send the credential along" in finding.evidence


def test_basic_credentials_go_along_by_themselves_and_a_bearer_token_does_not() -> None:
    basic = replace(ELSEWHERES, by=frozenset({"authorization"}), cross_site=False, scheme="basic")

    (sent,), (kept,) = (told("cross_origin", reflecting(one)) for one in (basic, replace(basic, scheme="bearer")))

    assert (sent.verdict, kept.verdict) == (Verdict.VIOLATED, Verdict.HELD)
    assert kept.klass is FindingClass.EXPOSURE


def test_a_cookie_that_stays_at_home_leaves_the_verdict_alone() -> None:
    (finding,) = told("cross_origin", reflecting(replace(ELSEWHERES, cross_site=False)))

    assert (finding.klass, finding.verdict) == (FindingClass.EXPOSURE, Verdict.HELD)


@pytest.mark.parametrize(
    "around",
    [
        reflecting(ELSEWHERES, "*"),
        reflecting(ELSEWHERES, "https://partner.example"),
        reflecting(ELSEWHERES, credentials="false"),
        reflecting(replace(ELSEWHERES, origin="")),
        ELSEWHERES,
    ],
)
def test_what_browsers_do_not_show_to_a_page_is_nothing(around: Around) -> None:
    assert told("cross_origin", around) == []


def test_only_an_answer_that_shows_ones_own_is_for_nobody_else() -> None:
    assert told("cross_origin", reflecting(ELSEWHERES), shown="the time of day") == []
