"""A record is somebody's if it carries its id anywhere."""

from collections.abc import Mapping

from ...real_mem0.client import Client, Stored, label
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import EVERYTHING, UncheckedMemory, bind


@breakage(Layer.WRAPPER, caught_by="canary_leak")
def owned_by_any_id(client: Client) -> MakeMemory:
    """A listing shows each record that carries the user's id, be it as the user, the agent or the run."""
    return bind(client, _Anywhere)


class _Anywhere(UncheckedMemory):
    def listed(self, filters: Mapping[str, object] | None) -> list[Stored]:
        own = super().listed(filters)
        for name in ("agent_id", "run_id"):
            found = self.client.get_all(filters={name: self.user_id}, top_k=EVERYTHING)["results"]
            own += [record for record in found if label(record, name) == self.user_id]
        return own
