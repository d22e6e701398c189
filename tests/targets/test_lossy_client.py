import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memfence.targets.lossy_client import LossyClient
from memfence.targets.reference_client import ReferenceClient

WORDS = ("tea", "rice", "green tea", "rice with tea", "a window seat")
USERS = ("u_alice", "u_bob", "u_carol")


def lossy(chance: int = 0, *, page: int = 20) -> LossyClient:
    return LossyClient(random.Random(chance), page=page)  # noqa: S311 - no secret: a test's own luck


def filled(client: ReferenceClient, records: int = 8) -> ReferenceClient:
    for number in range(records):
        client.add(f"I like tea, cup {number}.", user_id="u_alice", infer=False)
    return client


def listings(client: ReferenceClient, times: int = 200) -> list[list[str]]:
    replies = [client.get_all(filters={"user_id": "u_alice"})["results"] for _ in range(times)]
    return [[record["memory"] for record in reply] for reply in replies]


def searches(client: ReferenceClient, times: int = 200) -> list[list[tuple[str, float]]]:
    replies = [client.search("cup of tea", filters={"user_id": "u_alice"})["results"] for _ in range(times)]
    return [[(record["memory"], record["score"]) for record in reply] for reply in replies]


@given(
    adds=st.lists(st.tuples(st.sampled_from(USERS), st.sampled_from(WORDS)), max_size=20),
    chance=st.integers(0, 2**32),
    query=st.sampled_from(WORDS),
)
def test_no_user_is_ever_shown_anothers_record_whatever_the_luck(
    adds: list[tuple[str, str]], chance: int, query: str
) -> None:
    client = lossy(chance)
    for user, text in adds:
        client.add(text, user_id=user, infer=False)

    for user in USERS:
        filters = {"user_id": user}
        own = [text for owner, text in adds if owner == user]
        for reply in (client.get_all(filters=filters), client.search(query, filters=filters, threshold=0)):
            assert {record["user_id"] for record in reply["results"]} <= {user}
            assert sorted(record["memory"] for record in reply["results"]) in ([], sorted(own))


def test_it_is_sometimes_empty_and_mostly_not() -> None:
    client = filled(lossy())

    for replies in (listings(client), searches(client)):
        empty = sum(not reply for reply in replies)
        assert 0.2 < empty / len(replies) < 0.4
        assert {len(reply) for reply in replies} == {0, 8}


def test_what_there_is_comes_in_any_order() -> None:
    full = [tuple(reply) for reply in listings(filled(lossy())) if reply]

    assert len(set(full)) > 100
    assert len({tuple(sorted(reply)) for reply in full}) == 1


def test_scores_are_unsteady_and_about_right() -> None:
    right = dict(searches(filled(ReferenceClient()), 1)[0])

    found = [pair for reply in searches(filled(lossy())) for pair in reply]

    assert all(0 <= score - right[text] <= 0.05 for text, score in found)
    assert len({score for _, score in found}) > 1000


def test_the_same_chance_is_the_same_luck_and_another_is_another() -> None:
    one, same, other = (filled(lossy(chance)) for chance in (3, 3, 4))

    assert (listings(one), searches(one)) == (listings(same), searches(same))
    assert listings(one) != listings(other)


def test_luck_goes_on_from_one_client_to_the_next_that_draws_from_the_same_chance() -> None:
    chance = random.Random(5)  # noqa: S311 - as above
    first, second = (filled(LossyClient(chance, page=20)) for _ in range(2))

    assert listings(first) != listings(second)


def test_now_and_then_it_is_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)

    listings(filled(lossy()), times=3000)

    assert 10 < len(waited) < 60
    assert max(waited) <= 0.01


def test_what_is_asked_for_by_its_id_is_there_always() -> None:
    client = lossy()
    known = client.add("I like tea.", user_id="u_alice", infer=False)["results"][0]["id"]

    assert [client.get(known) is not None for _ in range(50)] == [True] * 50


@pytest.mark.parametrize("page", [1, 3])
def test_a_page_is_as_long_as_it_was_told(page: int) -> None:
    client = filled(lossy(page=page))

    assert {len(reply) for reply in (*listings(client), *searches(client))} == {0, page}
