"""A support agent's memory: mem0 behind a wrapper, a cache of answers, and the page "your data"."""

import re
from typing import Any

from memfence import offline_mem0

client = offline_mem0()  # a real mem0 without a key; in production: Memory.from_config(...)
answers: dict[tuple[str, str], list[dict[str, Any]]] = {}  # the cache
USER_ID = re.compile(r"[A-Za-z0-9_.-]{1,64}")
AGENT = "support"


class SupportMemory:
    """What the agent knows about one customer."""

    def __init__(self, user_id: str) -> None:
        if not isinstance(user_id, str) or not USER_ID.fullmatch(user_id):
            msg = "this is no user id of ours"
            raise PermissionError(msg)
        self.user_id = user_id

    def remember(self, text: str) -> None:
        """Keep what the customer said."""
        client.add(text, user_id=self.user_id, agent_id=AGENT, infer=False)
        self._empty_cache()

    def recall(self, question: str) -> list[dict[str, Any]]:
        """Find what helps to answer; the same question again is answered from the cache."""
        key = (self.user_id, question)
        if key not in answers:
            mine = {"user_id": self.user_id, "agent_id": AGENT}
            found = client.search(question, filters=mine, top_k=20)
            answers[key] = found["results"]
        return answers[key]

    def your_data(self) -> list[dict[str, Any]]:
        """Return all that the page "your data" shows to the customer."""
        mine = {"user_id": self.user_id, "agent_id": AGENT}
        listed: list[dict[str, Any]] = client.get_all(filters=mine, top_k=1000)["results"]
        return listed

    def delete(self, record_id: str) -> None:
        """Delete one record: the button beside it on the page."""
        record = client.get(record_id)
        if record is None or record["user_id"] != self.user_id:
            msg = "you have no such record"
            raise PermissionError(msg)
        client.delete(record_id)
        self._empty_cache()

    def delete_everything(self) -> None:
        """Delete all that is known about the customer: the button at the foot of the page."""
        client.delete_all(user_id=self.user_id, agent_id=AGENT)
        self._empty_cache()

    def _empty_cache(self) -> None:
        for key in [key for key in list(answers) if key[0] == self.user_id]:
            answers.pop(key, None)
