"""The lines that a report prints: plain Python that runs as it stands, whatever the calls were."""

from typing import Any

import pytest

from memfence import Population
from memfence.model.channels import Channel
from memfence.model.memory_calls import Add, Chat, Get, GetAll, Search
from memfence.model.operations import RecordRef, Together
from memfence.model.retold import Retold
from memfence.model.store_calls import Crowd, PlantLink, Reset
from memfence.plans.unknown_ids import unknown_id
from memfence.reporting.script import script

ALICE, BOB, *_ = Population(seed=5, size=4)
FACT, OTHER = ALICE.facts[0], BOB.facts[0]
PLANTED, LOOK = Add(ALICE, FACT), GetAll(BOB, FACT)
A, B = f'make_memory("{ALICE.id}")', f'make_memory("{BOB.id}")'


def lines(*moves: Any, passed: dict[Channel, dict[str, object]] | None = None, **known: Any) -> list[str]:
    return list(script(Retold(moves, 9, **known), passed or {}))


def test_what_is_asynchronous_is_awaited_line_by_line() -> None:
    told = lines(PLANTED, Get(BOB, RecordRef(1, ALICE.index)), named=frozenset({1}), awaited=frozenset({"add", "get"}))

    assert told == [
        "from memfence.replay import awaited, record_id",
        f"first = record_id(awaited({A}.add({FACT.text!r})))",
        f"awaited({B}.get(first))",
    ]


def test_where_making_a_memory_is_asynchronous_that_is_awaited_too() -> None:
    told = lines(Add(BOB, OTHER), PLANTED, LOOK, awaited=frozenset({"make_memory"}))

    assert told[1:] == [
        f"{BOB.handle} = awaited({B})",
        f"{BOB.handle}.add({OTHER.text!r})",
        f"awaited({A}).add({FACT.text!r})",
        f"{BOB.handle}.get_all()",
    ]


def test_the_asynchronous_client_is_awaited_and_its_record_is_found_in_an_awaited_listing() -> None:
    told = lines(Add(ALICE.through_async(), FACT), Get(BOB, RecordRef(1, ALICE.index)))

    memory = f'make_async_memory("{ALICE.id}")'
    assert told == [
        "from memfence.replay import awaited, record_id",
        f"awaited({memory}.add({FACT.text!r}))",
        f"first = record_id(awaited({memory}.get_all()), {FACT.canary!r})",
        f"{B}.get(first)",
    ]


def test_where_the_plain_client_is_asynchronous_itself_no_other_is_named() -> None:
    told = lines(PLANTED, GetAll(BOB.through_async(), FACT), awaited=frozenset({"add", "get_all"}))

    assert told[-1] == f"awaited({B}.get_all())"


def test_a_memory_that_cannot_be_made_has_no_name() -> None:
    stranger = BOB.posing_as(" 7 ")

    told = lines(Add(stranger, OTHER), GetAll(stranger, FACT), PLANTED, LOOK, raised=frozenset({1, 2}))

    assert told[1:3] == [
        f'with suppress(Exception): make_memory(" 7 ").add({OTHER.text!r})',
        'with suppress(Exception): make_memory(" 7 ").get_all()',
    ]


@pytest.mark.parametrize(
    ("named", "reply"), [(frozenset({2}), "answers[1]"), (frozenset(), f"{A}.get_all(), {FACT.canary!r}")]
)
def test_the_id_of_a_record_that_was_added_at_once_with_others_is_known(named: frozenset[int], reply: str) -> None:
    told = lines(Together((Add(BOB, OTHER), PLANTED)), Get(BOB, RecordRef(2, ALICE.index)), named=named)

    assert told == [
        "from memfence.replay import at_once, record_id",
        "answers = at_once(",
        f"    lambda: {B}.add({OTHER.text!r}),",
        f"    lambda: {A}.add({FACT.text!r}),",
        ")",
        f"first = record_id({reply})",
        f"{B}.get(first)",
    ]


def test_the_record_of_an_add_that_raised_is_asked_for_by_an_id_that_nobody_has() -> None:
    told = lines(PLANTED, Get(BOB, RecordRef(1, ALICE.index)), raised=frozenset({1}))

    assert told[-1] == f"{B}.get({unknown_id(f'{ALICE.index}/1', None)!r})"


def test_an_argument_whose_repr_is_no_python_is_written_as_it_is_made() -> None:
    told = lines(PLANTED, Search(BOB, "x", FACT, {"a": [object()], "b": {"c": None}}))

    assert told[-1] == f"{B}.search('x', filters={{'a': [object()], 'b': {{'c': None}}}})"


