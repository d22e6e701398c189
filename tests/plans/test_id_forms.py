import re
import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memfence import Population
from memfence.base.errors import HarnessError, UnknownNameError
from memfence.model.canaries import TENANTS
from memfence.plans.id_forms import FORMS, IdForm
from memfence.scoped.user_ids import check_id, refuse_upper_case


def at_the_firm(number: int) -> str:
    return f"user:{number}@the-firm"


ALL: tuple[IdForm, ...] = (*FORMS, at_the_firm)
forms = pytest.mark.parametrize("form", ALL, ids=lambda form: getattr(form, "__name__", form))


@pytest.mark.parametrize(
    ("form", "shape"),
    [
        ("name", r"mf[0-9a-f]{8}-[a-z]+-7"),
        ("email", r"mf[0-9a-f]{8}\+[a-z]+\.7@example\.com"),
        ("number", r"\d{7}000000007"),
        (at_the_firm, r"user:\d{7}000000007@the-firm"),
    ],
)
def test_an_id_has_the_form_that_is_asked_for(form: IdForm, shape: str) -> None:
    assert re.fullmatch(shape, Population(42, 2, id_form=form).tenant(7).id)


def test_a_uuid_is_one_of_version_4() -> None:
    made = Population(42, 2, id_form="uuid").tenant(7).id

    assert str(uuid.UUID(made)) == made
    assert (uuid.UUID(made).version, uuid.UUID(made).variant) == (4, uuid.RFC_4122)


def test_a_number_is_one_that_no_float_rounds() -> None:
    for seed in range(50):
        made = Population(seed, 2, id_form="number").tenant(TENANTS - 1).id
        assert str(int(float(made))) == made


@given(form=st.sampled_from(ALL), seed=st.integers(0, 2**31), index=st.integers(0, TENANTS - 1))
def test_an_id_tells_whose_it_is_and_stands_in_a_text(form: IdForm, seed: int, index: int) -> None:
    population = Population(seed, 2, id_form=form)
    made = population.tenant(index).id

    assert made.startswith(population.prefix)
    assert population.owner_of_label(made) == index
    assert list(population.ids_in(f"user_id={made}, '{made}'!")) == [index, index]


@forms
def test_what_is_not_quite_an_id_is_nobodys(form: IdForm) -> None:
    population = Population(1, 5, id_form=form)
    made = population.tenant(4).id

    others = [
        Population(2, 5, id_form=form).tenant(4).id,
        *(f"x{made}", f"{made}x", f"{made}0", f"1{made}", made[:-1], made[1:]),
        made.replace("4", "5", 1),
        population.prefix,
        "",
    ]

    assert [population.owner_of_label(other) for other in others] == [None] * len(others)
    assert [found for other in others for found in population.ids_in(other)] == []


@forms
def test_ids_are_safe_in_every_store_and_no_two_are_one(form: IdForm) -> None:
    made = [tenant.id for tenant in Population(42, 500, id_form=form)]

    assert [check_id(one, "id") for one in made] == made
    for one in made:
        refuse_upper_case(one, "id")
    assert len({one.lower() for one in made}) == len(made)


@forms
def test_facts_do_not_hang_on_the_form(form: IdForm) -> None:
    assert [tenant.facts for tenant in Population(42, 5, id_form=form)] == [
        tenant.facts for tenant in Population(42, 5)
    ]


@forms
def test_an_own_id_is_no_alias(form: IdForm) -> None:
    tenant = Population(42, 5, id_form=form).tenant(3)

    assert tenant.posing_as(tenant.id).alias == ""
    assert tenant.posing_as(f"{tenant.id} ").alias != ""


def test_an_unknown_form_and_a_function_that_hides_its_number_are_refused() -> None:
    with pytest.raises(UnknownNameError, match="emial"):
        Population(42, 2, id_form="emial")
    hidden: Any
    for hidden in (hex, lambda _: "user", lambda number: number):
        with pytest.raises(HarnessError, match="written out"):
            Population(42, 2, id_form=hidden)
