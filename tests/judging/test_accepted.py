"""What came through a credential that must open nothing, and was answered; of a feed, what it told afterwards."""

import pytest

from memfence import Add, GetAll, Population, Record, SignOut, Step
from memfence.judging.attribution import CanaryAttributor
from memfence.judging.oracles.accepted import accepted
from memfence.model.channels import FEEDS, Channel
from memfence.model.findings import Finding
from memfence.model.observations import Crashed, Observation, Refused, Returned
from memfence.model.operations import Expire, Operation, RecordRef, Update

POPULATION = Population(seed=5, size=2)
ANN, BOB = POPULATION
ANNS_OTHER = ANN.bearing(device=1)
FIRST, SECOND = Record("1", ANN.facts[0].text, None), Record("2", ANN.facts[1].text, None)
WELCOME = Record(None, '{"type": "welcome"}', None)


def judged(*told: tuple[Operation, Observation]) -> list[Finding]:
    judge = accepted(CanaryAttributor(POPULATION))
    steps = [Step(number, operation, seen) for number, (operation, seen) in enumerate(told, 1)]
    return [finding for step in steps for finding in judge(step)]


def looks(form: str, how: Channel | None) -> GetAll:
    through = ANN.bearing(form, device=1) if form else ANNS_OTHER
    return GetAll(through, ANN.facts[0], how=how) if how else GetAll(through, ANN.facts[0])


def ended(
    *before: Record,
    how: Channel | None,
    after: tuple[Record, ...],
    aside: tuple[str, ...] = (),
    stores: tuple[Operation, Observation] = (Add(ANN, ANN.facts[1]), Returned()),
    end: Operation | None = None,
) -> int:
    """Return how many findings there are where a session shows this before its end, and that after it.

    Ann's first fact is stored before the end, and her second after it.
    """
    return len(
        judged(
            (Add(ANN, ANN.facts[0]), Returned()),
            (looks("", how), Returned(before)),
            (end or SignOut(ANNS_OTHER), Returned()),
            stores,
            (looks("expired" if end else "closed", how), Returned(after, aside=aside)),
        )
    )


@pytest.mark.parametrize("how", FEEDS)
def test_a_feed_that_tells_nothing_after_the_end_of_its_session_opens_nothing(how: Channel) -> None:
    assert ended(how=how, after=(), aside=(": subscribed",)) == 0
    assert ended(FIRST, how=how, after=(FIRST,)) == 0


@pytest.mark.parametrize("how", FEEDS)
@pytest.mark.parametrize("end", [None, Expire(ANN)])
def test_what_a_feed_had_sent_before_the_end_may_come_after_it(how: Channel, end: Operation | None) -> None:
    assert ended(how=how, after=(WELCOME,), end=end) == 0
    assert ended(how=how, after=(WELCOME, WELCOME, FIRST), end=end) == 0


@pytest.mark.parametrize("how", FEEDS)
@pytest.mark.parametrize("end", [None, Expire(ANN)])
def test_a_feed_that_tells_what_is_stored_after_the_end_of_its_session_goes_on(
    how: Channel, end: Operation | None
) -> None:
    assert ended(how=how, after=(SECOND,), end=end) == 1
    assert ended(FIRST, how=how, after=(WELCOME, FIRST, SECOND), end=end) == 1


@pytest.mark.parametrize("how", FEEDS)
def test_a_feed_goes_on_in_whatever_way_it_tells_and_however_the_fact_was_stored(how: Channel) -> None:
    second = ANN.facts[1]
    updated = Update(ANN, RecordRef(1, ANN.index), second.text)
    broke = Crashed("OSError", "it broke", "notes.py:1")

    assert ended(how=how, after=(), aside=(f": {second.text}",)) == 1
    assert ended(how=how, after=(SECOND,), stores=(updated, Returned())) == 1
    assert ended(how=how, after=(SECOND,), stores=(Add(ANN, second), broke)) == 1


def test_any_other_answer_after_the_end_is_one_though_it_shows_nothing() -> None:
    assert ended(FIRST, how=None, after=()) == 1


def test_what_an_own_feed_has_told_excuses_no_feed_without_a_credential() -> None:
    own, nobody = (
        GetAll(BOB, BOB.facts[0], how=Channel.EVENTS),
        GetAll(BOB.bearing("absent", of=ANN), ANN.facts[0], how=Channel.EVENTS),
    )

    assert len(judged((own, Returned((FIRST, SECOND))), (nobody, Returned((FIRST,))))) == 1
    assert len(judged((nobody, Returned(aside=(f": {FIRST.text}",))))) == 1
    assert judged((own, Returned((FIRST, SECOND))), (nobody, Returned())) == []
    assert judged((nobody, Refused("HTTPException", "sign in first"))) == []
