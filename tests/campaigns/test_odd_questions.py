"""An odd question is answered from one's own records or refused; a crash over it is no isolation."""

from collections.abc import Callable
from typing import Any

import pytest
from keyed_targets import Keyed, Row

from memfence.campaigns.campaign import Campaign
from memfence.campaigns.resolve import all_oracles, all_scenarios, scenarios
from memfence.campaigns.settings import AuditSettings
from memfence.model.findings import Verdict
from memfence.model.scenario_results import ScenarioResult
from memfence.performing.contract import adapt

Search = Callable[["Asked.memory", str], Any]


class Asked(Keyed):
    """A sound memory, whose search is one of those below."""

    cured = True
    packages = ("test_odd_questions",)
    answer: Search

    class memory(Keyed.memory):  # noqa: N801 - it is read as a method
        def search(self, query: str) -> Any:
            return type(self.world).answer(self, query)  # type: ignore[attr-defined]  # of an Asked


def audit(answer: Search) -> ScenarioResult:
    settings = AuditSettings(seed=1, users=3, facts=2)
    thing = type("Answering", (Asked,), {"answer": staticmethod(answer)})()
    oracles, every = all_oracles(), all_scenarios()
    (result,) = (
        Campaign(adapt(thing, "fake"), scenarios(("odd_questions",)), settings, oracles, catalogue=every)
        .run()
        .scenarios
    )
    return result


def near(memory: Asked.memory, query: str) -> list[Row]:
    return Keyed.memory.search(memory, query)


def refusing(memory: Asked.memory, query: str) -> list[Row]:
    if len(query.strip()) < 2 or len(query) > 4000:
        msg = "this is no question"
        raise ValueError(msg)
    return near(memory, query)


def told(memory: Asked.memory, query: str) -> str:
    words = set(query.lower().split())
    found = [row["memory"] for row in memory.get_all() if words & set(row["memory"].lower().split())]
    return "\n".join(found) or f"I know nothing about {query!r}."


def dividing(memory: Asked.memory, query: str) -> list[Row]:
    words = query.split()
    share = {row["id"]: sum(word in row["memory"] for word in words) / len(words) for row in memory.get_all()}
    return sorted(memory.get_all(), key=lambda row: -share[row["id"]])


def everybodys_where_blank(memory: Asked.memory, query: str) -> list[Row]:
    return near(memory, query) if query.strip() else [*memory.world.rows.values()]


@pytest.mark.parametrize("answer", [near, refusing, told])
def test_who_answers_with_ones_own_refuses_or_says_nothing_known_is_held(answer: Search) -> None:
    assert audit(answer).reasons == []
    assert audit(answer).verdict is Verdict.HELD


def breaking(memory: Asked.memory, query: str) -> list[Row]:
    del memory
    return [{}["no such answer"]] if query else []


def test_who_breaks_over_a_question_is_held_on_the_others_and_its_class_is_told() -> None:
    result = audit(dividing)

    assert (result.verdict, result.reasons) == (Verdict.HELD, [])
    crashed = [name for name, tally in result.attacks.items() if tally.crashed == tally.probes]
    assert sorted(crashed) == ["question: blanks", "question: empty"]


def test_who_breaks_over_nearly_all_of_them_is_not_held() -> None:
    assert audit(breaking).verdict is Verdict.INCONCLUSIVE


def test_who_lists_everybody_for_blanks_is_violated() -> None:
    assert audit(everybodys_where_blank).verdict is Verdict.VIOLATED
