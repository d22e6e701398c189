from memfence import Population, Search
from memfence.model import credentials
from memfence.model.observations import Refused, Returned, Step
from memfence.model.results import CampaignResult
from memfence.model.scenario_results import ScenarioResult
from memfence.plans import hostile_keys
from memfence.plans.attack_classes import ATTACK_CLASSES
from memfence.reporting.classes import classes, lines

ALICE, BOB, *_ = Population(seed=5, size=3)
# Nobody signs in to a memory, or chooses keys there.
OF_MEMORIES = set(ATTACK_CLASSES) - set(hostile_keys.CLASSES) - set(credentials.CLASSES)
RUN, AGENT = "scope: a shared run", "scope: a shared agent"


def result(*probes: tuple[str, Returned | Refused]) -> CampaignResult:
    scenario = ScenarioResult("identities", "")
    for index, (kind, seen) in enumerate(probes, 1):
        scenario.count(Step(index, Search(BOB.trying(kind), "colour", ALICE.facts[0]), seen))
    return CampaignResult("fake", 1, {}, {}, "", [scenario])


def test_what_was_tried_is_counted_by_its_class_and_the_others_are_named() -> None:
    told = classes(result((RUN, Returned()), (RUN, Refused("ScopeError", "no")), (AGENT, Refused("ScopeError", "no"))))

    counts = {one["name"]: (one["probes"], one["returned"], one["refused"]) for one in told["tried"]}
    assert counts == {RUN: (2, 1, 1), AGENT: (1, 0, 1)}
    assert {one["name"] for one in told["not_tried"]} == OF_MEMORIES - {RUN, AGENT}
    assert all(one["said"] for one in (*told["tried"], *told["not_tried"]))


def test_a_class_that_is_in_no_catalogue_was_tried_all_the_same() -> None:
    told = classes(result(("key: tenant", Returned())))

    assert [one["name"] for one in told["tried"]] == ["key: tenant"]


def test_the_sentences_say_how_many_and_what_was_refused_each_time() -> None:
    told = classes(result((RUN, Returned()), (AGENT, Refused("ScopeError", "no"))))

    first, second = lines(told, every=True)
    assert first == f"classes of attack: 2 of {len(OF_MEMORIES)} were tried, 1 of them refused each time"
    assert all(name in second for name in OF_MEMORIES - {RUN, AGENT})
    assert "and" in list(lines(told))[1]


def test_ordinary_probes_alone_say_nothing_of_classes() -> None:
    assert list(lines(classes(result(("", Returned()))))) == []
