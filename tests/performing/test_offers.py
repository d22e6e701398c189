from collections.abc import Callable
from typing import Optional

import pytest

from memfence.model.channels import Ability
from memfence.performing.contract import adapt
from memfence.performing.offers import offered


def by_default(user_id: str = None) -> object:  # type: ignore[assignment]  # noqa: RUF013 - as many people write it
    return user_id


def by_annotation(user_id: str | None, *, run_id: str | None = None) -> object:
    return user_id, run_id


def by_an_older_annotation(user_id: Optional[str]) -> object:  # noqa: UP045 - as many people write it
    return user_id


def always(user_id: str, *, run_id: str | None = None) -> object:
    return user_id, run_id


def unsaid(user_id, *, run_id=None):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201 - as many people write it
    return user_id, run_id


@pytest.mark.parametrize("make_memory", [by_default, by_annotation, by_an_older_annotation])
def test_a_signature_that_lets_the_user_id_be_none_offers_guests(make_memory: Callable[..., object]) -> None:
    assert Ability.GUESTS in offered(adapt(make_memory, "fake"), make_memory("alice"))


@pytest.mark.parametrize("make_memory", [always, unsaid])
def test_any_other_signature_offers_none(make_memory: Callable[..., object]) -> None:
    assert Ability.GUESTS not in offered(adapt(make_memory, "fake"), make_memory("alice"))
