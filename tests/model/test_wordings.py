"""What names nobody, and whose it may be."""

import pytest

from memfence import Population
from memfence.model.wordings import Wordings

ALICE, BOB = Population(seed=5, size=2)
WELCOME = "Welcome! Tap + to write your first note."


@pytest.mark.parametrize(
    ("ids", "taken"),
    [
        ((["1", "1"], ["2"]), 3),
        # One of them was shown the other's.
        ((["1"], ["1"]), 0),
        ((["1"], ["2", "1"]), 0),
        # Nobody else was there to compare with.
        ((["1", "2"], []), 0),
    ],
)
def test_a_record_is_its_readers_own_where_each_reader_has_a_copy(ids: tuple[list[str], list[str]], taken: int) -> None:
    words = Wordings()

    for reader, shown in zip((ALICE, BOB), ids, strict=True):
        for ident in shown:
            words.note_copy(WELCOME, reader, ident)

    assert words.take_copies() == taken


def test_whoever_comes_under_an_id_has_the_account_of_that_id() -> None:
    words = Wordings()

    for one in (ALICE, BOB):
        words.note_copy(WELCOME, one.posing_as("   "), "1")
    words.meet_copy(WELCOME, ALICE, "2")

    assert words.take_copies() == 2


def test_a_copy_of_a_code_is_nobodys_own() -> None:
    words = Wordings()

    for one, ident in ((ALICE, "1"), (BOB, "2")):
        words.note_copy(f"{WELCOME} {BOB.facts[0].canary}", one, ident)

    assert words.take_copies() == 0
