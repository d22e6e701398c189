"""A key made of parts, joined by a colon."""

from collections.abc import Mapping
from typing import Any

from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import UncheckedMemory, after, bind


@breakage(Layer.EXTRACTION, caught_by="prompt_bleed")
def unescaped_scope_key(client: Client) -> MakeMemory:
    """The last messages are kept under `user:run`, unescaped: user `a` in run `b:c` is user `a:b` in run `c`."""
    said: dict[str, list[str]] = {}

    class _Memory(UncheckedMemory):
        def add(self, text: str, *, infer: bool = True, metadata: Mapping[str, Any] | None = None) -> Any:
            if not infer:
                return super().add(text, infer=False, metadata=metadata)
            before = said.setdefault(":".join([self.user_id, self.ids.get("run_id", "")]), [])
            messages = after(before, text)
            before.append(text)
            return self.put(messages)

        def delete_all(self) -> Any:
            for key in [key for key in said if key.startswith(f"{self.user_id}:")]:
                del said[key]
            return super().delete_all()

    return bind(client, _Memory)
