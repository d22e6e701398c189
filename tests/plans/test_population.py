import os
import subprocess
import sys
from collections import Counter
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memfence import Population
from memfence.base.errors import HarnessError
from memfence.model.canaries import FACTS
from memfence.model.marks import Mark
from memfence.scoped.user_ids import check_id, refuse_upper_case


@given(order=st.permutations(range(12)), seed=st.integers())
def test_tenants_are_the_same_in_any_order(order: list[int], seed: int) -> None:
    population = Population(seed, 12)

    made = {index: population.tenant(index) for index in order}

    assert [made[index] for index in range(12)] == list(Population(seed, 12))


@given(first=st.integers(0, 10_000), size=st.integers(1, 12))
def test_tenants_are_the_same_in_any_block(first: int, size: int) -> None:
    whole = Population(42, 10_100)

    block = whole.block(first=first, size=size)

    assert list(block) == [whole.tenant(index) for index in range(first, first + size)]
    assert (block.prefix, block.facts, block.probes) == (whole.prefix, whole.facts, whole.probes)


def test_a_tenant_does_not_depend_on_the_size_of_its_population() -> None:
    assert Population(42, 3).tenant(2) == Population(42, 3_000).tenant(2)


def test_a_tenant_outside_the_block_can_still_be_made() -> None:
    block = Population(42, 2, first=4)

    assert block.tenant(0) == Population(42, 1).tenant(0)


def test_another_process_makes_the_same_tenants() -> None:
    code = "from memfence import Population; print(list(Population(42, 5)))"
    environment = {**os.environ, "PYTHONHASHSEED": "1"}

    printed = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)

    assert printed.stdout.strip() == repr(list(Population(42, 5)))


def test_ids_canaries_and_texts_all_differ() -> None:
    tenants = list(Population(42, 2_000))
    facts = [fact for tenant in tenants for fact in tenant.facts]

    assert len({tenant.id for tenant in tenants}) == len({tenant.handle for tenant in tenants}) == 2_000
    assert len({fact.canary for fact in facts}) == len({fact.text for fact in facts}) == 6_000


def test_another_seed_shares_neither_ids_nor_canaries() -> None:
    one, other = list(Population(42, 200)), list(Population(43, 200))

    assert {tenant.id for tenant in one}.isdisjoint(tenant.id for tenant in other)
    assert {fact.canary for tenant in one for fact in tenant.facts}.isdisjoint(
        fact.canary for tenant in other for fact in tenant.facts
    )


def test_each_tenants_id_carries_the_campaigns_prefix_and_is_safe_in_every_store() -> None:
    population = Population(42, 1_000)

    for tenant in population:
        assert tenant.id.startswith(f"{population.prefix}-")
        assert check_id(tenant.id, "id") == tenant.id
        refuse_upper_case(tenant.id, "id")


def test_a_fact_holds_both_its_marks_and_neither_its_subject_nor_its_bare_words_hold_one() -> None:
    population = Population(42, 50, facts=40)

    for tenant in population:
        for number, fact in enumerate(tenant.facts):
            assert (fact.owner, fact.number) == (tenant.index, number)
            both = frozenset({Mark.CODE, Mark.NAME})
            assert population.marks.decode(fact.text) == [(tenant.index, number, fact.canary, both)]
            assert [found[2] for found in population.marks.decode(fact.text.partition(";")[0])] == [fact.name]
            assert population.marks.decode(f"{fact.about} {fact.bare}") == []
            assert fact.text.startswith(fact.bare)
            assert len(fact.text) < 160


def test_the_first_six_facts_of_a_tenant_are_about_different_subjects() -> None:
    for tenant in Population(42, 50, facts=6):
        assert len({fact.about for fact in tenant.facts}) == 6


def test_near_twins_are_told_apart_by_their_marks_alone() -> None:
    diets = [
        fact for tenant in Population(42, 100, facts=6) for fact in tenant.facts if fact.about == "food preferences"
    ]

    without_marks = {fact.text.replace(fact.canary, "").replace(fact.name, "") for fact in diets}

    assert len(without_marks) < 10
    assert len({fact.text for fact in diets}) == len(diets) == 100


