"""The assistant: it answers by quoting what its user has said. There is no LLM, so the same question has one answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from ...scoped.wrappers.scoped import ScopedMemory

NOTHING = "You have not told me anything about that."
_BEST = 3
_INSTRUCTIONS = "Answer from what the user has told you, and from nothing else."


@dataclass(frozen=True, slots=True)
class Answer:
    """What the assistant says, and what an LLM would have been sent."""

    text: str
    prompt: str


class Assistant:
    """Answers questions. A breakage replaces one of its methods.

    `prompts` is where each prompt is written down, for who looks at them; None for nowhere.
    """

    def __init__(self, prompts: list[str] | None = None) -> None:
        """Begin."""
        self.prompts = prompts

    def answer(self, memory: ScopedMemory, question: str) -> Answer:
        """Answer from this memory alone."""
        context = self.context(memory, question)
        prompt = self.prompt(context, question)
        if self.prompts is not None:
            self.prompts.append(prompt)
        return Answer(self.reply(context), prompt)

    def context(self, memory: ScopedMemory, question: str) -> list[str]:
        """Return what is known to the question, best first."""
        return [str(record["memory"]) for record in memory.search(question, top_k=_BEST)]

    def prompt(self, context: Sequence[str], question: str) -> str:
        """Return what an LLM would be sent."""
        known = [f"- {text}" for text in context] or ["- nothing"]
        return "\n".join([_INSTRUCTIONS, "", "The user has said:", *known, "", f"The user asks: {question}"])

    def reply(self, context: Sequence[str]) -> str:
        """Return the answer, as a quotation."""
        return "\n".join(f"You told me: “{text}”" for text in context) or NOTHING
