import random
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memfence import (
    Add,
    Get,
    GetAll,
    Operation,
    Population,
    Record,
    RecordRef,
    ScopedMemory,
    Search,
    Step,
    Tenant,
    offline_mem0,
)
from memfence.judging.attribution import CanaryAttributor
from memfence.judging.oracles.noninterference import noninterference
from memfence.model.findings import Finding, FindingClass, Severity
from memfence.model.observations import Crashed, Observation, Refused, Returned
from memfence.performing.replies import read_reply

POPULATION = Population(seed=5, size=3)
ALICE, BOB, CAROL = POPULATION
LOOK = Search(ALICE, ALICE.facts[0].about, ALICE.facts[0])
FOREIGN = Get(ALICE, RecordRef(1, BOB.index))
NO = Refused("RecordNotFoundError", "no record of this id in the bound scope")


def judged(together: Observation, *alone: Observation, operation: Operation = LOOK) -> list[Finding]:
    """Judge one step; the record that FOREIGN names was added before, under an id like that of an unknown one."""
    planted = Step(1, Add(BOB, BOB.facts[0]), page(own(0, tenant=BOB)))
    return trace([planted, Step(2, operation, together, alone=alone)])


def trace(steps: Iterable[Step]) -> list[Finding]:
    judge = noninterference(CanaryAttributor(POPULATION))
    return [finding for step in steps for finding in judge(step)]


def aspects(findings: Sequence[Finding]) -> list[str]:
    return [sentence.partition(":")[0] for finding in findings for sentence in finding.evidence]


def own(number: int, score: float | None = None, *, tenant: Tenant = ALICE) -> Record:
    """Return a record of a tenant's fact under an id that no other world has."""
    return Record(str(uuid.uuid4()), tenant.facts[number].text, tenant.id, score)


def page(*records: Record, total: float | None = None, aside: tuple[str, ...] = ()) -> Returned:
    return Returned(records, aside, () if total is None else (("total", total),))


def test_the_same_records_under_other_ids_are_the_same() -> None:
    assert judged(*(page(own(0, 0.9), own(1, 0.5), total=2, aside=("page 1",)) for _ in range(3))) == []


# How much has to be known before anything is said.


@pytest.mark.parametrize("alone", [(), (page(own(0)),)], ids=["none", "one"])
def test_fewer_than_two_alone_worlds_cannot_tell_what_is_random(alone: tuple[Observation, ...]) -> None:
    assert judged(page(), *alone) == []


def test_one_step_yields_one_finding_with_all_that_differs_in_order() -> None:
    alone = [page(own(0), own(1), total=2, aside=("x",)) for _ in range(2)]

    (finding,) = judged(page(own(0), total=57, aside=("y",)), *alone)

    assert finding.oracle == "noninterference"
    assert finding.klass is FindingClass.INTERFERENCE
    assert finding.severity is Severity.MEDIUM
    assert (finding.observer, finding.owner) == (ALICE, ALICE)
    assert finding.evidence == (
        "count of records: 1 with the others present, 2 alone",
        f"membership: nothing else with the others present, {ALICE.handle}'s fact 1 under its own id alone",
        "texts beside the records: y with the others present, x alone",
        "numbers beside the records: total = 57 with the others present, total = 2 alone",
    )
    assert finding.shown == "count of records, membership, texts beside the records, numbers beside the records"


def test_the_witness_is_the_principals_latest_add_and_what_it_asked() -> None:
    adds = [Step(1, Add(ALICE, ALICE.facts[0]), page()), Step(2, Add(ALICE, ALICE.facts[1]), page())]
    others = [Step(3, Add(BOB, BOB.facts[0]), page())]

    (finding,) = trace([*adds, *others, Step(4, LOOK, page(), alone=(page(own(0)), page(own(0))))])

    assert finding.witness == (adds[1].operation, LOOK)


def test_an_add_that_differs_is_its_own_witness() -> None:
    add = Add(ALICE, ALICE.facts[0])

    (finding,) = judged(page(), page(own(0)), page(own(0)), operation=add)

    assert finding.witness == (add,)


def test_long_texts_are_shortened_and_stand_on_one_line() -> None:
    (finding,) = judged(page(aside=("a\n" * 500,)), page(), page())

    assert "\n" not in finding.evidence[0]
    assert len(finding.evidence[0]) < 1100


# outcome


