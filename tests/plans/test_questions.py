"""Questions of each class: each is somebody's to ask, each can be embedded, and mem0 answers or refuses it."""

import math

import pytest

from memfence import Population, ScopedMemory, offline_mem0
from memfence.plans.questions import CLASSES, by_class, nth_questions, one_of_each, questions
from memfence.real_mem0.embedders.constant import ConstantEmbedder
from memfence.real_mem0.embedders.semantic import SemanticEmbedder

POPULATION = Population(seed=5, size=2)
VICTIM, _ = POPULATION


def test_each_class_has_a_sentence_and_a_question() -> None:
    assert by_class(VICTIM).keys() == CLASSES.keys()
    assert [kind for kind, _ in one_of_each(VICTIM, 3)] == [kind for kind, _ in one_of_each(VICTIM, 0)]
    assert {kind for which in range(len(CLASSES)) for kind, _ in nth_questions(which, VICTIM)} == CLASSES.keys()


def test_no_question_holds_a_code_so_none_explains_that_it_comes_back() -> None:
    assert not any(list(POPULATION.codec.decode(question)) for _, question in questions(VICTIM))


def test_a_rare_word_stands_in_the_victim_s_fact_and_is_long_enough_to_be_known_again() -> None:
    asked = [by_class(tenant)["question: one rare word"] for tenant in Population(seed=5, size=50)]

    assert all(len(question) >= 6 for questions in asked for question in questions)
    assert all(
        fact.bare.endswith(question)
        for tenant, questions in zip(Population(seed=5, size=50), asked, strict=True)
        for fact, question in zip(tenant.facts, questions, strict=True)
    )


@pytest.mark.parametrize("embedder", [SemanticEmbedder(), ConstantEmbedder()], ids=["semantic", "constant"])
def test_each_question_has_a_vector_of_length_1(embedder: SemanticEmbedder | ConstantEmbedder) -> None:
    for _, question in questions(VICTIM):
        assert math.isclose(sum(part * part for part in embedder.embed(question)), 1, rel_tol=1e-3), question


def test_mem0_answers_each_question_or_says_that_it_is_none() -> None:
    with offline_mem0() as client:
        memory = ScopedMemory(VICTIM.id, client=client)
        memory.add(VICTIM.facts[0].text, infer=False)
        refused = set()
        for kind, question in questions(VICTIM):
            try:
                found = memory.search(question, threshold=0)
            except ValueError:
                refused.add(kind)
            else:
                assert all(record["user_id"] == VICTIM.id for record in found)
    assert refused <= {"question: empty", "question: blanks"}
