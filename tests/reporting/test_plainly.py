"""A finding in one sentence, without a word of ours."""

from typing import Any

import pytest

from memfence.campaigns import resolve
from memfence.model.findings import Finding, FindingClass, FindingGroup, Severity
from memfence.model.observations import Returned, Step
from memfence.model.operations import Add, Chat, Delete, DeleteAll, Get, Operation, RecordRef, Search, Update
from memfence.plans.population import Population
from memfence.reporting import story
from memfence.reporting.plainly import plainly

ANN, BOB = Population(seed=3, size=2)
RECORD = RecordRef(1, ANN.index)
A, B = ANN.handle, BOB.handle


def told(oracle: str, klass: FindingClass, operation: Operation, **who: Any) -> str:
    observer, owner = who.get("observer", BOB), who.get("owner", ANN)
    step = Step(2, operation, Returned())
    return plainly(Finding(oracle, klass, Severity.HIGH, observer, owner, step, (), (operation,)))


SEARCH = Search(BOB, "x", ANN.facts[0])
LEAK = FindingClass.LEAK


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (told("canary_leak", LEAK, SEARCH), f"{B} read {A}'s record by search"),
        (
            told("tampering", FindingClass.INTEGRITY, DeleteAll(BOB, ANN.index), observer=BOB.posing_as("john-7 ")),
            f'{B} (signed in as "john-7 ") deleted {A}\'s record by delete_all',
        ),
        (told("tampering", FindingClass.INTEGRITY, Update(BOB, RECORD, "x")), f"{B} changed {A}'s record by update"),
        (told("tampering", FindingClass.INTEGRITY, Delete(BOB, RECORD)), f"{B} deleted {A}'s record by delete"),
        (
            told("mislabelled", FindingClass.INTEGRITY, SEARCH),
            f"a record with {A}'s fact carries another user's id, seen by search",
        ),
        (
            told("prompt_bleed", LEAK, Chat(BOB, BOB.facts[0], ANN.facts[0])),
            f"the extraction prompt for {B} held {A}'s fact",
        ),
        (
            told("prompt_bleed", LEAK, Chat(ANN, ANN.facts[0], ANN.facts[0]), observer=ANN),
            f"the extraction prompt for {A} held a fact that it had erased",
        ),
        (told("residue", LEAK, SEARCH, observer=ANN), f"{A} was shown its own deleted text by search"),
        (told("residue", FindingClass.RESIDUE, SEARCH), f"{A}'s deleted text is still in the store"),
        (
            told("lost", FindingClass.INTERFERENCE, SEARCH, observer=ANN),
            f"others' records hide {A}'s own fact from it: search",
        ),
        (
            told("filter_ignored", FindingClass.INTEGRITY, SEARCH, observer=ANN),
            f"{A}'s own filter is not followed by search",
        ),
        (told("lost", FindingClass.AVAILABILITY, SEARCH, observer=ANN), f"{A} cannot find its own fact by search"),
        (
            told("noninterference", FindingClass.INTERFERENCE, SEARCH, owner=BOB),
            f"{B} sees something else by search when others are there",
        ),
    ],
)
def test_each_kind_of_finding_is_one_sentence(said: str, sentence: str) -> None:
    assert said == sentence


def test_each_oracle_has_a_sentence() -> None:
    for name in resolve.all_oracles():
        assert ANN.handle in told(name, LEAK, Get(BOB, RECORD))


@pytest.mark.parametrize(
    ("odd", "written"),
    [("*", '"*"'), (None, "None"), ("\u0430nn", "'\\u0430nn'"), ("x" * 90, f'"{"x" * 59}... (90 characters)')],
)
def test_a_story_names_the_id_that_was_used_where_it_is_not_its_own(odd: object, written: str) -> None:
    posing = BOB.posing_as(odd)
    operation = Search(posing, "x", ANN.facts[0])
    finding = Finding("canary_leak", LEAK, Severity.HIGH, posing, ANN, Step(2, operation, Returned()), (), (operation,))

    ((what, _),) = story.paragraphs(FindingGroup(finding, 2))

    assert what == f"{B} (id {written}) asked"


def test_a_tenant_under_its_own_id_is_told_by_its_name_alone() -> None:
    assert story.doing(Add(ANN, ANN.facts[0])) == f"{A} planted"
    assert story.doing(Add(ANN.posing_as(ANN.id), ANN.facts[0])) == f"{A} planted"
