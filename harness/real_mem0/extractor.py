"""The extraction LLM of our own targets."""

import ast
import json
import re
from collections.abc import Iterable, Mapping

# Where mem0's prompts keep the messages that are new. Source: its prompts.py and utils.py, 1.0 and 2.0 to 2.2.
_NEW_IN_2 = re.compile(r"^## New Messages\n(.*)\n\n## Observation Date\n", re.DOTALL | re.MULTILINE)
_NEW_IN_1 = re.compile(r"\AInput:\n(.*)", re.DOTALL)
_BY_THE_USER = re.compile(r"^user: (.*?)\n?(?=^(?:system|user|assistant): |\Z)", re.DOTALL | re.MULTILINE)
# The second call of 1.x: what is to become of the facts of the first, which stand there as a Python list.
_FACTS_IN_1 = re.compile(r"new retrieved facts are mentioned in the triple backticks.*?```\s*(\[.*\])\s*```", re.DOTALL)


class RecordingExtractor:
    """An LLM as mem0 wants it that takes each new message of the user for one fact, word for word.

    `prompts` holds what it was sent, oldest first: all messages of a call as one text. Without a class of our own mem0
    would build an OpenAI client, which needs a key and costs 0.07 s.
    """

    def __init__(self, config: object = None) -> None:
        """Take mem0's LLM config, which has nothing to say here."""
        self.config = config
        self.prompts: list[str] = []

    def generate_response(self, messages: Iterable[Mapping[str, object]], **options: object) -> str:
        """Answer in the JSON that this call of mem0 1.x or 2.x expects."""
        del options
        contents = [str(message.get("content")) for message in messages]
        self.prompts.append("\n\n".join(contents))
        asked = contents[-1] if contents else ""
        retrieved = _FACTS_IN_1.search(asked)
        if retrieved:
            facts = ast.literal_eval(retrieved[1])
            return json.dumps(
                {"memory": [{"id": f"new {n}", "text": fact, "event": "ADD"} for n, fact in enumerate(facts)]}
            )
        said = _said_by_the_user(asked)
        return json.dumps({"facts": said, "memory": [{"text": text} for text in said]})


def _said_by_the_user(prompt: str) -> list[str]:
    new = _NEW_IN_2.search(prompt) or _NEW_IN_1.search(prompt)
    return [text for text in _BY_THE_USER.findall(new[1]) if text.strip()] if new else []
