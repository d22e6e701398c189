import pytest

from memfence import Add, DeleteAll, GetAll, Population, Search
from memfence.contract import Target
from memfence.controls import CONTROLS, control
from memfence.errors import UnknownNameError
from memfence.executor import Executor
from memfence.observations import Returned
from memfence.resolve import all_scenarios

POPULATION = Population(seed=1, size=2)
ALICE, BOB = POPULATION


class Echo:
    """A memory that answers each call with its own user's id."""

    def __init__(self, user_id: str) -> None:
        self.user_id = user_id

    def add(self, text: str) -> list[str]:
        return [f"{self.user_id} stores {text}"]

    def search(self, query: str) -> list[str]:
        return [f"{self.user_id} finds {query}"]

    def get_all(self) -> list[str]:
        return [self.user_id]

    def delete_all(self) -> list[str]:
        return [self.user_id]


def asked(operation: Add | Search | GetAll | DeleteAll) -> str:
    with Executor(Target("fake", make_memory=Echo)) as executor:
        step = control("reroute")(executor, POPULATION)(operation, 1)
    assert isinstance(step.observation, Returned)
    assert step.operation == operation
    return step.observation.records[0].text.split()[0]


@pytest.mark.parametrize(
    "probe",
    [Search(BOB, "x", ALICE.facts[0]), GetAll(BOB, ALICE.facts[0]), DeleteAll(BOB, owner=ALICE.index)],
    ids=["search", "get_all", "delete_all"],
)
def test_a_rerouted_probe_reaches_the_victims_memory(probe: Search | GetAll | DeleteAll) -> None:
    assert asked(probe) == ALICE.id


@pytest.mark.parametrize(
    "own",
    [Add(BOB, BOB.facts[0]), Search(BOB, "x", BOB.facts[0]), GetAll(BOB, BOB.facts[0])],
    ids=["add", "search", "get_all"],
)
def test_a_call_on_ones_own_records_is_not_rerouted(own: Add | Search | GetAll) -> None:
    assert asked(own) == BOB.id


def test_an_unknown_control_is_refused_with_the_choices() -> None:
    with pytest.raises(UnknownNameError, match="unknown control 'swap'; choose from echo, hide, reroute, swallow"):
        control("swap")


@pytest.mark.parametrize("name", all_scenarios())
def test_each_scenario_names_a_control_that_exists(name: str) -> None:
    assert all_scenarios()[name].control in CONTROLS
