import pytest

from memfence.judging.filters_said import includes
from memfence.model.asked import Extra
from memfence.plans.attack_classes import ATTACK_CLASSES
from memfence.plans.narrowing import CLASSES, SHELF, narrowing, nth_narrowing, nth_on_shelf, one_of_each


@pytest.mark.parametrize(("kind", "filters"), list(narrowing()), ids=str)
def test_each_filter_leaves_out_some_record_for_sure(kind: str, filters: Extra) -> None:
    said = [includes(filters, metadata or {}) for metadata in SHELF]

    assert kind in CLASSES
    assert False in said
    # Of a record without metadata only what it must not be is unsure.
    assert None not in said[:-1]


def test_all_but_a_few_take_in_some_record_so_that_one_that_is_missing_shows() -> None:
    nothing = [filters for _, filters in narrowing() if not any(includes(filters, one or {}) for one in SHELF)]

    assert nothing == [{"topic": "sea"}, {"AND": [{"topic": "tea"}, {"topic": "rail"}]}]


def test_each_class_is_a_class_of_attack_and_has_filters() -> None:
    assert {kind for kind, _ in narrowing()} == set(CLASSES)
    assert set(CLASSES) <= set(ATTACK_CLASSES)


def test_in_turns_each_filter_comes_up() -> None:
    turns = [list(one_of_each(turn)) for turn in range(6)]

    assert all([kind for kind, _ in turn] == list(CLASSES) for turn in turns)
    assert {repr(one) for turn in turns for one in turn} == {repr(one) for one in narrowing()}


def test_any_number_gives_a_filter_and_metadata_and_all_come_up() -> None:
    every = [nth_narrowing(which) for which in range(100)]

    assert {repr(one[:2]) for one in every if one[2] == 0} == {repr(one) for one in narrowing()}
    assert {turn for _, _, turn in every} >= {0, 1, 2}
    assert {repr(nth_on_shelf(which)) for which in range(100)} == {repr(one) for one in SHELF if one is not None}
