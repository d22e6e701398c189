import pickle
import uuid
from collections.abc import Callable, Hashable

import pytest

from memfence import Add, Delete, Get, Population, RecordRef, Update
from memfence.model.observations import Returned
from memfence.performing.contract import adapt
from memfence.performing.executor import Executor
from memfence.performing.typed_ids import TypedId, alike, id_text, native
from memfence.replay import record_id

ALICE, BOB = Population(seed=1, size=2)
FACT = ALICE.facts[0]


class Rows:
    """A memory whose records are known by what `name` makes of their number, and by nothing that only looks like it."""

    def __init__(self, name: Callable[[int], Hashable], *, told: bool = True) -> None:
        self.name = name
        self.told = told
        self.rows: dict[Hashable, str] = {}
        self.asked: list[object] = []

    def add(self, text):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201 - as most code is written
        known = self.name(len(self.rows) + 1)
        self.rows[known] = text
        return {"id": known} if self.told else known

    def get_all(self) -> list[dict[str, object]]:
        return [{"id": known, "memory": text} for known, text in self.rows.items()]

    def get(self, record_id):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201 - as most code is written
        self.asked.append(record_id)
        return self.rows[record_id]

    def update(self, record_id, text):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201 - as most code is written
        self.rows[record_id] = text

    def delete(self, record_id):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201 - as most code is written
        del self.rows[record_id]


def a_uuid(number: int) -> uuid.UUID:
    return uuid.UUID(int=number)


@pytest.mark.parametrize("told", [True, False], ids=["told by the add", "told by a listing"])
@pytest.mark.parametrize("name", [int, a_uuid, lambda number: ("row", number)], ids=["numbers", "UUIDs", "tuples"])
def test_a_record_is_asked_for_by_the_very_id_that_the_target_gave(
    name: Callable[[int], Hashable],
    told: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    rows = Rows(name, told=told)

    with Executor(adapt(lambda _: rows, "rows")) as executor:
        planted = executor.perform(Add(ALICE, FACT), 1)
        seen = executor.perform(Get(ALICE, planted.record), 2)
        changed = executor.perform(Update(ALICE, planted.record, "changed"), 3)
        removed = executor.perform(Delete(ALICE, planted.record), 4)

    assert rows.asked == [name(1)]
    assert [type(step.observation) for step in (seen, changed, removed)] == [Returned] * 3


@pytest.mark.parametrize("told", [True, False], ids=["told by the add", "told by a listing"])
@pytest.mark.parametrize(("name", "kind"), [(int, int), (a_uuid, uuid.UUID)], ids=["numbers", "UUIDs"])
def test_an_unknown_id_is_of_the_same_type(
    name: Callable[[int], Hashable],
    kind: type,
    told: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    rows = Rows(name, told=told)

    with Executor(adapt(lambda _: rows, "rows")) as executor:
        executor.perform(Add(ALICE, FACT), 1)
        executor.perform(Get(BOB, RecordRef(0, BOB.index)), 2)

    assert [type(asked) for asked in rows.asked] == [kind]


def test_a_method_that_takes_texts_alone_is_given_a_text() -> None:
    class Annotated(Rows):
        def get(self, record_id: str) -> str:
            self.asked.append(record_id)
            return self.rows[int(record_id)]

    rows = Annotated(int)

    with Executor(adapt(lambda _: rows, "rows")) as executor:
        planted = executor.perform(Add(ALICE, FACT), 1)
        executor.perform(Get(ALICE, planted.record), 2)

    assert rows.asked == ["1"]


def test_the_lines_of_a_finding_ask_by_the_very_id_too() -> None:
    assert record_id({"results": [{"id": 7, "memory": "tea"}]}) == 7


def test_an_id_that_is_a_text_stays_one() -> None:
    known = id_text("r1")

    assert (type(known), native("r1"), alike("r2", known)) == (str, "r1", "r2")


def test_what_no_number_can_be_made_of_stays_a_text() -> None:
    assert native(alike("r2", TypedId(1))) == "r2"


def test_an_id_travels_to_another_process_as_a_text() -> None:
    arrived = pickle.loads(pickle.dumps(TypedId(7)))  # noqa: S301 - made here

    assert (type(arrived), arrived) == (str, "7")
