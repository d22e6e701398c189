"""The same memory in the words of memfence: this is all that an audit needs."""

from typing import Any

from .memory import SupportMemory, answers, client


class Customer:
    def __init__(self, user_id: str) -> None:
        memory = SupportMemory(user_id)
        self.add, self.search, self.get_all = memory.remember, memory.recall, memory.your_data
        self.delete, self.delete_all = memory.delete, memory.delete_everything


class Target:
    disposable = True  # this store may be wiped

    def start(self) -> None:
        """Empty the store, which is the audit's own: never do this to the store of your customers."""
        client.reset()
        answers.clear()

    def make_memory(self, user_id: str) -> Any:
        return Customer(user_id)
