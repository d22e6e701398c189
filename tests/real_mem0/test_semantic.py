import math

import pytest

from memfence.real_mem0.embedders.semantic import DIMENSIONS, SemanticEmbedder

EMBEDDER = SemanticEmbedder()


def test_an_empty_text_has_a_vector_of_length_one() -> None:
    found = EMBEDDER.embed("")

    assert len(found) == DIMENSIONS
    assert math.isclose(sum(part * part for part in found), 1)


@pytest.mark.parametrize("texts", [[], [""], ["", "a vegan", ""], ["a vegan", "a doctor"]])
def test_many_texts_have_the_vectors_that_each_has_alone(texts: list[str]) -> None:
    found = EMBEDDER.embed_batch(texts)

    assert len(found) == len(texts)
    for text, vector in zip(texts, found, strict=True):
        assert vector == pytest.approx(EMBEDDER.embed(text), abs=1e-6)
