"""The keys by which a memory tells whose a record is: said by the target, or learned from a user's own records."""

from collections.abc import Iterable
from dataclasses import dataclass

from ..model.observations import Returned, Step

# Always tried: mem0's own.
IDENTITIES = ("user_id", "agent_id", "run_id", "app_id", "actor_id")
# Tried where nothing is known: what applications call it.
COMMON = ("tenant", "tenant_id", "org_id", "namespace", "group_id", "owner", "scope")


@dataclass(frozen=True, slots=True)
class ScopeKey:
    """One key: `path` leads to it in a record, `shown` is what stood there, `reader` whose id is a part of that.

    A key that the target itself has named, and no record has shown, holds the id alone.
    """

    path: str
    shown: str = ""
    reader: str = ""

    @property
    def name(self) -> str:
        """What it is called, without what it lies in: `tenant` of `metadata.tenant`."""
        return self.path.removesuffix("[]").rpartition(".")[2]

    def value(self, user: str) -> object:
        """Return what stands there for another user: its id, with what stands around it."""
        text = self.shown.replace(self.reader, user) if self.reader else user
        return [text] if self.path.endswith("[]") else text


@dataclass(slots=True)
class ScopeKeys:
    """Gathers them as a plan goes on."""

    known: tuple[ScopeKey, ...] = ()

    @classmethod
    def said(cls, names: Iterable[str]) -> "ScopeKeys":
        """Begin with those that the target names."""
        return cls(tuple(ScopeKey(name) for name in names if name not in IDENTITIES))

    def learn(self, step: Step) -> None:
        """Take a step; where it shows its own principal a record, each field that holds this one's id is a key.

        Not what the principal may have put there itself: take steps of before it tries anything.
        """
        reader = str(step.operation.principal.id)
        if not isinstance(step.observation, Returned) or not reader:
            return
        for record in step.observation.records:
            for path, shown in record.fields:
                if reader in shown:
                    self._take(ScopeKey(path, shown, reader))

    def _take(self, found: ScopeKey) -> None:
        if found.name in IDENTITIES or any(one.name == found.name and one.reader for one in self.known):
            return
        # What a target has named is known better where it has been seen.
        self.known = (*(one for one in self.known if one.name != found.name), found)