@given(
    size=st.integers(1, 40),
    probes=st.none() | st.integers(1, 50),
    first=st.integers(0, 1_000),
    seed=st.integers(0, 100),
)
def test_each_tenant_attacks_and_is_attacked_equally_often_and_never_itself(
    size: int, probes: int | None, first: int, seed: int
) -> None:
    population = Population(seed, size, facts=1, probes=probes, first=first)

    pairs = [(victim.index, attacker.index) for victim, attacker in population.pairs()]

    wanted = min((size - 1 if size <= 8 else 5) if probes is None else probes, size - 1)
    everybody = dict.fromkeys(range(first, first + size), wanted) if wanted else {}
    assert Counter(victim for victim, _ in pairs) == everybody
    assert Counter(attacker for _, attacker in pairs) == everybody
    assert len(set(pairs)) == len(pairs)
    assert all(victim != attacker for victim, attacker in pairs)


@pytest.mark.parametrize("size", [2, 3, 8])
def test_up_to_eight_tenants_all_pairs_are_drawn(size: int) -> None:
    pairs = {(victim.index, attacker.index) for victim, attacker in Population(42, size).pairs()}

    assert pairs == {(victim, attacker) for victim in range(size) for attacker in range(size) if victim != attacker}


def test_the_attackers_of_one_victim_come_together() -> None:
    victims = [victim.index for victim, _ in Population(42, 20).pairs()]

    assert victims == sorted(victims)


def test_the_pairs_depend_on_the_seed() -> None:
    drawn = {
        tuple(attacker.index for attacker in Population(seed, 50).attackers(Population(seed, 50).tenant(0)))
        for seed in range(10)
    }

    assert len(drawn) == 10


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ({"size": 0}, "at least 1 tenant, got size=0"),
        ({"size": 2, "facts": 0}, f"1 to {FACTS} facts, got facts=0"),
        ({"size": 2, "facts": FACTS + 1}, f"1 to {FACTS} facts, got facts={FACTS + 1}"),
        ({"size": 2, "probes": 0}, "at least 1 other, got probes=0"),
    ],
)
def test_numbers_that_no_population_can_have_are_refused(numbers: dict[str, int], message: str) -> None:
    with pytest.raises(HarnessError, match=message):
        Population(42, **numbers)


def test_a_block_is_checked_too() -> None:
    with pytest.raises(HarnessError, match="size=0"):
        Population(42, 9).block(first=3, size=0)


@given(index=st.integers(0, 1_000_000))
def test_an_id_tells_whose_it_is(index: int) -> None:
    population = Population(42, 2)

    assert population.owner_of_label(population.tenant(index).id) == index


@pytest.mark.parametrize(
    "label",
    [
        "",
        "alice",
        "{prefix}",
        "{prefix}-",
        "{prefix}-{name}",
        "{prefix}-{name}-",
        "{prefix}-{name}-x",
        "{prefix}-{name}-00",
        "{prefix}-{name}-1",
        "{prefix}-{name}--1",
        "{prefix}-{name}-0 ",
        "{prefix}-{name}-\u0660",
        "{prefix}-{name}-\u00b2",
        "{prefix}-nobody-0",
        "{prefix}-0",
        "{prefix}0-{name}-0",
        "x{prefix}-{name}-0",
        "\ud800",
    ],
)
def test_a_label_that_is_not_quite_an_id_of_the_campaign_is_nobodys(label: str) -> None:
    population = Population(42, 2)
    label = label.format(prefix=population.prefix, name=population.tenant(0).name.lower())

    assert population.owner_of_label(label) is None


@pytest.mark.parametrize("digits", ["134217728", "9" * 20, "9" * 5_000], ids=len)
def test_a_label_with_an_index_beyond_any_tenant_is_nobodys(digits: str) -> None:
    population = Population(42, 2)

    assert population.owner_of_label(f"{population.prefix}-alice-{digits}") is None


def test_an_id_of_another_campaign_is_nobodys() -> None:
    assert Population(42, 2).owner_of_label(Population(43, 2).tenant(0).id) is None


@pytest.mark.parametrize(("first", "size"), [(-3, 5), (2**27 - 4, 5), (0, 2**27 + 1)])
def test_tenants_beyond_what_a_canary_holds_are_refused_at_once(first: int, size: int) -> None:
    with pytest.raises(HarnessError, match="at most 134217728 tenants"):
        Population(seed=1, size=size, first=first)


