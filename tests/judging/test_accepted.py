"""What came through a credential that must open nothing, and was answered; of a feed, what it told afterwards."""

import pytest

from memfence import GetAll, Population, Record, SignOut, Step
from memfence.judging.attribution import CanaryAttributor
from memfence.judging.oracles.accepted import accepted
from memfence.model.channels import Channel
from memfence.model.findings import Finding
from memfence.model.observations import Observation, Refused, Returned
from memfence.model.operations import Operation

POPULATION = Population(seed=5, size=2)
ANN, BOB = POPULATION
ANNS_OTHER = ANN.bearing(device=1)
FIRST, SECOND = Record(None, "tea", None), Record(None, "milk", None)


def judged(*told: tuple[Operation, Observation]) -> list[Finding]:
    judge = accepted(CanaryAttributor(POPULATION))
    steps = [Step(number, operation, seen) for number, (operation, seen) in enumerate(told, 1)]
    return [finding for step in steps for finding in judge(step)]


def looks(form: str, how: Channel | None) -> GetAll:
    through = ANN.bearing(form, device=1) if form else ANNS_OTHER
    return GetAll(through, ANN.facts[0], how=how) if how else GetAll(through, ANN.facts[0])


def signed_out(*before: Record, how: Channel | None, after: tuple[Record, ...], aside: tuple[str, ...] = ()) -> int:
    """Return how many findings there are where a session shows this before its end, and that after it."""
    return len(
        judged(
            (looks("", how), Returned(before)),
            (SignOut(ANNS_OTHER), Returned()),
            (looks("closed", how), Returned(after, aside=aside)),
        )
    )


@pytest.mark.parametrize("how", [Channel.EVENTS, Channel.LIVE])
def test_a_feed_that_tells_nothing_after_the_end_of_its_session_opens_nothing(how: Channel) -> None:
    assert signed_out(how=how, after=(), aside=(": subscribed",)) == 0
    assert signed_out(FIRST, how=how, after=(FIRST,)) == 0


@pytest.mark.parametrize("how", [Channel.EVENTS, Channel.LIVE])
def test_a_feed_that_tells_more_after_the_end_of_its_session_does(how: Channel) -> None:
    assert signed_out(how=how, after=(FIRST,)) == 1
    assert signed_out(FIRST, how=how, after=(FIRST, SECOND)) == 1


def test_any_other_answer_after_the_end_is_one_though_it_shows_nothing() -> None:
    assert signed_out(FIRST, how=None, after=()) == 1


def test_what_an_own_feed_has_told_excuses_no_feed_without_a_credential() -> None:
    own, nobody = (
        GetAll(BOB, BOB.facts[0], how=Channel.EVENTS),
        GetAll(BOB.bearing("absent", of=ANN), ANN.facts[0], how=Channel.EVENTS),
    )

    assert len(judged((own, Returned((FIRST, SECOND))), (nobody, Returned((FIRST,))))) == 1
    assert judged((own, Returned((FIRST, SECOND))), (nobody, Returned())) == []
    assert judged((nobody, Refused("HTTPException", "sign in first"))) == []
