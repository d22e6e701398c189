"""The prompt goes on from the last one."""

from collections.abc import Sequence

from ...real_mem0.client import Client
from ...targets.application.assistant import Assistant
from ...targets.application.whole import Application, Parts
from ..planted import Layer, breakage


class _GoesOn(Assistant):
    def __init__(self, prompts: list[str] | None = None) -> None:
        super().__init__(prompts)
        self._before: list[str] = []

    def prompt(self, context: Sequence[str], question: str) -> str:
        before, self._before = self._before, list(context)
        return super().prompt([*context, *before], question)


@breakage(Layer.SERVER, caught_by="prompt_bleed", applies_to=("app",))
def neighbour_in_the_prompt(client: Client) -> Application:
    """The context of the last question stays in the prompt for the next, whoever asks that one."""
    return Application(client, Parts(assistant=_GoesOn))