def test_facts_past_those_that_a_tenant_starts_with_are_made_by_their_numbers() -> None:
    population = Population(42, 5, facts=2)
    tenant = population.tenant(3)

    found = list(population.facts_of(3, (0, 1, 2, 500)))

    assert tuple(found[:2]) == tenant.facts
    assert [(fact.owner, fact.number) for fact in found] == [(3, 0), (3, 1), (3, 2), (3, 500)]
    assert len({fact.canary for fact in found}) == 4
    for fact in found:
        assert [sighting[:2] for sighting in population.codec.decode(fact.text)] == [(3, fact.number)]
        assert list(population.codec.decode(fact.about)) == []


def test_a_fact_is_the_same_however_many_its_tenant_starts_with() -> None:
    few, many = Population(42, 5, facts=1), Population(42, 5, facts=40, first=2)

    assert tuple(few.facts_of(3, range(40))) == many.tenant(3).facts
    # In any order, any one of them.
    assert next(few.facts_of(3, (17,))) == many.tenant(3).facts[17]


def test_facts_are_made_when_they_are_asked_for() -> None:
    endless = Population(42, 2).facts_of(0, count())

    assert [next(endless).number for _ in range(3)] == [0, 1, 2]


def test_a_tenant_has_as_many_facts_as_a_canary_can_tell_apart() -> None:
    assert next(Population(42, 2).facts_of(1, (FACTS - 1,))).number == FACTS - 1
    with pytest.raises(ValueError, match=f"a fact below {FACTS}"):
        list(Population(42, 2).facts_of(1, (FACTS,)))


def test_a_block_piles_up_as_much_as_the_whole() -> None:
    block = Population(42, 9, crowd=7, bulk=5).block(first=3, size=2)

    assert (block.crowd, block.bulk) == (7, 5)


def test_by_default_a_crowd_is_thousands_and_a_bulk_more_than_a_page() -> None:
    assert (Population(42, 2).crowd, Population(42, 2).bulk) == (2000, 250)


def test_ids_stand_in_a_text_in_order_also_where_they_are_quoted_or_joined() -> None:
    population = Population(seed=1, size=5)
    first, second, third, *_ = (tenant.id for tenant in population)

    for text in (f"{second} {first} {second}", f"['{second}', \"{first}\"];{second}!", f"{second}/{first}:{second}\n"):
        assert list(population.ids_in(text)) == [1, 0, 1]
    assert list(population.ids_in(f"user_id={third}&run_id=1")) == [2]


def test_an_id_outside_a_block_is_found_too() -> None:
    population = Population(seed=1, size=2, first=10)

    assert list(population.ids_in(f"{population.tenant(3).id} {population.tenant(11).id}")) == [3, 11]


@pytest.mark.parametrize("shape", ["x{}", "{}x", "_{}", "{}_", "{}0", "1{}", "\u00e9{}", "{}\u00e9"])
def test_an_id_inside_a_longer_word_is_none(shape: str) -> None:
    population = Population(seed=1, size=5)

    assert list(population.ids_in(shape.format(population.tenant(4).id))) == []


def test_an_id_of_another_campaign_or_of_another_spelling_is_none() -> None:
    population = Population(seed=1, size=5)
    known = population.tenant(4)
    others = [
        Population(seed=2, size=5).tenant(4).id,
        known.id.upper(),
        f"{population.prefix}-nobody-4",
        f"{population.prefix}-{known.name.lower()}-5",
        f"{population.prefix}-{known.name.lower()}-{'9' * 5000}",
        population.prefix,
        "",
    ]

    assert [found for text in others for found in population.ids_in(text)] == []


@given(st.text("ab1- x\n", max_size=10), st.text("ab1- x\n", max_size=10))
def test_an_id_is_found_where_it_stands_by_itself_and_nowhere_else(before: str, after: str) -> None:
    population = Population(seed=1, size=5)
    glued = before[-1:].isalnum() or after[:1].isalnum()

    assert list(population.ids_in(before + population.tenant(4).id + after)) == ([] if glued else [4])


def test_a_block_makes_each_of_its_tenants_once_and_they_are_those_of_the_whole() -> None:
    whole = Population(42, 9)
    block = whole.block(first=3, size=4)

    made = list(block)

    assert made == [whole.tenant(index) for index in range(3, 7)]
    assert all(block.tenant(tenant.index) is tenant for tenant in made)
    assert {id(attacker) for victim in made for attacker in block.attackers(victim)} <= {id(tenant) for tenant in made}
    assert block.tenant(7) == whole.tenant(7)
    assert block.tenant(7) is not block.tenant(7)
