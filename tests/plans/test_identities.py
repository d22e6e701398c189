from memfence import Population
from memfence.model.tenants import Tenant
from memfence.plans.attack_classes import ATTACK_CLASSES
from memfence.plans.hostile_scopes import beside_a_shared_one, hostile_parts
from memfence.plans.identities import CLASSES, shapes, two_of_one

ALICE, BOB, *_ = Population(seed=5, size=12)
COUPLES = [shape(ALICE, BOB) for shape in shapes()]
HOSTILE = [*beside_a_shared_one(ALICE, BOB), *hostile_parts(ALICE, BOB)]


def known_as(tenant: Tenant) -> tuple[str, frozenset[tuple[str, str]]]:
    return repr(tenant.id), frozenset(tenant.within)


def test_each_class_of_identity_is_drawn_and_has_a_sentence() -> None:
    drawn = {attacker.kind for _, attacker in (*COUPLES, *two_of_one(ALICE))}

    assert drawn == set(CLASSES)
    assert all(CLASSES.values())


def test_no_two_tenants_are_known_by_the_same_ids() -> None:
    assert [couple for couple in (*COUPLES, *HOSTILE) if known_as(couple[0]) == known_as(couple[1])] == []


def test_a_guest_is_known_by_at_least_one_id() -> None:
    guests = [one for couple in COUPLES for one in couple if one.guest]

    assert guests
    assert [one for one in guests if one.id is not None or not one.within] == []


def test_one_person_in_two_is_under_one_user_id_and_differs_in_one_other() -> None:
    for here, there in two_of_one(ALICE):
        assert here.id == there.id == ALICE.id
        assert [name for name, _ in here.within] == [name for name, _ in there.within]
        assert here.within != there.within


def test_hostile_ids_are_crossed_with_a_shared_agent_and_with_a_shared_run() -> None:
    met = {(repr(one.id), name) for _, one in HOSTILE for name, _ in one.within}

    for nobody in ("''", "' '", "None", "[]"):
        assert {(nobody, "agent_id"), (nobody, "run_id")} <= met


def test_the_catalogue_names_what_is_crossed() -> None:
    assert {one.kind for _, one in HOSTILE} <= set(ATTACK_CLASSES)
