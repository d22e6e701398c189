from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memfence import Population
from memfence.plans import id_classes, record_ids
from memfence.plans.id_classes import BESIDE, COMPOSITIONS, UNDER, Disguise, a_few, beside, composed, under
from memfence.plans.id_forms import FORMS

POPULATION = Population(seed=5, size=6)
VICTIM = POPULATION.tenant(0).id


def test_each_class_says_in_one_sentence_what_it_is() -> None:
    told = {**id_classes.CLASSES, **record_ids.CLASSES}

    assert set(id_classes.CLASSES) == {*UNDER, *BESIDE, "id: joint"}
    assert all(name.partition(": ")[0] in ("id", "record id") for name in told)
    assert all(sentence and "\n" not in sentence and sentence[-1] != "." for sentence in told.values())


@given(seed=st.integers(0, 2**31), index=st.integers(0, 5000), form=st.sampled_from(FORMS))
def test_under_its_own_id_nobody_is_disguised(seed: int, index: int, form: str) -> None:
    victim = Population(seed, 2, id_form=form).tenant(index).id

    assert [one for one in under(victim, *UNDER) if one.id == victim] == []
    assert [own for own, other in beside(victim, *BESIDE) if repr(own) == repr(other.id)] == []


@given(seed=st.integers(0, 2**31), index=st.integers(0, 5000))
def test_who_came_under_an_id_of_one_pair_is_nobody_of_another(seed: int, index: int) -> None:
    population = Population(seed, 2)
    pairs = [*beside(population.tenant(index).id, *BESIDE), *beside(population.tenant(index + 1).id, *BESIDE)]
    # A truth is no victim's own: whoever tells the story asks it of one victim alone.
    victims = {repr(own) for own, _ in pairs} - {"'True'"}

    assert victims.isdisjoint(repr(other.id) for _, other in pairs)


@pytest.mark.parametrize("name", [*UNDER, *BESIDE])
def test_each_class_has_members_for_ids_of_any_form(name: str) -> None:
    for form in FORMS:
        victim = Population(5, 2, id_form=form).tenant(1).id
        found = [*under(victim, name)] if name in UNDER else [other for _, other in beside(victim, name)]
        # A number is in no case, and has no letter that looks like another.
        assert found or (form, name) in {
            ("number", "id: case"),
            ("number", "id: look-alike"),
            ("uuid", "id: look-alike"),
        }
        assert all(one.kind == name for one in found)


def test_two_changes_are_made_one_after_the_other_and_none_twice() -> None:
    made = [composed(VICTIM, number) for number in range(COMPOSITIONS)]

    assert f" {VICTIM.upper()}" in made
    assert f"x/../ {VICTIM}" in made
    assert VICTIM not in made
    # What has no character that must be escaped stays as it is where others are.
    assert len(set(made)) >= COMPOSITIONS - 20
    assert composed(VICTIM, 3 + COMPOSITIONS) == composed(VICTIM, 3)


def test_each_seed_has_compositions_of_its_own_and_some_seeds_have_all() -> None:
    assert a_few(1)(VICTIM) != a_few(2)(VICTIM)
    assert {one for seed in range(COMPOSITIONS) for one in a_few(seed)(VICTIM)} == {
        composed(VICTIM, number) for number in range(COMPOSITIONS)
    }


def test_the_classes_hold_what_published_bugs_were_made_of() -> None:
    ids = {one.id for one in under(VICTIM, *UNDER) if isinstance(one.id, str)}
    pairs = {(own.removeprefix(VICTIM), str(other.id).removeprefix(VICTIM)) for own, other in strings()}

    assert {f"../users/{VICTIM}", f"x/../{VICTIM}", f"./{VICTIM}", f"{VICTIM}/.", f"/{VICTIM}", f"..\\{VICTIM}"} <= ids
    assert {"*", f"{VICTIM} ", VICTIM.upper(), VICTIM[:-1], VICTIM.replace("-", "_")} <= ids
    assert {(".a", "_a"), ("_b", "-b"), (" d", "@d"), ("/h", "h")} <= pairs


def strings() -> list[tuple[str, Disguise]]:
    return [(own, other) for own, other in beside(VICTIM, *BESIDE) if isinstance(own, str)]


def test_a_record_id_is_written_as_it_is_spelt() -> None:
    made = {spelt for _, spelt in record_ids.SPELT}

    assert {"../{owner}/{id}", "{owner}/{id}", "./{id}", "{ID}", " {id}", "..%2f{owner}%2f{id}"} <= made
    assert len(made) == len(record_ids.SPELT)
    assert not any(one == other for one, other in product(made, ["{id}", ""]))