@pytest.mark.parametrize(
    ("together", "alone"),
    [
        (page(), NO),
        (NO, page()),
        (Refused("PermissionError", "not yours"), NO),
        (replace(NO, message="it is somebody else's"), NO),
    ],
    ids=["reply, no", "no, reply", "kind", "text"],
)
def test_another_outcome_is_a_difference(together: Observation, alone: Observation) -> None:
    findings = judged(together, alone, alone, operation=FOREIGN)

    assert aspects(findings) == ["outcome"]
    assert findings[0].severity is Severity.MEDIUM


@pytest.mark.parametrize("other", [page(), NO, Crashed("KeyError", "'x'", "store.py:3")])
def test_a_crash_is_no_proof_of_others(other: Observation) -> None:
    crash = Crashed("OSError", "disk full", "store.py:3")

    assert judged(crash, other, other, operation=FOREIGN) == []
    assert judged(other, crash, crash, operation=FOREIGN) == []


@pytest.mark.parametrize("alone", [(page(), NO), (NO, page()), (NO, replace(NO, message="try again"))])
def test_an_outcome_that_is_random_alone_is_not_judged(alone: tuple[Observation, ...]) -> None:
    assert judged(Crashed("OSError", "disk full", "store.py:3"), *alone) == []


@pytest.mark.parametrize(
    ("together", "alone"),
    [
        ("Memory with id 0b1f7a52-9c1d-5d8e-9f39-0f0e3d6f0a11 not found", f"Memory with id {uuid.uuid4()} not found"),
        ("no row 57 (request 507f1f77bcf86cd799439011)", "no row 3 (request 5f43a1b2c3d4e5f607182930)"),
        ("refused at 2025-01-01T10:00:07Z", "refused at 2025-01-01T10:00:09Z"),
        ("refused at 10:05AM", "refused at 11:17PM"),
        ("<60 characters, #0a1b2c3d>", "<61 characters, #ffffffff>"),
    ],
    ids=["uuid", "other ids", "time", "clock", "masks"],
)
def test_a_foreign_id_may_be_answered_as_an_unknown_one_is(together: str, alone: str) -> None:
    refusals = [Refused("ValueError", alone)] * 2

    assert judged(Refused("ValueError", together), *refusals, operation=FOREIGN) == []


@pytest.mark.parametrize(("together", "alone"), [("ERR403", "ERR404"), ("403E", "404E")])
def test_a_code_is_no_id(together: str, alone: str) -> None:
    refusals = [Refused("ValueError", alone)] * 2

    assert aspects(judged(Refused("ValueError", together), *refusals, operation=FOREIGN)) == ["outcome"]


def test_crashes_of_one_kind_are_the_same_whatever_they_say() -> None:
    crashes = [Crashed("OSError", text, "store.py:3") for text in ("a", "b", "b")]

    assert judged(*crashes) == []


@pytest.mark.parametrize(
    ("stored", "differences"), [("rec_1", []), (str(uuid.uuid4()), ["outcome"])], ids=["no UUID", "UUID"]
)
def test_an_unknown_id_of_another_shape_is_no_stand_in_for_a_foreign_one(stored: str, differences: list[str]) -> None:
    planted = Step(1, Add(BOB, BOB.facts[0]), page(Record(stored, BOB.facts[0].text)))
    invalid = Refused("ValueError", "not a valid id")

    findings = trace([planted, Step(2, FOREIGN, page(), alone=(invalid, invalid))])

    assert aspects(findings) == differences


def test_what_the_id_of_ones_own_record_answers_is_judged_whatever_its_shape() -> None:
    planted = Step(1, Add(ALICE, ALICE.facts[0]), page(Record("rec_1", ALICE.facts[0].text)))
    read = Get(ALICE, planted.record)

    assert aspects(trace([planted, Step(2, read, NO, alone=(page(own(0)), page(own(0))))])) == ["outcome"]


# count and membership


def test_a_record_too_few_or_too_many_is_a_difference() -> None:
    alone = [page(own(0), own(1))] * 2

    assert aspects(judged(page(own(0)), *alone)) == ["count of records", "membership"]
    assert aspects(judged(page(own(0), own(1), own(2)), *alone)) == ["count of records", "membership"]


@pytest.mark.parametrize(
    "other",
    [
        own(1),
        own(0, tenant=BOB),
        replace(own(0), label=BOB.id),
        replace(own(0), label=None),
        Record("1", "I am vegan."),
    ],
    ids=["another fact", "another's", "another's label", "no label", "nobody's"],
)
def test_another_record_in_the_place_of_ones_own_is_a_difference(other: Record) -> None:
    findings = judged(page(other), page(own(0)), page(own(0)))

    assert aspects(findings) == ["membership"]
    assert findings[0].severity is Severity.MEDIUM


