from collections.abc import Callable, Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from memfence import Population
from memfence.model.counterexamples import Counterexample, Move, flat
from memfence.model.findings import Finding, FindingClass, Severity
from memfence.model.observations import Returned, Step
from memfence.model.operations import Add, Get, GetAll, RecordRef, Reopen, Search, Together
from memfence.model.tenants import Tenant
from memfence.plans.shrinking import Shows, shrink

POPULATION = Population(seed=5, size=12)
ALICE, BOB, CAROL, DAVE, *_ = POPULATION
FACT = ALICE.facts[0]
FINDING = Finding(
    "canary_leak",
    FindingClass.LEAK,
    Severity.HIGH,
    BOB,
    ALICE,
    Step(1, GetAll(BOB, FACT), Returned()),
    ("seen",),
    (),
)


def shrunk(moves: Sequence[Move], when: Callable[[tuple[Move, ...]], bool]) -> Counterexample:
    """Shrink with a target that shows the finding when told so."""
    return shrink(Counterexample(tuple(moves), FINDING, len(moves)), shows(when), POPULATION)


def shows(when: Callable[[tuple[Move, ...]], bool]) -> Shows:
    def made(moves: Sequence[Move]) -> tuple[Finding | None, tuple[Move, ...]]:
        tried = tuple(moves)
        return (FINDING if when(tried) else None), tried

    return made


def said(number: int) -> Add:
    """Return a move that is told from every other by its fact."""
    return Add(ALICE, POPULATION.fact(ALICE.index, number))


def numbers(moves: Sequence[Move]) -> list[int]:
    return [one.fact.number for one in flat(moves) if isinstance(one, Add)]


def has(*kinds: type, by: int = 0) -> Callable[[tuple[Move, ...]], bool]:
    """Return what is true of moves with all these kinds and so many tenants."""
    return lambda moves: (
        {type(one) for one in flat(moves)} >= set(kinds) and len({one.principal.index for one in flat(moves)}) >= by
    )


@given(st.integers(1, 30).flatmap(lambda size: st.tuples(st.just(size), st.sets(st.integers(0, size - 1), min_size=1))))
@example((30, {0, 29}))
@example((7, {3}))
def test_what_is_needed_is_all_that_is_left_and_in_order(case: tuple[int, set[int]]) -> None:
    size, needed = case

    found = shrunk([said(number) for number in range(size)], lambda moves: needed <= set(numbers(moves)))

    assert numbers(found.moves) == sorted(needed)
    assert found.whole == size


@given(st.sets(st.integers(0, 14), min_size=2, max_size=6), st.integers(2, 4))
def test_no_single_move_can_be_left_out_though_some_are_worth_as_much_as_others(helpful: set[int], enough: int) -> None:
    def when(moves: tuple[Move, ...]) -> bool:
        return len(helpful & set(numbers(moves))) >= min(enough, len(helpful))

    found = shrunk([said(number) for number in range(15)], when)

    assert when(found.moves)
    assert not any(
        when((*found.moves[:position], *found.moves[position + 1 :])) for position in range(len(found.moves))
    )


def test_what_nothing_can_be_left_out_of_stays() -> None:
    moves = (said(0), GetAll(BOB, FACT))

    assert shrunk(moves, lambda tried: tried == moves).moves == moves


def test_the_finding_is_told_as_the_last_shown_moves_show_it() -> None:
    found = shrunk([said(0), said(1), GetAll(BOB, FACT)], has(GetAll))

    assert (found.moves, found.finding) == ((GetAll(BOB, FACT),), FINDING)


def test_records_keep_pointing_at_their_add() -> None:
    moves = [said(0), said(1), said(2), Get(BOB, RecordRef(2, 0))]

    def when(tried: tuple[Move, ...]) -> bool:
        operations = list(flat(tried))
        return any(
            isinstance(one, Get) and one.record.step and operations[one.record.step - 1] == said(1)
            for one in operations
        )

    assert shrunk(moves, when).moves == (said(1), Get(BOB, RecordRef(1, 0)))


def test_what_was_made_takes_the_place_of_what_was_tried() -> None:
    def first_two(moves: Sequence[Move]) -> tuple[Finding | None, tuple[Move, ...]]:
        return FINDING, tuple(moves)[:2]

    found = shrink(Counterexample(tuple(said(number) for number in range(9)), FINDING, 9), first_two, POPULATION)

    assert len(found.moves) == 1


