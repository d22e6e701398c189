from collections.abc import Callable

import pytest

from memfence import Population, RecordRef, Search, Update
from memfence.judging.attribution import CanaryAttributor
from memfence.judging.echoes import Echoes

POPULATION = Population(seed=5, size=3)
ATTRIBUTOR = CanaryAttributor(POPULATION)
ALICE, BOB, CAROL = POPULATION
FACT = BOB.facts[0]


def explained(text: str, *sent: str, by: int = ALICE.index) -> bool:
    """Tell whether Alice's requests explain a text that the reader with index `by` sees."""
    echoes = Echoes(ATTRIBUTOR)
    for query in sent:
        echoes.note(Search(ALICE, query, FACT))
    (sighting,) = ATTRIBUTOR.content(text)
    return echoes.explains(by, sighting, text)


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        (f"no results for {FACT.canary!r}", FACT.canary),
        (f"you asked: {FACT.text}", FACT.text),
        (f"you asked: {FACT.text[:-1]}", FACT.text),
        (f"no results for {FACT.canary}", f"who has {FACT.canary}?"),
        (f"nobody knows {FACT.name.upper()}", FACT.name),
        (f"you asked: {FACT.text.partition(';')[0]}", FACT.text),
        (f"{FACT.name}: {FACT.canary}?", f"{FACT.canary}, {FACT.name}?"),
    ],
    ids=["the canary", "the fact", "the fact cut", "a sentence with the canary", "the name", "by name", "both"],
)
def test_quoting_the_request_back_is_an_echo(text: str, sent: str) -> None:
    assert explained(text, sent)


def test_quoting_an_earlier_request_is_an_echo_too() -> None:
    assert explained(f"recently asked: {FACT.text}", FACT.text, "something else", CAROL.facts[0].text)


@pytest.mark.parametrize("sent", ["", FACT.about, BOB.facts[1].canary, ALICE.facts[0].text])
def test_a_canary_that_was_not_sent_is_no_echo(sent: str) -> None:
    assert not explained(f"found {FACT.canary}", sent)


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        (f"found {FACT.canary}", FACT.name),
        (f"found {FACT.name}", FACT.canary),
        (f"{FACT.name} has {FACT.canary}", FACT.name),
        (f"{FACT.name} has {FACT.canary}", FACT.canary),
    ],
)
def test_one_mark_is_no_echo_of_the_other(text: str, sent: str) -> None:
    assert not explained(text, sent)
    assert explained(text, sent, FACT.name, FACT.canary)


def test_what_another_principal_sent_explains_nothing() -> None:
    assert not explained(f"recently asked: {FACT.text}", FACT.text, by=CAROL.index)


def test_a_whole_fact_for_a_canary_alone_is_no_echo() -> None:
    assert not explained(f"found: {FACT.text}", FACT.canary)


def test_a_whole_fact_in_another_case_for_a_canary_alone_is_no_echo() -> None:
    assert not explained(FACT.text.upper(), FACT.canary)


@pytest.mark.parametrize(
    "recase", [str.lower, str.swapcase, lambda text: text.replace("-", "")], ids=["lower", "swapped", "no hyphens"]
)
def test_an_echo_that_changes_case_or_hyphens_is_still_an_echo(recase: Callable[[str], str]) -> None:
    assert explained(f"no results for {recase(FACT.canary)}", FACT.canary)


def test_a_text_sent_in_an_update_is_an_echo() -> None:
    echoes = Echoes(ATTRIBUTOR)
    echoes.note(Update(ALICE, RecordRef(1, BOB.index), FACT.text))

    (sighting,) = ATTRIBUTOR.content(FACT.text)

    assert echoes.explains(ALICE.index, sighting, f"updated to {FACT.text}")
