"""The extraction LLM of our own targets."""


class SilentExtractor:
    """An LLM as mem0 wants it that finds no facts: an audit stores its sentences as they are (`infer=False`).

    Without it mem0 would build an OpenAI client, which needs a key and costs 0.07 s.
    """

    def __init__(self, config: object = None) -> None:
        """Take mem0's LLM config, which has nothing to say here."""
        self.config = config

    def generate_response(self, messages: object, **options: object) -> str:
        """Answer in the JSON of mem0 2.x (`memory`) and 1.x (`facts`) at once."""
        del messages, options
        return '{"memory": [], "facts": []}'