def test_the_same_record_seen_twice_is_a_difference() -> None:
    assert aspects(judged(page(own(0), own(0)), page(own(0), own(1)), page(own(0), own(1)))) == ["membership"]


def test_unattributed_records_are_told_apart_by_their_text_but_for_ids() -> None:
    records = [Record(None, f"order {number} of {name}") for number, name in ((7, "tea"), (8, "tea"), (9, "milk"))]
    tea, same_tea, milk = map(page, records)

    assert judged(tea, same_tea, same_tea) == []
    assert aspects(judged(milk, tea, same_tea)) == ["membership"]


def test_a_label_that_is_numbered_anew_in_each_world_is_no_difference() -> None:
    together, alone = (page(replace(own(0), label=label)) for label in ("user_57", "user_1"))

    assert judged(together, alone, alone) == []


def test_records_that_are_random_alone_are_not_judged() -> None:
    assert judged(page(own(2)), page(own(0)), page(own(1))) == []


def test_a_count_is_judged_where_which_records_they_are_is_random() -> None:
    findings = judged(page(own(2)), page(own(0), own(1)), page(own(1), own(2)))

    assert aspects(findings) == ["count of records"]


# order and scores


def test_another_order_of_what_was_searched_is_a_slight_difference() -> None:
    findings = judged(page(own(1), own(0)), page(own(0), own(1)), page(own(0), own(1)))

    assert aspects(findings) == ["order"]
    assert findings[0].severity is Severity.LOW


def test_a_listing_comes_as_the_stores_pages_have_it() -> None:
    listing = GetAll(ALICE, ALICE.facts[0])

    assert judged(page(own(1), own(0)), page(own(0), own(1)), page(own(0), own(1)), operation=listing) == []


def test_an_order_that_is_random_alone_is_not_judged() -> None:
    assert judged(page(own(0), own(1), own(2)), page(own(2), own(0), own(1)), page(own(1), own(0), own(2))) == []


def test_the_order_of_records_with_equal_scores_is_not_judged() -> None:
    alone = [page(own(0, 0.9), own(1, 0.5), own(2, 0.5 + jitter)) for jitter in (0, 1e-8)]

    assert judged(page(own(0, 0.9), own(2, 0.5), own(1, 0.5)), *alone) == []


def test_the_order_of_records_with_other_scores_is_judged() -> None:
    alone = [page(own(0, 0.9), own(1, 0.7), own(2, 0.5))] * 2

    assert aspects(judged(page(own(1, 0.9), own(0, 0.7), own(2, 0.5)), *alone)) == ["order"]


def test_records_that_are_tied_in_one_world_alone_may_swap_places_there() -> None:
    alone = [page(own(0, 0.5), own(1, 0.5))] * 2

    assert aspects(judged(page(own(1, 0.6), own(0, 0.5)), *alone)) == ["scores"]


def test_another_score_is_a_slight_difference_and_the_first_is_told() -> None:
    alone = [page(own(0, 0.9), own(1, 0.5), own(2, 0.3))] * 2

    findings = judged(page(own(0, 0.9), own(1, 0.51), own(2, 0.31)), *alone)

    assert findings[0].severity is Severity.LOW
    assert findings[0].evidence == ("scores: record 2 has 0.51 with the others present, it has 0.5 alone",)


@pytest.mark.parametrize(("score", "usual"), [(None, 0.5), (0.5, None), (float("inf"), 0.5), (float("nan"), 0.5)])
def test_a_score_that_is_missing_or_no_number_is_another_score(score: float | None, usual: float | None) -> None:
    assert aspects(judged(page(own(0, score)), page(own(0, usual)), page(own(0, usual)))) == ["scores"]


@pytest.mark.parametrize(
    ("score", "alone"),
    [(0.5 + 4e-7, (0.5, 0.5)), (0.5000005, (0.5000004, 0.5000004)), (0.9, (0.5, 0.51)), (200.001, (200.0, 200.0001))],
    ids=["last digits", "beyond a rounding", "random alone", "last digits of a large one"],
)
def test_scores_that_jitter_are_no_difference(score: float, alone: tuple[float, float]) -> None:
    assert judged(page(own(0, score)), *(page(own(0, one)) for one in alone)) == []


def test_scores_are_not_compared_where_the_order_is_another() -> None:
    alone = [page(own(0, 0.9), own(1, 0.5))] * 2

    assert aspects(judged(page(own(1, 0.8), own(0, 0.6)), *alone)) == ["order"]


# texts and numbers beside the records


def test_another_text_beside_the_records_is_a_difference() -> None:
    findings = judged(page(aside=("hello", "bob was here")), *[page(aside=("hello",))] * 2)

    assert aspects(findings) == ["texts beside the records"]
    assert findings[0].severity is Severity.MEDIUM


