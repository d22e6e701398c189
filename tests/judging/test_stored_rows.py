import tracemalloc

from memfence.judging.stored_rows import Attributed, Found, Row, expected, expected_by_block
from memfence.plans.crowds import Crowd
from memfence.plans.population import Population

CROWD = Crowd(Population(7, 20, 2), through=0, erased=5)
EACH = 5


def rows(first: int = 0, count: int = 20) -> list[Row]:
    return [(str(CROWD.record_id(fact)), tenant.id, fact.text) for tenant, fact in CROWD.facts(first, count)]


def attributed(found: list[Row]) -> Attributed:
    counts = Attributed(CROWD, EACH)
    counts.take(found)
    return counts


def wanted(*, erased: bool = False) -> dict[int, tuple[int, int]]:
    return {block: expected(CROWD, block * EACH, EACH, erased=erased) for block in range(4)}


def looked(found: list[Row], *blocks: int, erased: bool = False) -> dict[str, int]:
    seen = Found(CROWD, EACH, blocks)
    seen.take(found)
    told = seen.as_json(erased=erased)
    return {kind: told[kind] for kind in ("missing", "doubled", "left")}


def test_a_crowd_that_lies_as_it_was_planted_is_right_and_adds_up() -> None:
    counts = attributed(rows())
    assert (counts.rows, counts.right, counts.mislabelled, counts.foreign, counts.unlabelled) == (40, 40, 0, 0, 0)
    assert counts.sums == wanted()


def test_it_adds_up_in_any_order_and_over_any_parts() -> None:
    parts = [attributed(rows()[::-2]), attributed(rows()[-2::-2])]
    total = {
        block: tuple((sum(part.sums[block][place] for part in parts)) % 2**64 for place in range(2))
        for block in range(4)
    }
    assert total == wanted()


def test_what_is_planted_in_shards_of_any_size_adds_up_to_the_same_blocks() -> None:
    total: dict[int, tuple[int, int]] = {}
    for first, count in ((0, 3), (3, 9), (12, 8)):
        for block, facts, seal in expected_by_block(CROWD, EACH, first, count, erased=True):
            known = total.get(block, (0, 0))
            total[block] = known[0] + facts, (known[1] + seal) % 2**64
    assert total == wanted(erased=True)


def test_a_row_under_another_users_id_is_mislabelled_and_told_with_both() -> None:
    (record_id, _, text), *rest = rows()
    other = CROWD.population.tenant(9).id
    counts = attributed([(record_id, other, text), *rest])
    assert (counts.right, counts.mislabelled) == (39, 1)
    assert counts.examples == [
        {"kind": "mislabelled", "id": record_id, "label": other, "text": text, "owner": 0, "number": 0, "labelled": 9}
    ]
    assert counts.sums == wanted(), "the fact is there, though under a wrong id"


def test_a_row_that_holds_two_users_facts_is_mislabelled() -> None:
    (one, label, text), *_ = rows()
    counts = attributed([(one, label, f"{text} {CROWD.population.tenant(3).facts[0].text}")])
    assert counts.mislabelled == 1


def test_a_label_of_nobody_and_a_text_without_a_mark_are_told_apart() -> None:
    (one, label, text), *_ = rows()
    counts = attributed([(one, "somebody", text), (one, None, text), (one, label, "a note of somebody else's")])
    assert (counts.unlabelled, counts.foreign, counts.right) == (2, 1, 0)
    assert all(example["text"] == "" for example in counts.examples if example["kind"] == "foreign"), "not ours to keep"


def test_one_of_another_seed_is_foreign() -> None:
    tenant = Population(8, 20, 2).tenant(0)
    assert attributed([("x", tenant.id, tenant.facts[0].text)]).foreign == 1


def test_one_that_is_missing_and_one_that_is_doubled_are_seen_in_the_sums_and_counted_by_looking() -> None:
    found = rows()
    found[0] = found[1]
    counts = attributed(found)
    assert counts.right == 40
    assert [block for block, said in wanted().items() if counts.sums[block] != said] == [0]
    assert looked(found, 0) == {"missing": 1, "doubled": 1, "left": 0}
    assert looked(found, 1) == {"missing": 0, "doubled": 0, "left": 0}


def test_after_an_erasure_what_is_left_of_the_erased_is_told_and_what_is_gone_is_not_missing() -> None:
    gone = next(index for index in range(20) if CROWD.is_erased(index))
    kept = [row for row in rows() if not CROWD.is_erased(CROWD.population.owner_of_label(str(row[1])) or 0)]
    assert attributed(kept).sums == wanted(erased=True)
    back = [*kept, *rows(gone, 1)]
    assert attributed(back).sums != wanted(erased=True)
    assert looked(back, gone // EACH, erased=True) == {"missing": 0, "doubled": 0, "left": 2}


def test_what_is_kept_of_eight_thousand_rows_is_no_more_than_of_one_thousand() -> None:
    crowd = Crowd(Population(7, 8_000, 1), through=0, erased=0)

    def peak(count: int) -> int:
        tracemalloc.start()
        try:
            counts = Attributed(crowd, 1_000)
            counts.take((str(crowd.record_id(fact)), tenant.id, fact.text) for tenant, fact in crowd.facts(0, count))
            assert counts.right == count
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(1_000)
    # A list of whom it has seen would take 100 bytes of each.
    assert peak(8_000) - peak(1_000) < 50_000