@pytest.mark.parametrize("count", [3, 4])
def test_as_many_tenants_as_there_are_become_two(count: int) -> None:
    tenants = list(POPULATION)[:count]
    moves = [Add(tenant, tenant.facts[0]) for tenant in tenants] + [GetAll(tenants[-1], FACT)]

    def when(tried: tuple[Move, ...]) -> bool:
        return len(list(flat(tried))) == len(moves) and has(Add, GetAll, by=2)(tried)

    found = shrunk(moves, when)

    assert found.tenants == 2
    assert len(found.moves) == len(moves)


def test_two_tenants_stay_two() -> None:
    found = shrunk([Add(CAROL, CAROL.facts[0]), GetAll(DAVE, CAROL.facts[0])], has(Add, GetAll))

    assert found.tenants == 2


def test_who_takes_anothers_part_does_not_say_the_same_twice() -> None:
    moves = [Add(tenant, tenant.facts[0]) for tenant in (ALICE, BOB, CAROL)]

    found = shrunk(moves, lambda tried: len(numbers(tried)) == 3 and has(Add, by=2)(tried))

    facts = [one.fact for one in flat(found.moves) if isinstance(one, Add)]
    assert found.tenants == 2
    assert len(set(facts)) == 3


@pytest.mark.parametrize(
    "strange",
    [
        BOB.posing_as("*"),
        BOB.posing_as(7),
        BOB.in_scope(run_id="r"),
        BOB.posing_as("*").in_scope(agent_id="a"),
        BOB.through_async(),
        BOB.after_erasure(),
    ],
    ids=lambda tenant: repr(tenant.id) + repr(tenant.within),
)
def test_an_ordinary_id_is_preferred(strange: Tenant) -> None:
    found = shrunk([said(0), GetAll(strange, FACT)], has(Add, GetAll))

    assert found.principals == (ALICE, BOB)


def test_an_id_that_is_needed_stays_and_the_scope_that_is_not_goes() -> None:
    def when(tried: tuple[Move, ...]) -> bool:
        return has(Add, GetAll)(tried) and any(one.principal.id == "*" for one in flat(tried))

    found = shrunk([said(0), GetAll(BOB.posing_as("*").in_scope(run_id="r"), FACT)], when)

    assert found.principals == (ALICE, BOB.posing_as("*"))


def test_two_tenants_never_end_up_under_one_id() -> None:
    tried: list[tuple[Move, ...]] = []

    def when(moves: tuple[Move, ...]) -> bool:
        tried.append(moves)
        return True

    shrunk([Add(ALICE, FACT), Add(BOB.posing_as(ALICE.id), FACT), GetAll(CAROL.posing_as(BOB.id), FACT)], when)

    assert tried
    for moves in tried:
        ids = {one.principal.index: repr(one.principal.id) for one in flat(moves)}
        assert len(set(ids.values())) == len(ids)


def test_what_need_not_begin_together_does_not() -> None:
    both = Together((GetAll(ALICE, FACT), GetAll(BOB, FACT)))

    assert shrunk([both], has(GetAll, by=2)).moves == both.operations


def test_what_must_begin_together_does() -> None:
    both = Together((GetAll(ALICE, FACT), GetAll(BOB, FACT)))

    found = shrunk([said(0), both, said(1)], lambda tried: any(isinstance(one, Together) for one in tried))

    assert found.moves == (both,)


def test_the_order_that_shows_it_is_found_where_both_began_together() -> None:
    first, second = GetAll(ALICE, FACT), GetAll(BOB, FACT)

    def when(tried: tuple[Move, ...]) -> bool:
        operations = tuple(flat(tried))
        return isinstance(tried[0], Together) or operations == (second, first)

    assert shrunk([Together((first, second))], lambda tried: len(list(flat(tried))) == 2 and when(tried)).moves == (
        second,
        first,
    )


def test_what_is_tried_in_addition_goes() -> None:
    moves = [
        Add(ALICE, FACT, text="words", metadata={"user_id": "x"}, into=1),
        Search(BOB, f"user_id: {ALICE.id}", FACT, {"OR": []}),
    ]

    assert shrunk(moves, has(Add, Search)).moves == (Add(ALICE, FACT), Search(BOB, FACT.bare, FACT))


def test_a_store_need_not_be_opened_again_where_it_shows_without() -> None:
    tried: list[tuple[Move, ...]] = []

    def when(moves: tuple[Move, ...]) -> bool:
        tried.append(moves)
        return has(Add, GetAll)(moves)

    shrunk([Reopen(ALICE), said(0), Reopen(BOB), GetAll(BOB, FACT)], when)

    # Worlds on disk cost most: they are the first that is done without.
    assert not any(isinstance(one, Reopen) for moves in tried for one in moves)