def test_texts_that_differ_in_ids_times_order_or_alone_are_no_difference() -> None:
    together = page(aside=("next", f"cursor {uuid.uuid4()}", "at 2025-01-01 10:00:07"))
    alone = page(aside=(f"cursor {uuid.uuid4()}", "next", "at 2025-01-01 10:00:09"))

    assert judged(together, alone, alone) == []
    assert judged(page(aside=("Wednesday",)), page(aside=("Monday",)), page(aside=("Tuesday",))) == []


def test_a_text_beside_a_record_is_judged_where_the_records_are_the_same() -> None:
    tagged, plain = (replace(own(0), aside=(text,)) for text in ("hers", "mine"))
    other = replace(own(1), aside=("mine",))

    assert aspects(judged(page(tagged), page(plain), page(plain))) == ["texts beside the records"]
    assert judged(page(tagged), page(plain), page(other)) == []


def test_another_number_beside_the_records_is_a_slight_difference() -> None:
    findings = judged(page(total=57), page(total=3), page(total=3))

    assert findings[0].severity is Severity.LOW
    assert findings[0].evidence == ("numbers beside the records: total = 57 with the others present, total = 3 alone",)


@pytest.mark.parametrize(("together", "alone"), [(None, 3), (3, None)])
def test_a_number_that_is_missing_is_another_number(together: float | None, alone: float | None) -> None:
    assert aspects(judged(page(total=together), *[page(total=alone)] * 2)) == ["numbers beside the records"]


@pytest.mark.parametrize(
    ("together", "alone"),
    [(57, (3, 4)), (0.25 + 1e-8, (0.25, 0.25)), (1750000007, (1750000009, 1750000009)), (3, (float("nan"),) * 2)],
    ids=["random alone", "last digits", "a clock", "no number alone"],
)
def test_a_number_that_is_random_a_clocks_or_jitters_is_not_judged(together: float, alone: tuple[float, ...]) -> None:
    assert judged(page(total=together), *(page(total=one) for one in alone)) == []


def test_a_number_that_is_random_hides_no_other() -> None:
    replies = [Returned(numbers=(("cost", cost), ("total", total))) for cost, total in ((1, 57), (2, 3), (4, 3))]

    (finding,) = judged(*replies)

    assert "total = 57" in finding.evidence[0]
    assert "cost" not in finding.evidence[0]


# real mem0

# Two tenants have a favourite colour.
NEAR = Search(ALICE, ALICE.facts[2].about, ALICE.facts[2])


class World:
    """A real mem0 that is emptied for each world; `make_memory` is what stands between a tenant and its client."""

    def __init__(self, make_memory: Callable[[Any, Tenant], Any]) -> None:
        self.client = offline_mem0()
        self._make_memory = make_memory

    def seen_by_alice(self, *tenants: Tenant) -> list[tuple[Operation, Observation]]:
        """Return what Alice sees where these tenants, and no others, have stored all of their facts."""
        self.client.reset()
        added: list[tuple[Operation, Returned]] = []
        for tenant in tenants:
            memory = self._make_memory(self.client, tenant)
            for fact in tenant.facts:
                reply = read_reply(memory.add(fact.text, infer=False), str)
                added += [(Add(tenant, fact), reply)] if tenant is ALICE else []
        memory = self._make_memory(self.client, ALICE)
        first = added[0][1].records[0].id
        looks: list[tuple[Operation, object]] = [
            (GetAll(ALICE, ALICE.facts[0]), memory.get_all()),
            (NEAR, memory.search(NEAR.query)),
            (Get(ALICE, RecordRef(1, ALICE.index)), memory.get(first)),
        ]
        return [*added, *((operation, read_reply(reply, str)) for operation, reply in looks)]

    def judged(self) -> list[Finding]:
        together = self.seen_by_alice(BOB, ALICE, CAROL)
        # Chance must not agree with itself: mem0 lists by a random id.
        alone = [self.seen_by_alice(ALICE) for _ in range(12)]
        return trace(
            Step(index, operation, seen, alone=tuple(world[index - 1][1] for world in alone))
            for index, (operation, seen) in enumerate(together, 1)
        )


def scoped(client: Any, tenant: Tenant) -> Any:
    return ScopedMemory(tenant.id, client=client)


