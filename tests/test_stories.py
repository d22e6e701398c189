from memfence import Add, GetAll, Population, Search, Step, read_under
from memfence.observations import Returned
from memfence.operations import Operation, is_probe
from memfence.plans import Plan

POPULATION = Population(seed=1, size=3, first=4)
FIRST, SECOND, ATTACKER = POPULATION


def told(plan: Plan) -> list[Operation]:
    operations: list[Operation] = []
    operation = next(plan, None)
    while operation is not None:
        operations.append(operation)
        try:
            operation = plan.send(Step(len(operations), operation, Returned()))
        except StopIteration:
            break
    return operations


def test_one_tenant_tries_each_id_on_each_of_the_others() -> None:
    operations = told(read_under(POPULATION, lambda victim: ("*", victim.id + " ")))

    probes = [operation for operation in operations if is_probe(operation)]
    assert {operation.principal.index for operation in probes} == {ATTACKER.index}
    assert all(operation.principal.hostile for operation in probes)
    assert [(operation.principal.id, operation.owner) for operation in probes if isinstance(operation, Search)] == [
        ("*", FIRST.index),
        (f"{FIRST.id} ", FIRST.index),
        ("*", SECOND.index),
        (f"{SECOND.id} ", SECOND.index),
    ]


def test_the_victim_has_its_fact_and_has_seen_it_before_anybody_looks() -> None:
    operations = told(read_under(POPULATION, lambda _: ("*",)))

    fact = FIRST.facts[0]
    assert operations[:2] == [Add(FIRST, fact), GetAll(FIRST, fact)]
    assert isinstance(operations[2], Add)
    assert operations[2].principal.hostile


def test_an_id_that_is_a_tenants_own_is_no_disguise() -> None:
    operations = told(read_under(POPULATION, lambda victim: (victim.id, SECOND.id)))

    assert not any(is_probe(operation) for operation in operations)
