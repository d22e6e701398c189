"""Facts that an extractor has put in words of its own: whose they are is still told, and nobody is blamed for it."""

import re
from collections.abc import Callable

import pytest

from memfence import Chat, Fact, GetAll, Operation, Population, Record, Search
from memfence.campaigns import resolve
from memfence.judging.attribution import CanaryAttributor
from memfence.judging.unattributed import Unattributed
from memfence.model.findings import Finding
from memfence.model.observations import Returned, Step

POPULATION = Population(seed=5, size=3)
ATTRIBUTOR = CanaryAttributor(POPULATION)
ALICE, BOB, CAROL = POPULATION
NAME = re.compile(r"[A-Z][a-z]+x [A-Z][a-z]+x")

EXTRACTORS: dict[str, Callable[[str], str]] = {
    "rewrites": lambda text: f"The user told us: {text.partition(';')[0].replace('I ', 'they ')}!",
    "shortens": lambda text: NAME.findall(text)[0],
    "reorders": lambda text: f"{NAME.findall(text)[0]} is known to the user, who {text.split(',')[0].lower()}",
    "drops digits": lambda text: re.sub(r"\d", "", text),
    "drops hyphens and digits": lambda text: re.sub(r"[\d-]", "", text),
    "shouts": lambda text: text.partition(";")[0].upper(),
    "cuts the code": lambda text: text[:-6],
    "writes keys": lambda text: f"user_knows: {NAME.findall(text)[0].lower().replace(' ', '_')}",
}


def told(*steps: tuple[Operation, Returned]) -> list[Finding]:
    """Return what all oracles say, but for what is missed: nothing is looked for here."""
    judges = [oracle(ATTRIBUTOR) for name, oracle in resolve.all_oracles().items() if name != "lost"]
    made = [Step(at, *one) for at, one in enumerate(steps, start=1)]
    return [finding for step in made for judge in judges for finding in judge(step)]


def said(fact: Fact) -> tuple[Operation, Returned]:
    return Chat(POPULATION.tenant(fact.owner), fact, seeks=fact), Returned()


def looks(*texts: str) -> tuple[Operation, Returned]:
    own = ALICE.facts[0]
    return GetAll(ALICE, own), Returned(tuple(Record(str(at), text, ALICE.id) for at, text in enumerate(texts)))


@pytest.mark.parametrize("extract", EXTRACTORS.values(), ids=EXTRACTORS)
@pytest.mark.parametrize("number", range(3))
def test_ones_own_fact_in_other_words_is_found_and_alarms_nobody(extract: Callable[[str], str], number: int) -> None:
    fact = ALICE.facts[number]
    operation, seen = looks(extract(fact.text))

    assert [(one.owner, one.fact) for one in ATTRIBUTOR.content(seen.records[0].text)] == [(ALICE.index, number)]
    assert fact.stands_in(seen.records[0].text.replace("_", " "))
    assert told(said(fact), said(BOB.facts[0]), (operation, seen)) == []
    assert Unattributed(ATTRIBUTOR).see(Step(3, operation, seen)) == []


@pytest.mark.parametrize("extract", EXTRACTORS.values(), ids=EXTRACTORS)
@pytest.mark.parametrize("number", range(3))
def test_anothers_fact_in_other_words_is_a_leak_by_its_name(extract: Callable[[str], str], number: int) -> None:
    theirs = BOB.facts[number]

    leaks = [
        one for one in told(said(theirs), said(ALICE.facts[0]), looks(extract(theirs.text))) if one.klass == "leak"
    ]

    assert [(one.oracle, one.observer, one.owner) for one in leaks] == [("canary_leak", ALICE, BOB)]
    assert leaks[0].evidence[0].endswith(f"{BOB.handle}'s fact {number}, by its name")


def test_two_facts_merged_into_one_are_both_known() -> None:
    own = f"Likes {ALICE.facts[0].name} and {ALICE.facts[1].name}"
    mixed = f"Likes {ALICE.facts[0].name} and {BOB.facts[1].name}; code {CAROL.facts[2].canary}"

    assert told(said(ALICE.facts[0]), said(ALICE.facts[1]), looks(own)) == []
    leaks = [one for one in told(said(ALICE.facts[0]), looks(mixed)) if one.oracle == "canary_leak"]
    assert [(one.owner, one.evidence[0].rpartition(", ")[2]) for one in leaks] == [
        (CAROL, "by its code"),
        (BOB, "by its name"),
    ]


@pytest.mark.parametrize("extract", EXTRACTORS.values(), ids=EXTRACTORS)
def test_what_one_has_asked_for_comes_back_in_other_words_and_is_ones_own(extract: Callable[[str], str]) -> None:
    theirs = BOB.facts[0]
    asked: tuple[Operation, Returned] = (Search(ALICE, theirs.text, theirs), Returned())

    assert [one for one in told(said(theirs), asked, looks(extract(theirs.text))) if one.oracle == "canary_leak"] == []