class Crowded:
    """An application that asks for one page of everybody's records and then picks its own user's."""

    def __init__(self, client: Any, tenant: Tenant) -> None:
        self._client = client
        self._user_id = tenant.id

    def add(self, text: str, *, infer: bool) -> object:
        return self._client.add(text, user_id=self._user_id, agent_id="shared", infer=infer)

    def search(self, query: str) -> object:
        return self._own(self._client.search(query, filters={"agent_id": "shared"}, top_k=2, threshold=0))

    def get_all(self) -> object:
        return self._own(self._client.get_all(filters={"agent_id": "shared"}))

    def get(self, record_id: str) -> object:
        return self._client.get(record_id)

    def _own(self, reply: dict[str, list[dict[str, object]]]) -> object:
        page = reply["results"]
        return {"results": [record for record in page if record["user_id"] == self._user_id], "total": len(page)}


def test_mem0_through_scoped_memory_shows_a_tenant_the_same_alone_and_among_others() -> None:
    assert World(scoped).judged() == []


def test_an_application_that_picks_its_users_records_from_everybodys_page_is_found() -> None:
    findings = World(Crowded).judged()

    told = {str(finding.channel): aspects([finding]) for finding in findings}
    assert told["get_all"] == ["numbers beside the records"]
    assert "membership" in told["search"]


# never a false alarm

SCORES = st.none() | st.sampled_from([0.1, 0.5, 0.9]) | st.floats()
RECORDS = st.builds(
    Record,
    id=st.none() | st.uuids().map(str),
    text=st.sampled_from([fact.text for tenant in POPULATION for fact in tenant.facts]) | st.text(max_size=5),
    label=st.none() | st.sampled_from([tenant.id for tenant in POPULATION]) | st.text(max_size=3),
    score=SCORES,
    aside=st.lists(st.text(max_size=3), max_size=2).map(tuple),
)
OBSERVATIONS = (
    st.builds(
        Returned,
        records=st.lists(RECORDS, max_size=4).map(tuple),
        aside=st.lists(st.text(max_size=5), max_size=2).map(tuple),
        numbers=st.lists(st.tuples(st.sampled_from("ab"), st.floats()), max_size=3).map(tuple),
    )
    | st.builds(Refused, kind=st.text(max_size=3), message=st.text(max_size=20), contained=st.booleans())
    | st.builds(Crashed, kind=st.text(max_size=3), message=st.text(max_size=20), place=st.just("store.py:3"))
)


@given(OBSERVATIONS, st.integers(2, 4), st.sampled_from([LOOK, FOREIGN, GetAll(ALICE, BOB.facts[0])]))
def test_the_same_observation_is_never_a_difference(seen: Observation, worlds: int, operation: Operation) -> None:
    assert judged(seen, *[seen] * worlds, operation=operation) == []


@given(OBSERVATIONS, OBSERVATIONS, OBSERVATIONS)
def test_what_the_alone_worlds_each_show_once_is_never_a_difference(
    first: Observation, second: Observation, third: Observation
) -> None:
    # Whatever the oracle says against the first world, it must not say where that one is an alone world too.
    assert judged(first, first, second, third) == []


@given(st.integers(), st.lists(st.sampled_from([0.25, 0.5]), min_size=3, max_size=3), st.integers(2, 4))
def test_a_store_that_shuffles_equals_and_jitters_in_the_last_digits_is_never_accused(
    seed: int, scores: list[float], worlds: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - a store's whims, no secret

    def search() -> Returned:
        best = sorted(enumerate(scores), key=lambda pair: (-pair[1], chance.random()))
        return page(*(own(number, score + chance.uniform(-4e-7, 4e-7)) for number, score in best), total=3)

    assert judged(search(), *(search() for _ in range(worlds))) == []


@given(st.permutations(range(3)), st.permutations(range(3)), st.permutations(range(3)), st.integers(1, 3))
def test_a_store_that_lists_or_cuts_at_random_is_not_accused_where_the_alone_worlds_show_it(
    together: list[int], first: list[int], second: list[int], cut: int
) -> None:
    replies = [page(*(own(number) for number in order[:cut])) for order in (together, first, second)]
    shown = first[:cut] != second[:cut]
    same_cut = sorted(first[:cut]) == sorted(second[:cut])

    found = set(aspects(judged(*replies)))

    assert not (shown and "order" in found)
    assert same_cut or not found


def test_who_is_kept_out_under_a_name_like_anothers_has_learned_of_no_record() -> None:
    posing = GetAll(ALICE.posing_as("BOB"), ALICE.facts[0])
    taken = Refused("RefusedByApplicationError", "this name is taken", at_the_door=True)

    assert judged(taken, page(), page(), operation=posing) == []
    assert len(judged(replace(taken, at_the_door=False), page(), page(), operation=posing)) == 1
    assert len(judged(taken, page(), page())) == 1
