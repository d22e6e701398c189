"""Findings of one cause are told together, the first to mend at the top."""

from dataclasses import replace
from typing import Any

import pytest

from memfence.campaigns import resolve
from memfence.model.audited import Audited
from memfence.model.causes import BY_NAME, causes, in_order, is_odd, shapes
from memfence.model.findings import Finding, FindingClass, FindingGroup, Severity, Verdict
from memfence.model.observations import Returned, Step
from memfence.model.operations import Add, Copy, Delete, Get, GetAll, Operation, RecordRef, Search
from memfence.model.retold import Retold
from memfence.model.scenario_results import ScenarioResult
from memfence.model.tenants import Tenant
from memfence.plans.casting import NAMES
from memfence.plans.population import Population

ANN, BOB = Population(seed=3, size=2)
STAR = BOB.posing_as("*")
PLANTED = Add(ANN, ANN.facts[0])
RECORD = RecordRef(1, ANN.index)


def found(name: str, *witness: Operation, oracle: str = "canary_leak", **details: Any) -> tuple[ScenarioResult, Any]:
    """Return what BOB, or whoever asked last, was shown of ANN's in a scenario of this name."""
    last = witness[-1]
    finding = Finding(
        oracle,
        details.get("klass", FindingClass.LEAK),
        details.get("severity", Severity.HIGH),
        last.principal,
        ANN,
        Step(2, last, Returned()),
        (),
        witness,
    )
    retold = Retold(witness, 9, why=details.get("why", ""))
    return ScenarioResult(name, ""), FindingGroup(finding, 2, family=details.get("family", ""), retold=retold)


def search(tenant: Tenant, **more: Any) -> Search:
    return Search(tenant, "x", ANN.facts[0], **more)


BY_ID = found("get_by_foreign_id", PLANTED, Get(BOB, RECORD))
DELETED = found("delete_by_foreign_id", PLANTED, Delete(BOB, RECORD), oracle="tampering", severity=Severity.CRITICAL)
STARRED = found("wildcard_ids", PLANTED, search(STAR), severity=Severity.CRITICAL)
NARROWED = found("scope_override_by_filter", PLANTED, search(BOB, filters={"user_id": ANN.id}))
UNSCOPED = found("cross_search", PLANTED, search(BOB))


def test_each_known_cause_is_seen_in_the_calls_and_not_in_the_scenarios_name() -> None:
    elsewhere = [
        found("erasure", *BY_ID[1].example.witness),
        found("histories", *STARRED[1].example.witness, family="wildcard ids"),
        found("histories", *NARROWED[1].example.witness),
    ]

    assert causes(elsewhere) == ["unchecked record ids", "unchecked user ids", "overridden scope"]
    # Who narrows its own in vain has left nobody's scope.
    own = found(
        "narrowing_filters",
        search(ANN, filters={"topic": "tea"}),
        oracle="filter_ignored",
        klass=FindingClass.INTEGRITY,
    )
    assert causes([own]) == ["filter_ignored by search"]
    assert causes([found("busy_neighbours", *UNSCOPED[1].example.witness)]) == ["unscoped calls"]
    assert causes([found("wildcard_ids", PLANTED, search(BOB))]) == ["unscoped calls"]


def test_an_answer_that_took_the_owners_own_question_was_kept_without_the_user() -> None:
    kept = found("cross_search", PLANTED, search(ANN), search(BOB))
    lost = found("busy_neighbours", search(BOB), search(ANN), oracle="lost", klass=FindingClass.INTERFERENCE)

    assert causes([kept]) == ["answers kept for all"]
    fact = ANN.facts[0]
    assert causes([found("list_all", PLANTED, GetAll(ANN, fact), GetAll(BOB, fact))]) == ["answers kept for all"]
    assert causes([found("list_all", PLANTED, GetAll(BOB, fact), GetAll(BOB, fact))]) == ["canary_leak by get_all"]
    assert causes([found("cross_search", PLANTED, search(BOB), search(BOB))]) == ["canary_leak by search"]
    assert [pairs[0] for _, pairs in in_order([lost, kept])] == [kept, lost]


def test_where_no_cause_was_seen_it_is_the_oracle_and_the_channel() -> None:
    guessed = found("histories", PLANTED, search(BOB), why="it was seen once")
    own = found("erasure", PLANTED, Get(ANN, RECORD), oracle="residue")

    assert causes([guessed, own]) == ["canary_leak by search", "residue by get"]


ONE, TWO = (replace(tenant, keys="notes/{code}.txt") for tenant in (ANN, BOB))
KEY = RecordRef(1, ANN.index, key="notes/code.txt")
PUT = Add(ONE, ONE.facts[0])


