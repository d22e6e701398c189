"""Filters and metadata by class; a key that was learned is tried by its name and by its place."""

from memfence import GetAll, Population, Record, Step
from memfence.model.observations import Returned
from memfence.plans.overrides import CLASSES, claims_by_class, filters_by_class, nth_claim, nth_filters, widening
from memfence.plans.scope_keys import ScopeKey, ScopeKeys

ALICE, BOB = Population(seed=5, size=2)


def learned(*fields: tuple[str, str]) -> tuple[ScopeKey, ...]:
    keys = ScopeKeys()
    keys.learn(Step(1, GetAll(ALICE, ALICE.facts[0]), Returned((Record("1", "text", fields=fields),))))
    return keys.known


def test_each_class_has_a_sentence() -> None:
    tried = (*filters_by_class("alice", "bob"), *claims_by_class("alice", "bob"))

    assert {kind for kind, _ in tried} == CLASSES.keys()


def test_what_was_always_tried_still_is() -> None:
    tried = [filters for _, filters in filters_by_class("alice", "bob")]

    assert all(filters in tried for filters in widening("alice", "bob"))


def test_a_key_is_learned_where_it_holds_the_readers_id_and_tried_with_what_stands_around_it() -> None:
    keys = learned(("note", "hello"), ("metadata.tenant", f"acme/{ALICE.id}"), ("user_id", ALICE.id))

    assert [key.name for key in keys] == ["tenant"]
    assert ("key: tenant", {"tenant": f"acme/{BOB.id}"}) in claims_by_class(BOB.id, ALICE.id, keys)
    assert ("key: tenant", {"metadata": {"tenant": f"acme/{BOB.id}"}}) in filters_by_class(BOB.id, ALICE.id, keys)


def test_a_key_that_holds_a_list_is_tried_with_a_list() -> None:
    (key,) = learned(("readers[]", ALICE.id))

    assert (key.name, key.value(BOB.id)) == ("readers", [BOB.id])


def test_another_users_id_teaches_no_key() -> None:
    assert learned(("seen_by", BOB.id)) == ()


def test_a_key_that_is_said_is_known_better_where_it_is_seen() -> None:
    keys = ScopeKeys.said(("tenant", "user_id"))
    assert [(key.name, key.value("bob")) for key in keys.known] == [("tenant", "bob")]

    record = Record("1", "text", fields=(("tenant", f"t-{ALICE.id}"),))
    keys.learn(Step(1, GetAll(ALICE, ALICE.facts[0]), Returned((record,))))

    assert [(key.name, key.value("bob")) for key in keys.known] == [("tenant", "t-bob")]


def test_any_number_picks_filters_of_one_kind_and_a_claim() -> None:
    for which in range(100):
        kinds = {kind.partition(":")[0] for kind, _ in nth_filters(which, ALICE, BOB, ())}
        assert kinds in ({"key"}, {"filter"})
        assert nth_claim(which, ALICE, BOB, ()) in claims_by_class(ALICE.id, BOB.id)
