import pytest

from memfence import Add, GetAll, Plan, Population, Search, scenario
from memfence.campaigns.resolve import all_scenarios

POPULATION = Population(seed=1, size=3)


@scenario(needs=(Add, (Search, GetAll)), control="reroute")
def two_looks(population: Population) -> Plan:
    """Everybody looks twice.

    The rest is for readers of the code.
    """
    for tenant in population:
        yield Search(tenant, "x", tenant.facts[0])
        yield GetAll(tenant, tenant.facts[0])


def test_a_scenario_is_named_and_summed_up_by_its_function() -> None:
    assert two_looks.name == "two_looks"
    assert two_looks.summary == "Everybody looks twice."
    assert two_looks.control == "reroute"


def test_a_scenario_destroys_nothing_unless_it_says_so() -> None:
    @scenario(needs=(Add,), control="reroute", destructive=True)
    def wipes(population: Population) -> Plan:
        yield from two_looks.tell(population)

    assert not two_looks.destructive
    assert wipes.destructive
    assert wipes.summary == ""


def test_a_need_is_one_operation_or_a_choice_of_several() -> None:
    assert two_looks.needs == (("add",), ("search", "get_all"))


def test_a_plan_is_counted_without_a_target() -> None:
    assert two_looks.length(POPULATION) == 6


def test_a_plan_of_nothing_has_length_0() -> None:
    @scenario(needs=(), control="reroute")
    def silence(population: Population) -> Plan:
        yield from ()
        del population

    assert silence.length(POPULATION) == 0


def test_counting_gives_the_plan_steps_that_it_can_refer_to() -> None:
    seen: list[tuple[int, int]] = []

    @scenario(needs=(Add,), control="reroute")
    def remembers(population: Population) -> Plan:
        for tenant in population:
            step = yield Add(tenant, tenant.facts[0])
            seen.append((step.record.step, step.record.owner))

    assert remembers.length(POPULATION) == 3
    assert seen == [(1, 0), (2, 1), (3, 2)]


@pytest.mark.parametrize("name", all_scenarios())
def test_each_scenario_has_a_meaning_and_is_named_after_its_file(name: str) -> None:
    found = all_scenarios()[name]

    assert found.name == name
    assert found.summary.endswith(".")
