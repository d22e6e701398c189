import pytest

from memfence import Population
from memfence.judging.attribution import CanaryAttributor
from memfence.performing.redaction import Redaction

POPULATION = Population(seed=5, size=3)
ATTRIBUTOR = CanaryAttributor(POPULATION)
KEEP = Redaction(POPULATION, ATTRIBUTOR)
ALICE = POPULATION.tenant(0)
FACT = ALICE.facts[0]


@pytest.mark.parametrize(
    "text",
    [
        "",
        FACT.text,
        FACT.canary,
        FACT.name,
        FACT.name.upper(),
        FACT.text.upper(),
        ALICE.id,
        ALICE.id[:14],
        f"({FACT.text})",
    ],
)
def test_the_campaigns_own_words_are_kept(text: str) -> None:
    assert KEEP(text) == text


def test_anything_else_becomes_its_length_and_a_hash() -> None:
    kept = KEEP("Dr. Miller has diabetes.")

    assert kept.startswith("<24 characters, #")
    assert kept == KEEP("Dr. Miller has diabetes.") != KEEP("Dr. Muller has diabetes.")
    assert Redaction(Population(seed=6, size=3), ATTRIBUTOR)("Dr. Miller has diabetes.") != kept


def test_around_a_fact_only_the_rest_is_masked() -> None:
    kept = KEEP(f"Dr. Miller has diabetes. {FACT.text} Mr. Smith is deaf.")

    assert FACT.text in kept
    assert "Miller" not in kept
    assert "Smith" not in kept
    assert [sighting.owner for sighting in ATTRIBUTOR.content(kept)] == [ALICE.index]


@pytest.mark.parametrize("joint", ["", " ", "\u2011"], ids=["lost", "blank", "no-break hyphen"])
def test_a_code_with_other_joints_is_kept_and_still_decodes(joint: str) -> None:
    code = FACT.canary.replace("-", joint)

    kept = KEEP(f"Dr. Miller knows {code}")

    assert kept.endswith(code)
    assert "Miller" not in kept


@pytest.mark.parametrize("joint", [" ", "\n", "-"], ids=["blank", "line end", "hyphen"])
def test_a_fact_that_was_rephrased_keeps_its_name_and_no_other_word(joint: str) -> None:
    name = FACT.name.replace(" ", joint)

    kept = KEEP(f"Dr. Miller knows {name}.")

    assert kept.endswith(f"{name}.")
    assert "Miller" not in kept
    assert [(one.owner, one.fact) for one in ATTRIBUTOR.content(kept)] == [(ALICE.index, FACT.number)]


def test_both_marks_are_kept_where_the_words_between_them_are_others() -> None:
    kept = KEEP(f"{FACT.canary} was given to Dr. Miller by {FACT.name}")

    assert kept.startswith(FACT.canary)
    assert kept.endswith(FACT.name)
    assert "Miller" not in kept


def test_text_that_begins_like_an_id_is_masked_where_it_is_none() -> None:
    assert "Miller" not in KEEP(f"{ALICE.id} is Dr. Miller")


def test_two_facts_in_one_text_are_both_kept() -> None:
    both = f"{FACT.text} {ALICE.facts[1].text}"

    assert KEEP(both) == both


@pytest.mark.parametrize("number", [3, 100, 1023])
def test_a_fact_past_those_that_its_tenant_starts_with_is_kept_whole(number: int) -> None:
    (fact,) = POPULATION.facts_of(ALICE.index, (number,))

    kept = KEEP(f"Dr. Miller knows: {fact.text} Mr. Smith too.")

    assert fact.text in kept
    assert "Miller" not in kept
    assert "Smith" not in kept


def test_of_a_prompt_only_the_campaigns_facts_are_kept() -> None:
    other = POPULATION.tenant(1).facts[0]
    prompt = f"You extract facts.\nKnown: Dr. Miller is deaf; {FACT.text}\nNew message: {other.text}\nAnswer in JSON."

    kept = KEEP(prompt)

    assert FACT.text in kept
    assert other.text in kept
    assert not [word for word in ("You", "Miller", "message", "JSON") if word in kept]
    assert [sighting.owner for sighting in ATTRIBUTOR.content(kept)] == [ALICE.index, other.owner]


def test_a_fact_that_was_cut_off_around_its_code_keeps_the_code_alone() -> None:
    start = FACT.text.index(FACT.canary)
    cut = f"{FACT.text[start - 9 :]} Miller"

    kept = KEEP(cut)

    assert FACT.canary in kept
    assert "Miller" not in kept
    assert FACT.text[start - 9 : start].strip() not in kept
