from collections.abc import Callable
from typing import Any

import pytest

from memfence import Add, GetAll, Population, Returned, Search
from memfence.breakages.searched import SearchedCache
from memfence.breakages.unchecked_resource import bind_resource
from memfence.campaigns import resolve
from memfence.campaigns.campaign import Campaign
from memfence.campaigns.settings import AuditSettings
from memfence.model.findings import Verdict
from memfence.model.results import CampaignResult
from memfence.performing.contract import adapt
from memfence.performing.executor import Executor
from memfence.performing.offers import offered
from memfence.performing.other_ways import counted, forms_of
from memfence.targets.back_ends.mapping import InMemory
from memfence.targets.keyed_target import KeyedTarget

ANN, BOB = Population(seed=1, size=2, keys="flat")


@pytest.mark.parametrize(
    ("method", "forms"),
    [
        (lambda: 0, {"count", "count.all"}),
        (lambda prefix="": len(prefix), {"count", "count.all"}),
        (lambda text: 2 * len(text), {"count", "count.text"}),
        (lambda text="", top_k=10: len(text) + top_k, {"count", "count.text", "count.all"}),
        (lambda **options: len(options), {"count", "count.all"}),
        (lambda field: 2 * len(field), set()),
        (lambda text, field: len(text + field), set()),
        (lambda *, field: len(field), set()),
        (int, set()),
    ],
    ids=["nothing", "a prefix", "a text", "a text or nothing", "options", "a field", "both", "by name", "unknown"],
)
def test_a_further_way_is_asked_as_its_signature_allows(method: Callable[..., Any], forms: set[str]) -> None:
    assert set(forms_of("count", method)) == forms


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (7, {"count": 7}),
        ({"tea": 2, "coffee": 1}, {"facets": [["coffee", 1], ["tea", 2]]}),
        ([("tea", 2)], {"facets": [("tea", 2)]}),
        (None, None),
        (True, True),
        ("seven", "seven"),
    ],
)
def test_counts_are_numbers_beside_no_record(reply: object, told: object) -> None:
    assert counted(reply) == told


class Notes:
    """Many users' notes; `leaks` names the way that forgets whose they are."""

    disposable = True

    def __init__(self, leaks: str = "") -> None:
        self.leaks = leaks
        self.rows: dict[tuple[str, str], str] = {}

    def start(self) -> None:
        self.rows = {}

    def make_resource(self, user_id: str) -> Any:
        if not isinstance(user_id, str) or not user_id.replace("-", "").isalnum() or not user_id.isascii():
            msg = "no such user"
            raise ValueError(msg)
        return self.resource(self, user_id)

    class resource:  # noqa: N801 - it is read as a method
        def __init__(self, world: "Notes", user: str) -> None:
            self.world, self.user = world, user

        def seen(self, way: str) -> dict[str, str]:
            rows = self.world.rows.items()
            return {key: value for (user, key), value in rows if user == self.user or way == self.world.leaks}

        def put(self, key: str, value: str) -> None:
            self.world.rows[self.user, key] = value

        def get(self, key: str) -> str:
            return self.world.rows[self.user, key]

        def list(self) -> Any:
            return list(self.seen("list"))

        async def scroll(self, top_k: int = 10) -> Any:
            return list(self.seen("scroll").items())[:top_k]

        def count(self, text: str) -> int:
            return sum(text in value for value in self.seen("count").values())

        def facet(self) -> Any:
            words = [value.partition(" ")[0] for value in self.seen("facet").values()]
            return [{"value": word, "count": words.count(word)} for word in sorted(set(words))]

        def hybrid(self, text: str, top_k: int = 10) -> Any:
            words = set(text.split())
            rows = self.seen("hybrid").items()
            found = [{"key": key, "text": value} for key, value in rows if words & set(value.split())]
            return {"results": found[:top_k]}


def audit(leaks: str = "") -> CampaignResult:
    said = AuditSettings(seed=1, users=3, facts=2, probes=2)
    chosen = resolve.scenarios(("other_searches",))
    return Campaign(adapt(Notes(leaks), "notes"), chosen, said, resolve.all_oracles()).run()


def test_a_resource_offers_its_further_ways() -> None:
    target = adapt(Notes(), "notes")
    with Executor(target) as executor:
        found = offered(target, executor.memory(ANN))

    assert {"scroll", "scroll.all", "count", "count.text", "facet.all", "hybrid.text"} <= found
    assert not {"scroll.text", "count.all", "facet.text", "hybrid.all"} & found


def test_they_are_called_by_name_and_their_answers_are_read() -> None:
    with Executor(adapt(Notes(), "notes")) as executor:
        executor.perform(Add(ANN, ANN.facts[0]), 1)
        shown = executor.perform(GetAll(ANN, ANN.facts[0], how="scroll"), 2).observation
        number = executor.perform(Search(ANN, ANN.facts[0].canary, ANN.facts[0], how="count"), 3).observation
        others = executor.perform(Search(BOB, ANN.facts[0].canary, ANN.facts[0], how="count"), 4).observation

    assert isinstance(shown, Returned)
    assert [record.text for record in shown.records] == [ANN.facts[0].text]
    assert [seen.numbers for seen in (number, others) if isinstance(seen, Returned)] == [
        ((("count"), 1.0),),
        ((("count"), 0.0),),
    ]


def test_ways_that_say_whose_each_value_is_are_held() -> None:
    assert audit().verdict is Verdict.HELD


@pytest.mark.parametrize(
    ("leaks", "oracle"),
    [
        ("scroll", "canary_leak"),
        ("hybrid", "canary_leak"),
        ("count", "noninterference"),
        ("facet", "noninterference"),
    ],
)
def test_a_way_that_forgets_whose_they_are_is_found_out(leaks: str, oracle: str) -> None:
    result = audit(leaks)

    assert result.verdict is Verdict.VIOLATED
    assert {group.example.oracle for one in result.scenarios for group in one.findings} == {oracle}


def counted_once(place: Any) -> Any:
    told: list[int] = []

    class Counted(SearchedCache):
        def count(self, prefix: str = "") -> int:
            if not told:
                told.append(super().count(prefix))
            return told[0]

    return bind_resource(place, Counted)


def test_a_number_that_is_kept_for_everybody_is_found_out_for_not_all_have_equally_many() -> None:
    said = AuditSettings(seed=1, users=3, facts=2, probes=2)
    target = adapt(KeyedTarget(counted_once, InMemory()), "counted once")

    result = Campaign(target, resolve.scenarios(("other_searches",)), said, resolve.all_oracles()).run()

    assert {group.example.oracle for one in result.scenarios for group in one.findings} == {"noninterference"}