def test_the_prompts_of_the_last_chat_are_told_without_those_of_earlier_ones() -> None:
    told = lines(Chat(ALICE, FACT, FACT), Chat(BOB, OTHER, OTHER))

    assert told == [
        f"{A}.add({FACT.text!r}, infer=True)",
        "before = len(target.prompts())",
        f"{B}.add({OTHER.text!r}, infer=True)",
        "target.prompts()[before:]",
    ]


def test_the_prompts_of_the_only_chat_are_all_there_are() -> None:
    assert lines(PLANTED, Chat(BOB, OTHER, OTHER))[-1] == "target.prompts()"


@pytest.mark.parametrize(
    ("spelt", "told_as", "sent"),
    [
        ("../{owner}/{id}", f"f'../{ALICE.id}/{{first}}'", f"../{ALICE.id}/r-7"),
        ("{ID}", "first.upper()", "R-7"),
        (" {ID}", "f' {first.upper()}'", " R-7"),
        ("{digits}", "first.replace('-', '')", "r7"),
        ("{begin}", "first[:8]", "r-7"),
        ("..\\{owner}\\{id}", f"f'..\\\\{ALICE.id}\\\\{{first}}'", f"..\\{ALICE.id}\\r-7"),
    ],
)
def test_an_id_that_is_spelt_otherwise_is_made_of_the_records_own(spelt: str, told_as: str, sent: str) -> None:
    record = RecordRef(1, ALICE.index, spelt)

    told = lines(PLANTED, Get(BOB, record), named=frozenset({1}))

    assert told[-1] == f"{B}.get({told_as})"
    assert eval(told_as, {"first": "r-7"}) == sent == record.written("r-7", ALICE.id)  # noqa: S307 - it is to be Python


def test_ones_own_record_beside_anothers_has_a_variable_of_its_own() -> None:
    both = RecordRef(1, ALICE.index, "{own},{id}")

    told = lines(PLANTED, Add(BOB, OTHER), Get(BOB, both), named=frozenset({1, 2}))

    assert told[-1] == f"{BOB.handle}.get(f'{{second}},{{first}}')"
    assert both.written("a", ALICE.id, own="b") == "b,a"


def test_a_question_about_a_records_id_is_made_of_that_id() -> None:
    asked = RecordRef(1, ALICE.index, "What of {id}?")

    told = lines(PLANTED, Search(BOB, asked.spelt, FACT, record=asked), named=frozenset({1}))

    assert told[-1] == f"{B}.search(f'What of {{first}}?')"


def test_an_unknown_id_that_is_spelt_otherwise_stands_as_it_is_sent() -> None:
    told = lines(Get(BOB, RecordRef(0, BOB.index, "./{id}")))

    assert told == [f"{B}.get('./{unknown_id(f'{BOB.index}/0', None)}')"]


def test_a_reset_is_the_targets_own_by_the_client_that_made_it_and_memories_stay() -> None:
    told = lines(PLANTED, Reset(ALICE), Reset(ALICE.through_async()), GetAll(ALICE, FACT))

    assert told == [
        "from memfence.replay import awaited",
        f"{ALICE.handle} = {A}",
        f"{ALICE.handle}.add({FACT.text!r})",
        "target.reset()",
        "awaited(target.async_reset())",
        f"{ALICE.handle}.get_all()",
    ]


def test_records_of_one_tenant_are_put_there_by_a_line_that_runs_and_those_of_others_are_told() -> None:
    own = lines(Crowd(ALICE, (PLANTED, PLANTED)), GetAll(ALICE, FACT))
    others = lines(Crowd(BOB, (PLANTED, Add(BOB, OTHER))), GetAll(ALICE, FACT))

    assert own == [
        f"# 2 records of {ALICE.handle}'s own are put into the store: load(...)",
        f'target.load([("{ALICE.id}", f"note {{number}}") for number in range(2)])',
        f"{A}.get_all()",
    ]
    assert others == ["# 2 records of others are put into the store: load(...)", f"{A}.get_all()"]


@pytest.mark.parametrize(
    ("opening", "folder", "told_as"),
    [
        (0, False, "plant_link({})"),
        (1, False, "plant_link_before_opening({}, 1)"),
        (2, True, "plant_link_before_opening({}, 2, folder=True)"),
    ],
)
def test_a_link_is_planted_at_once_or_before_the_opening_that_it_waits_for(
    opening: int, told_as: str, *, folder: bool
) -> None:
    told = lines(PlantLink(BOB, RecordRef(0, BOB.index, key="b"), RecordRef(0, ALICE.index, key="a"), opening, folder))

    helper = told_as.partition("(")[0]
    assert told == [
        f"from memfence.replay import {helper}",
        told_as.format("target.storage(), 'b', 'a'"),
    ]
