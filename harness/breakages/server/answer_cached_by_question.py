"""The same question has been answered before."""

from ...real_mem0.client import Client
from ...scoped.wrappers.scoped import ScopedMemory
from ...targets.application.assistant import Answer, Assistant
from ...targets.application.whole import Application, Parts
from ..planted import Layer, breakage


class _Cached(Assistant):
    def __init__(self, prompts: list[str] | None = None) -> None:
        super().__init__(prompts)
        self._answers: dict[str, Answer] = {}

    def answer(self, memory: ScopedMemory, question: str) -> Answer:
        if question not in self._answers:
            self._answers[question] = super().answer(memory, question)
        return self._answers[question]


@breakage(Layer.SERVER, caught_by="canary_leak", applies_to=("app",))
def answer_cached_by_question(client: Client) -> Application:
    """Answers of the assistant are cached by the question alone, to spare the model."""
    return Application(client, Parts(assistant=_Cached))
