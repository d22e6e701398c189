import pytest

from memfence.judging.filters_said import fields_of, includes, words_of

RECORD: dict[str, object] = {"topic": "tea", "rank": 5, "weight": 1.5, "urgent": True, "remark": "Green tea with honey"}


@pytest.mark.parametrize(
    ("filters", "said"),
    [
        ({"topic": "tea"}, True),
        ({"topic": "rail"}, False),
        ({"topic": {"eq": "tea"}}, True),
        ({"rank": 5, "topic": "rail"}, False),
        ({"urgent": True}, True),
        ({"urgent": False}, False),
        ({"weight": 1.5}, True),
        ({"rank": {"gt": 5}}, False),
        ({"rank": {"gte": 5}}, True),
        ({"rank": {"lt": 5}}, False),
        ({"rank": {"lte": 5}}, True),
        ({"rank": {"gte": 2, "lte": 4}}, False),
        ({"weight": {"gt": 1}}, True),
        ({"topic": {"in": ["tea", "rail"]}}, True),
        ({"rank": {"in": [1, 9]}}, False),
        ({"topic": {"ne": "tea"}}, False),
        ({"topic": {"ne": "rail"}}, True),
        ({"topic": {"nin": ["rail", "road"]}}, True),
        ({"rank": {"in": [5], "ne": 5}}, False),
        ({"remark": {"contains": "honey"}}, True),
        ({"remark": {"contains": "milk"}}, False),
        ({"remark": {"icontains": "honey"}}, True),
        ({"NOT": [{"topic": "rail"}]}, True),
        ({"NOT": [{"topic": "rail"}, {"rank": 5}]}, False),
        ({"NOT": [{"topic": "tea", "rank": 1}]}, True),
        ({"AND": [{"rank": {"gt": 5}}, {"rank": {"gt": 1}}]}, False),
        ({"OR": [{"topic": "rail"}, {"rank": 5}]}, True),
        ({"topic": "tea", "OR": [{"rank": 1}, {"rank": 9}]}, False),
        ({"AND": [{"OR": [{"rank": 1}, {"NOT": [{"rank": 1}]}]}]}, True),
        # A record that lacks the field has no such value.
        ({"place": "here"}, False),
        ({"place": {"gt": 1}}, False),
        ({"place": {"in": ["here"]}}, False),
    ],
    ids=str,
)
def test_what_a_filter_says_of_a_record(filters: dict[str, object], said: bool) -> None:  # noqa: FBT001 - a row
    assert includes(filters, RECORD) is said


@pytest.mark.parametrize(
    "filters",
    [
        {"place": {"ne": "here"}},
        {"place": {"nin": ["here"]}},
        {"NOT": [{"place": "here"}]},
        {"rank": "5"},
        {"rank": 5.0},
        {"rank": True},
        {"urgent": 1},
        {"topic": "Tea"},
        {"topic": "*"},
        {"topic": ["tea", "rail"]},
        {"topic": {"gt": "rail"}},
        {"rank": {"gt": "1"}},
        {"urgent": {"gt": 0}},
        {"remark": {"contains": "hon"}},
        {"remark": {"contains": "green"}},
        {"remark": {"icontains": "HONEY"}},
        {"rank": {"contains": "5"}},
        {"topic": {"near": "tea"}},
        {"topic": {}},
        {"topic": {"in": "tea"}},
        {"place": {"near": "here"}},
        {"AND": []},
        {"OR": {"topic": "tea"}},
        {"NOT": ["tea"]},
    ],
    ids=str,
)
def test_where_stores_may_differ_nothing_is_said(filters: dict[str, object]) -> None:
    assert includes(filters, RECORD) is None


def test_what_is_sure_outweighs_what_is_not() -> None:
    assert includes({"topic": "Tea", "rank": 1}, RECORD) is False
    assert includes({"OR": [{"topic": "Tea"}, {"rank": 5}]}, RECORD) is True
    assert includes({"OR": [{"topic": "Tea"}, {"rank": 1}]}, RECORD) is None


def test_its_fields_are_those_at_any_depth_and_not_its_logic() -> None:
    filters = {"a": 1, "AND": [{"b": 2, "OR": [{"c": {"gt": 1}}]}], "NOT": [{"d": "x"}]}

    assert set(fields_of(filters)) == {"a", "b", "c", "d"}
    assert set(fields_of({"AND": "x", "OR": [1]})) == {"AND", "OR"}


def test_its_words_are_its_operators_and_its_logic() -> None:
    filters = {"a": 1, "AND": [{"b": {"gt": 1, "lt": 2}, "OR": [{"c": {"ne": 1}}]}], "NOT": ["x"]}

    assert set(words_of(filters)) == {"AND", "OR", "NOT", "gt", "lt", "ne"}
    assert set(words_of({"a": 1, "b": ["x"]})) == set()
