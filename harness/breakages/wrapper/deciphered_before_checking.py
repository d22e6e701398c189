"""Work that is done before the check."""

from hashlib import pbkdf2_hmac
from typing import Any

from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import UncheckedMemory, bind

# As a key takes that is derived from a password.
_ITERATIONS = 1500


class _Memory(UncheckedMemory):
    def get(self, record_id: str) -> Any:
        found = self.client.get(record_id)
        if found:
            pbkdf2_hmac("sha256", record_id.encode(), b"key", _ITERATIONS)
        return super().get(record_id)


@breakage(Layer.WRAPPER, caught_by="timing")
def deciphered_before_checking(client: Client) -> MakeMemory:
    """A record is deciphered before its owner is checked: a foreign one takes longer to refuse than an unknown one."""
    return bind(client, _Memory)