@pytest.mark.parametrize(
    "spelt", ["../{owner}/{id}", "{climb}", "{file}", "..\\{owner}\\{id}", "\uff0e\uff0e\uff0f{id}"]
)
def test_a_key_that_is_a_path_is_the_cause_whichever_the_scenario(spelt: str) -> None:
    path = replace(KEY, spelt=spelt)
    read, copied = Get(TWO, path), Copy(TWO, RecordRef(0, BOB.index), path)
    seen = [
        found("begun_folders", PUT, read),
        found("hostile_keys", PUT, read),
        found("copied_keys", PUT, copied, oracle="tampering", severity=Severity.CRITICAL),
    ]

    assert [cause for cause, _ in in_order(seen)] == ["keys taken for paths"]


@pytest.mark.parametrize("prefix", ["../", "/ann", "..", "..%2fann%2f", "..\\ann\\"])
def test_a_prefix_that_is_a_path_is_one(prefix: str) -> None:
    assert causes([found("key_prefixes", PUT, GetAll(TWO, ANN.facts[0], prefix=prefix))]) == ["keys taken for paths"]


@pytest.mark.parametrize("prefix", ["", "notes/co", "*"])
def test_a_part_of_a_key_is_no_path_and_neither_is_a_key_as_it_is(prefix: str) -> None:
    assert causes([found("key_prefixes", PUT, GetAll(TWO, ANN.facts[0], prefix=prefix))]) == ["unscoped calls"]
    assert causes([found("same_key", PUT, Get(TWO, KEY))]) == ["keys without their user"]


def test_an_id_that_begins_as_anothers_is_the_cause_where_it_took_one() -> None:
    longer = ONE.posing_as(f"{BOB.id}-x", "id: begun")
    path = replace(KEY, spelt="../{owner}/{id}")

    took = found("begun_folders", Add(longer, longer.facts[0]), Get(TWO, path))

    assert causes([took]) == ["beginnings taken for the whole"]


def test_what_ordinary_ids_show_is_no_matter_of_odd_ones() -> None:
    assert causes([STARRED, UNSCOPED]) == ["unscoped calls", "unscoped calls"]
    assert causes([STARRED, NARROWED]) == ["unchecked user ids", "overridden scope"]


def test_ordinary_ids_come_before_odd_ones_and_the_gravest_cause_before_others() -> None:
    order = in_order([STARRED, NARROWED, BY_ID, DELETED])

    assert [(cause, [scenario.name for scenario, _ in pairs]) for cause, pairs in order] == [
        ("unchecked record ids", ["get_by_foreign_id", "delete_by_foreign_id"]),
        ("overridden scope", ["scope_override_by_filter"]),
        ("unchecked user ids", ["wildcard_ids"]),
    ]


def test_where_nothing_is_scoped_that_comes_first() -> None:
    assert [cause for cause, _ in in_order([DELETED, UNSCOPED])] == ["unscoped calls", "unchecked record ids"]


def test_a_violation_comes_before_a_doubt_of_the_same_oracle() -> None:
    doubt = found("a", PLANTED, GetAll(ANN, ANN.facts[0]), oracle="lost", klass=FindingClass.AVAILABILITY)
    violation = found("b", PLANTED, GetAll(ANN, ANN.facts[0]), oracle="lost", klass=FindingClass.INTERFERENCE)

    verdicts = [pairs[0][1].example.verdict for _, pairs in in_order([doubt, violation])]

    assert verdicts == [Verdict.VIOLATED, Verdict.INCONCLUSIVE]


def test_ids_that_did_it_are_told_by_their_shape_or_as_they_are() -> None:
    scenario, group = found("histories", PLANTED, search(STAR), family="wildcard ids")
    scenario_with_pairs, _ = STARRED
    scenario_with_pairs.pairs.note(group.example.step, ANN, [group.example])

    assert shapes([(scenario, group)]) == ["'*'"]
    assert shapes([(scenario_with_pairs, group)]) == ["'*'"]


def test_an_id_is_odd_where_anybody_in_the_story_has_one() -> None:
    assert is_odd(STARRED[1])
    assert is_odd(FindingGroup(replace(BY_ID[1].example, owner=ANN.posing_as(7)), 1))
    assert not is_odd(BY_ID[1])


def test_each_scenario_and_each_family_that_a_cause_knows_is_there() -> None:
    known = {name for cause in BY_NAME.values() for name in cause.scenarios}

    assert known <= set(resolve.all_scenarios())
    for family in ("wildcard ids", "ids with blanks", "no id"):
        assert family in NAMES
        assert causes([found("histories", PLANTED, search(STAR), family=family)]) == ["unchecked user ids"]


def test_what_mends_an_application_names_nothing_that_only_a_memory_in_python_has() -> None:
    lines = [line for cause in BY_NAME.values() for line in cause.mending(Audited.APPLICATION)]

    assert [line for line in lines if "_client" in line or "self.user_id" in line or "constructor" in line] == []
    assert (
        BY_NAME["keys without their user"]
        .mending(Audited.APPLICATION)[1]
        .startswith("key = scoped_key(current_user.id, key)")
    )
    assert "self._client.get(memory_id)" in BY_NAME["unchecked record ids"].mending(Audited.MEMORY)[1]
