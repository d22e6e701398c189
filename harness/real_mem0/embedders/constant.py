"""The worst case for any ranking: every text is equally near to every other."""

DIMENSIONS = 8


class ConstantEmbedder:
    """An embedder as mem0 wants it: the same vector of 8 floats, of length 1, whatever the text."""

    def __init__(self, config: object = None) -> None:
        """Take mem0's embedder config, which has nothing to say here."""
        self.config = config

    def embed(self, text: str, memory_action: str | None = None) -> list[float]:
        """Return the vector; neither argument makes a difference."""
        del text, memory_action
        return [DIMENSIONS**-0.5] * DIMENSIONS

    def embed_batch(self, texts: list[str], memory_action: str | None = None) -> list[list[float]]:
        """Return a vector per text."""
        return [self.embed(text, memory_action) for text in texts]


EMBEDDER = ConstantEmbedder
